import assert from "node:assert/strict";
import test from "node:test";
import { z } from "zod";
import { createHost, memoryStore } from "@tutti/sdk/host";
import { isIdempotencyKey } from "@tutti/sdk/openwop";
import type {
  JsonValue,
  NodeContext,
  NodeImplementation,
} from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import { stepOf, Wire, workflowOf } from "../support/wire.ts";

function open(
  run: NodeImplementation["run"],
  more: Partial<NodeImplementation> = {},
): Wire {
  return new Wire(createHost({ workflows: [stepOf(run, more)] }));
}

test("a step emits events of its own and streams text, in order", async () => {
  const wire = open(async (_input, { emit, log }) => {
    emit("acme.order-shipped", { id: 7 });
    log("info", "between");
    await emit("output.chunk", { chunk: "Hel" });
    await emit("output.chunk", {
      chunk: "lo",
      isLast: true,
      channel: "answer",
    });
    return {};
  });
  const run = await wire.start("one-step");
  const log = await wire.log(run);
  const { runId } = (await wire.get(run)).body;
  assert.deepEqual(
    log.slice(2, 6).map(({ type, nodeId, payload }) => ({
      type,
      nodeId,
      payload,
    })),
    [
      { type: "acme.order-shipped", nodeId: "step", payload: { id: 7 } },
      {
        type: "log.appended",
        nodeId: "step",
        payload: { level: "info", message: "between", nodeId: "step" },
      },
      {
        type: "output.chunk",
        nodeId: "step",
        payload: { nodeId: "step", runId, chunk: "Hel", isLast: false },
      },
      {
        type: "output.chunk",
        nodeId: "step",
        payload: {
          nodeId: "step",
          runId,
          chunk: "lo",
          isLast: true,
          channel: "answer",
        },
      },
    ],
  );
  assert.equal(log.at(-1).type, "run.completed");
  const messages = await wire.frames(run, "streamMode=messages");
  assert.deepEqual(
    messages.map(({ id, event, data }) => [id, event, data.chunk]),
    [[4, "ai.message.chunk", "Hel"], [5, "ai.message.chunk", "lo"]],
  );
  const both = await wire.frames(run, "streamMode=updates,messages");
  assert.deepEqual(both.map(({ event }) => event), [
    "run.started",
    "ai.message.chunk",
    "ai.message.chunk",
    "node.completed",
    "run.completed",
  ]);
});

test("a step may emit what its type declares, as its schema gives it, and nothing else", async () => {
  const refusals: string[] = [];
  const wire = open((_input, { emit }) => {
    const attempts: (() => unknown)[] = [
      () => emit("acme.price", { amount: "no" }),
      () => emit("acme.other", {}),
      () => emit("run.completed", {}),
      () => emit("core.mine", {}),
      () => emit("Loud", {}),
      () => emit("output.chunk", { chunk: 7 } as never),
      () => emit("acme.price", { at: new Date(0) } as never),
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch (error) {
        assert.ok(error instanceof TypeError);
        refusals.push(error.message);
      }
    }
    emit("acme.price", { amount: "5" });
  }, {
    events: { "acme.price": z.object({ amount: z.coerce.number() }) },
  });
  const log = await wire.log(await wire.start("one-step"));
  const own = log.filter(({ type }) => type.startsWith("acme."));
  assert.deepEqual(own.map(({ payload }) => payload), [{ amount: 5 }]);
  assert.equal(refusals.length, 7);
  assert.match(refusals[1]!, /local\.test\.step does not declare it/);
});

