import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError, parseSecret } from "@tutti/sdk/http";
import type { WrittenSecret } from "@tutti/sdk/http";

test("parseSecret() reads the same secret in each form", () => {
  const wanted = new TextEncoder().encode("pässword");
  const forms: WrittenSecret[] = [
    { text: "pässword" },
    { hex: "70c3a47373776f7264" },
    { hex: "70C3A47373776F7264" },
    { base64: "cMOkc3N3b3Jk" },
  ];
  for (const form of forms) assert.deepEqual(parseSecret(form), wanted);
});

test("parseSecret() keeps zeros, and reads base64url without padding", () => {
  assert.deepEqual(parseSecret({ hex: "ff00" }), new Uint8Array([255, 0]));
  assert.deepEqual(parseSecret({ base64: "-_8" }), new Uint8Array([251, 255]));
});

test("parseSecret() refuses what is empty or not written as it says, without repeating it", () => {
  const wrong: unknown[] = [
    { text: "" },
    { text: undefined },
    { hex: "" },
    { hex: "canary" },
    { hex: "abc" },
    { hex: " 00" },
    { base64: "" },
    { base64: "*canary*" },
    {},
    "canary",
    undefined,
    null,
  ];
  for (const written of wrong) {
    assert.throws(() => parseSecret(written as WrittenSecret), (error) => {
      assert.ok(InvalidArgumentError.is(error));
      assert.equal(error.path, "secret");
      assert.doesNotMatch(String(error), /canary/);
      return true;
    });
  }
});
