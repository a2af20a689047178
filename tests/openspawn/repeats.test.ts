import assert from "node:assert/strict";
import test from "node:test";
import type { Clock } from "@tutti/sdk/http";
import { OpenSpawnClient } from "@tutti/sdk/openspawn";
import { FakeClock } from "../support/fake_clock.ts";
import { openSpawnKit, withOpenSpawn } from "../support/openspawn.ts";
import { countListeners, json, scripted } from "../support/scripted_fetch.ts";

const error = { error: "Internal server error", code: "INTERNAL_ERROR" };

/** Nothing but waits between tries. */
const noBudgets = {
  timeoutMs: Infinity,
  attemptTimeoutMs: Infinity,
  connectTimeoutMs: Infinity,
  idleTimeoutMs: Infinity,
} as const;

/** Every wait is over at once and has passed; a signature takes real turns, which a clock that is turned cannot see. */
function hurriedClock(): Clock {
  let now = 1_700_000_000_000;
  return {
    now: () => now,
    schedule(ms, wake) {
      now += ms;
      const timer = setTimeout(wake, 0);
      return () => clearTimeout(timer);
    },
  };
}

/** How often each call is sent, when it is answered with a status for ever. */
async function triesFor(
  status: number,
  credential: "agent" | "apiKey",
): Promise<{ read: number; change: number }> {
  const server = scripted([], json(error, { status }));
  const kit = openSpawnKit();
  const shared = { fetch: server.fetch, clock: hurriedClock(), ...noBudgets };
  const client = credential === "agent"
    ? kit.as("lead", shared)
    : kit.byKey(shared);
  const tries = async (call: Promise<unknown>): Promise<number> => {
    const before = server.requests.length;
    let retryable: unknown;
    await assert.rejects(call, (error: Record<string, unknown>) => {
      retryable = error.retryable;
      return error.status === status;
    });
    const count = server.requests.length - before;
    // The error tells others to do as the client does.
    assert.equal(retryable, count > 1);
    return count;
  };
  return {
    read: await tries(client.agents.list()),
    // Both may.
    change: await tries(
      client.tasks.escalate(kit.id("lead"), { reason: "MANUAL" }),
    ),
  };
}

test("changes are repeated only where the server cannot have done them, or remembers their key", async () => {
  const table: Record<
    string,
    Record<number, { read: number; change: number }>
  > = { agent: {}, apiKey: {} };
  for (const credential of ["agent", "apiKey"] as const) {
    for (
      const status of [
        400,
        401,
        403,
        404,
        408,
        409,
        422,
        429,
        500,
        502,
        503,
        504,
      ]
    ) {
      table[credential]![status] = await triesFor(status, credential);
    }
  }
  const once = { read: 1, change: 1 };
  const both = { read: 4, change: 4 };
  const reads = { read: 4, change: 1 };
  const refusals = { 400: once, 401: once, 403: once, 404: once };
  assert.deepEqual(table, {
    agent: {
      ...refusals,
      408: both,
      409: once,
      422: once,
      429: both,
      500: reads,
      502: both,
      503: both,
      504: both,
    },
    apiKey: {
      ...refusals,
      408: reads,
      409: once,
      422: once,
      429: both,
      500: reads,
      502: reads,
      503: reads,
      504: reads,
    },
  });
});

test("a call waits for the window of the limiter, also where its header cannot be read", async () => {
  for (const isReadable of [true, false]) {
    const kit = openSpawnKit();
    const clock = hurriedClock();
    kit.server.limit = 2;
    kit.server.state.now = () => clock.now();
    kit.server.fault = (_, sent) => {
      if (isReadable) return undefined;
      // A page of another origin sees neither.
      const { date: _date, "retry-after": _after, ...headers } = sent.headers;
      return { ...sent, headers };
    };
    const client = kit.as("lead", { clock, ...noBudgets });
    await client.agents.list();
    await client.agents.list();
    const before = clock.now();
    await client.agents.list();
    assert.equal(clock.now() - before, 60_000);
    assert.equal(kit.server.received.length, 4);
  }
});

