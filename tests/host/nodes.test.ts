import assert from "node:assert/strict";
import test from "node:test";
import { z } from "zod";
import { createHost } from "@tutti/sdk/host";
import { isIdempotencyKey } from "@tutti/sdk/openwop";
import type { NodeContext, NodeImplementation } from "@tutti/sdk/openwop";
import { FakeClock, settle, until } from "../support/fake_clock.ts";
import { stepOf, Wire, workflowOf } from "../support/wire.ts";

interface Thrown {
  readonly error: unknown;
  readonly nodeId: string | undefined;
}

function open(
  run: NodeImplementation["run"],
  more: Partial<NodeImplementation> = {},
) {
  const thrown: Thrown[] = [];
  const host = createHost({
    workflows: [stepOf(run, more)],
    onError: (error, { nodeId }) => thrown.push({ error, nodeId }),
  });
  return { host, wire: new Wire(host), thrown };
}

/** Runs one step with `value` and gives its last event. */
async function endOf(
  run: NodeImplementation["run"],
  value: unknown = null,
  more: Partial<NodeImplementation> = {},
) {
  const { wire } = open(run, more);
  const path = await wire.start("one-step", { inputs: { value } as never });
  const log = await wire.log(path);
  return log.find(({ type, nodeId }) =>
    nodeId === "step" && /^node\.(completed|failed)$/.test(type)
  );
}

test("a step is given its inputs and what it needs to work safely", async () => {
  const seen: { input: unknown; context: NodeContext }[] = [];
  const { wire } = open((input: unknown, context) => {
    seen.push({ input, context });
    return { ok: true };
  });
  const run = await wire.start("one-step", {
    inputs: { value: { deep: [1] } },
  });
  const { runId } = await wire.reach(run, "completed");
  const [{ input, context }] = seen as [typeof seen[0]];
  assert.deepEqual(input, { value: { deep: [1] } });
  assert.equal(context.runId, runId);
  assert.equal(context.nodeId, "step");
  assert.equal(context.attempt, 0);
  assert.deepEqual(context.config, {});
  assert.ok(context.signal instanceof AbortSignal);
  assert.ok(isIdempotencyKey(context.idempotencyKey));
});

test("an idempotency key belongs to one execution of one node in one run", async () => {
  const keys: string[] = [];
  const run: NodeImplementation["run"] = (_input, { idempotencyKey }) => {
    keys.push(idempotencyKey);
  };
  const two = workflowOf("two", [
    { id: "a", typeId: "local.test.key" },
    { id: "b", typeId: "local.test.key" },
  ], [{ typeId: "local.test.key", run }]);
  const wire = new Wire(createHost({ workflows: [two] }));
  for (let round = 0; round < 2; round++) {
    await wire.reach(await wire.start("two"), "completed");
  }
  assert.equal(keys.length, 4);
  assert.equal(new Set(keys).size, 4);
});

test("what a step does to its inputs and outputs afterwards changes no log", async () => {
  const output = { list: [1] };
  const { wire } = open((input: { value: { list: number[] } }) => {
    input.value.list.push(99);
    queueMicrotask(() => output.list.push(98));
    setTimeout(() => output.list.push(97), 0);
    return output;
  });
  const inputs = { value: { list: [5] } };
  const run = await wire.start("one-step", { inputs });
  const log = await wire.log(run);
  await settle();
  assert.deepEqual(log[0].payload.inputs, inputs);
  assert.deepEqual((await wire.get(run)).body.inputs, inputs);
  assert.deepEqual(await wire.log(run), log);
});

test("inputs are checked before a step sees them, and converted", async () => {
  let calls = 0;
  const input = z.object({ value: z.coerce.number().min(3) });
  const run = ({ value }: { value: number }) => {
    calls++;
    return { doubled: value * 2 };
  };
  const good = await endOf(run, "21", { input });
  assert.deepEqual(good.payload.outputs, { doubled: 42 });
  const bad = await endOf(run, 1, { input });
  assert.equal(calls, 1);
  assert.equal(bad.type, "node.failed");
  assert.equal(bad.payload.error.code, "node_input_invalid");
  assert.match(bad.payload.error.message, /input of node "step".* at \/value$/);
  assert.equal(bad.payload.error.details.issues[0].pointer, "/value");
  assert.equal(bad.payload.attempts, 1);
});

test("outputs are checked before they are recorded, and converted", async () => {
  const output = z.object({ text: z.string().trim() });
  const good = await endOf(() => ({ text: "  hi  ", more: 1 }), null, {
    output,
  });
  assert.deepEqual(good.payload.outputs, { text: "hi" });
  const bad = await endOf(() => ({ text: 7 }), null, { output });
  assert.equal(bad.payload.error.code, "node_output_invalid");
});

