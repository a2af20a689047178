import assert from "node:assert/strict";
import test from "node:test";
import {
  createEventStream,
  createTransport,
  HttpError,
  StreamInterruptedError,
  TimeoutError,
  TuttiError,
} from "@tutti/sdk/http";
import type { Clock, Fetch, Operation } from "@tutti/sdk/http";
import {
  createScriptedFetch,
  createScriptedServer,
  eventReply,
  FakeClock,
  jsonReply,
} from "@tutti/sdk/testing";
import type {
  Fault,
  FaultPlan,
  ScriptedReply,
  ScriptOptions,
  WaitHint,
} from "@tutti/sdk/testing";
import { frameOf, logOf } from "../support/numbers.ts";
import { patientClock } from "../support/patient_clock.ts";
import { collect } from "../support/scripted_fetch.ts";

/** What comes of it: `ok`, or the code of the error with what a caller would branch on. */
type Outcome = string;

/**
 * For one fault: what a JSON call and an event stream make of it when it strikes the first request, and when it strikes
 * every one. A dash: it would go on for ever, or the fault has no meaning there.
 */
type Row = readonly [
  fault: Fault | readonly Fault[],
  callOnce: Outcome,
  callAlways: Outcome,
  streamOnce: Outcome,
  streamAlways: Outcome,
];

const cut = "stream-interrupted < network";
const hints: readonly (WaitHint | undefined)[] = [
  undefined,
  "retry-after",
  "retry-after-date",
  "retry-after-ms",
  "x-ratelimit-reset",
  "ratelimit-reset",
];

/**
 * A retry mends what breaks the connection. A success that cannot be read is never asked for again: the server has done
 * its part. A stream reconnects from what it has delivered, gives up when reconnects in a row bring nothing, and takes
 * silence for patience as long as the server is there.
 */
const table: readonly Row[] = [
  [{ kind: "refuse" }, "ok", "network", "ok", cut],
  ...hints.map((hint): Row => [
    { kind: "busy", status: 429, hint, waitMs: 60 },
    ...["ok", "http-error 429", "ok"] as const,
    "stream-interrupted < http-error 429",
  ]),
  ...[408, 500, 502, 503, 504].map((status): Row => [
    { kind: "busy", status },
    ...["ok", `http-error ${status}`, "ok"] as const,
    `stream-interrupted < http-error ${status}`,
  ]),
  ...[400, 401, 404, 409, 501].map((status): Row => {
    const outcome = `http-error ${status}`;
    return [{ kind: "busy", status }, outcome, outcome, outcome, outcome];
  }),
  [{ kind: "lose-reply" }, "ok", "network", "ok", cut],
  [
    { kind: "silent" },
    "ok",
    "timeout connect",
    "ok",
    "stream-interrupted < timeout connect",
  ],
  [{ kind: "drop" }, "ok", "network", "ok", cut],
  [{ kind: "drop", afterBytes: 3 }, "ok", "network", "ok", cut],
  // Every connection brings something, so there is always a reason to go on.
  [{ kind: "drop", afterEvents: 1 }, "ok", "network", "ok", "ok"],
  [{ kind: "drop", afterBytes: 60 }, "ok", "ok", "ok", "ok"],
  [
    { kind: "close" },
    "decode",
    "decode",
    "ok",
    "stream-interrupted",
  ],
  [
    { kind: "close", afterBytes: 3 },
    "decode",
    "decode",
    "ok",
    "stream-interrupted",
  ],
  [{ kind: "close", afterEvents: 1 }, "ok", "ok", "ok", "ok"],
  [{ kind: "half-close" }, "decode", "decode", "ok", "stream-interrupted"],
  [{ kind: "half-close", afterEvents: 1 }, "ok", "ok", "ok", "ok"],
  [{ kind: "stall" }, "ok", "timeout idle", "ok", "-"],
  [{ kind: "stall", afterBytes: 3 }, "ok", "timeout idle", "ok", "-"],
  [{ kind: "stall", afterEvents: 1 }, "ok", "timeout idle", "ok", "ok"],
  [{ kind: "stall", afterBytes: 3, forMs: 50 }, "ok", "ok", "ok", "ok"],
  [{ kind: "slow", bytes: 40, everyMs: 5 }, "ok", "ok", "ok", "ok"],
  [{ kind: "duplicate", event: 1 }, "-", "-", "ok", "ok"],
  [{ kind: "reorder", event: 1 }, "-", "-", "ok", "ok"],
  [{ kind: "omit", event: 1 }, "-", "-", "ok", "-"],
  [{ kind: "garbage" }, "decode", "decode", "ok", "ok"],
  [{ kind: "garbage", afterBytes: 3 }, "decode", "decode", "ok", "ok"],
  [{ kind: "garbage", afterBytes: 40 }, "ok", "ok", "ok", "-"],
  [
    { kind: "oversized", bytes: 5_000_000 },
    "decode",
    "decode",
    "decode",
    "decode",
  ],
  [{ kind: "wrong-type" }, "ok", "ok", "decode", "decode"],
  [
    [{ kind: "slow", bytes: 10, everyMs: 1 }, { kind: "drop", afterEvents: 2 }],
    ...["ok", "ok", "ok", "ok"] as const,
  ],
];

