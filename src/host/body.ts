// Web standards only.
import { parseJson } from "../http/mod.ts";
import type { JsonValue } from "../openwop/protocol/mod.ts";
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
  request: Request,
  signal: AbortSignal | undefined,
  most: number = MAX_BODY_BYTES,
): Promise<JsonValue | undefined> {
  const declared = request.headers.get("content-length");
  if (Number(declared) > most) throw tooLarge(most);
  const text = declared === null
    ? await readText(request, signal, most)
    : await readWhole(request, most);
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
async function readWhole(request: Request, most: number): Promise<string> {
  let bytes: ArrayBuffer;
  try {
    bytes = await request.arrayBuffer();
  } catch {
    throw invalid("Cannot read the body: it broke off", "");
  }
  if (bytes.byteLength > most) throw tooLarge(most);
  return decode(new TextDecoder("utf-8", { fatal: true }), bytes);
}

async function readText(
  request: Request,
  signal: AbortSignal | undefined,
  most: number,
): Promise<string> {
  const reader = request.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const parts: string[] = [];
  let size = 0;
  const onAbort = (): void => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", onAbort, { once: true });
  // While the caller was being identified, it may have left.
  if (signal?.aborted) onAbort();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > most) throw tooLarge(most);
      parts.push(decode(decoder, value));
    }
    parts.push(decode(decoder));
    return parts.join("");
  } finally {
    signal?.removeEventListener("abort", onAbort);
    reader.cancel().catch(() => {});
  }
}

function decode(
  decoder: TextDecoder,
  bytes?: Uint8Array | ArrayBuffer,
): string {
  try {
    return decoder.decode(bytes, { stream: bytes instanceof Uint8Array });
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
