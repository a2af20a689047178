// Web standards only.
import { refuse } from "./failures.ts";
import { onAbort } from "./scope.ts";

/**
 * Reads a body, at most `limit` bytes of it; what is beyond is not downloaded.
 *
 * @param body Whatever a request or an answer has.
 * @param limit In bytes.
 * @param signal Its reason is thrown as soon as it aborts.
 * @param onCut Told that there was more; it may throw.
 * @param watch Called before each read, its result after it.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  limit: number,
  signal: AbortSignal,
  onCut: () => void,
  watch?: () => () => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body?.getReader();
  const release = (): void => {
    reader?.cancel().catch(() => {});
  };
  const forget = onAbort(signal, release);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    while (reader && size <= limit) {
      const { value } = await reader.read().finally(watch?.());
      // A reader that is cancelled ends as if the body did.
      signal.throwIfAborted();
      if (!value) break;
      parts.push(value);
      size += value.length;
    }
  } finally {
    forget();
    // After a full read this does nothing; after a cut it gives the connection back.
    release();
  }
  if (size > limit) onCut();
  const bytes = new Uint8Array(size);
  size = 0;
  for (const part of parts) {
    bytes.set(part, size);
    size += part.length;
  }
  return bytes.subarray(0, limit);
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
  let isLarger = Number(headers.get("content-length")) > limit;
  if (isLarger) discard(request);
  else {
    const bytes = body
      ? await readBody(body, limit, signal, () => isLarger = true)
      // Firefox shows no stream of a request.
      : new Uint8Array(await request.arrayBuffer());
    if (!isLarger && bytes.length <= limit) return bytes;
  }
}

/** Gives the connection of a body back that nobody wants. */
export function discard({ body }: Request | Response): void {
  body?.cancel().catch(() => {});
}
