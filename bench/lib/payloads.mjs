// The shapes of event streams that parsers are measured with, and how they are cut.

const encoder = new TextEncoder();

/** A chat delta of about 1 kB, as model providers send them, several to a chunk. */
function delta(index) {
  return JSON.stringify({
    id: `evt_${index}`,
    type: "content_block_delta",
    index: 0,
    delta: {
      type: "text_delta",
      text: `Token number ${index}: ${
        "lorem ipsum dolor sit amet ".repeat(32)
      }`,
    },
  });
}

/** A short delta, 60 to 80 bytes: the usual token. */
function token(index) {
  return `{"id":${index},"type":"delta","delta":{"text":" word ${index}"}}`;
}

const block = (lines, end = "\n") => lines.map((line) => line + end).join("");

/** Name to: what it is, one event by number, how many there are. */
const shapes = {
  tiny: {
    what: "data of a few bytes, nothing else",
    count: 4_000,
    event: (n) => `data: ${n}\n\n`,
  },
  token: {
    what: "event and data, a short JSON delta",
    count: 2_000,
    event: (n) => block(["event: delta", `data: ${token(n)}`, ""]),
  },
  log: {
    what: "id, event and data, as a resumable log sends them",
    count: 2_000,
    event: (n) =>
      block([`id: ${n}`, "event: node.completed", `data: ${token(n)}`, ""]),
  },
  json_1k: {
    what: "JSON of 1 kB",
    count: 400,
    event: (n) => block(["event: delta", `data: ${delta(n)}`, ""]),
  },
  unicode: {
    what: "JSON of 1 kB with text outside of ASCII",
    count: 400,
    event: (n) =>
      block([`data: ${delta(n).replaceAll("lorem", "größe 日本語")}`, ""]),
  },
  comments: {
    what: "nine heartbeats to each event",
    count: 600,
    event: (n) => ": keep-alive\n\n".repeat(9) + `data: ${token(n)}\n\n`,
  },
  multi_line: {
    what: "ten data lines to each event",
    count: 400,
    event: (n) =>
      block([
        ...Array.from(
          { length: 10 },
          (_, k) => `data: line ${k} of event ${n}`,
        ),
        "",
      ]),
  },
  crlf: {
    what: "the log, with CRLF",
    count: 2_000,
    event: (n) =>
      block(
        [`id: ${n}`, "event: node.completed", `data: ${token(n)}`, ""],
        "\r\n",
      ),
  },
  cr: {
    what: "the log, with CR",
    count: 2_000,
    event: (n) =>
      block(
        [`id: ${n}`, "event: node.completed", `data: ${token(n)}`, ""],
        "\r",
      ),
  },
  huge: {
    what: "one event of 1 MB",
    count: 1,
    event: () => `data: ${"0123456789abcdef".repeat(65_536)}\n\n`,
  },
};

/** Name to: what it is, and where to cut bytes. */
const cuts = {
  "64k": { what: "chunks of 64 kB", sizes: [65_536] },
  "1k": { what: "chunks of 1 kB", sizes: [1_024] },
  event: { what: "a chunk for each event", sizes: undefined },
  "1-17": {
    what: "chunks of 1 to 17 bytes",
    sizes: [1, 5, 17, 2, 11, 3, 7, 13],
  },
};

/** The combinations that are measured: shape and cut. */
const pairs = [
  ["tiny", "64k"],
  ["tiny", "event"],
  ["token", "64k"],
  ["token", "1k"],
  ["token", "event"],
  ["token", "1-17"],
  ["log", "64k"],
  ["log", "event"],
  ["json_1k", "64k"],
  ["json_1k", "1k"],
  ["json_1k", "event"],
  ["json_1k", "1-17"],
  ["unicode", "64k"],
  ["unicode", "event"],
  ["comments", "64k"],
  ["multi_line", "64k"],
  ["crlf", "64k"],
  ["crlf", "event"],
  ["cr", "64k"],
  ["huge", "64k"],
];

/** All streams to measure with: name, description, chunks, events and bytes. */
export function payloads() {
  return pairs.map(([shape, cut]) => {
    const { count, event, what } = shapes[shape];
    const events = Array.from({ length: count }, (_, n) => event(n));
    const bytes = encoder.encode(events.join(""));
    const { sizes } = cuts[cut];
    return {
      name: `${shape} / ${cut}`,
      what: `${what}, ${cuts[cut].what}`,
      events: count,
      bytes: bytes.length,
      chunks: sizes
        ? cutInto(bytes, sizes)
        : events.map((text) => encoder.encode(text)),
    };
  });
}

/** Cuts into copies, as a network would: each chunk has a buffer of its own. */
function cutInto(bytes, sizes) {
  const chunks = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length];
    chunks.push(bytes.slice(at, at + size));
    at += size;
  }
  return chunks;
}
