// Web standards only.
import { sleep } from "../http/mod.ts";
import type { Clock } from "../http/mod.ts";
import type { Fault, FaultPoint } from "./faults.ts";

type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/** What a body needs to know about its surroundings. */
export interface BodyContext {
  /** For faults that take time. */
  readonly clock: Clock;
  /** The request's: like that of a real fetch, the body fails when it aborts. */
  readonly signal: AbortSignal;
}

/** The same body, with faults. Cancelling it, or aborting the signal, lets go of the original and of all timers. */
export function faultyBody(
  body: ReadableStream<Uint8Array>,
  faults: readonly Fault[],
  { clock, signal }: BodyContext,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const gone = new AbortController();
  let chunks = read(reader);
  for (const fault of faults) {
    chunks = spoil(chunks, fault, clock, gone.signal);
  }
  let onAbort: () => void;
  const leave = (reason?: unknown): void => {
    signal.removeEventListener("abort", onAbort);
    gone.abort();
    // After a full read this does nothing.
    reader.cancel(reason).catch(() => {});
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      onAbort = () => {
        controller.error(signal.reason);
        leave(signal.reason);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    },
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (gone.signal.aborted) return;
        if (!done) return controller.enqueue(value);
        controller.close();
      } catch (error) {
        if (gone.signal.aborted) return;
        controller.error(error);
      }
      leave();
    },
    cancel: leave,
  }, { highWaterMark: 0 });
}

async function* read(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Chunks {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (value.length > 0) yield value;
  }
}

function spoil(
  chunks: Chunks,
  fault: Fault,
  clock: Clock,
  gone: AbortSignal,
): Chunks {
  switch (fault.kind) {
    case "drop":
      return at(chunks, fault, () => {
        throw new TypeError("terminated: the connection was cut");
      });
    case "close":
    case "half-close":
      return at(chunks, fault, () => undefined);
    case "stall":
      return at(chunks, fault, async function* (rest) {
        await pause(clock, fault.forMs, gone);
        yield* rest;
      });
    case "garbage":
      return at(chunks, fault, async function* (rest) {
        yield Uint8Array.from(garbage);
        yield* rest;
      });
    case "oversized":
      return at(chunks, fault, async function* (rest) {
        const piece = new Uint8Array(64 * 1024).fill(0x20);
        for (let left = fault.bytes; left > 0; left -= piece.length) {
          yield piece.slice(0, left);
        }
        yield* rest;
      });
    case "slow":
      return slow(chunks, fault.bytes, (ms) => pause(clock, ms, gone), fault);
    case "duplicate":
    case "reorder":
    case "omit":
      return shuffle(eventsOf(chunks), fault.kind, fault.event);
    default:
      return chunks;
  }
}

// Half a BOM, a null, an open string, a line break, half a character, and a line that is no field.
const garbage = [
  ...[0xff, 0xfe, 0x00, 0x7b, 0x22, 0x0a, 0xc3, 0x28, 0xf0, 0x9f, 0x0a],
  ...[0x7d, 0x5d, 0x3a, 0x3a, 0xe2, 0x82],
];

/** Waits, for ever without `ms`, and not beyond the moment when nobody is there any more. */
function pause(
  clock: Clock,
  ms: number | undefined,
  gone: AbortSignal,
): Promise<void> {
  if (ms !== undefined) return sleep(clock, ms, gone);
  return new Promise((_resolve, reject) => {
    gone.addEventListener("abort", () => reject(gone.reason), { once: true });
  });
}

/** Everything up to the point, and from there what `then` makes of the rest; nothing more for `undefined`. */
async function* at(
  chunks: Chunks,
  { afterBytes, afterEvents }: FaultPoint,
  then: (rest: Chunks) => Chunks | undefined,
): Chunks {
  const byEvents = afterEvents !== undefined;
  const source = byEvents ? eventsOf(chunks) : chunks;
  let left = afterEvents ?? afterBytes ?? 0;
  let rest: Uint8Array | undefined;
  while (left > 0) {
    const { done, value } = await source.next();
    if (done) return;
    const whole = byEvents || value.length <= left;
    yield whole ? value : value.subarray(0, left);
    if (!whole) rest = value.subarray(left);
    left -= byEvents ? 1 : value.length;
  }
  yield* then(join(rest, source)) ?? [];
}

async function* join(first: Uint8Array | undefined, rest: Chunks): Chunks {
  if (first) yield first;
  yield* rest;
}

async function* slow(
  chunks: Chunks,
  bytes: number,
  wait: (ms: number) => Promise<void>,
  { everyMs }: { readonly everyMs: number },
): Chunks {
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += bytes) {
      await wait(everyMs);
      yield chunk.subarray(from, from + bytes);
    }
  }
}

async function* shuffle(
  events: Chunks,
  kind: "duplicate" | "reorder" | "omit",
  number: number,
): Chunks {
  let index = 0;
  let held: Uint8Array | undefined;
  for await (const event of events) {
    const hit = index++ === number;
    if (hit && kind === "reorder") {
      held = event;
      continue;
    }
    if (!hit || kind === "duplicate") yield event;
    if (hit && kind === "duplicate") yield event;
    if (held) yield held;
    held = undefined;
  }
  if (held) yield held;
}

/** One chunk for each event, up to and with its blank line, which ends in LF or CRLF; then what is left. */
async function* eventsOf(chunks: Chunks): Chunks {
  let parts: Uint8Array[] = [];
  let empty = true;
  for await (const chunk of chunks) {
    let from = 0;
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index];
      if (byte === 0x0d) continue;
      if (byte !== 0x0a) {
        empty = false;
        continue;
      }
      if (empty) {
        yield concat([...parts, chunk.subarray(from, index + 1)]);
        parts = [];
        from = index + 1;
      }
      empty = true;
    }
    parts.push(chunk.subarray(from));
  }
  const rest = concat(parts);
  if (rest.length > 0) yield rest;
}

/** Puts bytes together. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(
    parts.reduce((size, { length }) => size + length, 0),
  );
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
