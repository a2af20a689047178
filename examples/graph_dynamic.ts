// Teaches: a graph that is made by a program, 500 nodes of it, with handles instead of a chain.
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const load = defineNode({
  typeId: "local.graph.load",
  input: type<{ shard: number; day: string }>(),
  output: type<{ rows: number }>(),
  run: ({ shard }) => ({ rows: shard }),
});
const sum = defineNode({
  typeId: "local.graph.sum",
  input: type<{ a: number; b: number }>(),
  output: type<{ rows: number }>(),
  run: ({ a, b }) => ({ rows: a + b }),
});

/** Loads `shards` shards at once and adds up their rows, pair by pair. */
export function etl(shards: number) {
  const w = workflow("etl", { version: "1.0.0" })
    .input(type<{ day: string }>({ day: "string" }));
  let layer = Array.from(
    { length: shards },
    (_, shard) => w.add(`load-${shard}`, load, { shard, day: w.input.day }),
  );
  for (let depth = 0; layer.length > 1; depth++) {
    const pairs = layer.length >> 1;
    const added = Array.from(
      { length: pairs },
      (_, n) =>
        w.add(`sum-${depth}-${n}`, sum, {
          a: layer[2 * n]!.rows,
          b: layer[2 * n + 1]!.rows,
        }),
    );
    layer = [...added, ...layer.slice(2 * pairs)];
  }
  return w.output(() => ({ rows: layer[0]!.rows })).build();
}

/** Small enough for a picture. */
export const small = etl(8);

const large = etl(250);
assert.equal(large.definition.nodes.length, 500);

const host = createHost({ workflows: [large] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
const run = await large.start(client, { day: "2026-11-21" });
const { output } = await run.result();
assert.deepEqual(output, { rows: (250 * 249) / 2 });
console.log(`500 steps added up ${output.rows} rows`);
await host.close();
