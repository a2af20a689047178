import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import type { JsonValue } from "../../../src/openwop/protocol/mod.ts";
import { searchSteps } from "../../../src/openwop/protocol/mod.ts";
import { checkSchema, schemaProblem } from "../../../src/engine/mod.ts";
import { MAX_SEARCH } from "../../../src/engine/predicates.ts";

const cases: readonly (readonly [
  JsonValue,
  readonly JsonValue[],
  readonly JsonValue[],
])[] = [
  [{}, [1, null, {}], []],
  [{ type: "integer" }, [1, -2, 1e3], [1.5, "1", null]],
  [{ type: ["string", "null"] }, ["", null], [0, {}]],
  [{ type: "object" }, [{}], [[], null]],
  [{ enum: [1, { a: [2] }] }, [1, { a: [2] }], [2, { a: [] }]],
  [{ const: null }, [null], [0, false]],
  [{ minimum: 1, exclusiveMaximum: 3 }, [1, 2.9, "x"], [0, 3]],
  [{ maximum: 1, exclusiveMinimum: 0 }, [1, 0.1], [0, 1.1]],
  [{ multipleOf: 0.1 }, [0.3, 5], [0.35]],
  [{ minLength: 2, maxLength: 3 }, ["ab", "🎻🎻", 5], ["a", "abcd"]],
  [{ pattern: "^a+$" }, ["aaa", 1], ["ab", ""]],
  [{ minItems: 1, maxItems: 2, items: { type: "number" } }, [[1], [1, 2]], [
    [],
    [1, 2, 3],
    ["x"],
  ]],
  [{ prefixItems: [{ type: "string" }], items: false }, [["a"], []], [[1], [
    "a",
    1,
  ]]],
  [{ uniqueItems: true }, [[1, "1", [1]]], [[1, 1], [{ a: 1 }, { a: 1 }]]],
  [{ contains: { const: 1 }, maxContains: 1 }, [[1, 2]], [[2], [1, 1]]],
  [{ required: ["a"], properties: { a: { type: "string" } } }, [{
    a: "x",
    b: 1,
  }, 7], [{}, { a: 1 }]],
  [
    {
      additionalProperties: false,
      properties: { a: true },
      patternProperties: { "^x-": true },
    },
    [{ a: 1, "x-b": 2 }],
    [{ b: 1 }],
  ],
  [{ additionalProperties: { type: "number" } }, [{ a: 1 }], [{ a: "x" }]],
  [{ propertyNames: { maxLength: 1 }, minProperties: 1, maxProperties: 1 }, [{
    a: 1,
  }], [{}, { ab: 1 }, { a: 1, b: 1 }]],
  [{ dependentRequired: { a: ["b"] } }, [{ a: 1, b: 1 }, { b: 1 }], [{
    a: 1,
  }]],
  [{ dependentSchemas: { a: { required: ["c"] } } }, [{ a: 1, c: 1 }, {}], [{
    a: 1,
  }]],
  [{ allOf: [{ minimum: 1 }, { maximum: 2 }] }, [1, 2], [0, 3]],
  [{ anyOf: [{ type: "string" }, { minimum: 5 }] }, ["x", 5], [4]],
  [{ oneOf: [{ minimum: 1 }, { minimum: 5 }] }, [1], [5, 0]],
  [{ not: { type: "null" } }, [0], [null]],
  [{ if: { const: 1 }, then: false, else: { type: "number" } }, [2], [
    1,
    "x",
  ]],
  [
    { $defs: { n: { type: "number" } }, items: { $ref: "#/$defs/n" } },
    [[1]],
    [["x"]],
  ],
  [{ properties: { next: { $ref: "#" } }, required: ["v"] }, [{
    v: 1,
    next: { v: 2 },
  }], [{ v: 1, next: {} }]],
  [{ format: "date" }, ["no date"], []],
];

for (const [schema, fitting, others] of cases) {
  test(`schemaProblem() judges ${JSON.stringify(schema)}`, () => {
    assert.equal(checkSchema(schema), undefined);
    for (const value of fitting) {
      assert.equal(
        schemaProblem(schema, value),
        undefined,
        JSON.stringify(value),
      );
    }
    for (const value of others) {
      assert.ok(schemaProblem(schema, value), JSON.stringify(value));
    }
  });
}

test("schemaProblem() says where a value does not fit", () => {
  const schema = { properties: { "a/b": { items: { type: "number" } } } };
  assert.deepEqual(schemaProblem(schema, { "a/b": [1, "x"] }), {
    message: "it must be of type number",
    pointer: "/a~1b/1",
  });
});

