// What plain JavaScript gets for what is wrong deep inside of its arguments: never the words of the engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineNode, forEach, type } from "@tutti/sdk/dsl";
import { TuttiError } from "@tutti/sdk/http";
import { places } from "../support/places.ts";
import { type Any, flow, load } from "../support/plain_js.ts";
import { deep } from "../support/plain_js_deep.ts";

const circular: Record<string, unknown> = {};
circular["self"] = circular;
const odd: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  zero: 0,
  text: "xyz",
  yes: true,
  list: [],
  "list of null": [null],
  object: {},
  "object of null": { a: null },
  big: 1n,
  date: new Date(0),
  function: () => {},
  circular,
};

for (const [name, call, given] of deep) {
  test(`${name}() has its own words for what is wrong deep inside`, async () => {
    await call(...given);
    for (const index of given.keys()) {
      for (const [at, , make] of places(given[index], 3, `${index}`)) {
        for (const [what, value] of Object.entries(odd)) {
          const where = `${what} at ${at}`;
          try {
            await call(...given.with(index, make(value)));
          } catch (error) {
            assert.ok(TuttiError.is(error), `${where}: ${error}`);
            const { cause, message } = error;
            if (cause instanceof TypeError) {
              assert.ok(
                !message.includes(cause.message),
                `${where}: ${message}`,
              );
            }
          }
        }
      }
    }
  });
}

test("what is wrong with a kind of step, its options and a list is told with its path", () => {
  const spec = { input: type(), output: type(), run: () => ({}) };
  const kind = defineNode({ ...spec, typeId: "local.test.kind" });
  const draft = () => flow() as Any;
  const paths: readonly [string, () => unknown][] = [
    ["s.node.typeId", () => draft().step("s", null, () => ({}))],
    [
      "s.node.output",
      () => draft().step("s", { ...kind, output: {} }, () => ({})),
    ],
    [
      "s.options.sensitive",
      () => draft().step("s", load, () => ({}), { sensitive: "x" }),
    ],
    ["s.options.after", () => draft().add("s", load, {}, { after: [null] })],
    [
      "s.options.escalate",
      () => draft().approval("s", () => ({ title: "?" }), { escalate: {} }),
    ],
    [
      "s.body",
      () => draft().use((forEach as Any)("s", () => [], null, () => ({}))),
    ],
    ["s.inputs", () => draft().step("s", load, (refs: Any) => refs.b.c.d())],
  ];
  for (const [path, declare] of paths) {
    assert.throws(declare, { code: "invalid-argument", path });
  }
});
