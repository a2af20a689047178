import assert from "node:assert/strict";
import test from "node:test";
import { debugLog, HttpError, observer, TuttiError } from "@tutti/sdk/http";
import type { CallEvent } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import { broken, json, text } from "../support/scripted_fetch.ts";
import { bench, read, write } from "../support/transport.ts";

test("observer() tells every step of a call in order, with its times", async () => {
  const events: CallEvent[] = [];
  const { transport, clock } = bench([
    broken,
    text("", { status: 503, headers: { "x-request-id": "req-1" } }),
    json(1, {
      headers: { traceparent: `00-${"c".repeat(32)}-${"d".repeat(16)}-00` },
    }),
  ], {
    retry: { initialDelayMs: 100, jitter: 0 },
    observe: observer((event) => events.push(event)),
  });
  const started = clock.now();
  await clock.run(transport.call(write("keyed")));
  const plain = events.map((event) =>
    Object.fromEntries(
      Object.entries({ ...event, at: event.at - started })
        .filter(([, value]) =>
          value !== undefined && typeof value !== "function"
        ),
    )
  );
  const every = {
    callId: 1,
    action: "POST /things",
    idempotencyKey: "made-here",
  };
  assert.deepEqual(plain, [
    // The key is made inside of the call.
    { type: "start", callId: 1, action: "POST /things", attempt: 0, at: 0 },
    { ...every, type: "attempt", attempt: 1, at: 0 },
    {
      ...every,
      type: "answer",
      attempt: 1,
      at: 0,
      elapsedMs: 0,
      code: "network",
    },
    { ...every, type: "retry", attempt: 1, at: 0, waitMs: 100 },
    { ...every, type: "attempt", attempt: 2, at: 100 },
    {
      ...every,
      type: "answer",
      attempt: 2,
      at: 100,
      elapsedMs: 0,
      code: "http-error",
      status: 503,
      requestId: "req-1",
    },
    { ...every, type: "retry", attempt: 2, at: 100, waitMs: 200 },
    { ...every, type: "attempt", attempt: 3, at: 300 },
    {
      ...every,
      type: "answer",
      attempt: 3,
      at: 300,
      elapsedMs: 0,
      status: 200,
      traceId: "c".repeat(32),
    },
    {
      ...every,
      type: "end",
      attempt: 3,
      at: 300,
      elapsedMs: 300,
      status: 200,
      traceId: "c".repeat(32),
    },
  ]);
});

test("observer() tells calls apart when they run at once", async () => {
  const events: CallEvent[] = [];
  const { transport, clock } = bench([json(1), json(2)], {
    observe: observer((event) => events.push(event)),
  });
  await clock.run(Promise.all([transport.call(read), transport.call(read)]));
  for (const id of [1, 2]) {
    assert.deepEqual(
      events.filter(({ callId }) => callId === id).map(({ type }) => type),
      ["start", "attempt", "answer", "end"],
    );
  }
});

test("observer() gives the request, the answer and the error to whoever asks", async () => {
  const events: CallEvent[] = [];
  const { transport, clock } = bench([text("why", { status: 400 }), json(7)], {
    observe: observer((event) => events.push(event)),
  });
  await assert.rejects(clock.run(transport.call(write("never"))), HttpError);
  await clock.run(transport.call(write("never")));
  const requests = events.flatMap(({ request }) => request ? [request()] : []);
  assert.deepEqual(requests.map(({ body }) => body), ['{"a":1}', '{"a":1}']);
  const errors = events.flatMap(({ error }) => error ? [error()] : []);
  assert.equal(errors.length, 2);
  assert.ok(
    errors.every((error) => HttpError.is(error) && error.body === "why"),
  );
  const answers = events.flatMap(({ answer }) => answer ? [answer()] : []);
  assert.deepEqual(answers.map(({ body }) => body), [7, 7]);
});

test("observer() keeps out of the call when its listener throws, rejects or hangs", async () => {
  const listeners: readonly (() => unknown)[] = [
    () => {
      throw new RangeError("mine");
    },
    () => Promise.reject(new RangeError("mine")),
    () => {
      throw undefined;
    },
    () => new Promise(() => {}),
  ];
  for (const listener of listeners) {
    const { transport, clock } = bench([broken, json(1)], {
      observe: observer(listener),
    });
    const reply = await clock.run(transport.call(read));
    assert.equal(reply.attempts, 2);
    // An unhandled rejection would fail the run of the tests.
    await settle();
  }
});

test("observer() tells of a failure that is none of ours without its words", async () => {
  const events: CallEvent[] = [];
  for (
    const thrown of [new RangeError("secret"), "secret", undefined, {
      status: 7,
    }]
  ) {
    const { transport, clock } = bench([], {
      aroundAttempt: [() => Promise.reject(thrown)],
      observe: observer((event) => events.push(event)),
    });
    await assert.rejects(clock.run(transport.call(read)));
  }
  const ends = events.filter(({ type }) => type === "answer" || type === "end");
  assert.equal(ends.length, 8);
  for (const event of ends) {
    assert.equal(event.code, "unexpected");
    assert.equal(event.status, undefined);
    assert.ok(event.error);
  }
});

test("observer() sees a call that is refused before anything is sent", async () => {
  const seen: string[] = [];
  const { transport, clock } = bench([], {
    observe: observer(({ type, code }) => seen.push(`${type} ${code}`)),
  });
  await assert.rejects(
    clock.run(transport.call(write("keyed"), { idempotencyKey: "" })),
    TuttiError,
  );
  assert.deepEqual(seen, ["start undefined", "end invalid-argument"]);
});

test("debugLog() writes one line for each step when ids and answers try to break out of it", async () => {
  const lines: string[] = [];
  const { transport, clock } = bench([
    text("", { status: 503, headers: { "x-request-id": "a b" } }),
    json({ a: "x\ny\u2028z" }),
  ], {
    observe: debugLog({
      write: (line) => lines.push(line),
      hideIds: true,
      body: ["/a"],
    }),
    retry: { initialDelayMs: 12.4, jitter: 0 },
  });
  await clock.run(transport.call({
    ...read,
    path: "/tenants/acme-1/runs",
    label: "GET /tenants/acme-1/runs\nforged",
  }));
  assert.ok(lines.every((line) => line.startsWith("tutti #1")));
  // deno-lint-ignore no-control-regex
  assert.ok(lines.every((line) => !/[\u0000-\u001f\u2028]/.test(line)));
  assert.ok(lines.every((line) => !line.includes("acme")));
  assert.equal(lines.length, 7);
  assert.match(lines[2] ?? "", /< http-error 503 after 0 ms request a b/);
  assert.match(lines[3] ?? "", /again in 12 ms/);
});

test("debugLog() writes to the console when nobody says where", async () => {
  const lines: unknown[] = [];
  const before = console.debug;
  try {
    console.debug = (line: unknown) => lines.push(line);
    const { transport, clock } = bench([json(1)], { observe: debugLog() });
    await clock.run(transport.call(read));
  } finally {
    console.debug = before;
  }
  assert.equal(lines.length, 4);
});
