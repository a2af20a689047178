import assert from "node:assert/strict";
import test from "node:test";
import { parseRetryAfter } from "@tutti/sdk/http";

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

function read(headers: Record<string, string>): number | undefined {
  return parseRetryAfter(new Headers(headers), now);
}

test("parseRetryAfter() reads both forms and the finer header when they are there", () => {
  assert.equal(read({ "retry-after": "0" }), 0);
  assert.equal(read({ "retry-after": "120" }), 120_000);
  assert.equal(read({ "retry-after": "1.5" }), 1_500);
  assert.equal(
    read({ "retry-after": "Thu, 01 Jan 2026 12:00:30 GMT" }),
    30_000,
  );
  assert.equal(read({ "retry-after-ms": "250", "retry-after": "9" }), 250);
});

test("parseRetryAfter() is never negative when the date has passed", () => {
  assert.equal(read({ "retry-after": "Thu, 01 Jan 2026 11:00:00 GMT" }), 0);
});

test("parseRetryAfter() gives nothing when the hint cannot be understood", () => {
  const bad = ["", "-1", "soon", "1e9", "0x10", "12s", "Infinity", "1 2"];
  for (const value of bad) {
    assert.equal(read({ "retry-after": value }), undefined, value);
  }
  assert.equal(read({ "retry-after-ms": "x", "retry-after": "1" }), 1_000);
  assert.equal(read({}), undefined);
});

test("parseRetryAfter() is never negative when the date lies decades back, as servers write it for now", () => {
  for (
    const date of [
      "Thu, 01 Jan 1970 00:00:00 GMT",
      "Thu, 01 Dec 1994 16:00:00 GMT",
      "Sunday, 06-Nov-94 08:49:37 GMT",
    ]
  ) {
    assert.equal(read({ "retry-after": date }), 0, date);
  }
});

test("parseRetryAfter() reads a reset as a wait, as seconds and as milliseconds since the epoch", () => {
  for (const name of ["ratelimit-reset", "x-ratelimit-reset"]) {
    for (
      const [value, wait] of [
        ["30", 30_000],
        [String(now / 1_000 + 30), 30_000],
        [String(now + 30_000), 30_000],
        [String(now / 1_000 - 30), 0],
        [String(now - 30_000), 0],
      ] as const
    ) {
      const headers = new Headers({ [name]: value });
      assert.equal(parseRetryAfter(headers, now, 429), wait, value);
      // Sent with every answer, it says nothing about a retry.
      assert.equal(parseRetryAfter(headers, now, 503), undefined, value);
    }
  }
});
