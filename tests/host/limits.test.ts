import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { HostLimits, HostOptions } from "@tutti/sdk/host";
import { InvalidArgumentError } from "@tutti/sdk/http";
import { FakeClock } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import {
  definitionOf,
  delay,
  gate,
  stepOf,
  Wire,
  workflowOf,
} from "../support/wire.ts";

function open(limits: HostLimits | undefined, more: Partial<HostOptions>) {
  const clock = new FakeClock();
  const host = createHost({
    workflows: [],
    clock,
    onError: () => {},
    ...(limits && { limits }),
    ...more,
  });
  return { clock, host, wire: new Wire(host) };
}

const three = workflowOf("three", [
  { id: "a", typeId: "core.noop" },
  { id: "b", typeId: "core.noop", after: ["a"] },
  { id: "c", typeId: "core.noop", after: ["b"] },
]);

test("a run that starts more nodes than the host allows fails, and one that does not is left alone", async () => {
  for (const [most, status] of [[3, "completed"], [2, "failed"]] as const) {
    const { wire, host } = open({ nodeExecutions: most }, {
      workflows: [three],
    });
    const body = await wire.reach(await wire.start("three"), status);
    if (status === "failed") {
      assert.equal(body.error.code, "recursion_limit_exceeded");
      assert.deepEqual(body.error.details, { limit: 2, observed: 3 });
    }
    await host.close();
  }
});

test("the options of a run lower the limits of the host, and never raise them", async () => {
  const { wire, host } = open({ nodeExecutions: 2 }, { workflows: [three] });
  for (const [recursionLimit, limit] of [[1, 1], [99, 2]]) {
    const run = await wire.start("three", {
      configurable: { version: 1, run: { recursionLimit } },
    } as never);
    const { error } = await wire.reach(run, "failed");
    assert.equal(error.details.limit, limit);
  }
  await host.close();
});

/** A loop that never finds what it waits for. */
const looping = workflowOf("looping", [
  { id: "work", typeId: "core.identity" },
  {
    id: "again",
    typeId: "tutti.repeat",
    after: ["work"],
    config: {
      body: ["work"],
      until: { path: "a", op: "eq", value: "done" },
      maxIterations: 9,
    },
    inputs: { a: { type: "static", value: "not yet" } },
  },
]);

test("a loop makes no more rounds than the host allows, whatever its workflow says", async () => {
  for (
    const [most, code] of [[3, "loop_limit_exceeded"], [
      9,
      "loop_limit_reached",
    ]]
  ) {
    const { host, wire } = open({ loopIterations: Number(most) }, {
      workflows: [looping],
    });
    const run = await wire.start("looping");
    const { error } = await wire.reach(run, "failed");
    assert.equal(error.code, code);
    const started = (await wire.log(run)).filter(({ type, nodeId }) =>
      type === "node.started" && nodeId === "work"
    );
    assert.equal(started.length, most);
    await host.close();
  }
});

test("a run takes no longer than the host allows", async () => {
  const { wire, clock, host } = open({ runMs: 5_000 }, { workflows: [delay] });
  const run = await wire.start("conformance-cancellable");
  await wire.reach(run, "running");
  await clock.advance(4_999);
  assert.equal((await wire.get(run)).body.status, "running");
  await clock.advance(1);
  const { error } = await wire.reach(run, "failed");
  assert.equal(error.code, "run_timeout");
  await host.close();
});

test("limits of a run stay with it, whatever the next host is told", async () => {
  const store = memoryStore();
  const first = open({ runMs: 5_000 }, { workflows: [delay], store });
  const run = await first.wire.start("conformance-cancellable");
  await first.wire.reach(run, "running");
  await first.host.close();
  const { clock } = first;
  const { wire, host } = open(undefined, { workflows: [delay], store, clock });
  await wire.reach(run, "running");
  await clock.advance(5_000);
  assert.equal((await wire.reach(run, "failed")).error.code, "run_timeout");
  await host.close();
});

test("children go no deeper than the host allows, and keep to the limits of their parent", async () => {
  const child = (id: string, workflowId: string) =>
    workflowOf(id, [{
      id: "child",
      typeId: "core.subWorkflow",
      config: { workflowId, waitForCompletion: true },
    }]);
  const workflows = [child("top", "middle"), child("middle", "three"), three];
  const shallow = open({ childDepth: 1 }, { workflows });
  const deep = open({ childDepth: 2 }, { workflows });
  const tight = open({ nodeExecutions: 2 }, { workflows });
  const failed = await shallow.wire.reach(
    await shallow.wire.start("top"),
    "failed",
  );
  assert.match(JSON.stringify(failed), /sub_chain_depth_exceeded/);
  await deep.wire.reach(await deep.wire.start("top"), "completed");
  const bound = await tight.wire.reach(await tight.wire.start("top"), "failed");
  assert.match(JSON.stringify(bound), /recursion_limit_exceeded|child/);
  for (const { host } of [shallow, deep, tight]) await host.close();
});

