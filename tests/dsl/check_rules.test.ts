import assert from "node:assert/strict";
import { test } from "node:test";
import {
  all,
  configurable,
  core,
  defineNode,
  delay,
  emit,
  eq,
  forEach,
  fragment,
  gt,
  hostNeeds,
  insert,
  join,
  lt,
  matches,
  node,
  repeat,
  type,
  when,
  workflow,
} from "@tutti/sdk/dsl";
import { DefinitionError, type DefinitionIssue } from "@tutti/sdk/openwop";
import { z } from "zod";
import { load, pull } from "../support/constructs.ts";

const flow = () =>
  workflow("rules", { version: "1.0.0" })
    .input(type<{ n: number; s: string }>({ n: "number", s: "string" }));

const said = (issues: readonly DefinitionIssue[]): string[] =>
  issues.map(({ code, source, pointer }) => `${code} ${source} ${pointer}`);

type Any = ReturnType<typeof flow>;
const nothing = (w: Any) => w;
const steps = (...names: readonly string[]) => (w: Any): Any =>
  names.reduce(
    (chain, name) => chain.step(name as never, load, () => ({ id: 1 })) as Any,
    w,
  );

test("check() finds a case that its value never is, with all that lies behind it, and a value without a case", () => {
  const draft = flow().approval("gate", () => ({ title: "?" }))
    .branch(({ gate }) => gate.action as never, {
      accept: nothing,
      refine: steps("change", "again"),
    } as never);
  assert.deepEqual(said(draft.check()), [
    "dead-branch change /nodes/1",
    "dead-branch again /nodes/2",
    "case-without-way gate /nodes/0",
  ]);
  const [dead, , missing] = draft.check();
  assert.equal(
    dead?.message,
    'it waits for the answer "refine", which "gate" never gets',
  );
  assert.equal(dead?.hint, "use one of: accept, reject");
  assert.equal(missing?.message, 'the branch on it has no case "reject"');
});

test("check() finds the same of an approval further back, beside otherwise, of one made by its type, and by a condition", () => {
  const asked = () => flow().approval("gate", () => ({ title: "?" }));
  const on = ({ gate }: { gate: { action: unknown } }) => gate.action as never;
  const dead = steps("change");
  const found = [
    asked().step("between", load, () => ({ id: 1 }))
      .branch(on, { accept: nothing, reject: nothing, refine: dead } as never),
    asked().branch(on, { refine: dead, otherwise: nothing } as never),
    flow().step("gate", core.approvalGate({ title: "?" }), () => ({}))
      .branch(on, { accept: nothing, reject: nothing, refine: dead } as never),
    asked().use(
      when(({ gate }) => ({ change: eq(gate.action, "refine" as never) }), {
        change: (w) => w.step("change", load, () => ({ id: 1 })),
      }),
    ),
  ].map((draft) =>
    draft.check().filter(({ severity }) => severity !== "warning")
  );
  for (const issues of found) {
    assert.deepEqual(
      issues.map(({ code, source }) => `${code} ${source}`),
      ["dead-branch change"],
    );
  }
});

test("check() finds cases that a kind of step never gives, and values of it that nothing waits for", () => {
  const asked = () =>
    flow().step("many", core.flowIf({ op: "gt", value: 1 }), () => ({
      value: 2,
    }));
  const faults = (cases: object) =>
    said(
      asked().branch(({ many }) => many.branch, cases as never).check()
        .filter(({ severity }) => severity !== "warning"),
    );
  assert.deepEqual(faults({ then: steps("a"), maybe: steps("b") }), [
    "dead-branch b /edges/1/condition/right",
    "case-without-way many /edges/0/condition",
    "unreachable-node b /nodes/2",
  ]);
  assert.deepEqual(faults({ then: steps("a"), else: steps("b") }), []);
});

test("check() finds every answer that nothing waits for", () => {
  const draft = flow().approval("gate", () => ({ title: "?" }), {
    refine: true,
    edit: type<string>(),
  }).branch(({ gate }) => gate.action as never, {
    accept: steps("a"),
    reject: steps("b"),
  } as never);
  assert.deepEqual(
    draft.check().map(({ code, message }) => [code, message]),
    ["edit-accept", "refine"].map((answer) => [
      "case-without-way",
      `the branch on it has no case "${answer}"`,
    ]),
  );
});

test("check() finds steps behind one that always fails", () => {
  const draft = flow()
    .step("stop", core.fail("no", "never"), () => ({}))
    .step("next", load, () => ({ id: 1 }));
  assert.deepEqual(said(draft.check()), ["unreachable-node next /nodes/1"]);
});

