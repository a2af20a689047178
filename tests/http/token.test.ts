import assert from "node:assert/strict";
import test from "node:test";
import { checkToken } from "@tutti/sdk/http";

test("checkToken() gives what a header can carry, and leaves it to the client whether there has to be one", () => {
  for (const token of ["a", "a.b-c_d", "!~", undefined]) {
    assert.equal(checkToken("apiKey", token), token);
  }
});

test("checkToken() refuses everything else without showing it", () => {
  for (
    const token of ["", "two words", "a\r\nx-evil: 1", "geheim\u00fc", "\0"]
  ) {
    assert.throws(() => checkToken("apiKey", token), (error: unknown) => {
      const { code, path, message } = error as Record<string, string>;
      assert.equal(code, "invalid-argument");
      assert.equal(path, "apiKey");
      assert.ok(token === "" || !message!.includes(token));
      return true;
    });
  }
  for (const token of [null, 7, {}, ["a"]]) {
    assert.throws(() => checkToken("apiKey", token as never), {
      code: "invalid-argument",
    });
  }
});
