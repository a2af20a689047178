import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import type { Host } from "@tutti/sdk/host";
import { InvalidArgumentError } from "@tutti/sdk/http";
import { FakeClock, found } from "../support/fake_clock.ts";
import {
  assertEnvelope,
  delay,
  gate,
  noop,
  parseFrames,
  stepOf,
} from "../support/wire.ts";

interface Said {
  readonly status: number;
  readonly version: string | null;
  readonly headers: Headers;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

function callerOf(host: Host) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Said> => {
    const response = await host.fetch(host.url + path, {
      method,
      headers: { "content-type": "application/json", ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson =
      response.headers.get("content-type") === "application/json" &&
      text !== "";
    const json = isJson ? JSON.parse(text) : text;
    if (response.status >= 400) assertEnvelope(json);
    return {
      status: response.status,
      version: response.headers.get("openwop-version"),
      headers: response.headers,
      body: json,
    };
  };
}

function both(...workflows: Parameters<typeof createHost>[0]["workflows"]) {
  const clock = new FakeClock();
  const host = createHost({ workflows, majors: [1, 2], clock });
  return { host, clock, call: callerOf(host) };
}

async function reach(
  call: ReturnType<typeof callerOf>,
  runId: string,
  status: string,
): Promise<Said["body"]> {
  return await found(async () => {
    const { body } = await call("GET", `/v1/runs/${runId}`);
    return body.status === status ? body : undefined;
  }, () => `the run never became ${status}`);
}

test("a host of both majors answers in the one that header and path name", async () => {
  const { host, call } = both(noop);
  const cases = [
    ["/.well-known/openwop", undefined, 200, "1.1"],
    ["/.well-known/openwop", "1", 200, "1.1"],
    ["/.well-known/openwop", "2.0", 200, "2.0"],
    ["/.well-known/openwop", "3.0", 406, "2.0"],
    ["/workflows/conformance-noop", undefined, 200, "2.0"],
    ["/workflows/conformance-noop", "1.1", 404, "1.1"],
    ["/v1/workflows/conformance-noop", undefined, 200, "1.1"],
    ["/v1/workflows/conformance-noop", "1.1", 200, "1.1"],
    ["/v1/workflows/conformance-noop", "2.0", 400, "1.1"],
    ["/v1/nowhere", undefined, 404, "1.1"],
    ["/v1/runs/none/effects", undefined, 404, "1.1"],
    ["/v1/host/effect-seams", undefined, 404, "1.1"],
  ] as const;
  for (const [path, version, status, answered] of cases) {
    const said = await call(
      "GET",
      path,
      undefined,
      version === undefined ? {} : { "openwop-version": version },
    );
    assert.equal(said.status, status, `${path} ${version}`);
    assert.equal(said.version, answered, `${path} ${version}`);
    if (status === 406) {
      assert.deepEqual(said.body.details.protocolVersions, ["1.1", "2.0"]);
    }
    if (status === 400) {
      assert.equal(said.body.error, "protocol_version_mismatch");
    }
  }
  await host.close();
});

test("both discovery documents list the versions, and prefer the first", async () => {
  const { host, call } = both(noop);
  const [v1, v2] = [
    await call("GET", "/.well-known/openwop"),
    await call("GET", "/.well-known/openwop", undefined, {
      "openwop-version": "2.0",
    }),
  ];
  for (const { body } of [v1, v2]) {
    assert.deepEqual(body.protocolVersions, ["1.1", "2.0"]);
    assert.equal(body.preferredVersion, "1.1");
    assert.deepEqual(body.fixtures, ["conformance-noop"]);
  }
  assert.equal(v1.body.protocolVersion, "1.1");
  assert.deepEqual(v1.body.supportedEnvelopes, []);
  assert.deepEqual(v1.body.schemaVersions, {});
  for (const limit of Object.values(v1.body.limits)) {
    assert.ok(Number.isSafeInteger(limit));
  }
  assert.equal(v2.body.protocolVersion, undefined);
  assert.equal(v1.body.replay.supported, true);
  assert.equal(v2.body.replay.supported, undefined);
  assert.notEqual(v1.headers.get("etag"), v2.headers.get("etag"));
  await host.close();
});

test("a run of version 1 has a bare id, and is the same run in version 2", async () => {
  const { host, call } = both(noop);
  const created = await call(
    "POST",
    "/v1/runs",
    {
      workflowId: "conformance-noop",
      configurable: { recursionLimit: 50 },
      tenantId: "local",
    },
    { "idempotency-key": "short", "x-dedup": "enforce" },
  );
  assert.equal(created.status, 201);
  const { runId, statusUrl, eventsUrl } = created.body;
  assert.doesNotMatch(runId, /\//);
  assert.equal(statusUrl, `/v1/runs/${runId}`);
  assert.equal(eventsUrl, `/v1/runs/${runId}/events`);
  const snapshot = await reach(call, runId, "completed");
  assert.equal(snapshot.runId, runId);
  assert.deepEqual(snapshot.configurable, { recursionLimit: 50 });
  assert.equal(snapshot.endedAt, snapshot.completedAt);
  const again = await call(
    "POST",
    "/v1/runs",
    {
      workflowId: "conformance-noop",
      configurable: { recursionLimit: 50 },
    },
    { "idempotency-key": "short" },
  );
  assert.equal(again.body.runId, runId);
  assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
  for (const path of [`/runs/${runId}`, `/runs/local~2F${runId}`]) {
    const v2 = await call("GET", path);
    assert.equal(v2.body.runId, `local/${runId}`);
    assert.deepEqual(v2.body.configurable.run, { recursionLimit: 50 });
  }
  assert.equal((await call("GET", "/v1/runs/none")).status, 404);
  await host.close();
});

test("poll and stream of version 1 have its cursor, its names and its ids", async () => {
  const { host, call } = both(gate());
  const { body: { runId } } = await call("POST", "/v1/runs", {
    workflowId: "gated",
  });
  await reach(call, runId, "waiting-approval");
  const resolved = await call("POST", `/v1/runs/${runId}/interrupts/gate`, {
    resumeValue: { action: "accept" },
  });
  assert.equal(resolved.status, 200);
  assert.equal(resolved.body.runId, runId);
  await reach(call, runId, "completed");
  const all = (await call("GET", `/v1/runs/${runId}/events/poll`)).body;
  assert.deepEqual(Object.keys(all).sort(), [
    "events",
    "isComplete",
    "isTerminal",
    "lastEventSeq",
    "runId",
    "runStatus",
  ]);
  assert.equal(all.runId, runId);
  const rest =
    (await call("GET", `/v1/runs/${runId}/events/poll?lastSequence=0`)).body;
  assert.deepEqual(rest.events, all.events.slice(1));
  const { body } = await call(
    "GET",
    `/v1/runs/${runId}/events?streamMode=debug`,
  );
  const frames = parseFrames(body);
  assert.deepEqual(frames.map(({ data }) => data), all.events);
  for (const { event, data } of frames) {
    assert.equal(event, data.type);
    assert.equal(data.runId, runId);
  }
  assert.doesNotMatch(
    JSON.stringify(all.events.map(({ payload }: { payload: JsonIds }) => [
      payload.interruptId,
    ])),
    /local\//,
  );
  const values = parseFrames(
    (await call("GET", `/v1/runs/${runId}/events?streamMode=values`)).body,
  );
  assert.equal(values.at(-1)!.data.runId, runId);
  await host.close();
});

interface JsonIds {
  readonly interruptId?: string;
}

test("a question of version 1 stands in the snapshot with its token, which answers it", async () => {
  const { host, call } = both(gate());
  const { body: { runId } } = await call("POST", "/v1/runs", {
    workflowId: "gated",
  });
  const { interrupt, currentNodeId } = await reach(
    call,
    runId,
    "waiting-approval",
  );
  assert.equal(currentNodeId, "gate");
  assert.equal(interrupt.nodeId, "gate");
  assert.equal(interrupt.kind, "approval");
  const shown = await call("GET", `/v1/interrupts/${interrupt.interruptToken}`);
  assert.equal(shown.body.kind, "approval");
  const bad = await call("GET", "/v1/interrupts/nonsense.token");
  assert.equal(bad.status, 404);
  assert.equal(bad.body.error, "invalid_interrupt_token");
  const answered = await call(
    "POST",
    `/v1/interrupts/${interrupt.interruptToken}`,
    { resumeValue: { action: "accept" } },
  );
  assert.equal(answered.status, 200);
  assert.equal(answered.body.runId, runId);
  await reach(call, runId, "completed");
  await host.close();
});

test("cancel of version 1 leaves a finished run as it is, with 200", async () => {
  const { host, call } = both(noop, delay);
  const { body: done } = await call("POST", "/v1/runs", {
    workflowId: "conformance-noop",
  });
  await reach(call, done.runId, "completed");
  const { status, body } = await call(
    "POST",
    `/v1/runs/${done.runId}/cancel`,
    {},
  );
  assert.equal(status, 200);
  assert.deepEqual(body, { runId: done.runId, status: "completed" });
  const { body: open } = await call("POST", "/v1/runs", {
    workflowId: "conformance-cancellable",
  });
  const bulk = await call("POST", "/v1/runs:bulk-cancel", {
    runIds: [open.runId, done.runId, "none"],
  });
  assert.deepEqual(
    bulk.body.results.map((it: { runId: string; ok: boolean }) => [
      it.runId,
      it.ok,
    ]),
    [[open.runId, true], [done.runId, false], ["none", false]],
  );
  await host.close();
});

test("forks, comparisons, ancestry and the debug bundle of version 1 speak of bare ids", async () => {
  const { host, call } = both(stepOf((input) => input));
  const { body: { runId } } = await call("POST", "/v1/runs", {
    workflowId: "one-step",
    inputs: { value: "local/0123456789abcdef" },
  });
  const { nodeStates } = await reach(call, runId, "completed");
  // What the caller wrote stays as it is, whatever it looks like.
  assert.deepEqual(nodeStates.step.outputs, {
    value: "local/0123456789abcdef",
  });
  const fork = await call("POST", `/v1/runs/${runId}:fork`, {
    mode: "replay",
  });
  assert.equal(fork.status, 201);
  assert.equal(fork.body.sourceRunId, runId);
  await reach(call, fork.body.runId, "completed");
  const diff = await call(
    "GET",
    `/v1/runs/${runId}:diff?against=${fork.body.runId}`,
  );
  assert.deepEqual(diff.body, {
    a: runId,
    b: fork.body.runId,
    divergedAtSeq: null,
    eventDiffs: [],
    stateDiff: {},
  });
  const ancestry = await call("GET", `/v1/runs/${fork.body.runId}/ancestry`);
  assert.equal(ancestry.body.parent.runId, runId);
  const bundle = await call("GET", `/v1/runs/${runId}/debug-bundle`);
  assert.equal(bundle.body.run.runId, runId);
  assert.equal(bundle.body.events[0].runId, runId);
  const openApi = await call("GET", "/v1/openapi.json");
  assert.ok(openApi.body.paths["/v1/runs/{runId}"]);
  await host.close();
});

test("a host of version 2 alone knows nothing of version 1", async () => {
  const host = createHost({ workflows: [noop] });
  const call = callerOf(host);
  assert.equal((await call("GET", "/v1/openapi.json")).status, 404);
  assert.equal((await call("GET", "/.well-known/openwop")).version, "2.0");
  await host.close();
  for (const majors of [[], [1], [3]] as unknown as (1 | 2)[][]) {
    assert.throws(
      () => createHost({ workflows: [], majors }),
      InvalidArgumentError,
    );
  }
});
