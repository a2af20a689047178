import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import {
  createTransport,
  DecodeError,
  idempotencyKeys,
  TuttiError,
} from "@tutti/sdk/http";
import type {
  Operation,
  OptionsFor,
  RetryContract,
  Transport,
  TransportOptions,
} from "@tutti/sdk/http";
import {
  createScriptedFetch,
  createScriptedServer,
  FakeClock,
} from "@tutti/sdk/testing";
import type { Fault, FaultPlan, RecordedRequest } from "@tutti/sdk/testing";
import { CommitTable } from "../support/commit_table.ts";
import { patientClock } from "../support/patient_clock.ts";

const idempotency = idempotencyKeys({
  header: "idempotency-key",
  createKey: () => crypto.randomUUID(),
});
const answerBytes = '{"work":1}'.length;

function work<Contract extends RetryContract>(
  contract: Contract,
): Operation<number, Contract> {
  return {
    method: "POST",
    path: "/work",
    json: { a: 1 },
    contract,
    decode: (body) => {
      if (body === undefined) {
        throw new DecodeError("POST /work", "it is empty");
      }
      return (body as { work: number }).work;
    },
  };
}

/** Every way to lose an answer, at every byte of it. */
const points: readonly Fault[] = [
  { kind: "refuse" },
  { kind: "lose-reply" },
  { kind: "silent" },
  { kind: "busy" },
  ...[408, 429, 500, 502, 503, 504].map((status): Fault => ({
    kind: "busy",
    status,
    afterWork: true,
  })),
  ...Array.from({ length: answerBytes + 1 }, (_, afterBytes) => afterBytes)
    .flatMap((afterBytes): Fault[] => [
      { kind: "drop", afterBytes },
      { kind: "close", afterBytes },
      { kind: "half-close", afterBytes },
      { kind: "stall", afterBytes },
      { kind: "garbage", afterBytes },
    ]),
  { kind: "slow", bytes: 1, everyMs: 900 },
  { kind: "oversized", bytes: 10_000 },
  { kind: "wrong-type" },
];

interface Outcome {
  readonly table: CommitTable;
  readonly requests: readonly RecordedRequest[];
  /** The number of the work, or the error. */
  readonly result: number | TuttiError;
  /** Calls once more under the key, when all is well. */
  readonly again: (key: string) => Promise<number>;
}

/** Makes one call against a server with this plan, in memory. */
async function callOnce<Contract extends RetryContract>(
  contract: Contract,
  faults: FaultPlan,
  options: Partial<TransportOptions> = {},
): Promise<Outcome> {
  const clock = new FakeClock();
  const table = new CommitTable();
  const server = createScriptedFetch({ otherwise: table.reply, faults, clock });
  const transport = createTransport({
    baseUrl: "https://api.test",
    fetch: server.fetch,
    clock,
    idempotency,
    connectTimeoutMs: 1_000,
    idleTimeoutMs: 1_000,
    maxBodyBytes: 1_000,
    ...options,
  });
  const result = await settled(clock.run(call(transport, contract)));
  assert.equal(clock.pending, 0);
  return {
    table,
    requests: server.requests,
    result,
    again: (idempotencyKey) => {
      const well = createTransport({
        baseUrl: "https://api.test",
        fetch: createScriptedFetch({ otherwise: table.reply }).fetch,
        idempotency,
      });
      return call(well, "keyed", { idempotencyKey });
    },
  };
}

async function call<Contract extends RetryContract>(
  transport: Transport,
  contract: Contract,
  options?: OptionsFor<Contract>,
): Promise<number> {
  return (await transport.call(work(contract), options)).data;
}

async function settled(
  promise: Promise<number>,
): Promise<number | TuttiError> {
  try {
    return await promise;
  } catch (error) {
    assert.ok(TuttiError.is(error), String(error));
    return error;
  }
}

/** What must hold of a keyed call, whatever happened to it. */
async function assertOnce(outcome: Outcome, what: string): Promise<void> {
  const { table, requests, result, again } = outcome;
  const keys = new Set(
    requests.map(({ headers }) => headers.get("idempotency-key")),
  );
  assert.equal(keys.size, 1, what);
  const [key] = keys;
  assert.ok(key, what);
  assert.ok(table.effects.length <= 1, `${what}: ${table.effects.length}`);
  if (typeof result === "number") {
    assert.equal(result, 1, what);
    assert.deepEqual(table.effects, [key], what);
    return;
  }
  // The error hands the key over: whoever goes on under it gets the work, done once.
  assert.equal(result.idempotencyKey, key, what);
  assert.equal(await again(key), 1, what);
  assert.deepEqual(table.effects, [key], what);
}

