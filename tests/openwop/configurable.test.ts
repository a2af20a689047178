import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError } from "@tutti/sdk/http";
import {
  checkConfigurable,
  flattenConfigurable,
  nestConfigurable,
} from "@tutti/sdk/openwop";
import type { JsonObject } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";

// Nested as version 2 has it, flat as version 1 has it.
const pairs: readonly (readonly [nested: JsonObject, flat: JsonObject])[] = [
  [
    {
      version: 1,
      run: {
        recursionLimit: 3,
        runTimeoutMs: 4,
        maxLoopIterations: 5,
        escalationThreshold: 0.5,
      },
    },
    {
      recursionLimit: 3,
      runTimeoutMs: 4,
      maxLoopIterations: 5,
      escalationThreshold: 0.5,
    },
  ],
  [
    {
      version: 1,
      ai: {
        provider: "p",
        model: "m",
        temperature: 0,
        maxTokens: 9,
        credentialRef: "c",
        promptOverrides: { a: "b" },
        mockProvider: { id: "x" },
        reasoningVerbosity: "full",
        maxRefusals: 2,
      },
    },
    {
      "ai.provider": "p",
      model: "m",
      temperature: 0,
      maxTokens: 9,
      "ai.credentialRef": "c",
      promptOverrides: { a: "b" },
      mockProvider: { id: "x" },
      reasoningVerbosity: "full",
      "ai.maxRefusals": 2,
    },
  ],
  [
    { version: 1, distillation: { tokenBudget: 7 }, budget: { maxTokens: 1 } },
    { "distillation.tokenBudget": 7, budget: { maxTokens: 1 } },
  ],
  [
    { version: 1, extensions: { acme: { tone: "dry" }, v1: { odd: 1 } } },
    { "acme.tone": "dry", odd: 1 },
  ],
  [{ version: 1 }, {}],
];

test("flattenConfigurable() and nestConfigurable() say the same in both majors", () => {
  for (const [nested, flat] of pairs) {
    assert.deepEqual(flattenConfigurable(nested), flat);
    assert.deepEqual(nestConfigurable(flat), nested);
    assert.deepEqual(checkConfigurable(nested), nested);
  }
});

test("nestConfigurable() takes the nested ai of some hosts, and dotted keys for any section", () => {
  assert.deepEqual(
    nestConfigurable({ ai: { model: "m", odd: 1 }, "run.recursionLimit": 2 }),
    {
      version: 1,
      ai: { model: "m" },
      run: { recursionLimit: 2 },
      extensions: { ai: { odd: 1 } },
    },
  );
});

test("checkConfigurable() adds the version, and says where a flat key belongs", () => {
  assert.deepEqual(checkConfigurable({ ai: { model: "m" } }), {
    version: 1,
    ai: { model: "m" },
  });
  const cases: [JsonObject, path: string, words: RegExp][] = [
    [{ recursionLimit: 1 }, "recursionLimit", /configurable\.run\.recursionL/],
    [{ "ai.provider": "p" }, "ai.provider", /configurable\.ai\.provider/],
    [{ temperature: 1 }, "temperature", /configurable\.ai\.temperature/],
    [{ tone: "dry" }, "tone", /configurable\.extensions/],
    [{ ai: { tone: "dry" } }, "ai.tone", /configurable\.extensions/],
    [{ toString: 1 }, "toString", /configurable\.extensions/],
  ];
  for (const [value, path, words] of cases) {
    assert.throws(
      () => checkConfigurable(value),
      (error) =>
        InvalidArgumentError.is(error) &&
        error.path === `configurable.${path}` && words.test(error.message),
    );
  }
});

test("nestConfigurable() takes back whatever flattenConfigurable() wrote", () => {
  const option = fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<never>;
  const section = (...keys: string[]) =>
    fc.record(Object.fromEntries(keys.map((key) => [key, option])), {
      requiredKeys: [keys[0]!],
    });
  const nested = fc.record({
    version: fc.constant(1 as const),
    run: section("recursionLimit", "runTimeoutMs", "maxLoopIterations"),
    ai: section("model", "provider", "credentialRef", "maxRefusals"),
    distillation: section("tokenBudget"),
    budget: fc.constant({ maxTokens: 1 }),
    extensions: fc.dictionary(
      fc.constantFrom("acme", "v1", "other-org"),
      fc.dictionary(
        fc.stringMatching(/^x[a-z.]{1,8}$/).filter((key) => key !== "x.")
          .map((key) => key.replaceAll(".", "-")),
        option,
        { minKeys: 1 },
      ),
      { minKeys: 1 },
    ),
  }, { requiredKeys: ["version"] });
  fc.assert(fc.property(nested, (drawn) => {
    // Drawn records have no prototype, and drawn numbers may be -0.
    const value: JsonObject = JSON.parse(JSON.stringify(drawn));
    assert.deepEqual(nestConfigurable(flattenConfigurable(value)), value);
  }));
});
