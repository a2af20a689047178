// What a method of the small clients costs above a bare call of the transport that they stand on, in memory.
import { product } from "./lib/peers.mjs";
import { isTrustworthy, ratio } from "./lib/ratio.mjs";
import { head, ratioCell, row, short } from "./lib/table.mjs";

const id = "3f2b8c1e-7a54-4d0c-9f1e-2b6a7c8d9e0f";
const baseUrl = "http://h";
const headers = { "content-type": "application/json" };
const sandbox = { sandbox_id: "sb_9f8e7d6c5b", status: "running" };
const answer = JSON.stringify({
  id,
  ...sandbox,
  success: true,
  data: { id, ...sandbox },
});
const fetch = () => Promise.resolve(new Response(answer, { headers }));

/** One read of each client, by its name. */
async function reads() {
  const { RoundTableClient } = await product("roundtable");
  const { OpenSpawnClient } = await product("openspawn");
  const { Flux0Client } = await product("flux0");
  // A token that ends in an hour, so that its end is looked at and not reached.
  const claims = { exp: Date.now() / 1e3 + 3_600 };
  const apiKey = `a.${btoa(JSON.stringify(claims))}.c`;
  const table = new RoundTableClient({ baseUrl, fetch, apiKey });
  const byKey = new OpenSpawnClient({ baseUrl, fetch, apiKey: "osp_x" });
  const agent = new OpenSpawnClient({
    baseUrl,
    fetch,
    agentId: "worker1",
    secret: "0123456789abcdef".repeat(4),
  });
  const flux = new Flux0Client({ baseUrl, fetch });
  return {
    "Round Table": () => table.sandboxes.get("sb_9f8e7d6c5b"),
    "OpenSpawn, API key": () => byKey.tasks.get(id),
    "OpenSpawn, signed": () => agent.tasks.get(id),
    "flux0": () => flux.agents.get(id),
  };
}

/** Measures the clients whose name contains `only`. */
export async function clientCalls({ rounds, only }) {
  const { createTransport } = await product();
  const transport = createTransport({ baseUrl, fetch });
  const operation = {
    method: "GET",
    path: `/tasks/${id}`,
    contract: "safe",
    decode: (body) => body,
  };
  const bare = () => transport.call(operation);
  head(
    "client",
    "transport, µs",
    "client, µs",
    "above, µs",
    "client ÷ transport",
    "control",
  );
  let doubtful = 0;
  for (const [name, read] of Object.entries(await reads())) {
    if (!name.includes(only)) continue;
    const result = await ratio(bare, read, { rounds, ms: 20 });
    const control = await ratio(bare, bare, { rounds, ms: 20 });
    if (!isTrustworthy(control)) doubtful++;
    row(
      name,
      short(result.msA * 1e3),
      short(result.msB * 1e3),
      short((result.msB - result.msA) * 1e3),
      ratioCell(result),
      control.median.toFixed(2),
    );
  }
  return doubtful;
}
