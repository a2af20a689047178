import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import test from "node:test";
import {
  parseBase64,
  parseHex,
  toBase64,
  toBase64Url,
  toHex,
} from "@tutti/sdk/http";
import fc from "../support/properties.ts";

test("toHex(), toBase64() and toBase64Url() write what others do, and it is read back", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
    const other = Buffer.from(bytes);
    assert.equal(toHex(bytes), other.toString("hex"));
    assert.equal(toBase64(bytes), other.toString("base64"));
    assert.equal(toBase64Url(bytes), other.toString("base64url"));
    assert.deepEqual(parseHex(toHex(bytes)), bytes);
    assert.deepEqual(parseHex(toHex(bytes).toUpperCase()), bytes);
    assert.deepEqual(parseBase64(toBase64(bytes)), bytes);
    assert.deepEqual(parseBase64(toBase64Url(bytes)), bytes);
  }));
});

test("toBase64() writes long arrays", () => {
  const bytes = new Uint8Array(300_000).fill(255);
  assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64"));
});

test("parseHex() says undefined for anything but pairs of hex digits", () => {
  for (
    const text of ["0", "0g", "0x00", " 00", "00 ", "00\n", "-1", "é0", "٠٠"]
  ) {
    assert.equal(parseHex(text), undefined, JSON.stringify(text));
  }
  assert.deepEqual(parseHex(""), new Uint8Array());
});

test("parseBase64() takes padding or none and either alphabet, and says undefined for the rest", () => {
  for (const text of ["+/8=", "+/8", "-_8=", "-_8"]) {
    assert.deepEqual(parseBase64(text), new Uint8Array([251, 255]));
  }
  for (const text of ["*", "A", "AAAAA", "AA=A", "=", "é", "A.B"]) {
    assert.equal(parseBase64(text), undefined, text);
  }
});
