import assert from "node:assert/strict";
import { inspect } from "node:util";
import test from "node:test";
import { debugLog, HttpError, TuttiError } from "@tutti/sdk/http";
import { RoundTableClient, RoundTableError } from "@tutti/sdk/roundtable";
import { ADA, roundTableBench } from "../support/roundtable.ts";

/** The error of a call that is answered like this. */
async function errorOf(response: Response): Promise<RoundTableError> {
  const client = new RoundTableClient({
    baseUrl: "https://table.test",
    retry: false,
    fetch: () => response,
  });
  const error = await client.sandboxes.get("sb_1").then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.ok(RoundTableError.is(error));
  assert.ok(HttpError.is(error));
  assert.ok(TuttiError.is(error));
  assert.equal(error.name, "RoundTableError");
  return error;
}

test("RoundTableError is of the kind that the guides name, by status", async () => {
  for (
    const [status, kind, retryable] of [
      [400, "bad-request", false],
      [401, "authentication", false],
      [403, "forbidden", false],
      [404, "not-found", false],
      [405, "other", false],
      [409, "conflict", false],
      [418, "other", false],
      [422, "validation", false],
      [429, "rate-limit", true],
      [500, "server", true],
      [501, "server", false],
      [503, "server", true],
    ] as const
  ) {
    const error = await errorOf(
      Response.json({ detail: "words" }, { status }),
    );
    assert.equal(error.kind, kind);
    assert.equal(error.status, status);
    assert.equal(error.retryable, retryable);
    assert.equal(error.code, "http-error");
    assert.equal(error.platformMessage, "words");
    assert.deepEqual(error.issues, []);
    assert.doesNotMatch(error.message, /words/);
  }
});

test("RoundTableError finds the server's words in whatever body it sends", async () => {
  const json = (body: unknown): Response =>
    Response.json(body, { status: 404 });
  for (
    const [response, words, code] of [
      [json({ detail: "Sandbox sb_1 not found" }), "Sandbox sb_1 not found"],
      [
        json({ success: false, error: { code: "NOT_FOUND", message: "none" } }),
        "none",
        "NOT_FOUND",
      ],
      [json({ message: "no such thing" }), "no such thing"],
      [json({ detail: {}, message: 7 }), undefined],
      [json({ detail: [null, { loc: "x", msg: 7 }] }), undefined],
      [
        json({
          detail: [{ type: "missing", loc: ["body", "a"], msg: "none" }],
        }),
        "body.a: none",
      ],
      [json(["odd"]), undefined],
      [json("text"), "text"],
      [json(null), undefined],
      [
        new Response("Internal Server Error", { status: 404 }),
        "Internal Server Error",
      ],
      [new Response(null, { status: 404 }), undefined],
      [new Response("<html>", { status: 404 }), "<html>"],
    ] as const
  ) {
    const error = await errorOf(response);
    assert.equal(error.platformMessage, words);
    assert.equal(error.platformCode, code);
    assert.equal(error.kind, "not-found");
  }
});

test("RoundTableError tells a route that does not exist from a thing that does not", async () => {
  const route = await errorOf(
    Response.json({ detail: "Not Found" }, { status: 404 }),
  );
  assert.match(route.hint ?? "", /base URL/);
  const thing = await errorOf(
    Response.json({ detail: "Sandbox sb_1 not found" }, { status: 404 }),
  );
  assert.match(thing.hint ?? "", /`platformMessage`/);
});

test("RoundTableError says how long a limit of rate lasts", async () => {
  const error = await errorOf(
    Response.json({ detail: "slow down" }, {
      status: 429,
      headers: { "retry-after": "7" },
    }),
  );
  assert.equal(error.retryAfterMs, 7_000);
});

test("RoundTableError says which fields are wrong, and never their values", async () => {
  const { client } = roundTableBench();
  const error = await client.auth.register({
    email: "ada@home.local",
    password: "hunter2",
    full_name: null,
  }).catch((thrown) => thrown);
  assert.ok(RoundTableError.is(error));
  assert.equal(error.kind, "validation");
  assert.deepEqual(error.issues.map(({ field }) => field), [
    "body.email",
    "body.password",
  ]);
  assert.match(error.issues[1]?.message ?? "", /at least 8/);
  assert.equal(error.issues[1]?.type, "string_too_short");
  // The server repeats the password; only whoever asks for the body sees it.
  assert.match(JSON.stringify(error.body), /hunter2/);
  const shown = [
    error.message,
    String(error),
    error.stack,
    JSON.stringify(error),
    JSON.stringify(error.issues),
    inspect(error),
    error.platformMessage,
  ].join("\n");
  assert.doesNotMatch(shown, /hunter2/);
});

test("RoundTableClient writes no secret into its log", async () => {
  const lines: string[] = [];
  const { client } = roundTableBench({
    observe: debugLog({ write: (line) => lines.push(line) }),
  });
  await client.auth.me();
  await client.auth.login({ ...ADA, password: "wrong-horse" }).catch(() => {});
  const { apiKey = "", refreshToken = "" } = client.auth.session;
  assert.ok(lines.length > 4);
  for (const secret of [ADA.password, "wrong-horse", apiKey, refreshToken]) {
    assert.ok(secret.length > 0);
    assert.equal(lines.join("\n").includes(secret), false);
  }
});

test("RoundTableError is recognised by is() alone", () => {
  for (const value of [undefined, null, {}, new Error("x"), "x"]) {
    assert.equal(RoundTableError.is(value), false);
  }
});
