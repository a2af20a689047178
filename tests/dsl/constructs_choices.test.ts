import assert from "node:assert/strict";
import { test } from "node:test";
import {
  all,
  any,
  either,
  eq,
  exists,
  gt,
  join,
  not,
  oneOf,
  orElse,
  type,
  when,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import {
  begin,
  built,
  codesOf,
  edgesOf,
  load,
  nodeOf,
} from "../support/constructs.ts";
import { mergePr } from "../support/review_workflow.ts";

// deno-lint-ignore no-explicit-any -- what a table of declarations handles has many types
type Any = any;

test("branch() with otherwise names the case in a node of its own", () => {
  const definition = built(
    begin().branch(({ pull }) => pull.kind, {
      a: (w) => w.step("one", load, () => ({ id: 1 })),
      otherwise: (w) => w.step("two", load, () => ({ id: 2 })),
    }),
  );
  const decide = nodeOf(definition, "pull-kind");
  assert.equal(decide.typeId, "core.flow.switch");
  assert.deepEqual(decide.config, { cases: { a: "a" }, default: "otherwise" });
  assert.deepEqual(edgesOf(definition), [
    "pull->pull-kind",
    "pull-kind->one | equals label a",
    "pull-kind->two | equals label otherwise",
  ]);
});

test("either() takes the value of the case that was taken, over the edges", () => {
  const definition = built(
    begin().branch(({ pull }) => pull.kind, {
      a: (w) => w.step("one", load, () => ({ id: 1 })),
      b: (w) => w.step("two", mergePr, () => ({ pr: 2 })),
    })
      .use(either("got", ({ one, two }) => [one.bytes, two.sha]))
      .output(({ got }) => ({ value: got.value })),
  );
  assert.deepEqual(nodeOf(definition, "got").inputs, {});
  assert.deepEqual(edgesOf(definition).slice(-3), [
    "one->got | bytes=>value",
    "two->got | sha=>value",
    "got->output",
  ]);
  assert.deepEqual(nodeOf(definition, "output").inputs["value"], {
    type: "connection",
    nodeId: "got",
    outputKey: "value",
  });
});

test("either() refuses what is no output of a step, and two outputs of one", () => {
  const issues = begin()
    .use(either("got", ({ input, pull }) => [input.day, pull.n, pull.kind]))
    .check();
  assert.deepEqual(codesOf(issues), ["bad-option got", "bad-option got"]);
});

test("either() refuses ways that lead past its outputs, unless a literal stands for them", () => {
  const one = (w: Any) => w.step("one", load, () => ({ id: 1 }));
  const two = (w: Any) => w.step("two", load, () => ({ id: 2 }));
  const log = (w: Any) => w.step("log", load, () => ({ id: 3 }));
  const none = (w: Any) => w;
  const kind = ({ pull }: Any) => pull.kind;
  const both = ({ one, two }: Any) => [one.bytes, two.bytes];
  const first = ({ one }: Any) => [one.bytes];
  const problems = (declare: (w: Any) => Any, refs: (refs: Any) => Any) => {
    const draft: ReturnType<typeof begin> = declare(begin())
      .use(either("got" as never, refs));
    return codesOf(draft.check().filter(({ severity }) => !severity));
  };
  const wrong = ["bad-option got"];
  const cases = (a: unknown, b: unknown) => (w: Any) =>
    w.branch(kind, { a, b });
  assert.deepEqual(problems(cases(one, none), first), wrong);
  assert.deepEqual(problems(cases(one, two), first), wrong);
  assert.deepEqual(problems(cases(one, two), both), []);
  assert.deepEqual(
    problems(cases(one, none), ({ one }) => [one.bytes, null]),
    [],
  );
  // Steps of the same case, before and behind.
  assert.deepEqual(problems(cases((w: Any) => log(one(w)), two), both), []);
  assert.deepEqual(problems(cases((w: Any) => one(log(w)), two), both), []);
  assert.deepEqual(problems(cases(log, two), ({ two }) => [two.bytes]), wrong);
  // What comes between the branch and here.
  assert.deepEqual(problems((w) => log(cases(one, two)(w)), both), []);
  assert.deepEqual(problems((w) => log(cases(one, none)(w)), first), wrong);
  // A branch in a case.
  const inner = (a: unknown, b: unknown) => (w: Any) =>
    w.branch(({ pull }: Any) => pull.kind, { a, b });
  const three = (w: Any) => w.step("three", load, () => ({ id: 4 }));
  const all = ({ one, two, three }: Any) => [one.bytes, two.bytes, three.bytes];
  assert.deepEqual(problems(cases(inner(one, two), three), all), []);
  assert.deepEqual(
    problems(cases((w: Any) => log(inner(one, two)(w)), three), all),
    [],
  );
  assert.deepEqual(
    problems(
      cases(inner(one, none), three),
      ({ one, three }) => [one.bytes, three.bytes],
    ),
    wrong,
  );
  // Any number of conditions may hold; the first of several chains has a value.
  const when_ = (w: Any) =>
    w.use(when(
      ({ pull }: Any) => ({ x: gt(pull.n, 1), y: gt(pull.n, 2) }),
      { x: one, y: two } as Any,
    ));
  assert.deepEqual(problems(when_, both), wrong);
  assert.deepEqual(
    problems(
      (w) => w.use(join("quick" as never, "first", { x: one, y: two } as Any)),
      both,
    ),
    [],
  );
  // Beside a branch, something that asks nothing.
  assert.deepEqual(
    problems((w) => w.parallel({ a: cases(one, two), b: log }), both),
    [],
  );
  assert.deepEqual(
    problems(none, ({ pull }) => [pull.n, pull.kind].slice(0, 1)),
    [],
  );
  assert.deepEqual(
    problems(cases(one, two), (refs) => [...both(refs), null, "x"]),
    wrong,
  );
  assert.deepEqual(
    problems(cases(one, none), ({ one }) => [one.bytes, new Date()]),
    ["literal-not-json got"],
  );
});

test("either() over several branches wants a value on all ways of one of them", () => {
  const step = (name: string) => (w: Any) =>
    w.step(name, load, () => ({ id: 1 }));
  const problems = (refs: (refs: Any) => Any) => {
    const draft: ReturnType<typeof begin> = (begin() as Any)
      .branch(({ pull }: Any) => pull.kind, { a: step("a"), b: step("b") })
      .approval("gate", () => ({ title: "?" }))
      .branch(({ gate }: Any) => gate.action, {
        accept: step("yes"),
        reject: step("no"),
      })
      .use(either("got" as never, refs));
    return codesOf(draft.check().filter(({ severity }) => !severity));
  };
  // Of "b" and then a rejection nothing comes.
  assert.deepEqual(problems(({ a, yes }) => [a.bytes, yes.bytes]), [
    "bad-option got",
  ]);
  assert.deepEqual(problems(({ a, yes }) => [a.bytes, yes.bytes, null]), []);
  assert.deepEqual(
    problems(({ a, yes, no }) => [yes.bytes, a.bytes, no.bytes]),
    [],
  );
  assert.deepEqual(
    problems(({ a, b, no }) => [a.bytes, no.bytes, b.bytes]),
    [],
  );
});

test("a run takes the literal of either() where no step gave a value", async () => {
  const flow = workflow("either", { version: "1.0.0" })
    .input(type<{ kind: "a" | "b" }>())
    .branch(({ input }) => input.kind, {
      a: (w) => w.step("one", load, () => ({ id: 7 })),
      b: (w) => w,
    })
    .use(either("got", ({ one }) => [one.bytes, null]))
    .output(({ got }) => ({ got: got.value }))
    .build();
  const host = createHost({ workflows: [flow] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const [one, two] = await Promise.all([
    flow.run({ kind: "a" }).execute(client),
    flow.run({ kind: "b" }).execute(client),
  ]);
  const given: number | null | undefined = one.output?.got;
  assert.equal(typeof given, "number");
  assert.deepEqual(two.output, { got: null });
  await host.close();
});

test("when() puts simple conditions on edges and others into nodes", () => {
  const definition = built(
    begin().use(when(({ pull, input }) => ({
      same: eq(pull.kind, "a"),
      many: gt(pull.n, 3),
      far: exists(input.day),
      both: all(oneOf(pull.n, [1, 2]), not(any(eq(pull.n, input.n)))),
    }), {
      same: (w) => w.step("s", load, () => ({ id: 1 })),
      many: (w) => w.step("m", load, () => ({ id: 2 })),
      far: (w) => w.step("f", load, () => ({ id: 3 })),
      both: (w) => w,
    })).step("next", load, ({ s }) => ({ id: orElse(s.bytes, 0) })),
  );
  assert.deepEqual(nodeOf(definition, "if-many").config, {
    predicate: { op: "gt", value: 3 },
  });
  assert.equal(nodeOf(definition, "if-far").typeId, "core.flow.if");
  const both = nodeOf(definition, "if-both");
  assert.equal(both.typeId, "tutti.condition");
  assert.deepEqual(both.config, {
    predicate: {
      all: [
        { path: "a", op: "in", value: [1, 2] },
        { not: { any: [{ path: "a", op: "eq", valuePath: "b" }] } },
      ],
    },
  });
  assert.deepEqual(Object.keys(both.inputs), ["a", "b"]);
  assert.deepEqual(edgesOf(definition), [
    "pull->if-many",
    "pull->if-far",
    "pull->if-both",
    "pull->s | equals kind a",
    "if-many->m | equals matched true",
    "if-far->f | equals matched true",
    "s->next",
    "m->next",
    "f->next",
    "pull->next",
    "if-many->next",
    "if-far->next",
    "if-both->next",
  ]);
});

test("when() that looks at a decision makes a rejection a value", () => {
  const definition = built(
    begin().approval("gate", () => ({ title: "?" })).use(
      when(({ gate }) => ({ yes: eq(gate.action, "accept") }), {
        yes: (w) => w.step("s", load, () => ({ id: 1 })),
      }),
    ),
  );
  assert.equal(nodeOf(definition, "gate").config["rejection"], "output");
});

test("a condition that asks about no reference is refused where it is written", () => {
  assert.throws(
    () =>
      begin().use(when(() => ({ a: eq(1 as never, 2 as never) }), {
        a: (w) => w,
      })),
    /must ask about a reference/,
  );
});

test("join() makes one node where the branches meet, by its policy", () => {
  const joined = (policy: Parameters<typeof join>[1]) =>
    built(
      begin().use(join("meet", policy, {
        a: (w) => w.step("a", load, () => ({ id: 1 })),
        b: (w) =>
          w.parallel({
            x: (w) => w.step("x", load, () => ({ id: 2 })),
            y: (w) => w.step("y", load, () => ({ id: 3 })),
          }),
        c: (w) => w,
      })),
    );
  const any = joined("any");
  assert.equal(nodeOf(any, "meet").typeId, "core.noop");
  assert.deepEqual(edgesOf(any).slice(3), [
    "x->meet-b",
    "y->meet-b",
    "pull->meet-c",
    "a->meet | any_success",
    "meet-b->meet | any_success",
    "meet-c->meet | any_success",
  ]);
  assert.ok(
    edgesOf(joined("settled")).includes("a->meet | all_complete"),
  );
  assert.deepEqual(nodeOf(joined("first"), "meet").config, {
    need: 1,
    cancel: ["a", "x", "y"],
  });
  const two = joined({ atLeast: 2 });
  assert.equal(nodeOf(two, "meet").typeId, "tutti.join");
  assert.deepEqual(nodeOf(two, "meet").config, { need: 2 });
  assert.throws(() => joined({ atLeast: 4 }), /4 of 3 branches can never/);
});

test("approval() writes who, by when, and what else may be answered", () => {
  const definition = built(
    begin().approval("gate", () => ({ title: "?" }), {
      roles: ["editor"],
      groups: ["press"],
      quorum: 1,
      rejection: "majority",
      timeout: "3d",
      escalate: [{ after: "1d", approvers: ["ann"] }],
      edit: type<{ text: string }>(),
      refine: true,
      artifactType: "draft",
    }).output(({ gate }) => ({ text: gate.edited.text, why: gate.refinement })),
  );
  assert.deepEqual(nodeOf(definition, "gate").config, {
    title: "?",
    actions: ["accept", "reject", "edit-accept", "refine"],
    artifactType: "draft",
    requiredApprovals: 1,
    rejectionPolicy: "majority",
    approverGroupRefs: ["press"],
    approverRoleRefs: ["editor"],
    timeoutMs: 259_200_000,
    escalation: [{ afterMs: 86_400_000, approversList: ["ann"] }],
  });
  const text = nodeOf(definition, "output").inputs["text"];
  assert.deepEqual(text, {
    type: "connection",
    nodeId: "gate",
    outputKey: "editedArtifactData.text",
    optional: true,
  });
});

test("approval() refuses escalations that never happen or reach nobody, and edits that others have not seen", () => {
  const issues = begin().approval("gate", () => ({ title: "?" }), {
    timeout: "1h",
    quorum: 2,
    edit: type<string>(),
    escalate: [{ after: "2h" }],
  }).check();
  assert.deepEqual(
    new Set(codesOf(issues)),
    new Set(["approval-impossible gate"]),
  );
  assert.equal(issues.length, 3);
});
