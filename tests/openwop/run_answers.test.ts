import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError } from "@tutti/sdk/http";
import type {
  JsonObject,
  JsonValue,
  PendingInterrupt,
  RunHandle,
} from "@tutti/sdk/openwop";
import { wopBench } from "../support/wop_server.ts";
import type { WopBench } from "../support/wop_server.ts";

/** A run that asks one question at node `ask`. */
function asking(kind: string, data: JsonObject): WopBench {
  const bench = wopBench();
  bench.server.append(
    ["interrupt.requested", { kind, key: "ask:1", data }, "ask"],
    ["node.suspended", { nodeId: "ask", interruptId: "i-1", kind }, "ask"],
  );
  return bench;
}

const every = ["accept", "reject", "refine", "edit-accept", "ask"];
const approval = {
  artifactId: "a",
  artifactType: "data",
  title: "Go?",
  actions: every,
};

/** What an answer sends, without the time. */
async function sent(
  { run, clock, server }: WopBench,
  answer: (run: RunHandle) => Promise<unknown>,
): Promise<JsonValue | undefined> {
  await clock.run(answer(run));
  const { resumeValue } = server.effects.at(-1)!.body as JsonObject;
  if (typeof resumeValue !== "object") return resumeValue;
  const { decidedAt: _, ...rest } = resumeValue as JsonObject;
  return rest;
}

test("accept(), reject(), edit(), refine() and ask() send what the protocol wants of an approver", async () => {
  const bench = asking("approval", approval);
  const gate = bench.run.interrupt("ask");
  const edit = (run: RunHandle) =>
    run.interrupt("ask").edit({ text: "b" }, { comment: "typo" });
  assert.deepEqual(await sent(bench, edit), {
    action: "edit-accept",
    feedback: "typo",
    editedArtifactData: { text: "b" },
  });
  assert.deepEqual(await sent(bench, () => gate.refine("shorter")), {
    action: "refine",
    refineFeedback: { scope: "whole", text: "shorter" },
  });
  const section = { scope: "section", sectionPath: "/a", tags: ["x"] } as const;
  assert.deepEqual(
    await sent(bench, () => gate.refine(section, { comment: "c" })),
    { action: "refine", feedback: "c", refineFeedback: section },
  );
  assert.deepEqual(await sent(bench, () => gate.ask("Why?")), {
    action: "ask",
    feedback: "Why?",
  });
  assert.deepEqual(
    await sent(bench, () => gate.reject({ comment: "no", by: "ada" })),
    { action: "reject", feedback: "no", decidedBy: "ada" },
  );
  assert.deepEqual(await sent(bench, () => gate.accept()), {
    action: "accept",
  });
});

test("accept() counts as one vote of several, and the question shows those that are in", async () => {
  const { run, clock, server } = asking("approval", {
    ...approval,
    requiredApprovals: 2,
  });
  server.status = "waiting-approval";
  server.onResolve = (nodeId) =>
    server.append([
      "approval.received",
      { nodeId, action: "accept", decidedBy: "ada" },
      nodeId,
    ]);
  await clock.run(run.interrupt("ask").accept());
  const [open] = await clock.run(run.interrupts());
  assert.ok(open?.kind === "approval");
  assert.deepEqual(open.votes, [{
    action: "accept",
    by: "ada",
    sequence: 2,
  }]);
  assert.equal(open.payload?.data.requiredApprovals, 2);
});

test("answer() answers every question by its id", async () => {
  const data = { questions: [{ id: "a", question: "A?" }] };
  const bench = asking("clarification", data);
  const answer = (run: RunHandle) => run.interrupt("ask").answer({ a: [1] });
  assert.deepEqual(await sent(bench, answer), { answers: { a: [1] } });
});

