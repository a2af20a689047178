import assert from "node:assert/strict";
import test from "node:test";
import {
  createTransport,
  DecodeError,
  idempotencyKeys,
  InvalidArgumentError,
  NetworkError,
  TimeoutError,
  TuttiError,
} from "@tutti/sdk/http";
import type { CallOptions, TransportOptions } from "@tutti/sdk/http";
import { atTime } from "../support/fake_clock.ts";
import {
  bodyOf,
  broken,
  json,
  silent,
  text,
} from "../support/scripted_fetch.ts";
import { bench, read, write } from "../support/transport.ts";

const notNumbers = [NaN, "1", null, {}, []] as const;

/** Each numeric option: where it is, and values that it may not have. */
const misuse: readonly [path: string, values: readonly unknown[]][] = [
  ["timeoutMs", [0, -1, ...notNumbers.filter((value) => value !== null)]],
  ["attemptTimeoutMs", [0, -1, NaN, "1"]],
  ["connectTimeoutMs", [0, -1, NaN, "1"]],
  ["idleTimeoutMs", [0, -1, NaN, "1"]],
  ["retry.retries", [-1, NaN, "1"]],
  ["retry.initialDelayMs", [-1, NaN, "1"]],
  ["retry.maxDelayMs", [-1, NaN, "1"]],
  ["retry.factor", [0.9, -2, NaN, "1"]],
  ["retry.jitter", [-0.1, 1.1, NaN, "full"]],
  ["retry.maxElapsedMs", [-1, NaN, "1"]],
  ["retry.maxRetryAfterMs", [-1, NaN, "1"]],
];

function nested(
  path: string,
  value: unknown,
): Omit<CallOptions, "trace"> {
  const [first = "", second] = path.split(".");
  return { [first]: second === undefined ? value : { [second]: value } };
}

function isRefusal(path: string): (error: unknown) => boolean {
  return (error) => InvalidArgumentError.is(error) && error.path === path;
}

test("createTransport() refuses every number when it is out of bounds, with its path", () => {
  for (
    const [path, values] of [...misuse, ["maxBodyBytes", [
      0,
      -1,
      NaN,
      "1",
    ]]] as const
  ) {
    for (const value of values as readonly unknown[]) {
      assert.throws(
        () =>
          createTransport({
            baseUrl: "https://api.test",
            ...nested(path, value),
          }),
        isRefusal(path),
        `${path} ${String(value)}`,
      );
    }
  }
});

test("call() refuses every number when it is out of bounds, before anything is sent", async () => {
  for (const [path, values] of misuse) {
    for (const value of values) {
      const { transport, clock, server } = bench([]);
      await assert.rejects(
        transport.call(read, nested(path, value)),
        isRefusal(path),
        `${path} ${String(value)}`,
      );
      assert.equal(server.requests.length, 0);
      assert.equal(clock.pending, 0);
    }
  }
});

test("every budget has its default when nobody sets it", async () => {
  const cases = [
    ["connect", 60_000, silent, { retry: false }],
    [
      "idle",
      60_000,
      () => new Response(bodyOf(["{"], "stay").stream),
      { retry: false },
    ],
    ["total", 120_000, silent, {
      retry: false,
      connectTimeoutMs: Infinity,
    }],
  ] as const;
  for (const [budget, timeoutMs, step, options] of cases) {
    const { transport, clock } = bench([step], options);
    await assert.rejects(
      clock.run(transport.call(read)),
      (error) =>
        TimeoutError.is(error) && error.budget === budget &&
        error.timeoutMs === timeoutMs,
    );
  }
});

test("a budget of the call goes over that of the operation, and that over the client's", async () => {
  const client = { connectTimeoutMs: 300, retry: false } as const;
  const hasBudgets = { ...read, budgets: { connectTimeoutMs: 200 } };
  const cases = [
    [300, read, {}],
    [200, hasBudgets, {}],
    [100, read, { connectTimeoutMs: 100 }],
    [100, hasBudgets, { connectTimeoutMs: 100 }],
  ] as const;
  for (const [timeoutMs, operation, call] of cases) {
    const { transport, clock } = bench([silent], client);
    await assert.rejects(
      clock.run(transport.call(operation, call)),
      (error) => TimeoutError.is(error) && error.timeoutMs === timeoutMs,
    );
  }
});