test("check() finds conditions on which no chain hangs", () => {
  const draft = flow().use(
    when(({ input }) => ({ many: gt(input.n, 3), few: lt(input.n, 3) }), {
      many: (w) => w.step("a", load, () => ({ id: 1 })),
    }),
  );
  assert.deepEqual(
    draft.check().filter(({ severity }) => severity !== "warning")
      .map(({ message }) => message),
    ['no chain hangs on the condition "few": add one'],
  );
});

test("check() refuses patterns that could take long, wherever they stand", () => {
  const draft = flow().use(
    when(({ input }) => ({ odd: matches(input.s, "(a+)+$") }), {
      odd: (w) => w.step("a", load, () => ({ id: 1 })),
    }),
  );
  assert.deepEqual(said(draft.check()), [
    "host-extension if-odd /nodes/0",
    "pattern-refused if-odd /nodes/0/config/predicate/value",
  ]);
  // Asked by an edge, also in a fragment.
  const named = defineNode({
    typeId: "local.test.named",
    input: type<{ n: number }>(),
    output: type<{ name: string }>(),
    run: () => ({ name: "" }),
  });
  const part = fragment(
    type<{ n: number }>({ n: "number" }),
    (w) =>
      w.step("who", named, ({ input }) => ({ n: input.n })).use(
        when(({ who }) => ({ odd: matches(who.name, "(a+)+$") }), {
          odd: (w) => w.step("a", load, () => ({ id: 1 })),
        }),
      ),
  );
  assert.deepEqual(
    said(
      flow().use(insert("part", part, ({ input }) => ({ n: input.n }))).check(),
    ),
    ["pattern-refused part-who /edges/0/condition/right"],
  );
});

test("check() warns of conditions that not every host can evaluate, and says which can", () => {
  const draft = flow().step("pull", pull, () => ({ day: "" })).use(
    when(({ pull, input }) => ({
      edge: eq(pull.n, 1),
      many: gt(input.n, 3),
      both: all(eq(input.s, "a"), gt(input.n, 3)),
    }), {
      edge: (w) => w.step("a", load, () => ({ id: 1 })),
      many: (w) => w.step("b", load, () => ({ id: 1 })),
      both: (w) => w.step("c", load, () => ({ id: 1 })),
    }),
  );
  const issues = draft.check();
  assert.deepEqual(said(issues), [
    "host-extension if-many /nodes/1",
    "host-extension if-both /nodes/2",
  ]);
  assert.deepEqual(
    issues.map(({ severity, message }) => [severity, message]),
    [
      [
        "warning",
        'the condition "many" needs the node type "core.flow.if", which not every host has',
      ],
      [
        "warning",
        'the condition "both" needs the node type "tutti.condition", which not every host has',
      ],
    ],
  );
  assert.match(
    issues[0]?.hint ?? "",
    /^run it on hosts with that pack, and the embedded host of Tutti; every host can ask eq, ne, contains/,
  );
  assert.match(issues[1]?.hint ?? "", /^run it on the embedded host of Tutti;/);
  // A warning keeps nothing from being built, and says what `hostNeeds()` says of the definition.
  const needs = hostNeeds(draft.build().definition);
  assert.deepEqual(
    needs.filter(({ need }) => !need.startsWith("local."))
      .map(({ source, hosts }) => [source, hosts]),
    issues.map(({ source, hint }) => [source, hint?.slice(10).split(";")[0]]),
  );
});

test("check() warns of every construct for which OpenWOP has no node", () => {
  const draft = flow().step("pull", pull, () => ({ day: "" }))
    .use(emit("tell", "acme.told", () => ({ text: "x" })))
    .use(forEach("each", ({ pull }) => pull.rows, load, () => ({ id: 1 })))
    .use(join("two", { atLeast: 1 }, {
      a: (w) => w.step("a", load, () => ({ id: 1 })),
    }))
    .use(repeat("again", (w) => w.step("b", load, () => ({ id: 1 })), {
      until: ({ b }) => eq(b.bytes, 1),
      max: 2,
    }));
  const issues = draft.check();
  assert.deepEqual(
    issues.map(({ source, message, hint }) => [
      source,
      /"(.*)"/.exec(message)?.[1],
      hint,
    ]),
    [["tell", "emit"], ["each", "forEach"], ["two", "join"], [
      "again",
      "repeat",
    ]].map(([source, type]) => [
      source,
      `tutti.${type}`,
      "run it on the embedded host of Tutti",
    ]),
  );
  draft.build();
});

test("build() throws the faults and leaves the warnings to check()", () => {
  const draft = flow().use(
    when(({ input }) => ({ many: gt(input.n, 3) }), {
      many: (w) => w.step("a b", load, () => ({ id: 1 })),
    }),
  );
  assert.ok(draft.check().some(({ severity }) => severity === "warning"));
  assert.throws(
    () => draft.build(),
    (error) =>
      DefinitionError.is(error) && error.issues.length > 0 &&
      error.issues.every(({ severity }) => severity === undefined),
  );
});