test("a step asks a person and is run again with the answer", async () => {
  const seen: unknown[] = [];
  const keys = new Set<string>();
  const wire = open(async (_input, context) => {
    seen.push(context.attempt);
    keys.add(context.idempotencyKey);
    const answer = await context.interrupt<{ action: string }>({
      name: "go",
      kind: "approval",
      data: { title: "Go on?", actions: ["accept", "reject"] },
    });
    const color = await context.interrupt({
      kind: "clarification",
      data: { questions: [{ id: "color", question: "Which?" }] },
    });
    return { answer: answer.action, color };
  });
  const run = await wire.start("one-step");
  const { nodeStates } = await wire.reach(run, "waiting-approval");
  const { payload } = nodeStates.step.interrupt;
  assert.equal(payload.data.title, "Go on?");
  assert.equal(payload.key, "step:1:go");
  await wire.accept(run, "step");
  await wire.reach(run, "waiting-input");
  await wire.post(`${run}/interrupts/step`, {
    resumeValue: { answers: { color: "red" } },
  });
  const end = await wire.reach(run, "completed");
  assert.deepEqual(end.nodeStates.step.outputs, {
    answer: "accept",
    color: { answers: { color: "red" } },
  });
  // The same attempt of the same execution, from its beginning each time.
  assert.deepEqual(seen, [0, 0, 0]);
  assert.equal(keys.size, 1);
  const asked = (await wire.log(run)).filter(({ type }) =>
    type === "interrupt.requested"
  );
  assert.equal(asked.length, 2);
});

test("a step that waits for an answer costs no code, and survives its host", async () => {
  const store = memoryStore();
  let aborted = 0;
  const workflow = stepOf(async (_input, { interrupt, signal }) => {
    try {
      return {
        answer: await interrupt({ kind: "custom", data: { customKind: "x" } }),
      };
    } finally {
      if (signal.aborted) aborted++;
    }
  });
  const first = createHost({ workflows: [workflow], store });
  const wire = new Wire(first);
  const run = await wire.start("one-step");
  await wire.reach(run, "waiting-input");
  await until(() => aborted === 1);
  await first.close();
  const next = new Wire(createHost({ workflows: [workflow], store }));
  await next.post(`${run}/interrupts/step`, { resumeValue: [1, 2] });
  const { nodeStates } = await next.reach(run, "completed");
  assert.deepEqual(nodeStates.step.outputs, { answer: [1, 2] });
});

test("a question of a step that nobody answers in time rejects, an approval says so", async () => {
  const clock = new FakeClock();
  const run_: NodeImplementation["run"] = async (_input, { interrupt }) => {
    const first = await interrupt<{ action: string; feedback: string }>({
      kind: "approval",
      data: { title: "?" },
      timeoutMs: 1_000,
    });
    let code: JsonValue = null;
    try {
      await interrupt({
        kind: "external-event",
        data: { eventType: "e", correlation: {} },
        timeoutMs: 2_000,
      });
    } catch (error) {
      code = (error as { code?: string }).code ?? null;
      if (code === null) throw error;
    }
    return { action: first.action, feedback: first.feedback, code };
  };
  const wire = new Wire(createHost({ workflows: [stepOf(run_)], clock }));
  const run = await wire.start("one-step");
  await wire.reach(run, "waiting-approval");
  await clock.advance(1_000);
  await wire.reach(run, "waiting-external");
  await clock.advance(2_000);
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.step.outputs, {
    action: "reject",
    feedback: "timeout",
    code: "interrupt_timeout",
  });
});

test("a question that cannot be asked fails the step with what is wrong", async () => {
  const wire = open((_input, { interrupt }) =>
    interrupt({ kind: "clarification", data: { questions: [] } })
  );
  const { error } = await wire.reach(await wire.start("one-step"), "failed");
  assert.equal(error.code, "config_validation_failed");
  assert.match(error.message, /questions must be a list/);
  const named = open((_input, { interrupt }) =>
    interrupt({ name: "a/b", kind: "custom", data: { customKind: "x" } })
  );
  assert.match(
    (await named.reach(await named.start("one-step"), "failed")).error.message,
    /a name has 1 to 64 characters/,
  );
});