test("schemaProblem() ends when a schema refers to itself for ever, or grows without bound", () => {
  assert.ok(schemaProblem({ $ref: "#" }, 1));
  const doubling: Record<string, JsonValue> = { l0: { type: "string" } };
  let looks = 0;
  for (let level = 1; level < 25; level++) {
    const ref = { $ref: `#/$defs/l${level - 1}` };
    doubling[`l${level}`] = {
      get anyOf() {
        looks++;
        return [ref, ref];
      },
    };
  }
  assert.ok(schemaProblem({ $defs: doubling, $ref: "#/$defs/l24" }, 1));
  // Each of the 100,000 steps at most.
  assert.ok(looks > 1_000 && looks <= 100_000, `${looks} schemas were tried`);
});

for (
  const [schema, problem] of [
    [true, /not an object/],
    [{ pattern: "(a+)+$" }, /pattern is refused/],
    [{ patternProperties: { "(a|a)*": {} } }, /pattern is refused/],
    [
      { properties: { a: { $ref: "https://x.example/s" } } },
      /refers to nothing/,
    ],
    [{ items: { unevaluatedItems: false } }, /unevaluatedItems/],
    [{ $dynamicRef: "#x" }, /\$dynamicRef/],
    [{ type: "text" }, /type that JSON Schema has not/],
    [{ allOf: {} }, /must be a list/],
    [{ properties: [] }, /must be an object/],
    [{ not: 5 }, /no schema/],
  ] as const
) {
  test(`checkSchema() refuses ${JSON.stringify(schema)}`, () => {
    assert.match(checkSchema(schema as JsonValue)!.message, problem);
  });
}

test("checkSchema() refuses a schema that is nested too deep", () => {
  let schema: JsonValue = {};
  for (let depth = 0; depth < 100; depth++) schema = { not: schema };
  assert.match(checkSchema(schema)!.message, /nested deeper/);
});

test("schemaProblem() takes a type that no text can be made of as one that nothing has", () => {
  const schema = { type: [{ toString: "" }, "string"] };
  assert.deepEqual(schemaProblem(schema, 0), {
    message: "it must be of type string",
    pointer: "",
  });
});

test("checkSchema() and schemaProblem() never throw whatever they are given", () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
  const keyword = fc.constantFrom(
    "type",
    "enum",
    "items",
    "properties",
    "required",
    "$ref",
    "pattern",
    "allOf",
    "if",
    "minLength",
    "__proto__",
    "additionalProperties",
  );
  const text = fc.array(fc.tuple(keyword, json), { maxLength: 5 }).map((
    entries,
  ) =>
    `{${
      entries.map(([key, value]) =>
        `${JSON.stringify(key)}:${JSON.stringify(value)}`
      )
    }}`
  );
  fc.assert(
    fc.property(text, json, (schema, value) => {
      const parsed = JSON.parse(schema);
      checkSchema(parsed);
      schemaProblem(parsed, JSON.parse(JSON.stringify(value)));
      assert.equal(Object.hasOwn(Object.prototype, "type"), false);
    }),
    { numRuns: 500 },
  );
});

/** Patterns that are accepted, and take long on a long text: each way, and each end of the repetition, is tried. */
const slow = ["a*b", "a?a?a?a?a?a?a?a?a?a*b", "a*a{400}b", "(a|a|a)a*(b|c)"];

/** The steps that searches for the patterns may take while `use` runs. */
function searched(use: () => unknown): number {
  let steps = 0;
  const { test } = RegExp.prototype;
  RegExp.prototype.test = function (text) {
    if (slow.includes(this.source)) {
      steps += searchSteps(this.source)(text.length);
    }
    return test.call(this, text);
  };
  try {
    use();
  } finally {
    RegExp.prototype.test = test;
  }
  return steps;
}

test("schemaProblem() takes a bounded number of steps, whatever the pattern is searched for in", () => {
  let most = 0;
  for (const pattern of slow) {
    for (const length of [500, 10_000, 1_000_000]) {
      const text = "a".repeat(length);
      const members = { patternProperties: { [pattern]: false } };
      // As many as fit into a request.
      const many = Array.from({ length: 1_000_000 / length }, () => text);
      for (
        const use of [
          () => assert.ok(schemaProblem({ pattern }, text), pattern),
          () => schemaProblem(members, { [text]: 1 }),
          () => schemaProblem({ items: { not: { pattern } } }, many),
        ]
      ) {
        const steps = searched(use);
        assert.ok(steps <= MAX_SEARCH, `${pattern} took ${steps} steps`);
        most = Math.max(most, steps);
      }
    }
  }
  assert.ok(most > MAX_SEARCH / 2, `${most} steps were counted`);
});

