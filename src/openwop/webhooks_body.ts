// Web standards only.
import { InvalidArgumentError } from "../http/mod.ts";
import { WebhookError } from "./webhooks_error.ts";

/**
 * Reads the bytes of a body, as they came and at most `limit` of them; of a larger one the rest is not downloaded.
 *
 * @throws {WebhookError} `webhook-invalid`: it is too large, or ended early.
 * @throws {InvalidArgumentError} `invalid-argument`: somebody has read it.
 */
export async function readBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (request.bodyUsed) {
    throw new InvalidArgumentError(
      "request",
      "its body was read before, and the signature is over its bytes",
      { hint: "hand the request on before anything reads its body" },
    );
  }
  const tooLarge = (): WebhookError =>
    new WebhookError("too-large", `its body has more than ${limit} bytes`);
  if (Number(request.headers.get("content-length")) > limit) {
    request.body?.cancel().catch(() => {});
    throw tooLarge();
  }
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of partsOf(request)) {
      size += part.length;
      if (size > limit) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (WebhookError.is(error)) throw error;
    throw new WebhookError("unreadable", "its body ended early", {
      cause: error,
    });
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function* partsOf(request: Request): AsyncGenerator<Uint8Array> {
  // Firefox shows no stream of a request.
  if (!request.body) return yield new Uint8Array(await request.arrayBuffer());
  const { signal } = request;
  const reader = request.body.getReader();
  const stop = (): void => void reader.cancel(signal.reason).catch(() => {});
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      // A reader that is cancelled ends as if the body did.
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    // After a full read this does nothing; after any other end it gives the connection back.
    reader.cancel().catch(() => {});
  }
}
