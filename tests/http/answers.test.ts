import assert from "node:assert/strict";
import test from "node:test";
import {
  DecodeError,
  HttpError,
  InvalidArgumentError,
  NetworkError,
  TuttiError,
  withAnswer,
} from "@tutti/sdk/http";
import type { Answer } from "@tutti/sdk/http";
import { bodyOf, broken, json, sse, text } from "../support/scripted_fetch.ts";
import { bench, read, write } from "../support/transport.ts";

const traceId = "c".repeat(32);

test("onAnswer tells what is known about the answer, once, after its content is decoded", async () => {
  const { transport, clock } = bench([
    broken,
    json({ data: { a: 1 } }, {
      status: 201,
      headers: {
        "x-request-id": "req-1",
        traceparent: `00-${traceId}-${"d".repeat(16)}-00`,
      },
    }),
  ]);
  const answers: Answer[] = [];
  const reply = await clock.run(transport.call({
    ...write("keyed"),
    decode: (body) => (body as { data: { a: number } }).data,
  }, { onAnswer: (answer) => answers.push(answer) }));
  assert.deepEqual(reply.data, { a: 1 });
  assert.equal(answers.length, 1);
  const [answer] = answers;
  assert.equal(answer?.status, 201);
  assert.equal(answer?.attempts, 2);
  assert.equal(answer?.requestId, "req-1");
  assert.equal(answer?.traceId, traceId);
  assert.equal(answer?.idempotencyKey, "made-here");
  assert.equal(answer?.headers.get("x-request-id"), "req-1");
  assert.deepEqual(answer?.body, { data: { a: 1 } });
});

test("a request id is read from x-request-id, or from request-id where a server sends that", async () => {
  const cases = [
    [{ "x-request-id": "x", "request-id": "r" }, "x"],
    [{ "request-id": "r" }, "r"],
    [{}, undefined],
  ] as const;
  for (const [headers, wanted] of cases) {
    const { transport } = bench([json(1, { headers })]);
    assert.equal((await transport.call(read)).requestId, wanted);
    const failing = bench([text("", { status: 404, headers })]);
    await assert.rejects(failing.transport.call(read), { requestId: wanted });
  }
});

test("decode() is given the body and what is known about its answer", async () => {
  const { transport } = bench([
    json({ a: 1 }, { status: 201, headers: { "x-version": "2" } }),
  ]);
  const { data } = await transport.call({
    ...read,
    decode: (body, { status, headers, attempts }) => ({
      body,
      status,
      attempts,
      version: headers.get("x-version"),
    }),
  });
  assert.deepEqual(data, {
    body: { a: 1 },
    status: 201,
    attempts: 1,
    version: "2",
  });
});

test("a trace id is not taken from a traceparent that is none", async () => {
  const span = "d".repeat(16);
  const wrong = [
    `00-${"0".repeat(32)}-${span}-01`,
    `ff-${traceId}-${span}-01`,
    `00-${traceId.slice(1)}-${span}-01`,
    `00-${traceId}c-${span}-01`,
  ];
  for (const traceparent of wrong) {
    const { transport } = bench([json({}, { headers: { traceparent } })]);
    const { traceId } = await transport.call(read);
    assert.equal(traceId, undefined, traceparent);
  }
});

test("onAnswer tells of a stream before its body is read", async () => {
  const { transport, clock } = bench([sse([": hi\n\n"])]);
  const answers: Answer[] = [];
  const { data } = await clock.run(
    transport.open(read, { onAnswer: (answer) => answers.push(answer) }),
  );
  assert.equal(answers[0]?.status, 200);
  assert.equal(answers[0]?.body, undefined);
  assert.equal(await data.text(), ": hi\n\n");
});

test("onAnswer is not called when the call fails, and fails the call when it throws", async () => {
  let told = 0;
  const failing = bench([text("", { status: 404 })]);
  await assert.rejects(
    failing.clock.run(failing.transport.call(read, { onAnswer: () => told++ })),
    HttpError,
  );
  assert.equal(told, 0);
  const bug = new RangeError("mine");
  const { transport, clock, server } = bench([json(1)]);
  await assert.rejects(
    clock.run(transport.call(read, {
      onAnswer: () => {
        throw bug;
      },
    })),
    (error) => error === bug,
  );
  assert.equal(server.requests.length, 1);
});

