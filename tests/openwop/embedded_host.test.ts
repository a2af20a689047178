import assert from "node:assert/strict";
import test from "node:test";
import { TimeoutError } from "@tutti/sdk/http";
import { createHost } from "@tutti/sdk/host";
import {
  InterruptNotPendingError,
  OpenwopClient,
  OpenwopError,
  RunCancelledError,
  RunFailedError,
} from "@tutti/sdk/openwop";
import type {
  NodeImplementation,
  RunEvent,
  RunnableWorkflow,
} from "@tutti/sdk/openwop";
import { collect } from "../support/scripted_fetch.ts";
import { frameOf } from "../support/wop_server.ts";

/** fetch, then a person decides, then publish; what the person says travels on. */
function reviewing(calls: string[]): RunnableWorkflow {
  const step = (
    id: string,
    typeId: string,
    inputs: RunnableWorkflow["definition"]["nodes"][number]["inputs"],
    config = {},
  ): RunnableWorkflow["definition"]["nodes"][number] => ({
    id,
    typeId,
    name: id,
    position: { x: 0, y: 0 },
    config,
    inputs,
  });
  const edge = (source: string, target: string) => ({
    id: `${source}-${target}`,
    sourceNodeId: source,
    targetNodeId: target,
  });
  const fetching: NodeImplementation = {
    typeId: "local.test.fetch",
    run: ({ pr }: { readonly pr: number }) => {
      calls.push("fetch");
      if (pr === 13) throw new Error("no such change");
      return { diff: `diff of ${pr}` };
    },
  };
  const publishing: NodeImplementation = {
    typeId: "local.test.publish",
    run: (input: { readonly diff: string; readonly words: string }) => {
      calls.push("publish");
      return { text: `${input.diff}: ${input.words}` };
    },
  };
  return {
    nodes: [fetching, publishing],
    definition: {
      id: "reviewing",
      name: "Reviewing",
      version: "1.0.0",
      nodes: [
        step("fetch", "local.test.fetch", {
          pr: { type: "variable", variableName: "pr" },
        }),
        step("gate", "core.approvalGate", {
          diff: { type: "connection", nodeId: "fetch", outputKey: "diff" },
        }, { title: "Publish?" }),
        step("publish", "local.test.publish", {
          diff: { type: "connection", nodeId: "fetch", outputKey: "diff" },
          words: { type: "connection", nodeId: "gate", outputKey: "feedback" },
        }),
      ],
      edges: [edge("fetch", "gate"), edge("gate", "publish")],
      triggers: [{ id: "manual", type: "manual" }],
      variables: [{ name: "pr", type: "number", required: true }],
      metadata: {},
      settings: {},
    },
  };
}

function open(cut?: (request: Request) => number | undefined) {
  const calls: string[] = [];
  const host = createHost({ workflows: [reviewing(calls)] });
  const client = new OpenwopClient({
    baseUrl: host.url,
    random: () => 0,
    fetch: async (request) => {
      const response = await host.fetch(request);
      const bytes = cut?.(request);
      return bytes === undefined ? response : cutAfter(response, bytes);
    },
  });
  return { calls, host, client };
}

/** The same answer over a wire that breaks after so many bytes. */
function cutAfter(response: Response, bytes: number): Response {
  let left = bytes;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.error(new TypeError("terminated"));
    },
  });
  return new Response(response.body?.pipeThrough(cut), response);
}

test("a run is started, followed, answered and finished on the embedded host", async () => {
  const { client, host, calls } = open();
  const run = await client.runs.start({
    workflowId: "reviewing",
    inputs: { pr: 7 },
    tags: ["nightly"],
  });
  const following = collect(run.events());
  const answer = await run.interrupt("gate").accept({ comment: "LGTM" });
  assert.equal(answer.runId, run.id);
  const result = await run.result();
  assert.deepEqual(result, {
    runId: run.id,
    status: "completed",
    output: { text: "diff of 7: LGTM" },
  });
  const events = await following;
  assert.deepEqual(events.map(({ sequence }) => sequence), [...events.keys()]);
  assert.equal(events.at(-1)?.type, "run.completed");
  assert.equal(events.every(({ type }) => type !== "unknown"), true);
  assert.deepEqual(await collect(run.events({ transport: "poll" })), events);
  const snapshot = await run.snapshot();
  assert.equal(snapshot.status, "completed");
  assert.deepEqual(snapshot.tags, ["nightly"]);
  assert.deepEqual(calls, ["fetch", "publish"]);
  await host.close();
});

