import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  DecodeError,
  HttpError,
  InvalidArgumentError,
  NetworkError,
  StreamInterruptedError,
  TimeoutError,
  TuttiError,
} from "@tutti/sdk/http";

const samples = [
  [new TimeoutError("GET /a", "idle", 5), TimeoutError, "timeout"],
  [new AbortedError("GET /a", "why"), AbortedError, "aborted"],
  [new NetworkError("GET /a", new TypeError("x")), NetworkError, "network"],
  [
    new StreamInterruptedError("GET /a", "7"),
    StreamInterruptedError,
    "stream-interrupted",
  ],
  [new DecodeError("GET /a", "it is HTML"), DecodeError, "decode"],
  [
    new InvalidArgumentError("tags[3]", "it is empty"),
    InvalidArgumentError,
    "invalid-argument",
  ],
  [
    new HttpError("GET /a", { status: 404, headers: new Headers() }),
    HttpError,
    "http-error",
  ],
] as const;

test("is() tells every kind apart and knows the base when errors are made", () => {
  for (const [error, kind, code] of samples) {
    assert.equal(error.code, code);
    assert.ok(error instanceof Error);
    assert.ok(TuttiError.is(error));
    for (const [, other] of samples) {
      assert.equal(other.is(error), other === kind, `${code} ${other.name}`);
    }
    assert.equal(error.name, kind.name);
    // Also in what is printed of it: a name set after the error is made would come too late for its stack.
    assert.ok(String(error).startsWith(`${kind.name}: Cannot `));
    assert.ok(!/^Error\b/.test(error.stack!));
    assert.ok(!Object.keys(error).includes("name"));
  }
});

test("is() recognises an error of another copy when the brand is there", () => {
  const foreign = Object.assign(new Error("x"), {
    [Symbol.for("@tutti/sdk/TuttiError")]: true,
    [Symbol.for("@tutti/sdk/TimeoutError")]: true,
  });
  // No JSON of a server makes an error: the marks are symbols.
  const forged = JSON.parse('{"@tutti/sdk/TimeoutError":true}');
  assert.equal(TimeoutError.is(forged), false);
  assert.ok(TimeoutError.is(foreign));
  assert.equal(HttpError.is(foreign), false);
  for (const value of [null, undefined, "timeout", {}, new Error("x")]) {
    assert.equal(TimeoutError.is(value), false);
  }
});

test("messages follow the house rules when errors are made", () => {
  for (const [error] of samples) {
    assert.match(error.message, /^Cannot [^:]+: .*[^.]$/);
    assert.doesNotMatch(error.message, /n't|it's/);
  }
});

test("TimeoutError is retryable when one try ran out and not when the call did", () => {
  assert.equal(new TimeoutError("x", "attempt", 1).retryable, true);
  assert.equal(new TimeoutError("x", "connect", 1).retryable, true);
  assert.equal(new TimeoutError("x", "total", 1).retryable, false);
});

test("HttpError keeps the platform's words out of the message when it has a body", () => {
  const error = new HttpError("POST /runs", {
    status: 409,
    headers: new Headers({ "x-request-id": "r1" }),
    body: { error: "run_terminal", message: "secret words" },
    platformCode: "run_terminal",
    platformMessage: "secret words",
    details: { a: 1 },
    requestId: "r1",
    retryAfterMs: 5,
  });
  assert.equal(
    error.message,
    'Cannot finish POST /runs: the server answered 409 with code "run_terminal"',
  );
  assert.equal(error.platformMessage, "secret words");
  assert.deepEqual(error.details, { a: 1 });
  assert.equal(error.requestId, "r1");
  assert.equal(error.retryAfterMs, 5);
  assert.equal(error.retryable, false);
});

test("HttpError carries what is known of the answer, and shows nothing that the server wrote", () => {
  const known = {
    status: 409,
    platformCode: "run_terminal",
    requestId: "r1",
    traceId: "c".repeat(32),
    retryAfterMs: 5,
  };
  const written = {
    headers: new Headers({ "x-a": "canary" }),
    body: { message: "canary" },
    platformMessage: "canary",
    details: ["canary"],
  };
  const cause = new TypeError("inner");
  const error = new HttpError("POST /runs", { ...known, ...written, cause });
  assert.deepEqual({ ...error, ...known }, { ...error });
  for (const [name, value] of Object.entries({ ...written, cause })) {
    assert.equal((error as unknown as Record<string, unknown>)[name], value);
  }
  assert.doesNotMatch(JSON.stringify(error), /canary/);
  assert.equal(error.hint, "`platformMessage` says more");
  const plain = new HttpError("POST /runs", {
    status: 500,
    headers: written.headers,
    platformCode: "x".repeat(500),
    hint: "wait",
  });
  assert.equal(plain.hint, "wait");
  assert.match(plain.message, / code "x{128}"$/);
});
