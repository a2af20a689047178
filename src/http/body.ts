// Web standards only.
import { refuse } from "./failures.ts";
import { onAbort } from "./on_abort.ts";

/**
 * Reads a body, at most `limit` bytes of it; what is beyond is not downloaded.
 *
 * @param body Whatever a request or an answer has.
 * @param limit In bytes.
 * @param signal Its reason is thrown as soon as it aborts, which gives the connection back, too: abort it after a body
 * that was not read to its end.
 * @param take Takes the pieces as they come, and `undefined` at the end of a body that is within the limit.
 * @returns whether there was more.
 */
export async function readBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
  limit: number,
  signal: AbortSignal,
  take: (piece: Uint8Array<ArrayBuffer> | undefined) => void,
): Promise<boolean> {
  const reader = body?.getReader();
  onAbort(signal, () => discard(reader));
  while (reader && limit >= 0) {
    const { value } = await reader.read();
    // A reader that is cancelled ends as if the body did.
    signal.throwIfAborted();
    take(value?.subarray(0, limit));
    if (!value) break;
    limit -= value.length;
  }
  return limit < 0;
}

/**
 * Reads the bytes of a request that came in, as they are and at most `limit` of them; of a larger body the rest is not
 * downloaded. For whoever verifies a signature, which is over these bytes: hand the request on before anything reads it.
 *
 * Ends with the signal of the request. It sets no time: servers do.
 *
 * @param request Its body unread.
 * @param limit In bytes.
 * @returns `undefined` for a body that is larger.
 * @throws {InvalidArgumentError} `invalid-argument`: the body was read before.
 * @throws what the body breaks with, or the reason of the signal, as it is.
 *
 * @example
 * ```ts
 * import { readBytes } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const request = () =>
 *   new Request("https://receiver.example.com", { method: "POST", body: "ok" });
 * assert.deepEqual(await readBytes(request(), 2), new TextEncoder().encode("ok"));
 * assert.equal(await readBytes(request(), 1), undefined);
 * ```
 */
export async function readBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (request.bodyUsed) {
    refuse("request", "its body was read before, unread is wanted", {
      hint: "hand the request on before anything reads its body",
    });
  }
  const { body, headers, signal } = request;
  if (Number(headers.get("content-length")) > limit) return discard(body);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reading = new AbortController();
  const forget = onAbort(signal, (reason) => reading.abort(reason));
  try {
    const isLarger = await readBody(body, limit, reading.signal, (piece) => {
      if (piece) parts.push(piece);
    });
    if (isLarger) return;
  } finally {
    forget();
    reading.abort(null);
  }
  const bytes = new Uint8Array(
    // Firefox shows no stream of a request.
    await (body ? new Blob(parts) : request).arrayBuffer(),
  );
  if (bytes.length <= limit) return bytes;
}

/** Gives the connection of a body back that nobody wants, or nobody wants more of. */
export function discard(
  body: Pick<ReadableStream, "cancel"> | null | undefined,
): undefined {
  body?.cancel().catch(() => {});
}