test("attemptTimeoutMs has no limit when nobody sets it", async () => {
  const { transport, clock } = bench([silent, json(1)], {
    timeoutMs: Infinity,
    connectTimeoutMs: Infinity,
    idleTimeoutMs: Infinity,
  });
  const call = transport.call(read);
  call.catch(() => {});
  await clock.advance(1e10);
  assert.equal(clock.pending, 0);
  const slow = bench([silent], { retry: false, attemptTimeoutMs: 10 });
  await assert.rejects(
    slow.clock.run(slow.transport.call(read)),
    (error) => TimeoutError.is(error) && error.budget === "attempt",
  );
});

test("retry has its defaults when nobody sets it: 3 retries from 500 ms, doubled", async () => {
  const waits: unknown[] = [];
  const { transport, clock, server } = bench([broken, broken, broken, broken], {
    observe: (step, _context, detail) => {
      if (step === "retry") waits.push(detail);
    },
  });
  await assert.rejects(clock.run(transport.call(read)), NetworkError);
  assert.equal(server.requests.length, 4);
  assert.deepEqual(waits, [500, 1_000, 2_000]);
});

test("retry waits 30 s at most and goes on for hours when nobody sets an end", async () => {
  const waits: unknown[] = [];
  const { transport, clock } = bench(Array(500).fill(broken), {
    timeoutMs: Infinity,
    retry: { retries: 499 },
    observe: (step, _context, detail) => {
      if (step === "retry") waits.push(detail);
    },
  });
  const started = clock.now();
  await assert.rejects(clock.run(transport.call(read)), NetworkError);
  assert.deepEqual(waits.slice(4, 8), [8_000, 16_000, 30_000, 30_000]);
  assert.equal(waits.length, 499);
  assert.ok(clock.now() - started > 4 * 3_600_000);
});

test("maxBodyBytes is 16 MiB when nobody sets it", async () => {
  const megabyte = new Uint8Array(1 << 20).fill(0x20);
  const body = bodyOf(Array(17).fill(megabyte));
  const { transport, clock } = bench([() => new Response(body.stream)]);
  await assert.rejects(
    clock.run(transport.call(read)),
    (error) => DecodeError.is(error) && /16777216 bytes/.test(error.message),
  );
  assert.equal(body.cancelled, true);
});

test("fetch is the global one when nobody hands one in, also one that is set later", async () => {
  const transport = createTransport({ baseUrl: "https://api.test" });
  const before = globalThis.fetch;
  try {
    globalThis.fetch = (input) =>
      Promise.resolve(Response.json((input as Request).url));
    assert.equal((await transport.call(read)).data, "https://api.test/things");
  } finally {
    globalThis.fetch = before;
  }
});

test("clock and random are handed on to the streams, those of the runtime when nobody hands them in", async () => {
  const { transport, clock } = bench([], { random: () => 0.5 });
  assert.equal(transport.clock, clock);
  assert.equal(transport.random(), 0.5);
  const own = createTransport({ baseUrl: "https://api.test" });
  await atTime(1_234, () => assert.equal(own.clock.now(), 1_234));
  assert.equal(own.random, Math.random);
});

test("headers, trace and idempotency send nothing when nobody sets them", async () => {
  const { transport, clock, server } = bench([json(1)], {
    idempotency: undefined,
  });
  await clock.run(transport.call(write("keyed")));
  assert.deepEqual(
    [...server.requests[0]!.headers.keys()].sort(),
    ["accept", "content-type"],
  );
});

test("idempotency sends no key of the caller when the platform has none, and so no second try", async () => {
  const { transport, clock, server } = bench([broken, json(1)], {
    idempotency: undefined,
  });
  await assert.rejects(
    clock.run(transport.call(write("keyed"), { idempotencyKey: "mine" })),
    NetworkError,
  );
  assert.equal(server.requests.length, 1);
});

