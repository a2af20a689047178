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
  /** The longest line and the longest event, in UTF-16 code units. @default 4 Mi */
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
 * @throws {RangeError} from `push()`, when an event is longer than the bound; the parser is of no use afterwards.
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
  const limit = options.maxFrameLength ?? 4 * 1024 * 1024;
  // Left to itself, a decoder drops a byte order mark at the start of any piece.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // What is dropped if the next piece begins with it: a byte order mark, or the second half of a CRLF.
  let skip = 0xfeff;
  let line = "";
  let event = "message";
  let data: string | undefined;
  let id: string | undefined;

  function push(bytes: Uint8Array): void {
    // A decoder that does not wait for the rest of a character is several times faster in some runtimes.
    const stream = !(bytes[bytes.length - 1]! < 128);
    feed(decoder.decode(bytes, { stream }));
  }

  function feed(text: string): void {
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
      let first = text.charCodeAt(at);
      // Seeing a blank line costs less than searching for its end.
      if (first === LF && head === "") {
        at++;
        dispatch();
        continue;
      }
      if (lf < at && (lf = text.indexOf("\n", at)) < 0) lf = length;
      if (cr < at && (cr = text.indexOf("\r", at)) < 0) cr = length;
      let source = text;
      let from = at;
      let to = cr < lf ? cr : lf;
      if (to === length) {
        // Engines keep ropes: the text is copied once, at the end of the line.
        line = head + text.slice(from);
        break;
      }
      at = to + 1;
      if (to === cr && text.charCodeAt(at) === LF) at++;
      if (head !== "") {
        // Joined to all of the text, it would make a rope that each look at a character has to climb.
        source = head + text.slice(from, to);
        first = source.charCodeAt(0);
        from = 0;
        to = source.length;
        head = "";
      } else if (from === to) {
        dispatch();
        continue;
      }
      const size = first === 100 && source.charCodeAt(from + 1) === 97 &&
          source.charCodeAt(from + 2) === 116 &&
          source.charCodeAt(from + 3) === 97
        ? 4
        : first === 101 && source.charCodeAt(from + 1) === 118 &&
            source.charCodeAt(from + 2) === 101 &&
            source.charCodeAt(from + 3) === 110 &&
            source.charCodeAt(from + 4) === 116
        ? 5
        : first === 105 && source.charCodeAt(from + 1) === 100
        ? 2
        : first === COLON
        ? handlers.onComment ? 0 : -1
        : source.startsWith("retry", from)
        ? 5
        : -1;
      if (size < 0) continue;
      from += size;
      // Without a colon, the whole line is the name.
      if (from < to && source.charCodeAt(from++) !== COLON) continue;
      if (source.charCodeAt(from) === SPACE) from++;
      const value = source.slice(from, to);
      if (first === 100) {
        // Most events end here; seeing it at once makes short ones twice as fast.
        if (data !== undefined) data += "\n" + value;
        else if (text.charCodeAt(at) === LF) {
          at++;
          emit(value);
        } else data = value;
      } else if (first === 101) event = value || "message";
      else if (first === COLON) handlers.onComment?.(value);
      else if (first === 105) {
        if (!value.includes("\0")) id = value;
      } else if (/^\d{1,15}$/.test(value)) handlers.onRetry?.(Number(value));
    }
    // A line may be six longer than its value.
    check(line.length - 6 + (data === undefined ? 0 : data.length));
  }

  function check(length: number): void {
    if (length > limit) {
      throw new RangeError(`an event is longer than ${limit} characters`);
    }
  }

  function dispatch(): void {
    if (data === undefined) event = "message";
    else emit(data);
  }

  function emit(value: string): void {
    check(value.length);
    const frame = { event, data: value, id };
    event = "message";
    data = undefined;
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
