import assert from "node:assert/strict";
import test from "node:test";
import { debugLog } from "@tutti/sdk/http";
import {
  parseDate,
  RoundTableClient,
  roundTableFromEnv,
} from "@tutti/sdk/roundtable";

test("roundTableFromEnv() reads both spellings of the guides, the one of the code first", () => {
  assert.deepEqual(roundTableFromEnv({}), {
    baseUrl: "http://localhost:8000/api/v1",
  });
  assert.deepEqual(
    roundTableFromEnv({
      ROUND_TABLE_BASE_URL: "https://table.test/api/v1",
      ROUND_TABLE_API_KEY: " a.b.c ",
    }),
    { baseUrl: "https://table.test/api/v1", apiKey: "a.b.c" },
  );
  assert.deepEqual(
    roundTableFromEnv({
      ROUND_TABLE_BASE_URL: "https://other.test",
      ROUNDTABLE_BASE_URL: "https://table.test",
      ROUND_TABLE_API_KEY: "o.t.h",
      ROUNDTABLE_API_KEY: "",
      ROUNDTABLE_EMAIL: "ada@workshop.example.com",
      ROUNDTABLE_PASSWORD: "correct-horse-9",
      ROUNDTABLE_REFRESH_TOKEN: "r.r.r",
      ROUNDTABLE_MAX_RETRIES: "5",
      ROUNDTABLE_VERIFY_SSL: "True",
    }),
    {
      baseUrl: "https://table.test",
      apiKey: "o.t.h",
      email: "ada@workshop.example.com",
      password: "correct-horse-9",
      refreshToken: "r.r.r",
      retry: { retries: 5 },
    },
  );
});

test("roundTableFromEnv() takes the timeout of either SDK for what it means", () => {
  const timeoutOf = (ROUNDTABLE_TIMEOUT: string): number | undefined =>
    roundTableFromEnv({ ROUNDTABLE_TIMEOUT }).timeoutMs;
  assert.equal(timeoutOf("30.0"), 30_000);
  assert.equal(timeoutOf("30000"), 30_000);
  assert.equal(timeoutOf("0.5"), 500);
  assert.equal(timeoutOf(""), undefined);
});

test("roundTableFromEnv() refuses what it cannot do, and names the variable", () => {
  for (
    const [name, value] of [
      ["ROUNDTABLE_TIMEOUT", "soon"],
      ["ROUNDTABLE_MAX_RETRIES", "-1"],
      ["ROUNDTABLE_VERIFY_SSL", "false"],
      ["ROUNDTABLE_DEBUG", "maybe"],
    ] as const
  ) {
    assert.throws(() => roundTableFromEnv({ [name]: value }), {
      code: "invalid-argument",
      path: name,
    });
  }
});

test("roundTableFromEnv() gives options of a client, prototypes left alone", () => {
  const observe = debugLog({ write: () => {} });
  const env = Object.create({ ROUNDTABLE_API_KEY: "inherited" });
  env.ROUNDTABLE_DEBUG = "1";
  const settings = roundTableFromEnv(env, { observe });
  assert.equal(settings.apiKey, undefined);
  assert.equal(settings.observe, observe);
  const client = new RoundTableClient({ ...settings });
  assert.equal(client.transport.baseUrl, "http://localhost:8000");
});

test("parseDate() takes timestamps without a zone as UTC, and those with one as they are", () => {
  for (
    const [timestamp, iso] of [
      ["2026-01-11T10:00:00", "2026-01-11T10:00:00.000Z"],
      ["2026-01-11T10:00:00.120000", "2026-01-11T10:00:00.120Z"],
      ["2026-01-11T10:00:00Z", "2026-01-11T10:00:00.000Z"],
      ["2026-01-11T10:00:00+02:00", "2026-01-11T08:00:00.000Z"],
      [1768125600.25, "2026-01-11T10:00:00.250Z"],
    ] as const
  ) assert.equal(parseDate(timestamp)?.toISOString(), iso);
  for (const none of ["soon", "", null, undefined, NaN]) {
    assert.equal(parseDate(none), undefined);
  }
});