test("an idempotency key is kept by the server, and has to be a UUID", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const { tasks } = as("lead");
    const idempotencyKey = "3F2B8C1E-7a54-4d0c-9f1e-2b6a7c8d9e0f";
    const one = await tasks.create({ title: "T" }, { idempotencyKey });
    const same = await tasks.create({ title: "T" }, {
      idempotencyKey: idempotencyKey.replaceAll("-", "").toLowerCase(),
    });
    assert.equal(same.id, one.id);
    assert.equal(server.state.tasks.length, 1);
    const sent = server.received.length;
    await assert.rejects(
      tasks.create({ title: "T" }, { idempotencyKey: "order-7" }),
      { code: "invalid-argument", path: "idempotencyKey" },
    );
    assert.equal(server.received.length, sent);
  });
});

test("keys go only with changes of agents: nobody else's are remembered", async () => {
  await withOpenSpawn(async ({ as, byKey, id, server }) => {
    await as("lead").agents.list();
    await byKey().tasks.escalate(id("lead"), { reason: "MANUAL" })
      .catch(() => {});
    for (const { headers } of server.received) {
      assert.equal(headers.get("x-idempotency-key"), null);
    }
    await as("lead").tasks.create({ title: "T" });
    assert.match(
      server.received.at(-1)!.headers.get("x-idempotency-key")!,
      /^[0-9a-f]{32}$/,
    );
  });
});

test("an abort ends a call, its waits and its listeners, with the caller's reason", async () => {
  const clock = new FakeClock();
  const { as } = openSpawnKit();
  const busy = scripted([], json(error, { status: 503 }));
  const client = as("lead", { fetch: busy.fetch, clock });
  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const call = client.tasks.claim(
    "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f",
    { signal: controller.signal },
  );
  call.catch(() => {});
  while (clock.pending === 0) await Promise.resolve();
  controller.abort("enough");
  await assert.rejects(call, { code: "aborted", cause: "enough" });
  assert.equal(listeners(), 0);
  assert.equal(clock.pending, 0);
});

test("errors keep what the server wrote, and no message or dump shows it", async () => {
  const client = new OpenSpawnClient({
    baseUrl: "https://api.test",
    apiKey: "osp_very-secret",
    fetch: () =>
      Response.json({
        error: ["title must be a string", "tags must be an array"],
        code: "Bad Request",
        agent: { hmacSecretEnc: { type: "Buffer", data: [1] } },
      }, { status: 400 }),
  });
  await assert.rejects(client.agents.list(), (error) => {
    const { body, details, message, platformCode, platformMessage } =
      error as Record<string, unknown>;
    assert.deepEqual(details, [
      "title must be a string",
      "tags must be an array",
    ]);
    assert.equal(
      platformMessage,
      "title must be a string; tags must be an array",
    );
    assert.equal(platformCode, "Bad Request");
    assert.equal(
      message,
      'Cannot finish GET /api/v1/agents: the server answered 400 with code "Bad Request"',
    );
    assert.ok(!JSON.stringify(body).includes("hmacSecretEnc"));
    assert.doesNotMatch(JSON.stringify(error), /title|very-secret/);
    return true;
  });
});

test("answers that are none become typed errors: HTML of a proxy, no object, a failure without JSON", async () => {
  const answers: readonly [Response, object][] = [
    [new Response("<p>"), { code: "decode" }],
    [Response.json("text"), { code: "decode" }],
    [Response.json(null), { code: "decode" }],
    [new Response(null, { status: 204 }), { code: "decode" }],
    [
      new Response("<p>", { status: 404 }),
      { status: 404, platformCode: undefined },
    ],
  ];
  for (const [answer, wanted] of answers) {
    const client = new OpenSpawnClient({
      baseUrl: "https://api.test",
      apiKey: "osp_x",
      fetch: () => answer,
    });
    await assert.rejects(client.agents.list(), wanted);
  }
});

