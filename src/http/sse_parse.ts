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
  /** The longest event, in UTF-16 code units, that is put together. @default 4 Mi */
  readonly maxFrameLength?: number | undefined;
}

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
  // Left to itself, Deno's decoder also drops a byte order mark at the start of a later piece.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let atStart = true;
  // Pieces are joined by `+=`: engines keep ropes, so that the text is copied once, at the end of the line.
  let line = "";
  let afterCr = false;
  let event = "";
  let data: string | undefined;
  let id: string | undefined;

  function push(bytes: Uint8Array): void {
    feed(decoder.decode(bytes, { stream: true }));
  }

  function feed(text: string): void {
    if (text === "") return;
    let from = 0;
    if (atStart && text.charCodeAt(0) === BOM) from = 1;
    atStart = false;
    // The second half of a CRLF whose first half ended the piece before.
    if (afterCr && text.charCodeAt(0) === LF) from = 1;
    afterCr = false;
    let cr = text.indexOf("\r", from);
    let lf = text.indexOf("\n", from);
    while (cr >= 0 || lf >= 0) {
      const atCr = cr >= 0 && (lf < 0 || cr < lf);
      const end = atCr ? cr : lf;
      const rest = text.slice(from, end);
      takeLine(line === "" ? rest : line + rest);
      line = "";
      from = end + 1;
      if (atCr) {
        if (from === text.length) afterCr = true;
        else if (lf === from) from++;
        cr = text.indexOf("\r", from);
      }
      if (lf >= 0 && lf < from) lf = text.indexOf("\n", from);
    }
    if (from < text.length) line += text.slice(from);
    if (line.length + (data?.length ?? 0) > limit) {
      throw new RangeError(`an event is longer than ${limit} characters`);
    }
  }

  function takeLine(text: string): void {
    if (text === "") return dispatch();
    if (text.startsWith("data:")) return addData(valueFrom(text, 5));
    const colon = text.indexOf(":");
    if (colon === 0) return handlers.onComment?.(valueFrom(text, 1));
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : valueFrom(text, colon + 1);
    if (field === "data") addData(value);
    else if (field === "event") event = value;
    else if (field === "id") {
      if (!value.includes("\0")) id = value;
    } else if (field === "retry" && /^\d{1,15}$/.test(value)) {
      handlers.onRetry?.(Number(value));
    }
  }

  function addData(value: string): void {
    data = data === undefined ? value : `${data}\n${value}`;
    if (data.length > limit) {
      throw new RangeError(`an event is longer than ${limit} characters`);
    }
  }

  function take(): SseFrame | undefined {
    const frame = data === undefined
      ? undefined
      : { event: event || "message", data, id };
    event = "";
    data = undefined;
    // An id without data still holds for the next event, as the standard's last event id does.
    if (frame) id = undefined;
    return frame;
  }

  function dispatch(): void {
    const frame = take();
    if (frame) handlers.onFrame(frame);
  }

  function end(): SseFrame | undefined {
    feed(decoder.decode());
    if (line !== "") takeLine(line);
    line = "";
    return take();
  }

  return { push, end };
}

const BOM = 0xfeff;
const LF = 10;
const SPACE = 32;

function valueFrom(text: string, start: number): string {
  return text.slice(text.charCodeAt(start) === SPACE ? start + 1 : start);
}