test("trace of the client is asked once for each call, and that of the call goes over it", async () => {
  const trace = (digit: string) => ({
    traceparent: `00-${digit.repeat(32)}-${digit.repeat(16)}-01`,
  });
  let asked = 0;
  const { transport, clock, server } = bench([broken, json(1), json(1)], {
    trace: () => {
      asked++;
      return trace("a");
    },
  });
  await clock.run(transport.call(read));
  assert.equal(asked, 1);
  await clock.run(transport.call(read, { trace: trace("b") }));
  assert.equal(asked, 1);
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.get("traceparent")),
    ["a", "a", "b"].map((digit) => trace(digit).traceparent),
  );
});

test("a header of the options is refused when it smuggles, wherever it comes from", async () => {
  const bad = { "x-a": "1\r\nx-evil: 1" };
  const places: readonly [Partial<TransportOptions>, CallOptions][] = [
    [{ headers: bad }, {}],
    [{}, { headers: bad }],
    [{}, { trace: { traceparent: "1\r\nx: y" } }],
    [{}, { trace: { traceparent: "1", tracestate: "\n" } }],
    [{ trace: () => ({ traceparent: "1\n" }) }, {}],
  ];
  for (const [options, call] of places) {
    const { transport, clock, server } = bench([], options);
    await assert.rejects(
      clock.run(transport.call(read, call)),
      (error) =>
        InvalidArgumentError.is(error) && !/evil|\n/.test(error.message),
    );
    assert.equal(server.requests.length, 0);
  }
  const { transport, clock, server } = bench([]);
  await assert.rejects(
    clock.run(
      transport.call(write("keyed"), { idempotencyKey: "a\r\nx-evil: 1" }),
    ),
    InvalidArgumentError,
  );
  assert.equal(server.requests.length, 0);
});

test("idempotencyKeys() takes a caller's key as it is when the platform has no grammar", async () => {
  const { header, keyFor } = idempotencyKeys({
    header: "x-key",
    createKey: () => "made",
  });
  assert.equal(header, "x-key");
  assert.equal(await keyFor(undefined), "made");
  assert.equal(await keyFor("mine"), "mine");
  assert.throws(() => keyFor(""), isRefusal("idempotencyKey"));
});

test("what hooks throw fails the call as it is, and what is no error is wrapped once", async () => {
  const bug = new RangeError("mine");
  const hooks: readonly ((thrown: unknown) => Partial<TransportOptions>)[] = [
    (thrown) => ({
      aroundCall: [() => Promise.reject(thrown)],
    }),
    (thrown) => ({ aroundAttempt: [() => Promise.reject(thrown)] }),
    (thrown) => ({ sign: () => Promise.reject(thrown) }),
    (thrown) => ({
      trace: () => {
        throw thrown;
      },
    }),
    (thrown) => ({
      classify: () => {
        throw thrown;
      },
    }),
  ];
  for (const hook of hooks) {
    const failing = bench([text("", { status: 404 })], hook(bug));
    await assert.rejects(
      failing.clock.run(failing.transport.call(read)),
      (error) => error === bug,
    );
    for (const thrown of ["words", undefined, null, 7, { a: 1 }]) {
      const { transport, clock } = bench(
        [text("", { status: 404 })],
        hook(thrown),
      );
      await assert.rejects(clock.run(transport.call(read)), (error) => {
        assert.ok(TuttiError.is(error));
        assert.equal(error.code, "unexpected");
        assert.equal(error.cause, thrown);
        assert.doesNotMatch(error.message, /words/);
        return true;
      });
    }
  }
});

test("a hook that hangs is left when the budget of the call runs out", async () => {
  const never = () => new Promise<never>(() => {});
  const hooks: readonly Partial<TransportOptions>[] = [
    { aroundCall: [never] },
    { aroundAttempt: [never] },
    { sign: never },
    { fetch: never },
    { idempotency: { header: "x-key", keyFor: never } },
  ];
  for (const hook of hooks) {
    const { transport, clock } = bench([], hook);
    await assert.rejects(
      clock.run(
        transport.call(write("keyed"), { timeoutMs: 50, retry: false }),
      ),
      (error) => TimeoutError.is(error) && error.timeoutMs === 50,
    );
    assert.equal(clock.pending, 0);
  }
});