test("a page without its total, and one that is no list, are not believed", async () => {
  const { as, id } = openSpawnKit();
  const answers: unknown[] = [
    { data: [] },
    { data: [], meta: {} },
    { data: null, meta: { total: 0 } },
    { data: {}, total: 0 },
  ];
  for (const answer of answers) {
    const { agents, credits, events } = as("lead", {
      fetch: () => Response.json(answer),
    });
    for (
      const call of [
        () => events.list(),
        () => credits.history(),
        () => agents.listReputation(id("lead")),
      ]
    ) await assert.rejects(call, { code: "decode" });
  }
});

test("encrypted secrets are taken out of every answer, however deep, in what onAnswer sees too", async () => {
  const secret = { type: "Buffer", data: [1, 2, 3] };
  const deep = {
    hmacSecretEnc: secret,
    list: [{ a: { hmacSecretEnc: secret } }],
  };
  const client = new OpenSpawnClient({
    baseUrl: "https://api.test",
    apiKey: "osp_x",
    fetch: () => Response.json({ data: [deep], meta: { total: 1 } }),
  });
  let body: unknown;
  const page = await client.events.list({}, {
    onAnswer: (answer) => body = answer.body,
  });
  assert.deepEqual(page.data, [{ list: [{ a: {} }] }]);
  assert.ok(!JSON.stringify(body).includes("hmacSecretEnc"));
  const { data: own } = await client.transport.call({
    method: "GET",
    path: "/api/v1/agents",
    contract: "safe",
    decode: (body) => body,
  });
  assert.ok(!JSON.stringify(own).includes("hmacSecretEnc"));
});

test("transport fails as the methods do", async () => {
  await withOpenSpawn(async ({ as }) => {
    await assert.rejects(
      as("lead").transport.call({
        method: "GET",
        path: "/api/v1/nowhere",
        contract: "safe",
        decode: (body) => body,
      }),
      { status: 404, platformMessage: "Cannot GET /api/v1/nowhere" },
    );
  });
});

test("waits grow as the guide promises, and a try takes 30 seconds at most", async () => {
  const waits: number[] = [];
  const clock = new FakeClock();
  const busy = scripted([], json(error, { status: 503 }));
  const client = new OpenSpawnClient({
    baseUrl: "https://api.test",
    apiKey: "osp_x",
    fetch: busy.fetch,
    clock,
    random: () => 1,
    observe: (step, _call, ms) => {
      if (step === "retry") waits.push(ms as number);
    },
  });
  const retry = { retries: 7 };
  await assert.rejects(
    clock.run(client.agents.list({ retry, timeoutMs: Infinity })),
    { status: 503 },
  );
  assert.deepEqual(
    waits,
    [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 32_000],
  );
  const silent = new OpenSpawnClient({
    baseUrl: "https://api.test",
    apiKey: "osp_x",
    fetch: () => new Promise<Response>(() => {}),
    clock,
    retry: false,
    // What is not said stays as the guide has it.
    attemptTimeoutMs: undefined,
  });
  await assert.rejects(clock.run(silent.agents.list()), {
    code: "timeout",
    budget: "attempt",
    timeoutMs: 30_000,
  });
});

test("what is gone may answer with nothing", async () => {
  const kit = openSpawnKit();
  const client = kit.as("lead", {
    fetch: () => new Response(null, { status: 204 }),
  });
  assert.deepEqual(await client.agents.reject(kit.id("lead")), {});
  await assert.rejects(client.agents.activate(kit.id("lead")), {
    code: "decode",
  });
});

test("clients at the same time do not disturb each other, and leave no connection behind", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const lead = as("lead");
    const worker = as("worker1");
    const made = await Promise.all(
      Array.from(
        { length: 20 },
        (_, n) => (n % 2 ? lead : worker).tasks.create({ title: `${n}` }),
      ),
    );
    const numbers = new Set(made.map(({ identifier }) => identifier));
    assert.equal(numbers.size, 20);
    const nonces = new Set(
      server.received.map(({ headers }) => headers.get("x-nonce")),
    );
    assert.equal(nonces.size, 20);
  });
});
