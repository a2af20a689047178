// Web standards only.
import type { Scope } from "./scope.ts";

/** The text of a body, and whether the limit cut it. */
export interface BoundedText {
  /** As far as it was read. */
  readonly text: string;
  /** Whether there was more than the limit. */
  readonly cut: boolean;
}

/**
 * Reads a body as UTF-8, at most `limit` bytes of it; what is beyond is not downloaded. Every read stands under the
 * scope and its `idle` budget.
 *
 * @throws {NetworkError} `network`, where the connection breaks.
 */
export async function readText(
  response: Response,
  limit: number,
  idleTimeoutMs: number,
  scope: Scope,
): Promise<BoundedText> {
  const reader = response.body?.getReader();
  // Left to itself, Deno's decoder drops a byte order mark at the start of any piece.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let cut = false;
  try {
    while (reader && !cut) {
      const stop = scope.budget("idle", idleTimeoutMs);
      const { done, value } = await scope.reach(() => reader.read()).finally(
        stop,
      );
      if (done) break;
      cut = value.byteLength > limit;
      text += decoder.decode(cut ? value.subarray(0, limit) : value, {
        stream: true,
      });
      limit -= value.byteLength;
    }
    text += decoder.decode();
    return { text: text.replace(/^\ufeff/, ""), cut };
  } finally {
    // After a full read this does nothing; after any other end it gives the connection back.
    reader?.cancel().catch(() => {});
  }
}

/** Gives the connection of an answer back whose body nobody wants. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}
