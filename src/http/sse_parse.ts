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
    throw new RangeError(
      `Cannot use "maxFrameLength": a positive number is wanted, it is ${limit}`,
    );
  }
  // Left to itself, a decoder drops a byte order mark at the start of any piece.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // What is dropped if the next piece begins with it: a byte order mark, or the second half of a CRLF.
  let skip = 0xfeff;
  // Whether the decoder may hold a part of a character.
  let isSplit = false;
  let line = "";
  let lineBytes = 0;
  let event = "message";
  let data: string | undefined;
  // 0 while nobody has counted.
  let dataBytes = 0;
  let id: string | undefined;

  function push(bytes: Uint8Array): void {
    // A decoder that does not wait for the rest of a character is several times faster in some runtimes.
    const stream = !(bytes[bytes.length - 1]! < 128);
    const text = decoder.decode(bytes, { stream });
    feed(text, isSplit || text.length < bytes.length ? undefined : bytes);
    isSplit = stream;
  }

  /** Reads on. Where each byte is a character, `bytes` are there: to look at one costs a fraction of a look at a text. */
  function feed(text: string, bytes?: Uint8Array): void {
    const { length } = text;
    if (length === 0) return;
    let at = +(text.charCodeAt(0) === skip);
    skip = text.charCodeAt(length - 1) === CR ? LF : -1;
    let head = line;
    line = "";
    let lf = -1;
    let cr = text.indexOf("\r", at);
    if (cr < 0) cr = length;
    while (at < length) {
      if (lf < at && (lf = text.indexOf("\n", at)) < 0) lf = length;
      if (cr < at && (cr = text.indexOf("\r", at)) < 0) cr = length;
      const from = at;
      const to = cr < lf ? cr : lf;
      if (to === length) {
        const rest = text.slice(from);
        // Engines keep ropes: the text is copied once, at the end of the line.
        line = head + rest;
        lineBytes += bytes ? rest.length : size(rest);
        // A line may be six longer than its value.
        check(lineBytes - 6);
        return;
      }
      at = to + 1;
      if (to === cr && at === lf) at++;
      if (head !== "" || !bytes) {
        // Joined to all of the text, it would make a rope that each search has to climb.
        read(head + text.slice(from, to));
        head = "";
        lineBytes = 0;
        continue;
      }
      const first = bytes[from];
      const name = first === 100 && bytes[from + 1] === 97 &&
          bytes[from + 2] === 116 && bytes[from + 3] === 97
        ? "data"
        : first === 101 && bytes[from + 1] === 118 &&
            bytes[from + 2] === 101 && bytes[from + 3] === 110 &&
            bytes[from + 4] === 116
        ? "event"
        : first === 105 && bytes[from + 1] === 100
        ? "id"
        : "";
      const colon = from + name.length;
      if (bytes[colon] !== COLON) {
        if (from === to) dispatch();
        else read(text.slice(from, to));
        continue;
      }
      if (first === COLON && !handlers.onComment) continue;
      const value = text.slice(
        colon + (bytes[colon + 1] === SPACE ? 2 : 1),
        to,
      );
      // Most events end here; seeing it at once makes short ones twice as fast.
      const next = bytes[at];
      if (
        first === 100 && data === undefined && (next === LF || next === CR)
      ) {
        at += next === CR && bytes[at + 1] === LF ? 2 : 1;
        check(value.length);
        emit(value);
      } else take(name, value);
    }
  }

  function read(line: string): void {
    if (line === "") return dispatch();
    // Said again, because it is the most frequent line and saves two copies.
    if (line.startsWith("data: ")) return take("data", line.slice(6));
    const colon = line.indexOf(":");
    if (colon < 0) return take(line, "");
    const from = colon + (line.charCodeAt(colon + 1) === SPACE ? 2 : 1);
    take(line.slice(0, colon), line.slice(from));
  }

  function take(name: string, value: string): void {
    if (name === "data") {
      data = data === undefined ? value : data + "\n" + value;
      // No unit of a text takes more than three bytes: far from the limit, nothing needs to be counted.
      if (data.length * 3 > limit) {
        dataBytes = dataBytes === 0 ? size(data) : dataBytes + 1 + size(value);
        check(dataBytes);
      }
    } else if (name === "event") event = value || "message";
    else if (name === "id") {
      if (!value.includes("\0")) id = value;
    } else if (name === "") handlers.onComment?.(value);
    else if (name === "retry" && /^\d{1,15}$/.test(value)) {
      handlers.onRetry?.(Number(value));
    }
  }

  function check(bytes: number): void {
    if (bytes > limit) {
      throw new RangeError(`an event is longer than ${limit} bytes`);
    }
  }

  function dispatch(): void {
    if (data === undefined) event = "message";
    else emit(data);
  }

  function emit(value: string): void {
    const frame = { event, data: value, id };
    event = "message";
    data = undefined;
    dataBytes = 0;
    // An id without data still holds for the next event, as the standard's last event id does.
    id = undefined;
    handlers.onFrame(frame);
  }

  function end(): SseFrame | undefined {
    feed(decoder.decode());
    if (line !== "") feed("\n");
    const rest = data === undefined ? undefined : { event, data, id };
    data = undefined;
    return rest;
  }

  return { push, end };
}

function size(text: string): number {
  return new TextEncoder().encode(text).length;
}