const log = logOf(4);
const value = { title: "größe" };

const operation: Operation<unknown, "safe"> = {
  method: "GET",
  path: "/value",
  contract: "safe",
  decode: (body) => {
    if (body === undefined) throw new TuttiError("decode", "it is empty");
    return body;
  },
};

/** The server: a value, and a log from behind the last event id. */
const routes: Readonly<Record<string, ScriptedReply>> = {
  "GET /value": jsonReply(value),
  "GET /events": (request) => {
    const last = request.headers.get("last-event-id");
    const rest = log.slice(last === null ? 0 : Number(last) + 1);
    return eventReply(rest.map(frameOf))(request);
  },
};

interface World {
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly patienceMs: number;
  readonly fetch?: Fetch;
}

async function callIn(world: World): Promise<void> {
  const { data } = await transportIn(world).call(operation);
  assert.deepEqual(data, value);
}

async function streamIn(world: World): Promise<void> {
  const transport = transportIn(world);
  const stream = createEventStream({
    action: "GET /events",
    open: async ({ lastEventId }, signal) =>
      (await transport.open(
        {
          ...operation,
          path: "/events",
          headers: {
            accept: "text/event-stream",
            "last-event-id": lastEventId,
          },
        },
        { signal, retry: false },
      )).data,
    decode: (frame) => [JSON.parse(frame.data) as { n: number }],
    sequenceOf: ({ n }) => n,
    isTerminal: ({ n }) => n === log.length - 1,
    dense: true,
  }, {
    clock: world.clock,
    random: () => 1,
    idleTimeoutMs: world.patienceMs,
    retry: { retries: 2, initialDelayMs: 5, maxDelayMs: 5 },
  });
  assert.deepEqual(await collect(stream), log);
}

function transportIn({ baseUrl, clock, fetch, patienceMs }: World) {
  return createTransport({
    baseUrl,
    clock,
    fetch,
    random: () => 1,
    retry: { retries: 2, initialDelayMs: 5, maxDelayMs: 5 },
    connectTimeoutMs: patienceMs,
    idleTimeoutMs: patienceMs,
    maxBodyBytes: 100_000,
  });
}

async function outcomeOf(work: Promise<void>): Promise<Outcome> {
  try {
    await work;
    return "ok";
  } catch (error) {
    return nameOf(error);
  }
}

function nameOf(error: unknown): Outcome {
  if (!TuttiError.is(error)) throw error;
  if (HttpError.is(error)) return `${error.code} ${error.status}`;
  if (TimeoutError.is(error)) return `${error.code} ${error.budget}`;
  return StreamInterruptedError.is(error) && error.cause !== undefined
    ? `${error.code} < ${nameOf(error.cause)}`
    : error.code;
}

type Use = (world: World) => Promise<void>;
type Try = (script: ScriptOptions, use: Use) => Promise<Outcome>;

/** Compares the whole table with what happens, so that a difference shows beside its row. */
async function assertTable(tryIt: Try): Promise<void> {
  const actual = await Promise.all(table.map(async ([fault, ...wanted]) => {
    const always: FaultPlan = Array.from({ length: 50 }, () => fault);
    const happened = await Promise.all(wanted.map((outcome, column) => {
      if (outcome === "-") return outcome;
      const faults = column % 2 === 0 ? [fault] : always;
      return tryIt({ routes, faults }, column < 2 ? callIn : streamIn);
    }));
    return [fault, ...happened];
  }));
  assert.deepEqual(actual, table);
}

test("every fault gives the documented outcome, for calls and streams, in memory", async () => {
  await assertTable(async (script, use) => {
    const clock = new FakeClock();
    const server = createScriptedFetch({ ...script, clock });
    const outcome = await clock.run(outcomeOf(use({
      baseUrl: "https://api.test",
      fetch: server.fetch,
      clock,
      patienceMs: 1_000,
    })));
    assert.equal(clock.pending, 0);
    return outcome;
  });
});

test(
  "every fault gives the documented outcome, for calls and streams, over a real socket",
  { timeout: 600_000 },
  async () => {
    await assertTable(async (script, use) => {
      const server = await createScriptedServer(script);
      try {
        return await outcomeOf(use({
          baseUrl: server.url,
          // All rows at once: a loaded machine needs its time.
          clock: patientClock,
          patienceMs: 1_500,
        }));
      } finally {
        await server.close();
      }
    });
  },
);