test("onAnswer gives the connection of a stream back when it throws", async () => {
  const body = bodyOf([": hi\n\n"], "stay");
  const { transport, clock, server } = bench([() => new Response(body.stream)]);
  await assert.rejects(
    clock.run(transport.open(read, {
      onAnswer: () => {
        throw new RangeError("mine");
      },
    })),
    RangeError,
  );
  assert.equal(server.requests[0]?.signal.aborted, true);
  assert.equal(clock.pending, 0);
});

test("withAnswer() gives the result beside the answer, the last one when there are several", async () => {
  const { transport, clock } = bench([json(1), json(2, { status: 202 })]);
  const { data, answer } = await clock.run(withAnswer(async (onAnswer) => {
    const first = await transport.call(read, { onAnswer });
    const second = await transport.call(read, { onAnswer });
    return [first.data, second.data];
  }));
  assert.deepEqual(data, [1, 2]);
  assert.equal(answer.status, 202);
});

test("withAnswer() throws what the method throws, and refuses a method that does not hand it on", async () => {
  const { transport, clock } = bench([text("", { status: 404 }), json(1)]);
  await assert.rejects(
    clock.run(
      withAnswer((onAnswer) => transport.call(read, { onAnswer })),
    ),
    HttpError,
  );
  await assert.rejects(
    clock.run(withAnswer(() => transport.call(read))),
    (error) => InvalidArgumentError.is(error) && error.path === "onAnswer",
  );
});

test("every failure of a keyed call tells its key and its tries, so that it can be made again", async () => {
  const cases = [
    [[broken, broken], { retry: { retries: 1 } }, 2],
    [[text("", { status: 400 })], {}, 1],
    [[text("no json")], {}, 1],
    [[() => new Response(bodyOf(["{"], "stay").stream)], {
      retry: false,
      idleTimeoutMs: 5,
    }, 1],
    [[broken], { retry: { initialDelayMs: 1_000 }, timeoutMs: 500 }, 1],
  ] as const;
  for (const [steps, options, attempts] of cases) {
    const { transport, clock } = bench(steps);
    await assert.rejects(
      clock.run(transport.call(write("keyed"), options)),
      (error) =>
        TuttiError.is(error) && error.idempotencyKey === "made-here" &&
        error.attempts === attempts,
    );
  }
});

test("a failure tells no key when there is none, and no try when nothing was sent", async () => {
  const { transport, clock } = bench([broken]);
  await assert.rejects(
    clock.run(transport.call(write("never"))),
    (error) =>
      NetworkError.is(error) && error.idempotencyKey === undefined &&
      error.attempts === 1,
  );
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(
    clock.run(transport.call(read, { signal: controller.signal })),
    (error) => TuttiError.is(error) && error.attempts === 0,
  );
  assert.equal("attempts" in new DecodeError("GET /", "x"), false);
});

test("a call that reaches nothing says that a host in this process wants its fetch", async () => {
  const { transport, clock } = bench([broken]);
  await assert.rejects(
    clock.run(transport.call(write("never"))),
    (error) =>
      NetworkError.is(error) && /`fetch: host\.fetch`/.test(error.hint ?? ""),
  );
});

test("the failure of a call inside of another keeps its own tries", async () => {
  const inner = bench([broken], { retry: false });
  const outer = bench([], {
    clock: inner.clock,
    retry: { retries: 1 },
    sign: async (request) => {
      await inner.transport.call(read);
      return request;
    },
  });
  await assert.rejects(
    inner.clock.run(outer.transport.call(write("keyed"))),
    (error) =>
      TuttiError.is(error) && error.attempts === 1 &&
      error.idempotencyKey === "made-here",
  );
});

test("docs leads to the page of the code when an error is made by any part", () => {
  assert.equal(
    new NetworkError("GET /", undefined).docs,
    "@tutti/sdk/docs/errors.md#network",
  );
});