test("resolve() answers external events, credentials and whatever else", async () => {
  const external = asking("external-event", {
    eventType: "paid",
    correlation: { order: 7, at: { city: "Ulm" } },
  });
  const value = { order: 7, at: { city: "Ulm" }, sum: 3 };
  const resolve = (run: RunHandle) => run.interrupt("ask").resolve(value);
  assert.deepEqual(await sent(external, resolve), value);

  const credential = asking("credential", {
    provider: "github",
    scopes: ["repo"],
    reason: "to read",
    connectUrl: "https://wop.test/connect",
  });
  const [open] = await credential.clock.run(credential.run.interrupts());
  assert.ok(open?.kind === "credential");
  assert.equal(open.payload?.data.connectUrl, "https://wop.test/connect");
  await credential.clock.run(open.resolve({ connected: true }));
  assert.equal(credential.server.effects.length, 1);

  const unknown = asking("low-confidence", { agentId: "a", observed: 0.2 });
  const [other] = await unknown.clock.run(unknown.run.interrupts());
  assert.ok(other?.kind === "unknown");
  assert.equal(other.payload?.kind, "low-confidence");
  assert.equal(other.payload?.data.observed, 0.2);
  await unknown.clock.run(other.accept());
});

test("an answer of another kind than the question is refused before anything is sent", async () => {
  const wrong: readonly [
    string,
    JsonObject,
    (run: RunHandle) => Promise<unknown>,
    string,
  ][] = [
    [
      "clarification",
      { questions: [] },
      (run) => run.interrupt("ask").accept(),
      "interrupt",
    ],
    [
      "approval",
      approval,
      (run) => run.interrupt("ask").answer({}),
      "interrupt",
    ],
    [
      "approval",
      { ...approval, actions: ["accept"] },
      (run) => run.interrupt("ask").edit(1),
      "action",
    ],
    [
      "clarification",
      { questions: [{ id: "__proto__", question: "?" }] },
      (run) => run.interrupt("ask").answer({}),
      "answers.__proto__",
    ],
    [
      "external-event",
      { eventType: "e", correlation: { a: null } },
      (run) => run.interrupt("ask").resolve({}),
      "value.a",
    ],
    [
      "external-event",
      { eventType: "e", correlation: { a: { b: 1 } } },
      (run) => run.interrupt("ask").resolve([]),
      "value.a",
    ],
  ];
  for (const [kind, data, answer, path] of wrong) {
    const { run, clock, server } = asking(kind, data);
    await assert.rejects(
      clock.run(answer(run)),
      (error) => InvalidArgumentError.is(error) && error.path === path,
      `${kind} ${path}`,
    );
    assert.equal(server.effects.length, 0);
    assert.equal(clock.pending, 0);
  }
});

test("interrupts() lists what is open, the oldest first, with the answers that fit", async () => {
  const { run, clock, server } = wopBench();
  assert.deepEqual(await clock.run(run.interrupts()), []);
  const raise = (nodeId: string, kind: string, data: JsonObject): void =>
    server.append(
      ["interrupt.requested", { kind, key: nodeId, data }, nodeId],
      ["node.suspended", { nodeId, interruptId: `i-${nodeId}` }, nodeId],
    );
  raise("a", "approval", approval);
  raise("b", "clarification", { questions: [{ id: "q", question: "?" }] });
  raise("c", "custom", { customKind: "mine" });
  server.append(["interrupt.resolved", { nodeId: "a", interruptId: "i-a" }]);
  raise("d", "approval", approval);
  const answerOf = (open: PendingInterrupt): Promise<unknown> | undefined => {
    switch (open.kind) {
      case "approval":
        return open.reject();
      case "clarification":
        return open.answer({ q: "yes" });
      case "custom":
        return open.resolve(open.payload?.data.customKind ?? "");
      default:
        return undefined;
    }
  };
  const all = await clock.run(run.interrupts());
  assert.deepEqual(
    all.map(({ nodeId, kind }) => [nodeId, kind]),
    [["b", "clarification"], ["c", "custom"], ["d", "approval"]],
  );
  await clock.run(Promise.all(all.map(answerOf)));
  assert.deepEqual(
    server.effects.map(({ path }) => path.split("/").at(-1)).sort(),
    ["b", "c", "d"],
  );
  server.append(["run.cancelled", {}]);
  assert.deepEqual(await clock.run(run.interrupts()), []);
});

test("a token of a question shows in the data and nowhere in a message", async () => {
  const { run, clock, server } = wopBench();
  server.append([
    "node.suspended",
    { nodeId: "ask", interruptId: "i", interruptToken: "very-secret" },
    "ask",
  ]);
  const [open] = await clock.run(run.interrupts());
  assert.equal(open?.token, "very-secret");
  await assert.rejects(
    clock.run(run.interrupt("ask").accept({}, { timeoutMs: -1 })),
    (error) => !String(error).includes("very-secret"),
  );
});
