// What plain JavaScript gets for values that cannot be looked at: forged, trapped, revoked. Never an error of the engine.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as dsl from "@tutti/sdk/dsl";
import { TuttiError } from "@tutti/sdk/http";
import { DefinitionError, InvalidArgumentError } from "@tutti/sdk/openwop";
import { Foreign, hostile } from "../support/hostile_values.ts";
import { places, type Spot } from "../support/places.ts";
import {
  type Any,
  built,
  flow,
  load,
  type Row,
  rows,
  Sent,
} from "../support/plain_js.ts";
import { deep } from "../support/plain_js_deep.ts";
import { more } from "../support/plain_js_more.ts";
import fc from "../support/properties.ts";

const table: readonly Row[] = [...rows, ...deep, ...more];

/** Of these the functions are called when a run goes on, and what they throw or give then is whoever wrote them. */
const late = /carried out|^(execute|start|deploy|planDeploy)\b/;

const isTheirs = (name: string, value: unknown): boolean =>
  late.test(name) && typeof value === "function";

/** Calls it, and looks at what is thrown, if anything. */
async function holds(
  [name, call]: Row,
  given: readonly unknown[],
  where: string,
): Promise<void> {
  try {
    await call(...given);
  } catch (error) {
    if (error instanceof Foreign || error instanceof Sent) return;
    const told = `${name}(): ${where}: ${(error as Error)?.stack ?? "?"}`;
    assert.ok(TuttiError.is(error), told);
    if (InvalidArgumentError.is(error)) assert.ok(error.path, told);
    if (DefinitionError.is(error)) assert.ok(error.issues[0], told);
  }
}

/** Every place of every argument, with the arguments in which something else stands there. */
function spotsOf(given: readonly unknown[]): readonly (readonly [
  index: number,
  spot: Spot,
])[] {
  return given.flatMap((argument, index) =>
    [...places(argument, 3, `${index}`)].map((spot) => [index, spot] as const)
  );
}

for (const [title, part] of Object.entries({ rows, deep, more })) {
  test(`every function of the DSL says in its own words what is wrong with a value that cannot be looked at (${title})`, async () => {
    for (const row of part) {
      const [name, , given] = row;
      for (const [index, [at, right, make]] of spotsOf(given)) {
        for (const [what, value] of Object.entries(hostile)) {
          const one = value(right);
          if (isTheirs(name, one)) continue;
          const other = [...given];
          other[index] = make(one);
          await holds(row, other, `${what} at ${at}`);
        }
      }
    }
  });
}

test("every function of the DSL says so of several such values at once", async () => {
  const spots = new Map(table.map((row) => [row, spotsOf(row[2])]));
  const taking = table.filter(([, , given]) => given.length > 0);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...taking),
      fc.array(
        fc.tuple(fc.nat(), fc.constantFrom(...Object.keys(hostile))),
        { minLength: 2, maxLength: 4 },
      ),
      async (row, picks) => {
        const all = spots.get(row)!;
        const given = [...row[2]];
        const told: string[] = [];
        for (const [n, what] of picks) {
          const [index, [at, right, make]] = all[n % all.length]!;
          const one = hostile[what]!(right);
          if (isTheirs(row[0], one)) continue;
          given[index] = make(one);
          told.push(`${what} at ${at}`);
        }
        await holds(row, given, told.join(", "));
      },
    ),
    { numRuns: 2000 },
  );
});

test("what cannot be looked at is told of by its place, and keeps its cause", async () => {
  const { proxy: gone, revoke } = Proxy.revocable<Any>({}, {});
  revoke();
  const plan: Any = built.run({});
  const stands: Any = { runs: { start: () => Promise.resolve({}) } };
  const paths: readonly [string, () => unknown][] = [
    ["w.options", () => (dsl.workflow as Any)("w", gone)],
    ["spec", () => dsl.defineNode(gone)],
    ["s.inputs", () => flow().step("s", load, () => gone)],
    ["drawn", () => dsl.toMermaid(gone)],
    ["json", () => dsl.fromDefinition(gone)],
    ["json/nodes", () => dsl.fromDefinition({ nodes: Symbol("s") })],
    ["host", () => dsl.checkHost(built.definition, { nodeTypes: [gone] })],
    ["metadata", () =>
      plan.metadata({
        get a() {
          throw new TypeError("unreadable");
        },
      })],
    ['on("gate")/a', () => plan.on("gate", { a: Symbol("s") })],
    ["at", () => plan.fork("f", gone)],
    ["client.runs", () => built.handle(gone, "t/x")],
    ["client.runs.start", () => built.start({ runs: {} }, {})],
    ["input", () => built.start(stands, gone)],
    ["options.onEvent", () => plan.execute(stands, { onEvent: Symbol("s") })],
    ["run.events", () => plan.execute(stands)],
  ];
  for (const [path, call] of paths) {
    await assert.rejects(async () => await call(), (error) => {
      assert.ok(InvalidArgumentError.is(error), `${path}: ${error}`);
      assert.equal(error.path, path);
      const { cause, message } = error;
      assert.ok(!(cause instanceof Error && message.includes(cause.message)));
      return true;
    });
  }
});

test("the table has every function that the DSL exports, and every method that takes something", () => {
  const known = new Set(table.map(([name]) => name));
  const isClass = (value: unknown): boolean =>
    /^class\b/.test(Function.prototype.toString.call(value));
  const missing: string[] = [];
  // What these take is nothing, or the word of another method.
  const alone = new Set(
    ["constructor", "check", "build", "hash", "toJSON", "id"],
  );
  for (const [name, value] of Object.entries(dsl)) {
    if (typeof value !== "function") continue;
    const names = isClass(value)
      ? Object.getOwnPropertyNames(value.prototype)
        .filter((method) => !alone.has(method))
      : [name];
    missing.push(...names.filter((each) => !known.has(each)));
  }
  missing.push(
    ...Object.keys(dsl.core).map((name) => `core.${name}`)
      .filter((each) => !known.has(each)),
  );
  assert.deepEqual(missing, []);
});