test("a question shows what it is about before it is answered", async () => {
  const { client, host } = open();
  const run = await client.runs.start({
    workflowId: "reviewing",
    inputs: { pr: 7 },
  });
  const gate = await run.interrupt("gate").wait();
  assert.equal(gate.payload?.kind, "approval");
  assert.ok(gate.payload?.kind === "approval");
  assert.equal(gate.payload.data.title, "Publish?");
  assert.deepEqual(gate.payload.data.artifactData, { diff: "diff of 7" });
  assert.match(gate.interruptId ?? "", /\//);
  assert.equal(await run.status(), "waiting-approval");
  await assert.rejects(run.result({ timeoutMs: 20 }), TimeoutError);
  await host.close();
});

test("a fork at the question asks again, one after it does not", async () => {
  const { client, host, calls } = open();
  const run = await client.runs.start({
    workflowId: "reviewing",
    inputs: { pr: 7 },
  });
  await run.interrupt("gate").accept({ comment: "yes" });
  await run.result();

  const again = await run.fork({ at: "gate" });
  await again.interrupt("gate").accept({ comment: "no, really" });
  assert.deepEqual((await again.result()).output, {
    text: "diff of 7: no, really",
  });
  assert.equal((await again.snapshot()).parentRunId, run.id);

  const after = await run.fork({ after: "gate" });
  assert.deepEqual((await after.result()).output, { text: "diff of 7: yes" });
  const replay = await run.fork({ fromSequence: 0, mode: "replay" });
  assert.deepEqual((await replay.result()).output, { text: "diff of 7: yes" });
  assert.deepEqual(calls, ["fetch", "publish", "publish", "publish"]);
  await host.close();
});

test("a rejection, a failing step and a cancel are told apart", async () => {
  const { client, host } = open();
  const start = (pr: number) =>
    client.runs.start({ workflowId: "reviewing", inputs: { pr } });
  const rejected = await start(7);
  await rejected.interrupt("gate").reject({ comment: "too risky" });
  await assert.rejects(
    rejected.result(),
    (error) =>
      RunFailedError.is(error) && error.runError.code === "approval_rejected",
  );

  const failing = await start(13);
  await assert.rejects(
    failing.interrupt("gate").accept(),
    (error) =>
      InterruptNotPendingError.is(error) && RunFailedError.is(error.cause),
  );
  await assert.rejects(
    failing.result(),
    (error) => RunFailedError.is(error) && error.failedNodeId === "fetch",
  );

  const cancelled = await start(7);
  await cancelled.interrupt("gate").wait();
  await cancelled.cancel("never mind");
  await assert.rejects(
    cancelled.result(),
    (error) => RunCancelledError.is(error) && error.reason === "never mind",
  );
  await assert.rejects(
    cancelled.cancel(),
    (error) => OpenwopError.is(error) && error.platformCode === "run_terminal",
  );
  await host.close();
});

test("what the host does not have or does not take is refused by name", async () => {
  const { client, host } = open();
  const refused = (status: number, code: string) => (error: unknown): boolean =>
    OpenwopError.is(error) && error.status === status &&
    error.platformCode === code && error.fromHost;
  await assert.rejects(
    client.runs.create({ workflowId: "nothing" }),
    refused(404, "not_found"),
  );
  await assert.rejects(
    client.runs.create({ workflowId: "reviewing", inputs: {} }),
    refused(400, "validation_error"),
  );
  await assert.rejects(
    client.runs.get("local/0123456789abcdef0123"),
    refused(404, "not_found"),
  );
  await assert.rejects(
    client.runs.get("other/0123456789abcdef0123"),
    refused(403, "id_tenant_mismatch"),
  );
  const options = { idempotencyKey: "short" };
  const request = { workflowId: "reviewing", inputs: { pr: 7 } };
  const first = await client.runs.create(request, options);
  const again = await client.runs.create(request, options);
  assert.equal(first.runId, again.runId);
  await assert.rejects(
    client.runs.create({ ...request, inputs: { pr: 8 } }, options),
    refused(409, "idempotency_key_mismatch"),
  );
  await assert.rejects(
    client.interrupts.resolve(first.runId, "nowhere", {}),
    refused(404, "not_found"),
  );
  await host.close();
});

test("discovery and the definition come back over the wire", async () => {
  const { client, host } = open();
  const document = await client.discovery.get();
  assert.equal(document.preferredVersion, "2.0");
  const definition = await client.workflows.get("reviewing");
  assert.deepEqual(definition, reviewing([]).definition);
  await host.close();
});

test("the events are the same when the wire is cut at every event", async () => {
  const plain = open();
  const run = await plain.client.runs.start({
    workflowId: "reviewing",
    inputs: { pr: 7 },
  });
  await run.interrupt("gate").accept({ comment: "größe" });
  const whole = await collect(run.events());
  const bytes = new TextEncoder();
  const frames = whole.map((event) =>
    bytes.encode(frameOf(event as unknown as Parameters<typeof frameOf>[0]))
      .length
  );
  let offset = 0;
  for (const length of frames) {
    offset += length;
    for (const at of [offset - 1, offset, offset + 3]) {
      let cuts = 1;
      const client = new OpenwopClient({
        baseUrl: plain.host.url,
        random: () => 0,
        fetch: async (request) => {
          const response = await plain.host.fetch(request);
          return request.url.includes("/events?") && cuts-- > 0
            ? cutAfter(response, at)
            : response;
        },
      });
      const seen: RunEvent[] = await collect(
        client.runs.handle(run.id).events(),
      );
      assert.deepEqual(seen, whole, `cut at ${at}`);
    }
  }
  await plain.host.close();
});

test("a handle made again from its id in another client goes on with the run", async () => {
  const { client, host } = open();
  const run = await client.runs.start({
    workflowId: "reviewing",
    inputs: { pr: 7 },
  });
  await run.interrupt("gate").wait();
  const elsewhere = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const again = elsewhere.runs.handle(run.id);
  await again.interrupt("gate").accept({ comment: "ok" });
  assert.deepEqual((await again.result()).output, { text: "diff of 7: ok" });
  assert.deepEqual((await run.result()).output, { text: "diff of 7: ok" });
  await host.close();
});
