import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "@tutti/sdk/openwop";

// The samples are those of RFC 8785: §3.2.2, §3.2.3 and appendix B.

test("canonicalJson() sorts keys by UTF-16 code units when some look like numbers", () => {
  const value = JSON.parse(
    String
      .raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
  );
  assert.equal(
    canonicalJson(value),
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
      '"\u20ac":"Euro Sign","\u{1f600}":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  );
  assert.equal(
    canonicalJson({ b: 1, 10: 1, 9: 1, " ": 1, "-1": 1, "01": 1 }),
    '{" ":1,"-1":1,"01":1,"10":1,"9":1,"b":1}',
  );
});

test("canonicalJson() writes literals, numbers and strings as the RFC shows them", () => {
  const value = JSON.parse(
    String
      .raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
  );
  assert.equal(
    canonicalJson(value),
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
      '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("canonicalJson() writes every number of the RFC's appendix", () => {
  const samples = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
  };
  for (const [bits, wanted] of Object.entries(samples)) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${bits}`));
    assert.equal(canonicalJson(view.getFloat64(0)), wanted, bits);
  }
});

test("canonicalJson() treats what JSON cannot carry as JSON.stringify() does", () => {
  const odd = {
    when: new Date(0),
    none: undefined,
    code: () => 1,
    list: [undefined, () => 1, Number.NaN, new Date(1)],
    own: { toJSON: (key: string) => `key ${key}` },
    holes: new Array(2),
  };
  assert.deepEqual(
    JSON.parse(canonicalJson(odd)),
    JSON.parse(JSON.stringify(odd)),
  );
  assert.equal(canonicalJson(undefined), undefined);
  assert.throws(() => canonicalJson({ big: 1n }), TypeError);
});
