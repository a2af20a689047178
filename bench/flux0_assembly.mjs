// Messages of flux0 that come in up to 100 000 chunks: the time for each chunk must not grow with the message.
import { product } from "./lib/peers.mjs";
import { quantile } from "./lib/ratio.mjs";
import { responder } from "./lib/respond.mjs";
import { head, row, short } from "./lib/table.mjs";

const sizes = [12_500, 25_000, 50_000, 100_000];
/** How much longer a chunk of the longest message may take than one of the shortest, and still be called flat. */
const allowed = 1.5;

const text = (n) => `word ${n} `;
const call = {
  type: "tool_call",
  tool_call_id: "c",
  tool_name: "t",
  args: [],
};

/** For each shape: the patches of chunk number n, and what the whole of it is. */
const shapes = {
  "text": {
    patches: (n) => [{ op: "add", path: "/-", value: text(n) }],
    check: (result, size) => result.text === wholeText(size),
  },
  "text by index": {
    patches: (n) => [{ op: "add", path: `/${n}`, value: text(n) }],
    check: (result, size) => result.text === wholeText(size),
  },
  "two at once": {
    id: (n) => `e${n % 2}`,
    patches: (n) => [{ op: "add", path: "/-", value: text(n) }],
    check: (result) => result.messages.length === 2,
  },
  "arguments of a tool": {
    patches: (n) =>
      n === 0 ? [{ op: "add", path: "/tool_calls/0", value: call }] : [{
        op: "add",
        path: "/tool_calls/0/args/-",
        value: n === 1 ? `[${n}` : `,${n}`,
      }],
    last: { op: "add", path: "/tool_calls/0/args/-", value: "]" },
    check: (result, size) => result.toolCalls[0].args.length === size - 1,
  },
  "members of an object": {
    patches: (n) => [{ op: "add", path: `/rows/${n}/name`, value: text(n) }],
    check: (result, size) =>
      result.messages[0].parts[0].content.rows.length === size,
  },
};

/** Measures the shapes whose name contains `only`; one that is not flat counts as a failure. */
export async function flux0Assembly({ rounds, only }) {
  const { Flux0Client } = await product("flux0");
  head(
    "shape",
    ...sizes.map((size) => `${size} chunks, ms`),
    "µs a chunk",
    "longest ÷ shortest",
  );
  let steep = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    if (!name.includes(only)) continue;
    const streams = sizes.map((size) => [size, streamOf(shape, size)]);
    const times = new Map(sizes.map((size) => [size, []]));
    // The sizes take turns, so that a busy machine hits all of them.
    for (let round = -1; round < Math.max(3, rounds / 6); round++) {
      for (const [size, chunks] of streams) {
        const client = new Flux0Client({ fetch: responder(chunks) });
        const started = performance.now();
        const turn = client.sessions.send("talk-00001", "Hi", {
          reconcile: false,
          maxTurnSize: 2 ** 27,
        });
        let parts = 0;
        for await (const { draft } of turn) parts += draft.text.length >= 0;
        const result = await turn.collect();
        const ms = performance.now() - started;
        if (parts < size || !shape.check(result, size)) {
          throw new Error(`"${name}" in ${size} chunks came out wrong`);
        }
        if (round >= 0) times.get(size).push(ms);
      }
    }
    const median = sizes.map((size) => quantile(times.get(size), 0.5));
    const each = median.map((ms, index) => ms / sizes[index]);
    const growth = each.at(-1) / each[0];
    if (growth > allowed) steep++;
    row(
      name,
      ...median.map(short),
      short(each.at(-1) * 1e3),
      growth.toFixed(2),
    );
  }
  return steep;
}

function wholeText(size) {
  return Array.from({ length: size }, (_, n) => text(n)).join("");
}

/** The bytes of a stream, in pieces of 64 kB as a fast network gives them. */
function streamOf({ patches, id = () => "e", last }, size) {
  const frame = (n, patches) =>
    `event: chunk\ndata: ${
      JSON.stringify({
        correlation_id: "RID(hq2Vx7Lm0a)::n4Tz8Rk1Qe",
        event_id: id(n),
        seq: 0,
        patches,
        metadata: { agent_id: "aB3dE6gH9j", agent_name: "Meteo" },
        timestamp: 1773908165.42,
      })
    }\n\n`;
  let all = "";
  for (let n = 0; n < size; n++) all += frame(n, patches(n));
  if (last) all += frame(0, [last]);
  const bytes = new TextEncoder().encode(all);
  const chunks = [];
  for (let at = 0; at < bytes.length; at += 65_536) {
    chunks.push(bytes.subarray(at, at + 65_536));
  }
  return chunks;
}
