import assert from "node:assert/strict";
import test from "node:test";
import type { HttpFailure } from "@tutti/sdk/http";
import { codecV1, codecV2 } from "@tutti/sdk/openwop";
import type { JsonObject, JsonValue } from "@tutti/sdk/openwop";
import { call } from "../support/codec_calls.ts";

/** A refusal, as the transport hands it on. */
function failure(
  body: JsonValue | undefined,
  headers: Record<string, string> = {},
  retryAfterMs?: number,
): HttpFailure {
  return {
    action: "GET /x",
    operation: call(),
    status: 400,
    headers: new Headers(headers),
    body,
    retryAfterMs,
  };
}

test("codecV1 gives codes the spelling of version 2 and keeps how they came", () => {
  const codes = {
    run_not_found: "not_found",
    workflow_not_found: "not_found",
    subscription_not_found: "not_found",
    artifact_not_found: "not_found",
    invalid_credential: "unauthenticated",
    internal: "internal_error",
    interrupt_gone: "interrupt_already_resolved",
    idempotency_key_conflict: "idempotency_key_mismatch",
    idempotency_key_replay_mismatch: "idempotency_key_mismatch",
    idempotency_key_mismatch: "idempotency_key_mismatch",
    idempotency_in_flight: "idempotency_in_flight",
    invalid_request: "validation_error",
    conflict: "run_state_conflict",
    fork_invalid_seq: "fork_point_invalid",
    "acme.odd": "acme.odd",
    toString: "toString",
  };
  for (const [rawCode, code] of Object.entries(codes)) {
    for (
      const body of [
        { error: rawCode, message: "m", details: { a: 1 } },
        { error: { code: rawCode, message: "m", details: { a: 1 } } },
      ]
    ) {
      const error = codecV1.readError(failure(body));
      assert.equal(error.code, code);
      assert.equal(error.rawCode, rawCode);
      assert.equal(error.message, "m");
      assert.deepEqual(error.details, { a: 1 });
      assert.equal(error.fromHost, true);
      // A version 2 host means what it says.
      assert.equal(codecV2.readError(failure(body)).code, rawCode);
    }
  }
});

test("codecV1 and codecV2 read refusals that nobody promised", () => {
  const odd: (JsonValue | undefined)[] = [
    undefined,
    null,
    "<html>",
    [],
    {},
    { error: 7, message: 7, details: "x" },
    { error: null },
  ];
  for (const body of odd) {
    for (const codec of [codecV1, codecV2]) {
      assert.deepEqual(codec.readError(failure(body)), {
        code: undefined,
        rawCode: undefined,
        message: undefined,
        details: undefined,
        retryAfterMs: undefined,
        fromHost: false,
      });
    }
  }
  const named = failure(undefined, { "openwop-version": "2.0" });
  assert.equal(codecV2.readError(named).fromHost, true);
});

test("codecV1 finds the wait that a host asks for, in any of its places", () => {
  const cases: [details: JsonObject, header: number | undefined, number][] = [
    [{}, 4_000, 4_000],
    [{ retryAfterMs: 250, retryAfter: 9 }, 4_000, 250],
    [{ retryAfter: 3 }, undefined, 3_000],
    [{ retryAfter: 3 }, 1_000, 1_000],
    [{ retryAfterSeconds: 2 }, undefined, 2_000],
    [{ retryAfterMs: "soon", retryAfter: 1 }, undefined, 1_000],
  ];
  for (const [details, header, wanted] of cases) {
    const refusal = failure({ error: "rate_limited", details }, {}, header);
    assert.equal(codecV1.readError(refusal).retryAfterMs, wanted);
    // Version 2 has the header alone.
    assert.equal(codecV2.readError(refusal).retryAfterMs, header);
  }
});
