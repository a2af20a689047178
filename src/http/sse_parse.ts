// Web standards only.

/** One event of an event stream. */
export interface SseFrame {
  /** The `event` field, `message` where there was none. Names nobody knows are kept. */
  readonly event: string;
  /** The `data` fields, joined by line feeds. */
  readonly data: string;
  /** The `id` field of this very event, `undefined` where there was none; the empty string is an id. */
  readonly id: string | undefined;
}

/** Who is told what a parser finds. */
export interface SseHandlers {
  /** An event is complete. */
  onFrame(frame: SseFrame): void;
  /** A comment, which servers use as a heartbeat. */
  onComment?(text: string): void;
  /** The server says how long to wait before a reconnect, in milliseconds. */
  onRetry?(ms: number): void;
}

/** A parser of one event stream. */
export interface SseParser {
  /** Reads the next piece, cut anywhere, also inside a character. */
  push(bytes: Uint8Array): void;
  /**
   * Ends the stream.
   *
   * @returns the event that lacks only its blank line, or has been cut: the grammar says to drop it, and a caller who
   * can tell a whole `data` from a part may want it.
   */
  end(): SseFrame | undefined;
}

/** Settings of {@linkcode createSseParser}. */
export interface SseParserOptions {
  /** The longest line and the longest data of one event, in bytes. @default 4 MiB */
  readonly maxFrameLength?: number | undefined;
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;

/**
 * Makes a parser for the WHATWG event-stream grammar: byte order mark, CR, LF and CRLF, comments, fields with and
 * without a space, several `data` lines, `id` without NUL, `retry` in digits only.
 *
 * The time is linear in the input however it is cut, and what is buffered is bounded.
 *
 * Source: HTML Living Standard, §9.2.6 "Interpreting an event stream".
 *
 * @param handlers Called synchronously from `push()`.
 * @param options The bound.
 * @throws {RangeError} for a bound that is not positive; from `push()`, when an event is longer than the bound, and the
 * parser is of no use afterwards.
 *
 * @example
 * ```ts
 * import { createSseParser } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const seen: string[] = [];
 * const parser = createSseParser({
 *   onFrame: (frame) => seen.push(`${frame.id} ${frame.event} ${frame.data}`),
 * });
 * const bytes = new TextEncoder().encode("id: 7\nevent: done\ndata: ok\n\n");
 * for (const byte of bytes) parser.push(Uint8Array.of(byte));
 * assert.deepEqual(seen, ["7 done ok"]);
 * ```
 */
export function createSseParser(
  handlers: SseHandlers,
  options: SseParserOptions = {},
): SseParser {
  const { maxFrameLength: limit = 4_194_304 } = options;
  if (!(limit > 0)) {
    throw new RangeError('Cannot use "maxFrameLength": 1 or more is wanted');
  }
  // Left to itself, a decoder drops a byte order mark at the start of any piece.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // What is dropped if the next piece begins with it: a byte order mark, or the second half of a CRLF.
  let skip = 0xfeff;
  // The line at hand, as far as it has come.
  let line = "";
  let event = "message";
  let data: string | undefined;
  // Whether the line feed is there already that stands before the next line of it.
  let hasLineFeed = false;
  let id: string | undefined;
  // How long they are, 0 where nobody needs to know.
  let lineBytes = 0;
  let dataBytes = 0;

  function push(bytes: Uint8Array): void {
    // A decoder that does not wait for the rest of a character is several times faster in some runtimes.
    const stream = !(bytes[bytes.length - 1]! < 128);
    const text = decoder.decode(bytes, { stream });
    // The rest of a character that was cut comes first.
    const isPlain = text.length === bytes.length && text.charCodeAt(0) < 128;
    feed(text, isPlain ? bytes : undefined);
  }

  /** Reads on. Where each byte is a character, `bytes` are there. */
  function feed(text: string, bytes?: Uint8Array): void {
    if (text === "") return;
    let at = +(text.charCodeAt(0) === skip);
    skip = text.charCodeAt(text.length - 1) === CR ? LF : -1;
    if (bytes) at = scan(text, bytes, at);
    else {
      if (text.includes("\r")) text = text.replace(/\r\n?/g, "\n");
      for (let to; (to = text.indexOf("\n", at)) >= 0; at = to + 1) {
        // The most frequent line, without a copy of it.
        if (line === "" && text.startsWith("data: ", at)) {
          grow(text.slice(at + 6, to));
        } else read(text.slice(at, to));
      }
    }
    text = text.slice(at);
    // Engines keep ropes: the text is copied once, at the end of the line.
    line += text;
    // A line may be six longer than its value.
    lineBytes = count(lineBytes, line, text, 6);
  }

  /** Reads all whole lines and says where the rest begins. To look at a byte costs a fraction of a look at a text. */
  function scan(text: string, bytes: Uint8Array, at: number): number {
    const { length } = text;
    let lf = -1;
    let cr = -1;
    while (at < length) {
      const from = at;
      const first = line === "" ? bytes[at] : 0;
      if (first === LF) {
        at++;
        dispatch();
        continue;
      }
      if (lf < at && (lf = text.indexOf("\n", at)) < 0) lf = length;
      if (cr < at && (cr = text.indexOf("\r", at)) < 0) cr = length;
      const to = cr < lf ? cr : lf;
      if (to === length) break;
      at = to + 1;
      if (to === cr && at === lf) at++;
      if (
        first === 100 && bytes[from + 1] === 97 && bytes[from + 2] === 116 &&
        bytes[from + 3] === 97 && bytes[from + 4] === COLON
      ) {
        const start = from + (bytes[from + 5] === SPACE ? 6 : 5);
        // Most events end here; seeing it at once makes short ones a third faster.
        if (
          data === undefined && bytes[at] === LF && (to - start) * 3 < limit
        ) {
          at++;
          handlers.onFrame(frameOf(text.slice(start, to)));
        } else if (to === lf && bytes[at] === 100) {
          // Most likely more data: with its line feed it takes half as many copies.
          grow(text.slice(start, at));
          hasLineFeed = true;
        } else grow(text.slice(start, to));
      } else if (
        first === 101 && bytes[from + 1] === 118 && bytes[from + 2] === 101 &&
        bytes[from + 3] === 110 && bytes[from + 4] === 116 &&
        bytes[from + 5] === COLON
      ) event = valueOf(text, bytes, from + 6, to) || "message";
      else if (
        first === 105 && bytes[from + 1] === 100 && bytes[from + 2] === COLON
      ) {
        take("id", valueOf(text, bytes, from + 3, to));
      } else if (first !== COLON || handlers.onComment) {
        read(text.slice(from, to));
      }
    }
    return at;
  }

  /** Reads the end of the line at hand, most often all of it. */
  function read(text: string): void {
    text = line + text;
    line = "";
    lineBytes = 0;
    if (text === "") return dispatch();
    const colon = text.indexOf(":");
    if (colon < 0) return take(text, "");
    const from = colon + (text[colon + 1] === " " ? 2 : 1);
    take(text.slice(0, colon), text.slice(from));
  }

  function take(name: string, value: string): void {
    if (name === "data") grow(value);
    else if (name === "event") event = value || "message";
    else if (name === "id") {
      if (!value.includes("\0")) id = value;
    } else if (name === "") handlers.onComment?.(value);
    else if (name === "retry" && /^\d{1,15}$/.test(value)) {
      handlers.onRetry?.(Number(value));
    }
  }

  function grow(value: string): void {
    if (data !== undefined && !hasLineFeed) value = "\n" + value;
    hasLineFeed = false;
    data = (data ?? "") + value;
    dataBytes = count(dataBytes, data, value);
  }

  /** The length of `text` in bytes, `before` it was `added` to; far from the limit nobody needs to know, so it is 0. */
  function count(
    before: number,
    text: string,
    added: string,
    spare = 0,
  ): number {
    // No unit of a text takes more than three bytes.
    if (text.length * 3 <= limit) return 0;
    const bytes = before +
      new TextEncoder().encode(before === 0 ? text : added).length;
    if (bytes - spare > limit) {
      throw new RangeError(`an event is longer than ${limit} bytes`);
    }
    return bytes;
  }

  function dispatch(): void {
    if (data === undefined) event = "message";
    else handlers.onFrame(complete(data));
  }

  /** The event whose data has come in several pieces, and makes room for the next one. */
  function complete(text: string): SseFrame {
    if (hasLineFeed) text = text.slice(0, -1);
    hasLineFeed = false;
    data = undefined;
    dataBytes = 0;
    return frameOf(text);
  }

  function frameOf(text: string): SseFrame {
    const frame = { event, data: text, id };
    event = "message";
    // An id without data still holds for the next event, as the standard's last event id does.
    id = undefined;
    return frame;
  }

  function end(): SseFrame | undefined {
    feed(decoder.decode());
    if (line !== "") feed("\n");
    return data === undefined ? data : complete(data);
  }

  return { push, end };
}

/** What stands behind a colon. */
function valueOf(
  text: string,
  bytes: Uint8Array,
  from: number,
  to: number,
): string {
  return text.slice(bytes[from] === SPACE ? from + 1 : from, to);
}
