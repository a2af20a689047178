import assert from "node:assert/strict";
import test from "node:test";
import { parseJson } from "@tutti/sdk/http";
import fc from "../support/properties.ts";

test("parseJson() drops __proto__ when it is written in any way", () => {
  const attacks = [
    '{"__proto__":{"admin":true},"a":{"__proto__":1,"b":2}}',
    '{"\\u005f_proto__":{"admin":true},"a":{"b":2}}',
    '{"__pr\\u006fto__":{"admin":true},"a":{"b":2}}',
  ];
  for (const attack of attacks) {
    const value = parseJson(attack) as Record<string, unknown>;
    assert.deepEqual(Object.keys(value), ["a"]);
    assert.equal(Object.assign({}, value).admin as unknown, undefined);
    assert.deepEqual(value.a, { b: 2 });
  }
  assert.equal(({} as Record<string, unknown>).admin, undefined);
});

test("parseJson() reads like JSON.parse() when nothing is dangerous", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    const plain = JSON.parse(text);
    if (text.includes("__proto__")) return;
    assert.deepEqual(parseJson(text), plain);
  }));
  assert.throws(() => parseJson("{"), SyntaxError);
});