test("call() runs a keyed call once when its answer gets lost at any point, any number of times", async () => {
  for (const fault of points) {
    for (const times of [1, 3, 4]) {
      const plan = Array.from({ length: times }, () => fault);
      const outcome = await callOnce("keyed", plan);
      await assertOnce(outcome, `${times} times ${JSON.stringify(fault)}`);
    }
  }
});

test("call() brings the answer of the work that was done when only its reply was lost", async () => {
  for (const kind of ["lose-reply", "silent", "drop"] as const) {
    const { table, requests, result } = await callOnce("keyed", [{ kind }]);
    assert.equal(result, 1);
    assert.equal(table.effects.length, 1);
    assert.equal(requests.length, 2);
  }
});

test("call() never repeats a call without a key, wherever its answer gets lost", async () => {
  for (const fault of points) {
    for (
      const [contract, options] of [
        ["never", {}],
        ["keyed", { idempotency: undefined }],
      ] as const
    ) {
      const { table, requests } = await callOnce(contract, [fault], options);
      const what = `${contract} ${JSON.stringify(fault)}`;
      assert.equal(requests.length, 1, what);
      assert.equal(requests[0]?.headers.has("idempotency-key"), false, what);
      assert.ok(table.effects.length <= 1, what);
    }
  }
});

const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom(...points),
  fc.record({
    kind: fc.constant("busy" as const),
    status: fc.constantFrom(408, 429, 500, 502, 503, 504, 400, 409),
    hint: fc.constantFrom(
      undefined,
      "retry-after" as const,
      "retry-after-date" as const,
      "retry-after-ms" as const,
      "x-ratelimit-reset" as const,
      "ratelimit-reset" as const,
    ),
    waitMs: fc.nat(90_000),
    afterWork: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("stall" as const),
    afterBytes: fc.nat(12),
    forMs: fc.nat(2_000),
  }),
);
const anyPlan = fc.array(
  fc.oneof(fc.constant(undefined), fc.array(anyFault, { maxLength: 3 })),
  { maxLength: 6 },
);

test("call() runs a keyed call at most once, and one without a key is sent once, under arbitrary plans", async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, fc.nat(5), async (plan, retries) => {
      const retry = { retries };
      const keyed = await callOnce("keyed", plan, { retry });
      assert.ok(keyed.requests.length <= retries + 1);
      await assertOnce(keyed, "keyed");
      const never = await callOnce("never", plan, { retry });
      assert.equal(never.requests.length, 1);
      assert.ok(never.table.effects.length <= 1);
    }),
    { numRuns: 200 },
  );
});

test("call() runs a keyed call once, and does not repeat one without a key, over a real socket", async () => {
  const faults = points.filter((fault) =>
    !("afterBytes" in fault) || [0, 4, answerBytes].includes(fault.afterBytes!)
  );
  await Promise.all(faults.map(async (fault) => {
    const table = new CommitTable();
    const server = await createScriptedServer({
      otherwise: table.reply,
      faults: [fault, fault, undefined, fault],
    });
    const transport = createTransport({
      baseUrl: server.url,
      idempotency,
      clock: patientClock,
      connectTimeoutMs: 500,
      idleTimeoutMs: 500,
      retry: { initialDelayMs: 1, maxDelayMs: 1, maxRetryAfterMs: 10 },
    });
    const what = JSON.stringify(fault);
    try {
      const result = await settled(call(transport, "keyed"));
      const keys = server.requests.map(({ headers }) =>
        headers.get("idempotency-key")
      );
      assert.equal(new Set(keys).size, 1, what);
      assert.ok(table.effects.length <= 1, what);
      if (typeof result === "number") assert.equal(result, 1, what);

      const sent = server.requests.length;
      const done = table.effects.length;
      await settled(call(transport, "never"));
      assert.equal(server.requests.length, sent + 1, what);
      assert.ok(table.effects.length <= done + 1, what);
    } finally {
      await server.close();
    }
  }));
});
