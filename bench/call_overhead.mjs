// What a call costs above `fetch` itself: in memory, where everything but us is next to nothing, and over loopback.
import { once } from "node:events";
import { createServer } from "node:http";
import { product } from "./lib/peers.mjs";
import { isTrustworthy, ratio } from "./lib/ratio.mjs";
import { head, ratioCell, row, short } from "./lib/table.mjs";

const answer = JSON.stringify({
  id: "run-1",
  status: "running",
  tags: ["a", "b"],
});
const headers = { "content-type": "application/json" };

/** Measures both. */
export async function callOverhead({ rounds, only }) {
  const server = createServer((_request, response) => {
    response.writeHead(200, headers).end(answer);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const loopback = `http://127.0.0.1:${server.address().port}`;
  head("call", "fetch, µs", "ours, µs", "above, µs", "ours ÷ fetch", "control");
  let doubtful = 0;
  try {
    for (
      const [name, fetch, baseUrl] of [
        [
          "in memory",
          () => Promise.resolve(new Response(answer, { headers })),
          "http://h",
        ],
        ["loopback", globalThis.fetch, loopback],
      ]
    ) {
      if (!name.includes(only)) continue;
      doubtful += await measure(name, fetch, baseUrl, rounds);
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return doubtful;
}

async function measure(name, fetch, baseUrl, rounds) {
  const { createTransport } = await product();
  const transport = createTransport({ baseUrl, fetch });
  const operation = {
    method: "GET",
    path: "/runs/run-1",
    contract: "safe",
    decode: (body) => body,
  };
  const url = `${baseUrl}/runs/run-1`;
  const bare = async () => {
    const response = await fetch(
      new Request(url, { headers: { accept: "application/json" } }),
    );
    return await response.json();
  };
  const ours = () => transport.call(operation);
  const settings = { rounds, ms: 20 };
  const result = await ratio(bare, ours, settings);
  const control = await ratio(bare, bare, settings);
  row(
    name,
    short(result.msA * 1e3),
    short(result.msB * 1e3),
    short((result.msB - result.msA) * 1e3),
    ratioCell(result),
    control.median.toFixed(2),
  );
  return isTrustworthy(control) ? 0 : 1;
}
