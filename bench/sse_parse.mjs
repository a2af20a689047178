// Bytes to events: the parser alone, against other parsers, in several shapes of stream.
import { compare } from "./lib/compare.mjs";
import { payloads } from "./lib/payloads.mjs";
import { parsers } from "./lib/peers.mjs";

/** Measures all shapes whose name contains `only`. */
export async function sseParse({ rounds, only }) {
  const { tutti, ...peers } = await parsers();
  const feeding = (read) => ({ chunks }) => () => read(chunks);
  return await compare({
    payloads: payloads().filter(({ name }) => name.includes(only)),
    ours: feeding(tutti),
    peers: Object.fromEntries(
      Object.entries(peers).map(([name, read]) => [name, feeding(read)]),
    ),
    isSame: (theirs, ours) => theirs === ours,
    settings: { rounds, ms: 3 },
  });
}