test("an output that JSON would change fails the step and says where", async () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  class Money {
    amount = 1;
  }
  const cases: [unknown, string, RegExp][] = [
    [null, "", /it is null/],
    [[1], "", /it is an array/],
    ["text", "", /it is a string/],
    [7n, "", /it is a bigint/],
    [{ at: new Date(0) }, "/at", /it is a Date/],
    [{ map: new Map() }, "/map", /it is a Map/],
    [{ of: [new Money()] }, "/of/0", /it is a Money/],
    [{ n: NaN }, "/n", /it is NaN/],
    [{ n: [Infinity] }, "/n/0", /it is Infinity/],
    [{ big: 1n }, "/big", /type bigint/],
    [{ "a/b": () => 1 }, "/a~1b", /type function/],
    [{ s: Symbol("x") }, "/s", /type symbol/],
    [{ list: [undefined] }, "/list/0", /type undefined/],
    [cyclic, "/self", /contains itself/],
    [JSON.parse('{"a":{"__proto__":1}}'), "/a/__proto__", /__proto__/],
    [{ toJSON: () => ({}) }, "/toJSON", /of type function/],
  ];
  for (const [output, pointer, problem] of cases) {
    const event = await endOf(() => output);
    assert.equal(event.type, "node.failed", pointer);
    const { error } = event.payload;
    assert.equal(error.code, "node_output_invalid");
    assert.equal(error.details.pointer, pointer);
    assert.match(error.message, problem);
  }
});

test("an output may leave members out, or be left out", async () => {
  const event = await endOf(() => ({ a: 1, b: undefined, c: -0 }));
  assert.deepEqual(event.payload.outputs, { a: 1, c: 0 });
  const nothing = await endOf(() => {});
  assert.deepEqual(nothing.payload.outputs, {});
  const bare = Object.assign(Object.create(null), { x: [null] });
  assert.deepEqual((await endOf(() => bare)).payload.outputs, { x: [null] });
});

test("what a step throws fails it, with its own code where that is one", async () => {
  const withCode = (code: unknown) => Object.assign(new Error("m"), { code });
  const cases: [unknown, string, string][] = [
    [new Error("no luck"), "node_failed", "no luck"],
    ["just text", "node_failed", "just text"],
    [undefined, "node_failed", "the node threw without a message"],
    [null, "node_failed", "null"],
    [{}, "node_failed", "the node threw without a message"],
    [new Error(""), "node_failed", "the node threw without a message"],
    [withCode("rate_limited"), "rate_limited", "m"],
    [withCode("acme-corp.no_luck"), "acme-corp.no_luck", "m"],
    [withCode("ENOENT"), "node_failed", "m"],
    [withCode("openwop.evil"), "node_failed", "m"],
    [withCode("x".repeat(129)), "node_failed", "m"],
    [withCode(7), "node_failed", "m"],
    [
      Object.defineProperty(new Error("m"), "code", {
        get() {
          throw new Error("again");
        },
      }),
      "node_failed",
      "m",
    ],
  ];
  for (const [thrown, code, message] of cases) {
    const event = await endOf(() => {
      throw thrown;
    });
    assert.equal(event.type, "node.failed");
    assert.deepEqual(event.payload.error, { code, message });
  }
  const long = await endOf(() => Promise.reject(new Error("x".repeat(9_000))));
  assert.equal(long.payload.error.message.length, 2_001);
  const again = await endOf(() => {
    throw Object.assign(new Error("busy"), { retryable: true });
  });
  assert.equal(again.payload.error.retryable, true);
});

