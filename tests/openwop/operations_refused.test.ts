import assert from "node:assert/strict";
import test from "node:test";
import { DecodeError, InvalidArgumentError, TuttiError } from "@tutti/sdk/http";
import {
  isCode,
  OpenwopError,
  readOperation,
  UnsupportedError,
} from "@tutti/sdk/openwop";
import type { Major, OperationName } from "@tutti/sdk/openwop";
import {
  callOperation,
  operationsOf,
  versionHeaders,
} from "../support/operation_answer.ts";
import { json, silent, text } from "../support/scripted_fetch.ts";
import type { Step } from "../support/scripted_fetch.ts";

const KEY = "orders-2026-10-04-000001";
const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** A refusal in the envelope, which says what it is about in the way of the major. */
function refused(
  major: Major,
  status: number,
  error: string,
  details?: object,
  headers: Record<string, string> = {},
): Step {
  return json({ error, message: "no", ...(details && { details }) }, {
    status,
    headers: { ...versionHeaders[major], ...headers },
  });
}

const streams: readonly OperationName[] = ["runs.stream", "host.events"];
/** Every host has it: without it there is no host. */
const always: readonly OperationName[] = ["discovery.get"];

for (const major of [1, 2] as const) {
  test(`every operation tells a 409 of a version ${major} host by its code and trace, and is not repeated`, async () => {
    for (const { name, row } of operationsOf(major)) {
      const { requests, error } = await callOperation(row, major, [
        refused(major, 409, "run_state_conflict", { runStatus: "paused" }, {
          traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
        }),
      ]);
      assert.ok(isCode(error, "run_state_conflict"), `${name}: ${error}`);
      assert.equal(error.details?.runStatus, "paused", name);
      assert.equal(error.status, 409, name);
      assert.equal(error.major, major, name);
      assert.equal(error.traceId, TRACE, name);
      assert.equal(error.retryable, false, name);
      assert.equal(requests.length, 1, name);
    }
  });

  test(`every operation tells a 406 of a version ${major} host, and what it speaks instead`, async () => {
    for (const { name, row } of operationsOf(major)) {
      // It polls instead.
      if (name === "runs.stream") continue;
      const { requests, error } = await callOperation(row, major, [
        refused(major, 406, "protocol_version_unsupported", {
          protocolVersions: ["3.0"],
        }),
      ]);
      assert.ok(isCode(error, "protocol_version_unsupported"), name);
      assert.deepEqual(error.details?.protocolVersions, ["3.0"], name);
      assert.match(error.hint ?? "", /major/, name);
      assert.equal(requests.length, 1, name);
    }
  });

  test(`every operation tells a 426 of a version ${major} host, and which client it wants`, async () => {
    for (const { name, row } of operationsOf(major)) {
      const { requests, error } = await callOperation(row, major, [
        refused(major, 426, "client_version_unsupported", {
          minClientVersion: "2.99",
        }),
      ]);
      assert.ok(isCode(error, "client_version_unsupported"), name);
      assert.match(error.hint ?? "", /at least 2\.99/, name);
      assert.equal(error.retryable, false, name);
      assert.equal(requests.length, 1, name);
    }
  });

  test(`every operation waits as long as a 429 of a version ${major} host asks, where it may be repeated`, async () => {
    // Version 1 knows milliseconds, which are more exact than its header.
    const [details, wait] = major === 1
      ? [{ retryAfterMs: 2_500, scope: "key" }, 2_500]
      : [{ scope: "key" }, 3_000];
    for (const { name, row } of operationsOf(major)) {
      const { requests, error, ms } = await callOperation(row, major, [
        refused(major, 429, "rate_limited", details, { "retry-after": "3" }),
      ]);
      if (row.contract === "never") {
        assert.ok(isCode(error, "rate_limited"), name);
        assert.equal(error.retryAfterMs, wait, name);
        assert.equal(error.details?.scope, "key", name);
        assert.equal(requests.length, 1, name);
        continue;
      }
      assert.equal(error, undefined, name);
      assert.equal(requests.length, 2, name);
      assert.equal(ms, wait, name);
      const [first, second] = requests.map(({ headers }) =>
        headers.get("idempotency-key")
      );
      assert.equal(first, second, name);
    }
  });

  test(`every operation that a version ${major} host may lack is unsupported after a 501`, async () => {
    for (const { name, row } of operationsOf(major)) {
      // It polls instead.
      if (name === "runs.stream") continue;
      const { requests, error } = await callOperation(row, major, [
        refused(major, 501, "capability_not_provided"),
      ]);
      assert.equal(requests.length, 1, name);
      if (always.includes(name)) {
        assert.ok(isCode(error, "capability_not_provided"), name);
        continue;
      }
      assert.ok(UnsupportedError.is(error), `${name}: ${error}`);
      assert.equal(error.operation, name);
      assert.equal(error.attempts, 1, name);
      assert.equal(
        error.idempotencyKey ?? null,
        requests[0]?.headers.get("idempotency-key"),
        name,
      );
      assert.equal(error.major, major, name);
      assert.equal(
        error.capability,
        readOperation(name, major).capability,
        name,
      );
      assert.ok(isCode(error.cause, "capability_not_provided"), name);
    }
  });

  test(`every operation that reads an answer of a version ${major} host refuses a malformed one, and is not repeated`, async () => {
    const headers = versionHeaders[major];
    for (const { name, row } of operationsOf(major)) {
      const answers: Step[] = [
        text("<p>not JSON", { headers }),
        json(null, { headers }),
        json("words", { headers }),
      ];
      // An object has none of the fields that are wanted.
      const { answer } = readOperation(name, major);
      if (Object.keys(answer).length > 0 || name === "runs.poll") {
        answers.push(json({}, { headers }));
      }
      // What a deletion says is not read, and what a stream says is not JSON.
      if (streams.includes(name)) continue;
      for (const malformed of answers) {
        const { requests, error } = await callOperation(row, major, [
          malformed,
        ]);
        assert.equal(requests.length, 1, name);
        if (requests[0]?.method === "DELETE" && error === undefined) continue;
        assert.ok(
          DecodeError.is(error) ||
            (TuttiError.is(error) && error.code === "protocol-mismatch" &&
              name === "discovery.get"),
          `${name}: ${error}`,
        );
        assert.equal(error.retryable, false, name);
        assert.doesNotMatch(error.message, /words|ow2\.secret|s3cret/, name);
      }
    }
  });

  test(`every operation tells a refusal of a version ${major} host without an envelope by its status`, async () => {
    for (const { name, row } of operationsOf(major)) {
      const headers = versionHeaders[major];
      for (
        const body of [
          text("<h1>Bad", { status: 400, headers }),
          json(null, { status: 400, headers }),
          json({ error: 7, message: [] }, { status: 400, headers }),
        ]
      ) {
        const { requests, error } = await callOperation(row, major, [body]);
        assert.ok(OpenwopError.is(error), `${name}: ${error}`);
        assert.equal(error.status, 400, name);
        assert.equal(error.platformCode, undefined, name);
        assert.equal(requests.length, 1, name);
      }
    }
  });

  test(`every operation hands headers, key and signal on to a version ${major} host`, async () => {
    for (const { name, row } of operationsOf(major)) {
      const { requests: [request], error } = await callOperation(
        row,
        major,
        [],
        { headers: { "x-mine": "1" }, idempotencyKey: KEY },
      );
      assert.equal(error, undefined, name);
      assert.equal(request?.headers.get("x-mine"), "1", name);
      const isKeyed = request?.method !== "GET" && row.contract !== "never";
      assert.equal(
        request?.headers.get("idempotency-key"),
        isKeyed ? KEY : null,
        name,
      );
      const stop = new AbortController();
      const stopped = await callOperation(row, major, [
        (sent) => {
          stop.abort();
          return silent(sent);
        },
      ], { signal: stop.signal });
      // A stream that is ended is at its end.
      if (streams.includes(name) && stopped.error === undefined) continue;
      assert.ok(TuttiError.is(stopped.error), `${name}: ${stopped.error}`);
      assert.equal(stopped.error.code, "aborted", name);
      assert.equal(stopped.requests.length, 1, name);
      assert.equal(stopped.requests[0]?.signal.aborted, true, name);
    }
  });

  test(`every operation refuses a budget that cannot be right before it asks a version ${major} host`, async () => {
    for (const { name, row } of operationsOf(major)) {
      // Streams have none.
      if (streams.includes(name)) continue;
      const { requests, error } = await callOperation(row, major, [], {
        timeoutMs: -1,
      });
      assert.ok(InvalidArgumentError.is(error), `${name}: ${error}`);
      assert.equal(requests.length, 0, name);
    }
  });
}
