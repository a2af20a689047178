// Web standards only.
import { concat } from "./faulty_body.ts";

/** A request as it came over a socket. */
export interface WireRequest {
  /** Upper case. */
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Of the request. */
  readonly headers: Headers;
  /** Whole. */
  readonly text: string;
}

const LIMIT = 64 * 1024 * 1024;

/**
 * Reads one HTTP/1.1 request. The returned function takes what a socket brings, and gives the request once it is
 * complete. It throws for what is none.
 *
 * Source: RFC 9112 §2.1, §6.3, §7.1.
 */
export function createRequestReader(): (
  bytes: Uint8Array,
) => WireRequest | undefined {
  let seen: Uint8Array = new Uint8Array();
  let head: Omit<WireRequest, "text"> | undefined;
  let bodyAt = 0;
  return (bytes) => {
    seen = concat([seen, bytes]);
    if (seen.length > LIMIT) throw new RangeError("the request is too large");
    if (!head) {
      const end = indexOf(seen, "\r\n\r\n", 0);
      if (end === -1) return undefined;
      head = parseHead(latin1(seen.subarray(0, end)));
      bodyAt = end + 4;
    }
    const body = takeBody(head.headers, seen.subarray(bodyAt));
    return body && { ...head, text: new TextDecoder().decode(body) };
  };
}

function parseHead(text: string): Omit<WireRequest, "text"> {
  const [first = "", ...lines] = text.split("\r\n");
  const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(first) ?? [];
  if (method === undefined || target === undefined) {
    throw new SyntaxError("no HTTP/1.1 request");
  }
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon === -1) throw new SyntaxError("no header line");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { method, target, headers };
}

/** The body, `undefined` as long as there is more to come. */
function takeBody(
  headers: Headers,
  bytes: Uint8Array,
): Uint8Array | undefined {
  if (/chunked/i.test(headers.get("transfer-encoding") ?? "")) {
    return takeChunks(bytes);
  }
  const length = Number(headers.get("content-length") ?? 0);
  return bytes.length < length ? undefined : bytes.subarray(0, length);
}

function takeChunks(bytes: Uint8Array): Uint8Array | undefined {
  const parts: Uint8Array[] = [];
  for (let at = 0;;) {
    const end = indexOf(bytes, "\r\n", at);
    if (end === -1) return undefined;
    const size = parseInt(latin1(bytes.subarray(at, end)), 16);
    if (Number.isNaN(size)) throw new SyntaxError("no chunk size");
    if (size === 0) return concat(parts);
    at = end + 2 + size + 2;
    if (bytes.length < at) return undefined;
    parts.push(bytes.subarray(end + 2, end + 2 + size));
  }
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  for (let at = from; at + text.length <= bytes.length; at++) {
    let same = 0;
    while (same < text.length && bytes[at + same] === text.charCodeAt(same)) {
      same++;
    }
    if (same === text.length) return at;
  }
  return -1;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * The head of an answer. A body is chunked, unless it ends with the connection.
 *
 * The connection is not announced to be closed in any other case: Node 20 would take a body that breaks for complete.
 */
export function headOf(
  { status, statusText, headers, body }: Response,
  headOnly: boolean,
  untilClose: boolean,
): string {
  const lines = [`HTTP/1.1 ${status} ${statusText}`];
  for (const [name, value] of headers) {
    if (!framing.test(name)) lines.push(`${name}: ${value}`);
  }
  if (untilClose) lines.push("connection: close");
  else if (body) lines.push("transfer-encoding: chunked");
  else if (!headOnly && status !== 204 && status !== 304) {
    lines.push("content-length: 0");
  }
  return [...lines, "", ""].join("\r\n");
}

const framing = /^(connection|content-length|transfer-encoding|keep-alive)$/;

/** One chunk of a chunked body; an empty one ends it. */
export function chunkOf(bytes: Uint8Array): Uint8Array {
  const encoder = new TextEncoder();
  return concat([
    encoder.encode(`${bytes.length.toString(16)}\r\n`),
    bytes,
    encoder.encode("\r\n"),
  ]);
}