test("the stack of an error is for the owner of the host, never for the wire", async () => {
  const { wire, thrown } = open(() => {
    throw new Error("broken here");
  });
  const run = await wire.start("one-step");
  await wire.reach(run, "failed");
  const { body } = await wire.get(`${run}/events?streamMode=debug`);
  assert.doesNotMatch(body, /nodes\.test|at .*\(/);
  assert.equal(thrown.length, 1);
  assert.equal(thrown[0]!.nodeId, "step");
  assert.match((thrown[0]!.error as Error).stack!, /broken here/);
});

test("an error sink that throws disturbs nothing", async () => {
  const wire = new Wire(createHost({
    workflows: [stepOf(() => {
      throw new Error("first");
    })],
    onError: () => {
      throw new Error("second");
    },
  }));
  await wire.reach(await wire.start("one-step"), "failed");
});

test("log lines come before the end of the step, in order", async () => {
  const { wire } = open(async (_input, { log }) => {
    log("info", "one", { n: 1 });
    log("debug", "two");
    await settle();
    log("warn", "three", { when: new Date(0) } as never);
    log("shout" as never, "x".repeat(5_000), [] as never);
    return {};
  });
  const log = await wire.log(await wire.start("one-step"));
  const types = log.map(({ type }) => type);
  assert.deepEqual(types, [
    "run.started",
    "node.started",
    "log.appended",
    "log.appended",
    "log.appended",
    "log.appended",
    "node.completed",
    "run.completed",
  ]);
  const lines = log.filter(({ type }) => type === "log.appended");
  assert.deepEqual(lines[0].payload, {
    level: "info",
    message: "one",
    nodeId: "step",
    fields: { n: 1 },
  });
  assert.equal(lines[0].nodeId, "step");
  assert.deepEqual(lines[2].payload.fields, { invalid: "/when: it is a Date" });
  assert.equal(lines[3].payload.level, "info");
  assert.equal(lines[3].payload.message.length, 2_001);
  assert.deepEqual(lines[3].payload.fields, {
    invalid: "fields: no object was given",
  });
});

test("a step that logs without end loses lines, not the host", async () => {
  const { wire } = open((_input, { log }) => {
    for (let line = 0; line < 5_000; line++) log("debug", `${line}`);
  });
  const log = await wire.log(await wire.start("one-step"));
  const lines = log.filter(({ type }) => type === "log.appended");
  assert.equal(lines.length, 1_001);
  assert.equal(
    lines.at(-1).payload.message,
    "4000 lines were dropped: there were too many at once",
  );
});

test("a cancelled run aborts its steps", async () => {
  const reasons: unknown[] = [];
  let started = false;
  const { wire, thrown } = open((_input, { signal }) =>
    new Promise((_resolve, reject) => {
      started = true;
      signal.addEventListener("abort", () => {
        reasons.push(signal.reason);
        reject(signal.reason);
      });
    })
  );
  const run = await wire.start("one-step");
  await until(() => started);
  await wire.post(`${run}/cancel`, {});
  assert.equal(reasons.length, 1);
  assert.equal((reasons[0] as Error).name, "AbortError");
  await settle();
  assert.deepEqual(thrown, []);
  assert.equal((await wire.get(run)).body.status, "cancelled");
});

test("a step that ignores its signal cannot write after a cancel", async () => {
  for (const ending of ["return", "throw", "log"] as const) {
    let release = (): void => {};
    let late: NodeContext | undefined;
    const { wire, thrown } = open(async (_input, context) => {
      late = context;
      await new Promise<void>((resolve) => release = resolve);
      context.log("info", "still here");
      if (ending === "throw") throw new Error("too late");
      return { late: true };
    });
    const run = await wire.start("one-step");
    await until(() => late !== undefined);
    await wire.post(`${run}/cancel`, {});
    const log = await wire.log(run);
    release();
    await settle();
    late!.log("error", "and again");
    await settle();
    assert.deepEqual(await wire.log(run), log);
    assert.equal(log.at(-1).type, "run.cancelled");
    assert.deepEqual(thrown, []);
  }
});

test("steps of one run that are ready at once run at once", async () => {
  let running = 0;
  let most = 0;
  const clock = new FakeClock();
  const wide = workflowOf(
    "wide",
    Array.from({ length: 100 }, (_, index) => ({
      id: `n${index}`,
      typeId: "local.test.slow",
    })),
    [{
      typeId: "local.test.slow",
      run: async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => clock.schedule(10, resolve));
        running--;
      },
    }],
  );
  const wire = new Wire(createHost({ workflows: [wide], clock }));
  const run = await wire.start("wide");
  await until(() => running === 64);
  await clock.advance(10);
  await until(() => running === 36);
  await clock.advance(10);
  await wire.reach(run, "completed");
  assert.equal(most, 64);
});

test("a step may use the host that runs it", async () => {
  const parent = stepOf(async () => {
    const response = await host.fetch(`${host.url}/runs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ workflowId: "child" }),
    });
    const { eventsUrl } = await response.json();
    const stream = await host.fetch(`${host.url}${eventsUrl}`);
    return { child: /run\.completed/.test(await stream.text()) };
  });
  const child = workflowOf("child", [{ id: "n", typeId: "core.noop" }]);
  const host = createHost({ workflows: [parent, child] });
  const wire = new Wire(host);
  const log = await wire.log(await wire.start("one-step"));
  assert.deepEqual(log.at(-1).payload.outputs, { child: true });
});