test("what a step gives back or emits is no larger than the host allows", async () => {
  const text = "é".repeat(40);
  const size = new TextEncoder().encode(JSON.stringify({ text })).length;
  for (const [most, status] of [[size, "completed"], [size - 1, "failed"]]) {
    const { wire, host } = open({ outputBytes: Number(most) }, {
      workflows: [stepOf(() => ({ text }))],
    });
    const run = await wire.start("one-step");
    const { error } = await wire.reach(run, String(status));
    if (status === "failed") {
      assert.equal(error.code, "payload_too_large");
      assert.doesNotMatch(JSON.stringify(error), /é/);
    }
    await host.close();
  }
  const { wire, host } = open({ outputBytes: 50 }, {
    workflows: [stepOf(async (_input, { emit }) => {
      await emit("acme.thing-happened", { text });
      return {};
    })],
  });
  const run = await wire.start("one-step");
  const { error } = await wire.reach(run, "failed");
  assert.equal(error.code, "payload_too_large");
  await host.close();
});

test("a tenant has no more webhooks and workflows than the host allows", async () => {
  const access: HostOptions["access"] = (request) => ({
    tenant: request.headers.get("x-tenant") ?? "acme",
    subject: "ada",
  });
  const { wire, host } = open({ webhooks: 1, workflows: 1 }, {
    access,
    registration: {},
  });
  const hook = { url: "https://hooks.example.com/", events: ["run.completed"] };
  assert.equal((await wire.post("/webhooks", hook)).status, 201);
  const refused = await wire.post("/webhooks", hook);
  assert.equal(refused.status, 403);
  assert.deepEqual(refused.body.details, { webhooks: 1 });
  const other = { "x-tenant": "beta" };
  assert.equal((await wire.post("/webhooks", hook, other)).status, 201);
  const put = (id: string, headers = {}) =>
    wire.send(
      "PUT",
      `/host/tutti/workflows/${id}`,
      definitionOf(id, gate().definition.nodes.map((node) => ({ ...node }))),
      headers,
    );
  assert.equal((await put("one")).status, 201);
  assert.equal((await put("one")).status, 200);
  const full = await put("two");
  assert.equal(full.status, 403);
  assert.deepEqual(full.body.details, { workflows: 1 });
  assert.equal((await put("two", other)).status, 201);
  await host.close();
});

test("of requests at the same moment no more are let in than the host allows", async () => {
  const files = hasSqlite() ? [undefined, new StoreFile()] : [undefined];
  for (const file of files) {
    const { wire, host } = open({ webhooks: 2, workflows: 2 }, {
      registration: {},
      webhooks: { resolve: () => Promise.resolve([]) },
      ...(file && { store: file.open() }),
    });
    const hook = {
      url: "https://hooks.example.com/",
      events: ["run.completed"],
    };
    const five = [0, 1, 2, 3, 4];
    const asked = [
      five.map(() => wire.post("/webhooks", hook)),
      five.map((n) =>
        wire.send(
          "PUT",
          `/host/tutti/workflows/w${n}`,
          definitionOf(`w${n}`, [{ id: "noop", typeId: "core.noop" }]),
        )
      ),
    ];
    for (const answers of asked) {
      const statuses = (await Promise.all(answers)).map(({ status }) => status);
      assert.deepEqual(statuses.sort(), [201, 201, 403, 403, 403]);
    }
    await host.close();
    file?.delete();
  }
});

test("createHost() refuses limits that are none, by name", () => {
  const odd: [unknown, RegExp][] = [
    [{ nodeExecutions: 0 }, /options\.limits\.nodeExecutions/],
    [{ loopIterations: 1.5 }, /options\.limits\.loopIterations/],
    [{ runMs: Infinity }, /options\.limits\.runMs/],
    [{ childDepth: -1 }, /options\.limits\.childDepth/],
    [{ outputBytes: "9" }, /options\.limits\.outputBytes/],
    [{ webhooks: NaN }, /options\.limits\.webhooks/],
    [{ workflows: null }, /options\.limits\.workflows/],
    [{ bodyBytes: 2 ** 60 }, /options\.limits\.bodyBytes/],
    [{ openRun: 1 }, /options\.limits\.openRun".*there is no such limit/s],
    [{ ["__proto__x"]: 1 }, /there is no such limit/],
    [null, /options\.limits/],
    [7, /options\.limits/],
  ];
  for (const [limits, says] of odd) {
    assert.throws(
      () => createHost({ workflows: [], limits: limits as HostLimits }),
      (error: unknown) =>
        error instanceof InvalidArgumentError && says.test(error.message),
      JSON.stringify(limits),
    );
  }
});
