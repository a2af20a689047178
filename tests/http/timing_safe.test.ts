import assert from "node:assert/strict";
import test from "node:test";
import { timingSafeEqual } from "@tutti/sdk/http";
import fc from "../support/properties.ts";

test("timingSafeEqual() says what === says of text, surrogates and zeros included", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.constantFrom(
      "",
      "\0",
      "\0\0",
      "a",
      "aa",
      "aaa",
      "ab",
      "\ud800",
      "\ufffd",
    ),
  );
  fc.assert(fc.property(text, text, (a, b) => {
    assert.equal(timingSafeEqual(a, b), a === b);
    assert.ok(timingSafeEqual(a, a));
  }));
});

test("timingSafeEqual() says whether bytes are the same, of any two lengths", () => {
  const bytes = fc.uint8Array({ maxLength: 5, max: 2 });
  fc.assert(fc.property(bytes, bytes, (a, b) => {
    assert.equal(timingSafeEqual(a, b), String([...a]) === String([...b]));
    assert.ok(timingSafeEqual(a, Uint8Array.from(a)));
  }));
});

test("timingSafeEqual() says false for a repetition of the secret, a part of it, and nothing", () => {
  assert.equal(timingSafeEqual("abab", "ab"), false);
  assert.equal(timingSafeEqual("a", "ab"), false);
  assert.equal(timingSafeEqual("", "ab"), false);
  assert.equal(timingSafeEqual("ab", ""), false);
  assert.equal(timingSafeEqual("\0", ""), false);
  assert.equal(timingSafeEqual(new Uint8Array(2), new Uint8Array()), false);
  assert.ok(timingSafeEqual("", ""));
});

test("timingSafeEqual() never takes bytes for text", () => {
  assert.equal(timingSafeEqual("a", new Uint8Array([97])), false);
  assert.equal(timingSafeEqual("", new Uint8Array()), false);
});

test("timingSafeEqual() reads all that was given, wherever the two differ", () => {
  for (
    const [given, secret] of [["xbcd", "abcd"], ["abcx", "abcd"], [
      "abcdef",
      "x",
    ]]
  ) {
    let reads = 0;
    const counted = new Proxy(new TextEncoder().encode(given), {
      get(target, key): unknown {
        if (typeof key === "string" && /^\d+$/.test(key)) reads++;
        return Reflect.get(target, key, target);
      },
    });
    assert.equal(
      timingSafeEqual(counted, new TextEncoder().encode(secret)),
      false,
    );
    assert.equal(reads, given!.length);
  }
});
