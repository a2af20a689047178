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
} from "@tutti/sdk/dsl";
import {
  begin,
  built,
  codesOf,
  edgesOf,
  load,
  nodeOf,
} from "../support/constructs.ts";
import { mergePr } from "../support/review_workflow.ts";

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
