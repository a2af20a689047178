import assert from "node:assert/strict";
import { test } from "node:test";
import { core, matches, type, when, workflow } from "@tutti/sdk/dsl";
import type { DefinitionIssue } from "@tutti/sdk/openwop";
import { load } from "../support/constructs.ts";

const flow = () =>
  workflow("rules", { version: "1.0.0" })
    .input(type<{ n: number; s: string }>({ n: "number", s: "string" }));

const said = (issues: readonly DefinitionIssue[]): string[] =>
  issues.map(({ code, source, pointer }) => `${code} ${source} ${pointer}`);

test("check() finds a case that its value never is, and what lies behind it", () => {
  const draft = flow().approval("gate", () => ({ title: "?" }))
    .branch(({ gate }) => gate.action as never, {
      accept: (w: ReturnType<typeof flow>) => w,
      refine: (w: ReturnType<typeof flow>) =>
        w.step("change", load, () => ({ id: 1 })),
    } as never);
  assert.deepEqual(said(draft.check()), [
    "dead-branch change /edges/0/condition/right",
    "unreachable-node change /nodes/1",
  ]);
  const [dead] = draft.check();
  assert.match(dead?.message ?? "", /"gate" never gives "refine"/);
  assert.match(dead?.hint ?? "", /"accept", "reject"/);
});

test("check() finds an answer that nothing waits for", () => {
  const draft = flow().approval("gate", () => ({ title: "?" }), {
    refine: true,
    edit: type<string>(),
  }).branch(({ gate }) => gate.action as never, {
    accept: (w: ReturnType<typeof flow>) =>
      w.step("a", load, () => ({ id: 1 })),
    reject: (w: ReturnType<typeof flow>) =>
      w.step("b", load, () => ({ id: 1 })),
  } as never);
  const [issue, ...others] = draft.check();
  assert.equal(issue?.code, "case-without-way");
  assert.match(issue?.message ?? "", /"edit-accept" or "refine"/);
  assert.deepEqual(others, []);
});

test("check() finds steps behind one that always fails", () => {
  const draft = flow()
    .step("stop", core.fail("no", "never"), () => ({}))
    .step("next", load, () => ({ id: 1 }));
  assert.deepEqual(said(draft.check()), ["unreachable-node next /nodes/1"]);
});

test("check() finds questions that nobody can answer and quorums that cannot be met", () => {
  const draft = flow()
    .approval("nobody", () => ({ title: "?" }), { approvers: [] })
    .approval("few", () => ({ title: "?" }), {
      quorum: 3,
      approvers: ["ann", "bob", "ann"],
    })
    .approval("more", () => ({ title: "?" }), {
      quorum: 3,
      approvers: ["ann"],
      roles: ["editor"],
    })
    .step(
      "odd",
      { typeId: "core.interrupt", config: { kind: "riddle" } },
      () => ({}),
    );
  assert.deepEqual(said(draft.check()), [
    "interrupt-unanswerable nobody /nodes/0/config/approversList",
    "approval-impossible few /nodes/1/config/requiredApprovals",
    "interrupt-unanswerable odd /nodes/3/config/kind",
  ]);
});

test("check() finds loops without a bound, without a body, and loops that overlap", () => {
  const loop = (body: readonly string[], max?: number) => ({
    typeId: "tutti.repeat",
    config: { body, ...(max ? { maxIterations: max } : {}), until: {} },
  });
  const draft = flow()
    .step("a", load, () => ({ id: 1 }))
    .step("b", load, () => ({ id: 1 }))
    .step("c", load, () => ({ id: 1 }))
    .step("r1", loop(["a", "b"]), () => ({}))
    .step("r2", loop(["b", "c"], 2), () => ({}))
    .step("r3", loop(["ghost"], 2), () => ({}));
  assert.deepEqual(said(draft.check()), [
    "loop-unbounded r1 /nodes/3/config",
    "loop-body r1 /nodes/3/config/body",
    "loop-body r3 /nodes/5/config/body",
  ]);
});

test("check() finds writes to what is not declared, and under another reducer", () => {
  const draft = flow()
    .step(
      "set",
      { typeId: "core.setVariable", config: { name: "x" } },
      () => ({}),
    )
    .step("write", {
      typeId: "core.channelWrite",
      config: { channelName: "y", reducer: "append" },
    }, () => ({}));
  assert.deepEqual(said(draft.check()), [
    "variable-unknown set /nodes/0/config/name",
    "channel-unknown write /nodes/1/config/channelName",
  ]);
});

test("check() refuses patterns that could take long, wherever they stand", () => {
  const draft = flow().use(
    when(({ input }) => ({ odd: matches(input.s, "(a+)+$") }), {
      odd: (w) => w.step("a", load, () => ({ id: 1 })),
    }),
  );
  assert.deepEqual(said(draft.check()), [
    "pattern-refused if-odd /nodes/0/config/predicate/value",
  ]);
});
