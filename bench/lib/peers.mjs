// Every reader of event streams that is measured: how it is fed, and how its events are counted.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = fileURLToPath(new URL("..", import.meta.url));

/** Imports a file of a pinned peer, also where the package does not export it. */
export async function peer(path) {
  const file = join(here, "node_modules", path);
  if (!existsSync(file)) {
    throw new Error(`${path} is missing\n  fix: npm ci --prefix bench`);
  }
  return await import(pathToFileURL(file).href);
}

/** A room of the product, from source. */
export function product(room = "http") {
  return import(new URL(`../../src/${room}/mod.ts`, import.meta.url).href);
}

/**
 * Parsers that take bytes and call back: name to a function that reads all chunks and gives the length of all data, so
 * that nothing can be left out and all can be compared.
 */
export async function parsers() {
  const { createSseParser } = await product();
  const { createParser } = await peer("eventsource-parser/dist/index.js");
  const { getLines, getMessages } = await peer(
    "@microsoft/fetch-event-source/lib/esm/parse.js",
  );
  return {
    tutti: (chunks) => {
      let size = 0;
      const parser = createSseParser({
        onFrame: ({ data }) => size += data.length,
      });
      for (const chunk of chunks) parser.push(chunk);
      parser.end();
      return size;
    },
    "eventsource-parser": (chunks) => {
      let size = 0;
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent: ({ data }) => size += data.length,
      });
      for (const chunk of chunks) {
        parser.feed(decoder.decode(chunk, { stream: true }));
      }
      return size;
    },
    "fetch-event-source": (chunks) => {
      let size = 0;
      const read = getLines(
        getMessages(() => {}, () => {}, ({ data }) => size += data.length),
      );
      for (const chunk of chunks) read(chunk);
      return size;
    },
  };
}

/** Readers of a whole response: name to an async function that reads it and gives the length of all data. */
export async function readers() {
  const { createEventStream, systemClock } = await product();
  const { EventSourceParserStream } = await peer(
    "eventsource-parser/dist/stream.js",
  );
  const { _iterSSEMessages } = await peer("openai/core/streaming.mjs");
  const { Stream } = await peer("@anthropic-ai/sdk/core/streaming.mjs");
  const { BytesLineDecoder, SSEDecoder } = await peer(
    "@langchain/langgraph-sdk/dist/utils/sse.js",
  );

  async function sum(events) {
    let size = 0;
    for await (const { data } of events) size += data.length;
    return size;
  }
  return {
    // The whole of it: resume, de-duplication, idle watchdog, end detection.
    tutti: (respond, count) => {
      let left = count;
      return sum(createEventStream({
        action: "GET /bench",
        open: () => Promise.resolve(respond()),
        decode: (frame) => [frame],
        sequenceOf: (frame) =>
          frame.id === undefined ? undefined : Number(frame.id),
        isTerminal: () => --left === 0,
      }, { clock: systemClock, random: Math.random }));
    },
    "eventsource-parser/stream": (respond) =>
      sum(
        respond().body.pipeThrough(new TextDecoderStream()).pipeThrough(
          new EventSourceParserStream(),
        ),
      ),
    openai: (respond) =>
      sum(_iterSSEMessages(respond(), new AbortController())),
    "@anthropic-ai/sdk": (respond) => sum(Stream.rawEvents(respond())),
    // It parses JSON on the way, so the others have less to do.
    "langgraph-sdk": async (respond) => {
      let size = 0;
      const events = respond().body.pipeThrough(BytesLineDecoder()).pipeThrough(
        SSEDecoder(),
      );
      for await (const { data } of events) size += data ? 1 : 0;
      return size;
    },
  };
}
