import { createEventStream } from "@tutti/sdk/http";
import type {
  EventStream,
  EventStreamOptions,
  StreamCursor,
  StreamSource,
} from "@tutti/sdk/http";
import { FakeClock } from "./fake_clock.ts";
import { bodyOf } from "./scripted_fetch.ts";
import type { BodyEnd } from "./scripted_fetch.ts";

/** One item: a sequence and some text that takes several bytes a character. */
export interface Numbered {
  readonly n: number;
  readonly text: string;
}

/** The log that is streamed: it ends with item `last`. */
export function logOf(last: number): readonly Numbered[] {
  return Array.from({ length: last + 1 }, (_, n) => ({ n, text: `é${n}€` }));
}

/** One frame as a server writes it. */
export function frameOf(item: Numbered): string {
  return `id: ${item.n}\nevent: item\ndata: ${JSON.stringify(item)}\n\n`;
}

/** One connection: what goes over the wire for the items after the cursor. */
export type Wire = (
  rest: readonly Numbered[],
  cursor: StreamCursor,
  signal: AbortSignal,
) => Promise<Response> | Response;

/** A stream over scripted connections, with everything that a test wants to look at. */
export interface NumberBench {
  readonly stream: EventStream<Numbered>;
  readonly clock: FakeClock;
  /** The cursor of each connection and poll. */
  readonly cursors: (StreamCursor & { readonly how: "open" | "poll" })[];
}

/** Streams `log`; connection k is served by `wires[k]`, those beyond by the last. */
export function streamNumbers(
  log: readonly Numbered[],
  wires: readonly Wire[],
  options: Partial<EventStreamOptions> = {},
  source: Partial<StreamSource<Numbered>> = {},
): NumberBench {
  const clock = new FakeClock();
  const cursors: NumberBench["cursors"] = [];
  let connection = 0;
  const { poll, ...others } = source;
  const stream = createEventStream<Numbered>({
    action: "GET /numbers",
    open: async (cursor, signal) => {
      cursors.push({ ...cursor, how: "open" });
      const wire = wires[Math.min(connection++, wires.length - 1)]!;
      return await wire(after(log, cursor), cursor, signal);
    },
    decode: (frame) => {
      const value = JSON.parse(frame.data);
      return Array.isArray(value) ? value : [value];
    },
    sequenceOf: (item) => item.n,
    isTerminal: (item) => item.n === log.length - 1,
    dense: true,
    ...others,
    ...(poll
      ? {
        poll: (cursor: StreamCursor, signal: AbortSignal) => {
          cursors.push({ ...cursor, how: "poll" });
          return poll(cursor, signal);
        },
      }
      : {}),
  }, { clock, random: () => 1, ...options });
  return { stream, clock, cursors };
}

/** What the log has behind the cursor. */
export function after(
  log: readonly Numbered[],
  { lastSequence }: StreamCursor,
): readonly Numbered[] {
  return log.slice((lastSequence ?? -1) + 1);
}

/** Sends everything there is, then ends in the given way. */
export function sends(end: BodyEnd = "close"): Wire {
  return (rest) => eventStream([rest.map(frameOf).join("")], end);
}

/** Sends everything there is, cut off after `length` bytes. */
export function cutAt(length: number, end: BodyEnd): Wire {
  return (rest) => {
    const bytes = new TextEncoder().encode(rest.map(frameOf).join(""));
    return eventStream([bytes.subarray(0, length)], end);
  };
}

/** An answer that is an event stream. */
export function eventStream(
  chunks: readonly (string | Uint8Array)[],
  end: BodyEnd = "close",
): Response {
  return new Response(bodyOf(chunks, end).stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });
}
