import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/properties.ts";
import {
  canonicalJson,
  contentHash,
  isBoundId,
  isIdempotencyKey,
  projectId,
  tenantOf,
  unprojectId,
} from "@tutti/sdk/openwop";

test("projectId() writes an id as one path segment", () => {
  assert.equal(projectId("acme/r-9f3c"), "acme~2Fr-9f3c");
  assert.equal(projectId("a~b"), "a~7Eb");
  assert.equal(projectId("é"), "~C3~A9");
  assert.equal(projectId(".."), "~2E~2E");
  assert.equal(projectId("a?b#c%d"), "a~3Fb~23c~25d");
});

test("projectId() and unprojectId() are each other's inverse on every id", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (id) => {
    const segment = projectId(id);
    assert.match(segment, /^[A-Za-z0-9._~-]*$/);
    assert.equal(unprojectId(segment), id);
  }));
});

test("projectId() refuses a lone surrogate", () => {
  assert.throws(() => projectId("a\ud800"), URIError);
});

test("unprojectId() reads both spellings and refuses broken ones", () => {
  assert.equal(unprojectId("acme~2Fr-9f3c"), "acme/r-9f3c");
  assert.equal(unprojectId("acme%2Fr-9f3c"), "acme/r-9f3c");
  for (const broken of ["~", "~2", "a~zz", "%", "%G0", "~FF", "%C3"]) {
    assert.equal(unprojectId(broken), undefined, broken);
  }
});

test("isBoundId() and tenantOf() tell bound ids from bare ones", () => {
  assert.ok(isBoundId("acme/0123456789abcdef"));
  assert.ok(isBoundId("anon:x/0123456789abcdef"));
  for (const id of ["0123456789abcdef", "acme/short", "a/b/0123456789abcdef"]) {
    assert.equal(isBoundId(id), false, id);
  }
  assert.equal(tenantOf("acme/0123456789abcdef"), "acme");
  assert.equal(tenantOf("0123456789abcdef"), undefined);
});

test("isIdempotencyKey() wants 22 to 128 unreserved characters", () => {
  assert.ok(isIdempotencyKey("a".repeat(22)));
  assert.ok(isIdempotencyKey("a".repeat(128)));
  assert.equal(isIdempotencyKey("a".repeat(21)), false);
  assert.equal(isIdempotencyKey("a".repeat(129)), false);
  assert.equal(isIdempotencyKey(`${"a".repeat(22)} `), false);
});

test("canonicalJson() is the same for values that differ in the order of keys only", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = canonicalJson(value);
    assert.equal(canonicalJson(JSON.parse(text)), text);
    assert.equal(canonicalJson(reversed(value)), text);
  }));
});

test("canonicalJson() keeps a key named __proto__", () => {
  const value = JSON.parse('{"b":1,"__proto__":{"a":2}}');
  assert.equal(canonicalJson(value), '{"__proto__":{"a":2},"b":1}');
});

test("contentHash() is the SHA-256 of the canonical text", async () => {
  // echo -n '{"a":1}' | sha256sum
  assert.equal(
    await contentHash({ a: 1 }),
    "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862",
  );
});

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const out = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of Object.entries(value).reverse()) {
    out[key] = reversed(member);
  }
  return out;
}
