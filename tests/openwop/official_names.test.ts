import assert from "node:assert/strict";
import test from "node:test";
import { officialNames, OpenwopClient } from "@tutti/sdk/openwop";
import type { Major, OperationName } from "@tutti/sdk/openwop";
import { FakeClock } from "../support/fake_clock.ts";
import { operationCalls } from "../support/operation_calls.ts";
import { first, RUN } from "../support/operation_call.ts";
import { answerTo } from "../support/operation_answer.ts";
import { scripted } from "../support/scripted_fetch.ts";
import type { Recorded } from "../support/scripted_fetch.ts";

type Official = ReturnType<typeof officialNames>;

const KEY = "0123456789abcdef0123456789abcdef";
const resume = { resumeValue: { action: "accept" } };

/** The twelve calls of the first client, in the words of the official ones: TypeScript, then Python. */
const calls: readonly [
  OperationName,
  ts: (wop: Official) => PromiseLike<unknown>,
  py: (wop: Official) => PromiseLike<unknown>,
  sent?: { readonly path?: string; readonly body?: unknown },
][] = [
  [
    "discovery.get",
    (wop) => wop.discovery.capabilities(),
    (wop) => wop.discovery_capabilities(),
  ],
  [
    "discovery.openapi",
    (wop) => wop.discovery.openapi(),
    (wop) => wop.discovery_openapi(),
  ],
  [
    "workflows.get",
    (wop) => wop.workflows.get("a:b"),
    (wop) => wop.workflows_get("a:b"),
  ],
  [
    "runs.create",
    (wop) =>
      wop.runs.create({ workflowId: "w", tags: ["t"] }, {
        idempotencyKey: KEY,
        dedup: "enforce",
      }),
    (wop) =>
      wop.runs_create({ workflowId: "w", tags: ["t"] }, {
        idempotency_key: KEY,
        dedup: "enforce",
      }),
  ],
  ["runs.get", (wop) => wop.runs.get(RUN), (wop) => wop.runs_get(RUN)],
  [
    "runs.stream",
    (wop) => first(wop.runs.events(RUN)),
    (wop) => first(wop.runs_events(RUN)),
  ],
  [
    "runs.poll",
    (wop) => wop.runs.pollEvents(RUN),
    (wop) => wop.runs_poll_events(RUN),
    { path: "timeout=30" },
  ],
  [
    "runs.cancel",
    (wop) => wop.runs.cancel(RUN, { reason: "r" }, { idempotencyKey: KEY }),
    (wop) => wop.runs_cancel(RUN, { reason: "r" }, { idempotency_key: KEY }),
  ],
  [
    "runs.fork",
    (wop) =>
      wop.runs.fork(RUN, { mode: "branch", fromSeq: 3 }, {
        idempotencyKey: KEY,
      }),
    (wop) =>
      wop.runs_fork(RUN, { mode: "branch", fromSeq: 3 }, {
        idempotency_key: KEY,
      }),
  ],
  [
    "interrupts.resolve",
    (wop) => wop.interrupts.resolveByRun(RUN, "gate", resume),
    (wop) => wop.interrupts_resolve_by_run(RUN, "gate", resume),
  ],
  [
    "interrupts.inspectByToken",
    (wop) => wop.interrupts.inspectByToken("ow2.secret"),
    (wop) => wop.interrupts_inspect_by_token("ow2.secret"),
  ],
  [
    "interrupts.resolveByToken",
    (wop) => wop.interrupts.resolveByToken("ow2.secret", { resumeValue: 1 }),
    (wop) => wop.interrupts_resolve_by_token("ow2.secret", { resumeValue: 1 }),
  ],
];

async function sentBy(
  name: OperationName,
  major: Major,
  call: (wop: Official) => PromiseLike<unknown>,
): Promise<Recorded> {
  const row = operationCalls[name];
  const server = scripted([], (request) => answerTo(request, row, major));
  const clock = new FakeClock();
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    apiKey: "key-1",
    major,
    fetch: server.fetch,
    clock,
  });
  await clock.run(Promise.resolve(call(officialNames(client))));
  return server.requests[0]!;
}

for (const major of [1, 2] as const) {
  test(`officialNames() sends what the client sends to a version ${major} host`, async () => {
    for (const [name, ts, py, sent = {}] of calls) {
      const row = operationCalls[name];
      const line = major === 2 ? row.v2 : row.v1;
      for (const call of [ts, py]) {
        const { method, path, text, headers } = await sentBy(
          name,
          major,
          call,
        );
        const wanted = sent.path
          ? line!.replace(/\?.*/, `?${sent.path}`)
          : line;
        assert.equal(`${method} ${path}`, wanted, name);
        assert.deepEqual(text ? JSON.parse(text) : undefined, row.body, name);
        if (call.toString().includes("KEY")) {
          assert.equal(headers.get("idempotency-key"), KEY, name);
        }
        if (name === "runs.create") {
          assert.equal(
            headers.get(major === 2 ? "openwop-dedup" : "x-dedup"),
            "enforce",
          );
        }
      }
    }
  });
}

test("officialNames() hands the place to begin at on, in each of its spellings", async () => {
  const begin: readonly ((wop: Official) => PromiseLike<unknown>)[] = [
    (wop) => first(wop.runs.events(RUN, { lastEventId: "4" })),
    (wop) => first(wop.runs.events(RUN, { lastEventId: 4 })),
    (wop) => first(wop.runs.events(RUN, { afterSequence: 4 })),
    (wop) => first(wop.runs_events(RUN, { last_event_id: "4" })),
  ];
  for (const call of begin) {
    const { headers } = await sentBy("runs.stream", 2, call);
    assert.equal(headers.get("last-event-id"), "4");
  }
  const poll: readonly ((wop: Official) => PromiseLike<unknown>)[] = [
    (wop) => wop.runs.pollEvents(RUN, { lastSequence: 4, timeout: 2 }),
    (wop) => wop.runs.pollEvents(RUN, { afterSequence: 4, timeout: 2 }),
    (wop) =>
      wop.runs_poll_events(RUN, { last_sequence: 4, timeout_seconds: 2 }),
  ];
  for (const call of poll) {
    const { path } = await sentBy("runs.poll", 2, call);
    assert.match(path, /\?afterSequence=4&timeout=2$/);
  }
});

test("officialNames() keeps everything else of the client, and says when a run is over in both words", async () => {
  const server = scripted([], () =>
    Response.json({
      runId: RUN,
      events: [],
      lastSequence: 3,
      status: "completed",
      isTerminal: true,
    }, { headers: { "OpenWOP-Version": "2.0" } }));
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    fetch: server.fetch,
  });
  const wop = officialNames(client);
  assert.equal(wop.agents, client.agents);
  assert.equal(wop.webhooks, client.webhooks);
  assert.equal(wop.runs.pause, client.runs.pause);
  assert.equal(wop.runs.effects, client.runs.effects);
  const page = await wop.runs.pollEvents(RUN);
  assert.equal(page.isComplete, true);
  assert.equal(page.lastSequence, 3);
});
