// The heap over a stream of a million events, on several connections: it must not grow with what has been read.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { product } from "./lib/peers.mjs";
import { head, row } from "./lib/table.mjs";

const total = 1_000_000;
const marks = [10_000, 100_000, 250_000, 500_000, 750_000, 999_999];
const perChunk = 50;
const perConnection = 90_000;
/** Growth from 100 000 events on that is still called flat: half a byte for each event, which is what compilers keep. */
const allowed = 450_000;

/** Prints the heap after a collection at each mark; not flat counts as a failure. */
export async function streamMemory() {
  const { createEventStream, systemClock } = await product();
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  let connections = 0;
  const stream = createEventStream({
    action: "GET /log",
    open: (cursor) => {
      connections++;
      return Promise.resolve(connection((cursor.lastSequence ?? -1) + 1));
    },
    decode: (frame) => [JSON.parse(frame.data)],
    sequenceOf: (item) => item.sequence,
    isTerminal: (item) => item.sequence === total - 1,
    dense: true,
  }, { clock: systemClock, random: () => 0, retry: { initialDelayMs: 0 } });
  head("events", "heap, kB", "connections");
  const heaps = new Map();
  let seen = 0;
  const started = performance.now();
  for await (const { sequence } of stream) {
    if (sequence !== seen) {
      throw new Error(`event ${sequence} came where ${seen} was due`);
    }
    seen++;
    if (!marks.includes(sequence)) continue;
    // Twice, since a collection may leave what a finalizer held.
    collect();
    await new Promise((done) => setTimeout(done, 20));
    collect();
    heaps.set(sequence, process.memoryUsage().heapUsed);
    row(sequence, (heaps.get(sequence) / 1e3).toFixed(0), connections);
  }
  const growth = heaps.get(999_999) - heaps.get(100_000);
  const seconds = (performance.now() - started) / 1e3;
  console.log(
    `\n${seen} events in ${seconds.toFixed(1)} s; the heap grew by ${
      (growth / 1e3).toFixed(0)
    } kB from 100 000 events to the end`,
  );
  return growth > allowed ? 1 : 0;
}

/** Some of the log from `first` on, then a cut in the middle of a line. */
function connection(first) {
  const encoder = new TextEncoder();
  let next = first;
  const body = new ReadableStream({
    pull(controller) {
      if (next >= Math.min(total, first + perConnection)) {
        controller.enqueue(encoder.encode(`id: ${next}\nda`));
        return controller.close();
      }
      let text = "";
      for (let n = 0; n < perChunk && next < total; n++, next++) {
        text +=
          `id: ${next}\nevent: tick\ndata: {"sequence":${next},"text":"word ${next}"}\n\n`;
      }
      controller.enqueue(encoder.encode(text));
    },
  }, { highWaterMark: 0 });
  return new Response(body, {
    headers: { "content-type": "text/event-stream" },
  });
}
