import assert from "node:assert/strict";
import test from "node:test";
import { TuttiError, withAnswer } from "@tutti/sdk/http";
import type { Answer, CallOptions } from "@tutti/sdk/http";
import { OpenwopClient } from "@tutti/sdk/openwop";

const headers = { "OpenWOP-Version": "2.0", "x-request-id": "req-7" };
const run = {
  runId: "acme/r",
  workflowId: "w",
  status: "running",
  eventsUrl: "/",
};

function clientThat(answer: (request: Request) => Response): {
  client: OpenwopClient;
  keys: (string | null)[];
} {
  const keys: (string | null)[] = [];
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    retry: { retries: 1, initialDelayMs: 0 },
    fetch: (request) => {
      keys.push(request.headers.get("idempotency-key"));
      return answer(request);
    },
  });
  return { client, keys };
}

/** One method of each resource, which all take the same options. */
const methods: readonly [
  name: string,
  call: (client: OpenwopClient, options: CallOptions) => Promise<unknown>,
  body: unknown,
][] = [
  [
    "discovery.get",
    (client, options) => client.discovery.get(options),
    { protocolVersions: ["2.0"], preferredVersion: "2.0" },
  ],
  [
    "workflows.get",
    (client, options) => client.workflows.get("w", options),
    { id: "w", nodes: [], edges: [] },
  ],
  ["runs.get", (client, options) => client.runs.get("acme/r", options), run],
  [
    "runs.create",
    (client, options) => client.runs.create({ workflowId: "w" }, options),
    run,
  ],
  [
    "runs.start",
    (client, options) => client.runs.start({ workflowId: "w" }, options),
    run,
  ],
  [
    "runs.cancel",
    (client, options) => client.runs.cancel("acme/r", {}, options),
    run,
  ],
  [
    "runs.handle().cancel",
    (client, options) => client.runs.handle("acme/r").cancel("enough", options),
    run,
  ],
  [
    "runs.fork",
    (client, options) =>
      client.runs.fork("acme/r", { mode: "branch", fromSeq: 1 }, options),
    run,
  ],
  [
    "runs.poll",
    (client, options) => client.runs.poll("acme/r", options),
    { events: [], lastSequence: 0, status: "running", isTerminal: false },
  ],
  [
    "interrupts.resolve",
    (client, options) =>
      client.interrupts.resolve("acme/r", "gate", true, options),
    { runId: "acme/r", nodeId: "gate", status: "running" },
  ],
];

for (const [name, call, body] of methods) {
  test(`${name}() tells of its answer when it is asked to`, async () => {
    const { client, keys } = clientThat(() => Response.json(body, { headers }));
    const { answer } = await withAnswer((onAnswer) =>
      call(client, { onAnswer })
    );
    assert.equal(answer.requestId, "req-7");
    assert.equal(answer.status, 200);
    assert.equal(answer.attempts, 1);
    assert.deepEqual(answer.body, body);
    assert.equal(answer.idempotencyKey ?? null, keys[0]);
  });

  test(`${name}() tells its key and tries when it fails`, async () => {
    const { client, keys } = clientThat(() =>
      Response.json({ error: "internal_error", message: "no" }, {
        status: 503,
        headers,
      })
    );
    await assert.rejects(call(client, {}), (error) => {
      assert.ok(TuttiError.is(error));
      assert.equal(error.attempts, 2);
      assert.equal(error.idempotencyKey ?? null, keys[0]);
      return true;
    });
    assert.equal(new Set(keys).size, 1);
  });
}

test("a call that changes something makes its key once, and gives it back", async () => {
  let calls = 0;
  const { client, keys } = clientThat(() =>
    ++calls === 1
      ? new Response(null, { status: 503 })
      : Response.json(run, { headers })
  );
  const answers: Answer[] = [];
  await client.runs.start({ workflowId: "w" }, {
    onAnswer: (answer) => answers.push(answer),
  });
  assert.equal(keys.length, 2);
  assert.match(keys[0] ?? "", /^[0-9a-f]{32}$/);
  assert.equal(keys[1], keys[0]);
  assert.equal(answers[0]?.idempotencyKey, keys[0]);
});

test("runs.stream() takes headers, trace and onAnswer for each of its connections, polls included", async () => {
  const traceparent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const seen: string[] = [];
  const end = { type: "run.completed", sequence: 1, payload: { outputs: {} } };
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    fetch: (request) => {
      const { pathname } = new URL(request.url);
      seen.push(
        `${pathname.split("/").at(-1)} ${request.headers.get("x-call")} ${
          request.headers.get("traceparent") === traceparent
        }`,
      );
      if (seen.length === 1) {
        return new Response(null, { status: 404, headers });
      }
      return Response.json({
        events: [end],
        lastSequence: 1,
        status: "completed",
        isTerminal: true,
      }, { headers });
    },
  });
  const answers: number[] = [];
  const stream = client.runs.stream("acme/r", {
    headers: { "x-call": "1" },
    trace: { traceparent },
    onAnswer: ({ status }) => answers.push(status),
  });
  for await (const event of stream) assert.equal(event.sequence, 1);
  assert.deepEqual(seen, ["events 1 true", "poll 1 true"]);
  assert.deepEqual(answers, [200]);
});
