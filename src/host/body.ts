// Web standards only.
import { parseJson } from "../http/mod.ts";
import type { JsonValue } from "../openwop/protocol/mod.ts";
import type { Asked } from "./fetch_call.ts";
import { isTooDeep } from "./json_value.ts";
import { MAX_DEPTH } from "../openwop/protocol/mod.ts";
import { invalid, Refusal } from "./refusal.ts";

/** The most bytes that a request body may have, unless the host is told otherwise. */
export const MAX_BODY_BYTES: number = 1024 * 1024;

/**
 * Reads the JSON body of a request, `undefined` when it has none.
 *
 * @throws {Refusal} `413`, `415`, or `400 validation_error` for what is not JSON, not UTF-8 or nested too deeply.
 */
export async function readJsonBody(
  asked: Asked,
  most: number = MAX_BODY_BYTES,
): Promise<JsonValue | undefined> {
  const { request, signal, text: given } = asked;
  const declared = request.headers.get("content-length");
  if (Number(declared) > most) throw tooLarge(most);
  const bytes = given !== undefined
    ? encoder.encode(given)
    : declared === null
    ? await readPieces(request, signal, most)
    : await readWhole(request);
  if (bytes.byteLength > most) throw tooLarge(most);
  const text = decode(bytes);
  if (text.trim() === "") return undefined;
  const type = request.headers.get("content-type") ?? "";
  if (!/^\s*application\/json\s*(;|$)/i.test(type)) {
    throw new Refusal(
      415,
      "unsupported_media_type",
      "Cannot read the body: its Content-Type is not application/json",
    );
  }
  if (isTooDeep(text)) {
    throw invalid(
      `Cannot read the body: it is nested deeper than ${MAX_DEPTH} levels`,
      "",
    );
  }
  try {
    return parseJson(text);
  } catch {
    throw invalid("Cannot read the body: it is not JSON", "");
  }
}

/** A body whose length is known, and held to by what received it. */
async function readWhole(request: Request): Promise<ArrayBuffer> {
  try {
    return await request.arrayBuffer();
  } catch {
    throw invalid("Cannot read the body: it broke off", "");
  }
}

async function readPieces(
  request: Request,
  signal: AbortSignal | undefined,
  most: number,
): Promise<Uint8Array> {
  const reader = request.body?.getReader();
  if (!reader) return new Uint8Array();
  const pieces: Uint8Array[] = [];
  let size = 0;
  const onAbort = (): void => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", onAbort, { once: true });
  // While the caller was being identified, it may have left.
  if (signal?.aborted) onAbort();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return pieces.length === 1 ? pieces[0]! : joined(pieces, size);
      size += value.byteLength;
      if (size > most) throw tooLarge(most);
      pieces.push(value);
    }
  } finally {
    signal?.removeEventListener("abort", onAbort);
    reader.cancel().catch(() => {});
  }
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

function decode(bytes: Uint8Array | ArrayBuffer): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw invalid("Cannot read the body: it is not UTF-8", "");
  }
}

function tooLarge(most: number): Refusal {
  return new Refusal(
    413,
    "payload_too_large",
    `Cannot read the body: it has more than ${most} bytes`,
    { maxBytes: most },
  );
}
