import assert from "node:assert/strict";
import { test } from "node:test";
import { core, forEach, node, type, workflow } from "@tutti/sdk/dsl";
import type { DefinitionIssue, JsonObject } from "@tutti/sdk/openwop";
import { load } from "../support/constructs.ts";

const flow = () =>
  workflow("rules", { version: "1.0.0" })
    .input(type<{ n: number; s: string; rows: number[] }>({
      n: "number",
      s: "string",
      rows: "array",
    }));

/** A kind of step by its type. */
const named = (typeId: string, config: JsonObject) =>
  node(typeId, { input: type(), output: type(), config });

const said = (issues: readonly DefinitionIssue[]): string[] =>
  issues.map(({ code, source, pointer }) => `${code} ${source} ${pointer}`);

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
    .approval("later", () => ({ title: "?" }), {
      quorum: 3,
      approvers: ["ann", "bob"],
      escalate: [{ after: "1d", approvers: ["bob", "cem"] }],
    })
    .approval("never", () => ({ title: "?" }), {
      quorum: 3,
      approvers: ["ann"],
      escalate: [{ after: "1d", approvers: ["ann", "bob"] }],
    })
    .approval("mute", () => ({ title: " " }), {
      escalate: [{ after: "1d", roles: [] }],
    })
    .step(
      "odd",
      named("core.interrupt", { kind: "riddle" }),
      () => ({}),
    );
  assert.deepEqual(said(draft.check()), [
    "interrupt-unanswerable nobody /nodes/0/config/approversList",
    "approval-impossible few /nodes/1/config/requiredApprovals",
    "approval-impossible never /nodes/4/config/requiredApprovals",
    "approval-impossible mute /nodes/5/config/title",
    "approval-impossible mute /nodes/5/config/escalation",
    "interrupt-unanswerable odd /nodes/6/config/kind",
  ]);
});

test("check() finds loops without a bound, without a body, and loops that overlap", () => {
  const loop = (body: readonly string[], max?: number) =>
    named("tutti.repeat", {
      body,
      ...(max ? { maxIterations: max } : {}),
      until: {},
    });
  const draft = flow()
    .step("a", load, () => ({ id: 1 }))
    .step("b", load, () => ({ id: 1 }))
    .step("c", load, () => ({ id: 1 }))
    .step("r1", loop(["a", "b"]), () => ({}))
    .step("r2", loop(["b", "c"], 2), () => ({}))
    .step("r3", loop(["ghost"], 2), () => ({}));
  assert.deepEqual(said(draft.check()), [
    // Named by its type, it needs a host that has it just as well.
    "host-extension r1 /nodes/3",
    "host-extension r2 /nodes/4",
    "host-extension r3 /nodes/5",
    "loop-unbounded r1 /nodes/3/config",
    "loop-body r1 /nodes/3/config/body",
    "loop-body r3 /nodes/5/config/body",
  ]);
});

test("check() finds writes to what is not declared, and under another reducer", () => {
  const draft = flow()
    .step(
      "set",
      named("core.setVariable", { name: "x" }),
      () => ({}),
    )
    .step(
      "write",
      named("core.channelWrite", { channelName: "y", reducer: "append" }),
      () => ({}),
    );
  assert.deepEqual(said(draft.check()), [
    "variable-unknown set /nodes/0/config/name",
    "channel-unknown write /nodes/1/config/channelName",
  ]);
});

test("check() refuses a kind of step that brings no rules for its config, and says what does", () => {
  const written = (typeId: string) => ({ typeId, config: {} });
  const body = flow().use(
    forEach(
      "each",
      ({ input }) => input.rows,
      written("core.flow.if"),
      () => ({}),
    ),
  );
  const draft = flow()
    .step("odd", written("core.interrupt"), () => ({}))
    .step("theirs", written("vendor.acme.x"), () => ({}))
    // For this there are no rules, so there is nothing to bring.
    .step("same", written("core.identity"), () => ({}));
  const [issue, ...others] = draft.check();
  assert.deepEqual(others, []);
  assert.deepEqual(issue, {
    code: "config-unchecked",
    message: 'nothing checks the config of "core.interrupt"',
    hint: "make it with node() or core",
    source: "odd",
    pointer: "/nodes/0",
  });
  assert.throws(() => draft.build(), { code: "definition-invalid" });
  // What these give, that they fail, and how long they wait, is looked at too.
  for (const kind of ["fail", "flow.switch", "flow.stop-and-error", "delay"]) {
    const codes = flow().step("odd", written(`core.${kind}`), () => ({}))
      .check().map(({ code }) => code);
    assert.ok(codes.includes("config-unchecked"), kind);
  }
  assert.deepEqual(
    said(body.check()).filter((each) => !each.startsWith("host-extension")),
    ["config-unchecked each /nodes/0"],
  );
});

test("check() asks of an approval that was written by hand what it asks of every other", () => {
  const draft = flow().step("gate", {
    typeId: "core.approvalGate",
    config: { title: "?", requiredApprovals: 2, approversList: ["ann"] },
  }, () => ({}));
  assert.deepEqual(said(draft.check()), [
    "approval-impossible gate /nodes/0/config/requiredApprovals",
  ]);
});

test("check() looks into the config of what is done for each of a list", () => {
  const each = (body: object) =>
    flow().use(
      forEach(
        "each",
        ({ input }) => input.rows,
        body as ReturnType<typeof named>,
        () => ({}),
      ),
    );
  const found = (body: Parameters<typeof each>[0]) =>
    said(each(body).check()).filter((issue) => !issue.startsWith("host-"));
  assert.deepEqual(
    found(core.flowIf({ op: "regex", value: "(a+)+" })),
    ["pattern-refused each /nodes/0/config/nodeConfig/predicate/value"],
  );
  assert.deepEqual(found(core.flowIf({ op: "regex", value: "a+" })), []);
  assert.deepEqual(
    found(named("core.setVariable", { name: "total" })),
    ["variable-unknown each /nodes/0/config/nodeConfig/name"],
  );
  assert.deepEqual(found(load), []);
});

test("check() asks of a gate that was named by its type what it asks of an approval", () => {
  const draft = flow()
    .step(
      "some",
      core.approvalGate({ title: "?", requiredApprovals: 0 }),
      () => ({}),
    )
    .step(
      "late",
      named("core.approvalGate", {
        title: "",
        actions: ["accept", "edit-accept"],
        requiredApprovals: 2,
        timeoutMs: 1,
        escalation: [{ afterMs: 1, approversList: ["ann"] }],
      }),
      () => ({}),
    );
  assert.deepEqual(said(draft.check()), [
    "approval-impossible some /nodes/0/config/requiredApprovals",
    "approval-impossible late /nodes/1/config/title",
    "approval-impossible late /nodes/1/config/actions",
    "approval-impossible late /nodes/1/config/escalation",
  ]);
  assert.ok(draft.check().every(({ hint }) => hint));
});
