import assert from "node:assert/strict";
import test from "node:test";
import {
  hideIds,
  redactBody,
  REDACTED,
  redactHeaders,
  redactUrl,
} from "@tutti/sdk/http";

test("redactHeaders() hides what it does not know, in any case and shape", () => {
  const secret = {
    Authorization: "s",
    "Proxy-Authorization": "s",
    Cookie: "s",
    "Set-Cookie": "s",
    "X-Api-Key": "s",
    "X-Anything": "s",
    "X-Signature": "s",
    Signature: "s",
    "Signature-Input": "s",
    "Webhook-Signature": "s",
    "X-Hub-Signature-256": "s",
    "Idempotency-Key": "s",
    Tracestate: "s",
    Location: "s",
    Referer: "s",
    "WWW-Authenticate": "s",
    "X-Forwarded-For": "s",
  };
  for (const headers of [secret, new Headers(secret)]) {
    const shown = redactHeaders(headers);
    assert.equal(Object.keys(shown).length, Object.keys(secret).length);
    assert.ok(Object.values(shown).every((value) => value === REDACTED));
  }
  assert.deepEqual(
    redactHeaders({ "X-Request-Id": "r", "X-A": "1" }, ["x-a"]),
    { "x-request-id": "r", "x-a": "1" },
  );
});

test("redactUrl() shows the parameters that are named, and none that are called like them", () => {
  assert.equal(
    redactUrl("https://h.test/?page=2&page_token=s&Page=s&pag=s", {
      query: ["page"],
    }),
    "https://h.test/?page=2&page_token=[redacted]&Page=[redacted]&pag=[redacted]",
  );
});

test("redactUrl() hides user, password, fragment and values wherever they are", () => {
  const cases = [
    ["https://me:pw@h.test/a?b=c#d", "https://h.test/a?b=[redacted]"],
    ["https://token@h.test:8443/", "https://h.test:8443/"],
    [
      "https://h.test/?a=1&a=2&b",
      "https://h.test/?a=[redacted]&a=[redacted]&b=[redacted]",
    ],
    ["https://h.test/a%20b", "https://h.test/a%20b"],
    ["not a url", REDACTED],
    ["", REDACTED],
  ] as const;
  for (const [url, shown] of cases) assert.equal(redactUrl(url), shown);
  assert.equal(
    redactUrl("https://h.test/?x=%0A&y=2", { query: ["x"] }),
    "https://h.test/?x=%0A&y=[redacted]",
  );
  assert.equal(
    redactUrl("https://h.test/runs/r-1/events", { hideIds: true }),
    "https://h.test/runs/[redacted]/events",
  );
});

test("hideIds() hides what has more than letters, or is too long for a word", () => {
  assert.equal(hideIds("GET /runs:fork"), "GET /runs:fork");
  assert.equal(
    hideIds(`POST /t/42/u/a%2Fb/v/${"x".repeat(41)}`),
    `POST /t/${REDACTED}/u/${REDACTED}/v/${REDACTED}`,
  );
});

test("redactBody() shows nothing but the places it is told, and no names beside them", () => {
  const body = {
    status: "ok",
    user: { id: 1, mail: "ada@example.com", tags: ["a", "b"] },
    items: [{ id: 1, secret: "s" }, { id: 2 }],
    "a/b~c": 7,
    count: 0,
  };
  const cases = [
    [[], REDACTED],
    [["/nothing"], REDACTED],
    [["/status"], { status: "ok" }],
    [["/count"], { count: 0 }],
    [["/user/id", "/user/tags/1"], { user: { id: 1, tags: [REDACTED, "b"] } }],
    [["/user/mail/deeper"], { user: { mail: REDACTED } }],
    [["/items/*/id"], { items: [{ id: 1 }, { id: 2 }] }],
    [["/a~1b~0c"], { "a/b~c": 7 }],
    [["/*/id"], {
      status: REDACTED,
      user: { id: 1 },
      items: [REDACTED, REDACTED],
      "a/b~c": REDACTED,
      count: REDACTED,
    }],
    [[""], body],
  ] as const;
  for (const [show, shown] of cases) {
    assert.deepEqual(redactBody(body, show), shown, JSON.stringify(show));
  }
  assert.equal(redactBody("secret", ["/a"]), REDACTED);
  assert.equal(redactBody(null, []), REDACTED);
  assert.equal(redactBody(undefined, [""]), null);
});

test("redactBody() pollutes nothing when a body brings a dangerous name", () => {
  const body = JSON.parse('{"__proto__":{"admin":true},"a":1}');
  const shown = redactBody(body, ["/*"]) as Record<string, unknown>;
  assert.equal(Object.getPrototypeOf(shown), Object.prototype);
  assert.equal(({} as { admin?: unknown }).admin, undefined);
  assert.equal(shown.admin, undefined);
});