test("every attempt of an execution has the same key and its own number", async () => {
  const clock = new FakeClock();
  const seen: [number, string][] = [];
  const flow = workflowOf("flaky", [{
    id: "x",
    typeId: "local.test.flaky",
    settings: {
      maxRetries: 2,
      retryDelayMs: 1_000,
      retryBackoff: "exponential",
    },
  }], [{
    typeId: "local.test.flaky",
    run: (_input, { attempt, idempotencyKey }) => {
      seen.push([attempt, idempotencyKey]);
      if (attempt < 2) throw new Error("not yet");
      return { attempt };
    },
  }]);
  const wire = new Wire(
    createHost({ workflows: [flow], clock, onError: () => {} }),
  );
  const run = await wire.start("flaky");
  await until(() => clock.pending === 1);
  await clock.advance(1_000);
  await until(() => clock.pending === 1);
  await clock.advance(1_999);
  assert.equal(seen.length, 2);
  await clock.advance(1);
  await wire.reach(run, "completed");
  assert.deepEqual(seen.map(([attempt]) => attempt), [0, 1, 2]);
  assert.equal(new Set(seen.map(([, key]) => key)).size, 1);
  assert.ok(isIdempotencyKey(seen[0]![1]));
});

test("a step whose error says that it is not retryable is not tried again", async () => {
  let attempts = 0;
  const flow = workflowOf("declined", [{
    id: "x",
    typeId: "local.test.declined",
    settings: { maxRetries: 3, retryDelayMs: 0 },
  }], [{
    typeId: "local.test.declined",
    run: () => {
      attempts++;
      throw Object.assign(new Error("no money"), {
        code: "card_declined",
        retryable: false,
      });
    },
  }]);
  const wire = new Wire(createHost({ workflows: [flow], onError: () => {} }));
  const { error } = await wire.reach(await wire.start("declined"), "failed");
  assert.equal(error.code, "card_declined");
  assert.equal(attempts, 1);
});

test("a step that takes too long is aborted, and what it still does goes nowhere", async () => {
  const clock = new FakeClock();
  const contexts: NodeContext[] = [];
  const releases: (() => void)[] = [];
  const flow = workflowOf("slow", [{
    id: "x",
    typeId: "local.test.slow",
    settings: { timeoutMs: 500, maxRetries: 1, retryDelayMs: 0 },
  }], [{
    typeId: "local.test.slow",
    run: async (_input, context) => {
      contexts.push(context);
      await new Promise<void>((resolve) => releases.push(resolve));
      context.log("info", "late");
      await context.emit("acme.late");
      return { from: context.attempt };
    },
  }]);
  const wire = new Wire(createHost({ workflows: [flow], clock }));
  const run = await wire.start("slow");
  await until(() => contexts.length === 1);
  await clock.advance(500);
  await until(() => contexts.length === 2);
  assert.equal(contexts[0]!.signal.aborted, true);
  releases[0]!();
  await settle();
  releases[1]!();
  const { nodeStates } = await wire.reach(run, "completed");
  assert.deepEqual(nodeStates.x.outputs, { from: 1 });
  const lines = (await wire.log(run)).filter(({ type }) =>
    type === "log.appended" || type === "acme.late"
  );
  assert.equal(lines.length, 2);
});

test("each item of a list and each undoing has a key of its own", async () => {
  const keys: string[] = [];
  const note: NodeImplementation["run"] = (
    _input,
    { idempotencyKey, nodeId },
  ) => {
    keys.push(`${nodeId} ${idempotencyKey}`);
    return {};
  };
  const flow = workflowOf("keys", [
    {
      id: "all",
      typeId: "tutti.forEach",
      config: { nodeTypeId: "local.test.note" },
      inputs: { items: { type: "static", value: [1, 2] } },
      compensation: { nodeTypeId: "local.test.note" },
    },
    { id: "fail", typeId: "core.fail", after: ["all"] },
  ], [{ typeId: "local.test.note", run: note }]);
  const wire = new Wire(createHost({ workflows: [flow] }));
  await wire.reach(await wire.start("keys"), "failed");
  const names = keys.map((line) => line.split(" ")[0]);
  assert.deepEqual(names, ["all:0", "all:1", "all:undo"]);
  const values = keys.map((line) => line.split(" ")[1]!);
  assert.equal(new Set(values).size, 3);
  assert.ok(values.every(isIdempotencyKey));
});