test("schemaProblem() lets no member pass whose name takes too long to search", () => {
  const schema = { patternProperties: { "a*b": false } };
  assert.equal(schemaProblem(schema, { ["a".repeat(100)]: 1 }), undefined);
  for (const name of ["a".repeat(10_001), "a".repeat(100_000)]) {
    assert.match(
      schemaProblem(schema, { [name]: 1 })?.message ?? "",
      /too long/,
    );
  }
  // Where a match can begin at one place alone, length costs little.
  const anchored = { patternProperties: { "^a+$": { type: "number" } } };
  assert.equal(schemaProblem(anchored, { ["a".repeat(10_000)]: 1 }), undefined);
  assert.ok(schemaProblem(anchored, { ["a".repeat(10_000)]: "x" }));
});

/** Each cannot be checked with its value, for a reason of its own. */
const unchecked: readonly (readonly [JsonValue, JsonValue, RegExp])[] = [
  [{ pattern: "a*b" }, "a".repeat(10_001), /takes too long to search/],
  [{ pattern: "a*a{400}b" }, "a".repeat(9_000), /takes too long to search/],
  [{ pattern: "(a+)+$" }, "a", /pattern is refused/],
  [
    { patternProperties: { "a*b": false } },
    { ["a".repeat(10_001)]: 1 },
    /takes too long to search/,
  ],
  [{ $ref: "#/$defs/none" }, 1, /refers to nothing/],
  [{ $ref: "#/$defs/endless" }, 1, /schema takes too long/],
  [{ $ref: "#/$defs/deep" }, deep(100, []), /schema takes too long/],
  [
    { items: { type: "number" } },
    Array.from({ length: 100_001 }, (_, n) => n),
    /schema takes too long/,
  ],
  [
    { uniqueItems: true },
    Array.from({ length: 1_002 }, (_, n) => [n]),
    /too many entries/,
  ],
  [5, 1, /schema is none/],
];

function deep(depth: number, value: JsonValue): JsonValue {
  for (let n = 0; n < depth; n++) value = [value];
  return value;
}

/** What a schema may stand under, each with a value that holds the one that it is to be checked with. */
const under: readonly ((
  schema: JsonValue,
  value: JsonValue,
) => readonly [Record<string, JsonValue>, JsonValue])[] = [
  (inner, value) => [{ allOf: [inner] }, value],
  (inner, value) => [{ not: inner }, value],
  (inner, value) => [{ not: { not: inner } }, value],
  (inner, value) => [{ anyOf: [inner, true] }, value],
  (inner, value) => [{ oneOf: [inner, true] }, value],
  (inner, value) => [{ oneOf: [true, inner] }, value],
  (inner, value) => [{ if: inner, else: true, then: true }, value],
  (inner, value) => [{ contains: inner, minContains: 0 }, [value]],
  (inner, value) => [{ contains: inner, maxContains: 0 }, [value]],
  (inner, value) => [{ not: { items: inner } }, [value]],
  (inner, value) => [{ not: { prefixItems: [inner] } }, [value]],
  (inner, value) => [{ not: { additionalProperties: inner } }, { a: value }],
  (inner, value) => [{ not: { properties: { a: inner } } }, { a: value }],
  (inner, value) => [
    { not: { patternProperties: { a: inner } } },
    { a: value },
  ],
  (inner, value) => [
    { not: { dependentSchemas: { a: { properties: { a: inner } } } } },
    { a: value },
  ],
  (inner, value) => [{ anyOf: [{ not: inner }, { not: inner }] }, value],
];

test("schemaProblem() refuses what could not be checked, whatever the check stands under", () => {
  const $defs: Record<string, JsonValue> = {
    endless: { $ref: "#/$defs/endless" },
    deep: { items: { $ref: "#/$defs/deep" } },
  };
  for (const [inner, value, why] of unchecked) {
    for (const place of under) {
      const [schema, whole] = place(inner, value);
      const problem = schemaProblem({ ...schema, $defs }, whole);
      assert.match(
        problem?.message ?? "it fits",
        /^it could not be checked: /,
        `${why} under ${JSON.stringify(schema).slice(0, 100)}`,
      );
      assert.match(problem!.message, why);
    }
  }
});

test("schemaProblem() needs no check that decides nothing", () => {
  const text = "a".repeat(10_001);
  const costly = { pattern: "a*b" };
  assert.equal(schemaProblem({ anyOf: [true, costly] }, text), undefined);
  assert.equal(schemaProblem({ if: true, else: costly }, text), undefined);
  assert.match(
    schemaProblem({ allOf: [{ type: "number" }, costly] }, text)!.message,
    /of type number/,
  );
});
