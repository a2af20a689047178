// A response to items of a `for await`: the resumable stream with all that it does, against stream readers of SDKs.
import { compare } from "./lib/compare.mjs";
import { payloads } from "./lib/payloads.mjs";
import { readers } from "./lib/peers.mjs";
import { responder } from "./lib/respond.mjs";

// One shape of each kind; the parsers are compared in all of them.
const shapes = [
  "token / 64k",
  "token / event",
  "log / event",
  "json_1k / event",
  "json_1k / 1k",
];

/** Measures the shapes whose name contains `only`. */
export async function sseStream({ rounds, only }) {
  const { tutti, ...peers } = await readers();
  const reading = (read) => ({ chunks, events }) => {
    const respond = responder(chunks);
    return () => read(respond, events);
  };
  return await compare({
    payloads: payloads().filter(({ name }) =>
      shapes.includes(name) && name.includes(only)
    ),
    ours: reading(tutti),
    peers: Object.fromEntries(
      Object.entries(peers).map(([name, read]) => [name, reading(read)]),
    ),
    // langgraph-sdk gives parsed JSON, so only the number of events can be compared.
    isSame: (theirs, ours, { events }) => theirs === ours || theirs === events,
    settings: { rounds, ms: 8 },
  });
}
