// Web standards only.
import { brokenReply, createBody, silentReply } from "./replies.ts";
import type { BodyEnd, ScriptedReply } from "./replies.ts";

/** A request and what came of it, without secrets. */
export interface TapedExchange {
  /** Upper case. */
  readonly method: string;
  /** Path and query; `*` in place of a secret. */
  readonly path: string;
  /** Of the request; `*` in place of whatever might be a secret. */
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** Of the request, where there was one. */
  readonly requestBody?: string;
  /** Of the answer; absent when there was none. */
  readonly status?: number;
  /** Of the answer; `*` in place of whatever might be a secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the answer, where there was one. */
  readonly body?: string;
  /** How a body that is no text is written. */
  readonly encoding?: "base64";
  /** How the answer ended: complete, cut off, or not at all because the reader left. */
  readonly end: BodyEnd;
}

/** Recorded exchanges, as plain JSON. */
export interface Tape {
  /** Of this format. */
  readonly version: 1;
  /** In the order in which they began. */
  readonly exchanges: readonly TapedExchange[];
}

/**
 * The script that plays a tape: for `routes` of {@linkcode createScriptedFetch} or {@linkcode createScriptedServer}.
 *
 * Requests to one path get the answers of that path in the order in which they were recorded. A `*` in a path matches
 * any value, and what is masked in an answer stays masked. Pauses are not played.
 *
 * @param tape What a recorder made, perhaps long ago.
 */
export function toRoutes(tape: Tape): Record<string, ScriptedReply[]> {
  const routes = new Map<string, ScriptedReply[]>();
  for (const exchange of tape.exchanges) {
    const route = `${exchange.method} ${exchange.path}`;
    const replies = routes.get(route) ?? [];
    replies.push(toReply(exchange));
    routes.set(route, replies);
  }
  return Object.fromEntries(routes);
}

function toReply(exchange: TapedExchange): ScriptedReply {
  const { status, headers, body, encoding, end } = exchange;
  if (status === undefined) return end === "stay" ? silentReply : brokenReply;
  return () => {
    if (body === undefined) return new Response(null, { status, headers });
    const chunks = encoding
      ? [fromBase64(body)]
      // One chunk for each event, so that faults and readers find them apart.
      : body.match(/[^]*?(\r?\n\r?\n|$)/g)!.filter((chunk) => chunk !== "");
    return new Response(createBody(chunks, end).stream, { status, headers });
  };
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** Bytes as text where they are UTF-8, otherwise as base64. */
export function toTapedText(
  bytes: Uint8Array,
): { readonly body: string; readonly encoding?: "base64" } {
  try {
    const options = { fatal: true, ignoreBOM: true };
    return { body: new TextDecoder("utf-8", options).decode(bytes) };
  } catch {
    let binary = "";
    for (const byte of bytes) binary += String.fromCharCode(byte);
    return { body: btoa(binary), encoding: "base64" };
  }
}