test("check() warns of a condition in a fragment under its name in the workflow", () => {
  const part = fragment(
    type<{ n: number }>({ n: "number" }),
    (w) =>
      w.use(when(({ input }) => ({ many: gt(input.n, 3) }), {
        many: (w) => w.step("a", load, () => ({ id: 1 })),
      })),
  );
  const draft = flow().use(
    insert("part", part, ({ input }) => ({ n: input.n })),
  );
  assert.deepEqual(said(draft.check()), [
    "host-extension part-if-many /nodes/0",
  ]);
});

test("check() finds a config that holds itself, is too deep or is no JSON, with its place, and build() refuses it", () => {
  const circular: Record<string, unknown> = {};
  circular["self"] = { circular };
  let deep: unknown = 1;
  for (let n = 0; n < 200_000; n++) deep = { d: deep };
  for (
    const [config, problem] of [
      [circular, /contains itself/],
      [{ deep }, /nested deeper/],
      [{ when: new Date(0) }, /a Date/],
      [{ kind: circular }, /contains itself/],
    ] as const
  ) {
    for (const typeId of ["vendor.acme.odd", "core.interrupt"]) {
      const odd = node(typeId, {
        input: type(),
        output: type(),
        config: config as never,
      });
      const flow = workflow("odd", { version: "1.0.0" }).input()
        .step("odd", odd, () => ({}));
      const [issue, ...others] = flow.check();
      assert.deepEqual(others, []);
      assert.equal(issue?.code, "literal-not-json");
      assert.equal(issue.source, "odd");
      assert.match(issue.message, problem);
      assert.match(issue.pointer, /^\/nodes\/0\/config\//);
      assert.throws(() => flow.build(), DefinitionError.is);
    }
  }
});

test("check() warns of each step whose type not every host has, however it was named", () => {
  const port = { input: type<{ n: number }>(), output: type<{ n: number }>() };
  const draft = flow()
    .step("ours", node("tutti.forEach", port), () => ({ n: 1 }))
    .step("pack", core.flowIf({ op: "gt", value: 1 }), () => ({ value: 2 }))
    .step("form", core.hitlAskUser({ prompt: "?" }), () => ({}))
    .step("vendor", node("vendor.acme.x", port), () => ({ n: 1 }))
    .step("every", core.noop<{ n: number }>(), () => ({ n: 1 }))
    .branch(({ input }) => input.s, { otherwise: (w) => w });
  const issues = draft.check();
  assert.deepEqual(said(issues), [
    "host-extension ours /nodes/0",
    "host-extension pack /nodes/1",
    "host-extension form /nodes/2",
    "host-extension input-s /nodes/5",
  ]);
  assert.ok(issues.every(({ severity }) => severity === "warning"));
  assert.match(
    issues[0]!.message,
    /the step needs the node type "tutti.forEach"/,
  );
  assert.equal(issues[0]!.hint, "run it on the embedded host of Tutti");
  assert.match(issues[3]!.message, /a branch with "otherwise" needs .*switch"/);
  assert.match(
    issues[3]!.hint!,
    /; every host can take a case for each value$/,
  );
  assert.ok(draft.build());
});

test("check() warns of knobs that nobody can turn, and says where they belong", () => {
  const knobs = (schema: Parameters<typeof configurable>[0]) =>
    flow().use(configurable(schema)).use(delay("pause", "1s")).check();
  assert.deepEqual(
    knobs(type<{ model?: string; depth?: number; ai?: object }>({
      model: "string?",
      depth: "number?",
      ai: "object?",
    })),
    [
      ["model", "ai.model"],
      ["depth", "extensions.<your name>.depth"],
    ].map(([name, place]) => ({
      code: "knob-unturnable",
      message:
        `the knob "${name}" can never be turned: the options of a run have no place for it`,
      pointer: `/configurableSchema/properties/${name}`,
      source: "configurable",
      hint: `declare and read it as "${place}"`,
      severity: "warning",
    })),
  );
  assert.deepEqual(
    said(knobs(z.object({
      version: z.number().optional(),
      ai: z.object({ modle: z.string(), model: z.string() }).optional(),
      run: z.object({ temperature: z.number() }).optional(),
      budget: z.object({ anything: z.number() }).optional(),
      extensions: z.object({ acme: z.object({ depth: z.number() }) }),
      toString: z.string(),
    }))),
    [
      "knob-unturnable configurable /configurableSchema/properties/ai/properties/modle",
      "knob-unturnable configurable /configurableSchema/properties/run/properties/temperature",
      "knob-unturnable configurable /configurableSchema/properties/toString",
    ],
  );
  // Of a type alone nothing is known.
  assert.deepEqual(knobs(type<{ model?: string }>()), []);
});
