import assert from "node:assert/strict";
import { test } from "node:test";
import { defineNode, delay, type, workflow } from "@tutti/sdk/dsl";
import { countElements } from "../support/count_elements.ts";

const load = defineNode({
  typeId: "local.large.load",
  input: type<{ shard: number; day: string }>(),
  output: type<{ rows: number }>(),
  run: ({ shard }) => ({ rows: shard }),
});
const sum = defineNode({
  typeId: "local.large.sum",
  input: type<{ a: number; b: number }>(),
  output: type<{ rows: number }>(),
  run: ({ a, b }) => ({ rows: a + b }),
});

const begin = () =>
  workflow("large", { version: "1.0.0" })
    .input(type<{ day: string }>({ day: "string" }));

/** Loads shards and adds their rows up, pair by pair: twice as many nodes as shards. */
function declare(w: ReturnType<typeof begin>, shards: number) {
  let layer: { readonly rows: ReturnType<typeof rowsOf> }[] = [];
  const rowsOf = (shard: number) =>
    w.add(`load-${shard}`, load, { shard, day: w.input.day }).rows;
  for (let n = 0; n < shards; n++) layer.push({ rows: rowsOf(n) });
  for (let depth = 0; layer.length > 1; depth++) {
    const next: typeof layer = [];
    for (let n = 0; n + 1 < layer.length; n += 2) {
      const ports = { a: layer[n]!.rows, b: layer[n + 1]!.rows };
      next.push(w.add(`sum-${depth}-${n / 2}`, sum, ports));
    }
    layer = next;
  }
  return w.output(() => ({ rows: layer[0]!.rows }));
}

test("add() and build() go through a graph of twice the size with twice the work", () => {
  const work = [256, 512, 1024].map((shards) => {
    let draft: ReturnType<typeof declare>;
    const adding = countElements(() => draft = declare(begin(), shards));
    const building = countElements(() => {
      assert.equal(draft.build().definition.nodes.length, 2 * shards);
    });
    return { adding, building };
  });
  for (const part of ["adding", "building"] as const) {
    const [one = 0, two = 0, four = 0] = work.map((each) => each[part]);
    assert.ok(two <= 2.05 * one, `${part} ${one} then ${two}`);
    assert.ok(four <= 2.05 * two, `${part} ${two} then ${four}`);
  }
});

test("add() and a chain take turns on one flow, and a chain leaves the flow that it began with", () => {
  const w = begin();
  const a = w.add("a", load, { shard: 1, day: w.input.day });
  const chained = w.use(delay("pause", "1s"));
  const b = w.add("b", load, { shard: 2, day: w.input.day });
  w.add("c", sum, { a: a.rows, b: b.rows });
  const edges = (
    of: {
      readonly definition: {
        readonly edges: readonly { readonly id: string }[];
      };
    },
  ) => of.definition.edges.map(({ id }) => id);
  assert.deepEqual(edges(chained.build()), ["a->pause"]);
  assert.deepEqual(edges(w.use(delay("rest", "1s")).build()), [
    "a->c",
    "b->c",
    "c->rest",
  ]);
  w.add("d", load, { shard: 3, day: w.input.day });
  assert.deepEqual(edges(w.use(delay("rest", "1s")).build()), [
    "a->c",
    "b->c",
    "c->rest",
    "d->rest",
  ]);
  assert.deepEqual(
    w.add("a", load, { shard: 4, day: "x" }) &&
      w.check().map(({ code, source }) => `${code} ${source}`),
    ["duplicate-id a"],
  );
});
