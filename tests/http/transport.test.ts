import assert from "node:assert/strict";
import test from "node:test";
import {
  createTransport,
  DecodeError,
  HttpError,
  InvalidArgumentError,
  TuttiError,
} from "@tutti/sdk/http";
import type { HttpRequest } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import {
  bodyOf,
  broken,
  json,
  scripted,
  text,
} from "../support/scripted_fetch.ts";
import { bench, read, write } from "../support/transport.ts";

test("call() builds the request from the operation, the client and the call", async () => {
  const { transport, clock, server } = bench([json(null)], {
    headers: { "x-client": "c", "x-both": "client" },
  });
  await clock.run(transport.call({
    ...write("never"),
    query: { q: "a&b", n: 0, off: undefined, yes: true, tag: ["x", "y,z"] },
    headers: { "x-operation": "o", "x-both": "operation" },
  }, {
    headers: { "x-both": "call" },
    trace: {
      traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      tracestate: "v=1",
    },
  }));
  const [request] = server.requests;
  assert.equal(request?.method, "POST");
  assert.equal(
    request?.url,
    "https://api.test/base/things?q=a%26b&n=0&yes=true&tag=x&tag=y%2Cz",
  );
  assert.equal(request?.text, '{"a":1}');
  const header = (name: string) => request?.headers.get(name);
  assert.equal(header("content-type"), "application/json");
  assert.equal(header("accept"), "application/json");
  assert.equal(header("x-client"), "c");
  assert.equal(header("x-operation"), "o");
  assert.equal(header("x-both"), "call");
  assert.equal(
    header("traceparent"),
    `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
  );
  assert.equal(header("tracestate"), "v=1");
});

test("call() sends no body and no content type when there is nothing to send", async () => {
  const { transport, clock, server } = bench([json(1)]);
  await clock.run(transport.call(read));
  assert.equal(server.requests[0]?.text, "");
  assert.equal(server.requests[0]?.headers.get("content-type"), null);
});

test("call() tells what it knows about the answer beside its content", async () => {
  const { transport, clock } = bench([
    json({ a: 1 }, {
      status: 201,
      headers: {
        "x-request-id": "req-1",
        traceparent: `00-${"c".repeat(32)}-${"d".repeat(16)}-00`,
      },
    }),
  ]);
  const reply = await clock.run(transport.call(read));
  assert.equal(reply.status, 201);
  assert.equal(reply.requestId, "req-1");
  assert.equal(reply.traceId, "c".repeat(32));
  assert.equal(reply.headers.get("x-request-id"), "req-1");
  assert.equal(reply.idempotencyKey, undefined);
});

test("call() gives undefined when the answer has no body", async () => {
  const { transport, clock } = bench([text(null, { status: 204 })]);
  assert.equal((await clock.run(transport.call(read))).data, undefined);
});

test("call() takes a status for an answer when the operation allows it", async () => {
  const { transport, clock } = bench([text(null, { status: 304 })]);
  const reply = await clock.run(transport.call({ ...read, allow: [304] }));
  assert.equal(reply.status, 304);
});

test("call() signs every try anew, innermost, when signing is on", async () => {
  let nonce = 0;
  const seen: string[] = [];
  const { transport, clock, server } = bench([broken, json(1)], {
    aroundAttempt: [(request, next) => {
      seen.push(request.headers.get("x-signature") ?? "unsigned");
      request.headers.set("x-attempt", "set before signing");
      return next(request);
    }],
    sign: (request, { clock }) => {
      request.headers.set(
        "x-signature",
        `${++nonce}@${clock.now()} ${request.headers.get("x-attempt")}`,
      );
      return request;
    },
  });
  const started = clock.now();
  await clock.run(transport.call(read));
  assert.deepEqual(seen, ["unsigned", "unsigned"]);
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.get("x-signature")),
    [
      `1@${started} set before signing`,
      `2@${started + 500} set before signing`,
    ],
  );
});

test("call() runs both rings in order when there is middleware", async () => {
  const order: string[] = [];
  const { transport, clock } = bench([broken, json({ n: 1 })], {
    aroundCall: [
      async (request, next, context) => {
        order.push(`call a ${context.attempt}`);
        const reply = await next(request);
        order.push(`call a done after ${reply.attempts}`);
        return { ...reply, data: { n: 2 } };
      },
      (request, next) => {
        order.push("call b");
        return next(request);
      },
    ],
    aroundAttempt: [
      (request, next, context) => {
        order.push(`try c ${context.attempt}`);
        return next(request);
      },
      (request, next) => {
        order.push("try d");
        return next({ ...request, url: `${request.url}?d=1` });
      },
    ],
  });
  const reply = await clock.run(transport.call(read));
  assert.deepEqual(reply.data, { n: 2 });
  assert.deepEqual(order, [
    "call a 0",
    "call b",
    "try c 1",
    "try d",
    "try c 2",
    "try d",
    "call a done after 2",
  ]);
});

test("call() lets middleware answer, repeat and fail when it wants to", async () => {
  const answers = bench([], {
    aroundAttempt: [() => Promise.resolve(Response.json("from the cache"))],
  });
  assert.equal(
    (await answers.clock.run(answers.transport.call(read))).data,
    "from the cache",
  );
  const login = bench([text("", { status: 401 }), json("in")], {
    aroundAttempt: [async (request, next) => {
      const first = await next(request);
      if (first.status !== 401) return first;
      await first.body?.cancel();
      const headers = new Headers(request.headers);
      headers.set("authorization", "fresh");
      return await next({ ...request, headers });
    }],
  });
  const reply = await login.clock.run(login.transport.call(read));
  assert.equal(reply.data, "in");
  assert.equal(login.server.requests[1]?.headers.get("authorization"), "fresh");
  const bug = new RangeError("mine");
  const fails = bench([], {
    aroundAttempt: [() => Promise.reject(bug)],
  });
  await assert.rejects(
    fails.clock.run(fails.transport.call(read)),
    (error) => error === bug,
  );
});

test("call() throws the error of the platform when it classifies answers itself", async () => {
  const { transport, clock, server } = bench([
    json({ code: "later" }, { status: 418 }),
    json({ code: "no" }, { status: 503 }),
  ], {
    classify: ({ action, body }) => {
      const { code } = body as { code: string };
      return new TuttiError(code, `Cannot finish ${action}: it said ${code}`, {
        retryable: code === "later",
      });
    },
  });
  await assert.rejects(clock.run(transport.call(read)), { code: "no" });
  assert.equal(server.requests.length, 2);
});

test("call() keeps the body of an error, as text when it is not JSON, and cuts it when it is long", async () => {
  const cases = [
    [json({ a: 1 }, { status: 400 }), { a: 1 }],
    [text("<h1>no</h1>", { status: 400 }), "<h1>no</h1>"],
    [text(null, { status: 400 }), undefined],
    [text("x".repeat(1 << 20), { status: 400 }), "x".repeat(64 * 1024)],
    [
      // What came before the connection broke.
      () => new Response(bodyOf(["half"], "cut").stream, { status: 400 }),
      "half",
    ],
  ] as const;
  for (const [step, body] of cases) {
    const { transport, clock } = bench([step]);
    await assert.rejects(
      clock.run(transport.call(read)),
      (error) => {
        assert.ok(HttpError.is(error));
        assert.deepEqual(error.body, body);
        assert.equal(error.status, 400);
        return true;
      },
    );
  }
});

test("call() refuses a success that is too large, and stops reading it", async () => {
  const body = bodyOf(['"', "x".repeat(60), "x".repeat(60), "x", '"'], "stay");
  const { transport, clock } = bench([() => new Response(body.stream)], {
    maxBodyBytes: 100,
  });
  await assert.rejects(
    clock.run(transport.call(read)),
    (error) => DecodeError.is(error) && error.message.includes("100 bytes"),
  );
  await settle();
  assert.equal(body.cancelled, true);
  assert.equal(body.taken, 3);
});

test("call() refuses a success that is no JSON, without quoting it or trying again", async () => {
  const { transport, clock, server } = bench([
    text("<p>secret</p>", { headers: { "content-type": "text/html" } }),
  ]);
  await assert.rejects(clock.run(transport.call(read)), (error) => {
    assert.ok(DecodeError.is(error));
    assert.match(error.message, /content type is "text\/html"/);
    assert.doesNotMatch(error.message, /secret/);
    assert.equal(error.cause, undefined);
    return true;
  });
  assert.equal(server.requests.length, 1);
});

test("call() refuses headers that smuggle when the value comes from outside", async () => {
  const bad = ["a\r\nx-evil: 1", "a\n", "\0", "ü\u0100"];
  for (const value of bad) {
    const { transport, server } = bench([]);
    await assert.rejects(
      transport.call(read, { headers: { "x-a": value } }),
      (error) =>
        InvalidArgumentError.is(error) && error.path === 'headers["x-a"]' &&
        !error.message.includes("evil"),
    );
    await assert.rejects(
      transport.call(read, { headers: { [`x${value}`]: "1" } }),
      InvalidArgumentError,
    );
    assert.equal(server.requests.length, 0);
  }
});

test("call() refuses a path when it could lead to another host", async () => {
  const origin = "https://api.test";
  for (
    const path of ["things", ".evil.test/", "@evil.test/", ":1/", "\\", "#"]
  ) {
    const { transport, server } = bench([], { baseUrl: origin });
    await assert.rejects(
      transport.call({ ...read, path }),
      (error) => InvalidArgumentError.is(error) && error.path === "path",
      path,
    );
    assert.equal(server.requests.length, 0);
  }
  for (
    const path of ["", "?a=1", "//evil.test/", "/@evil.test", "/\\evil.test"]
  ) {
    const { transport, server } = bench([json(1)], { baseUrl: origin });
    await transport.call({ ...read, path });
    assert.equal(new URL(server.requests[0]!.url).origin, origin, path);
  }
});

test("call() refuses a trace or a body when it cannot be right", async () => {
  const { transport } = bench([]);
  await assert.rejects(
    transport.call(read, { trace: { traceparent: "00-\r\nx: y" } }),
    InvalidArgumentError,
  );
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  await assert.rejects(
    transport.call({ ...write("never"), json: circle }),
    (error) => InvalidArgumentError.is(error) && error.path === "body",
  );
});

test("call() does not follow a redirect, so that no header reaches another origin", async () => {
  const { transport, clock, server } = bench([
    text(null, { status: 307, headers: { location: "https://evil.test/" } }),
  ]);
  await assert.rejects(
    clock.run(transport.call(read)),
    (error) =>
      HttpError.is(error) && error.status === 307 &&
      error.hint?.includes("redirects") === true,
  );
  assert.equal(server.requests.length, 1);
});

test("call() names the label when the path is a secret", async () => {
  const { transport, clock } = bench([text("", { status: 404 })]);
  await assert.rejects(
    clock.run(transport.call({
      ...read,
      path: "/interrupts/secret-token",
      label: "GET /interrupts/{token}",
    })),
    (error: Error) =>
      error.message.includes("{token}") && !error.message.includes("secret"),
  );
});

test("createTransport() refuses a base URL when it cannot be one", () => {
  const bad = [
    "",
    "api.test",
    "/relative",
    "ftp://api.test",
    "https://user:pw@api.test",
    "https://api.test?x=1",
    "https://api.test#x",
  ];
  for (const baseUrl of bad) {
    assert.throws(
      () => createTransport({ baseUrl }),
      (error) =>
        InvalidArgumentError.is(error) && error.path === "baseUrl" &&
        !error.message.includes("pw"),
      baseUrl,
    );
  }
  assert.equal(
    createTransport({ baseUrl: "https://api.test/a/b//" }).baseUrl,
    "https://api.test/a/b",
  );
});

test("createTransport() does nothing until the first call", async () => {
  const server = scripted([]);
  createTransport({ baseUrl: "https://api.test", fetch: server.fetch });
  await settle();
  assert.equal(server.requests.length, 0);
});

test("call() leaves the request of one try alone when another changes it", async () => {
  const urls: HttpRequest[] = [];
  const { transport, clock } = bench([broken, json(1)], {
    aroundAttempt: [(request, next) => {
      assert.equal(request.headers.has("x-once"), false);
      request.headers.set("x-once", "1");
      urls.push(request);
      return next(request);
    }],
  });
  await clock.run(transport.call(read));
  assert.equal(urls.length, 2);
});

test("call() drops a byte order mark when it stands at the start, and nowhere else", async () => {
  const { transport, clock } = bench([
    () => new Response(bodyOf(["\ufeff", '"a', "\ufeff", 'b"']).stream),
  ]);
  assert.equal((await clock.run(transport.call(read))).data, "a\ufeffb");
});
