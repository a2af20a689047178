// Web standards only.
import { onAbort } from "./scope.ts";
import type { Scope } from "./scope.ts";

/**
 * Reads a body as UTF-8, at most `limit` bytes of it; what is beyond is not downloaded. Every read stands under the
 * `idle` budget of the scope, and ends when the scope is aborted.
 */
export async function readText(
  { body }: Response,
  limit: number,
  idleTimeoutMs: number,
  scope: Scope,
  onCut: () => void,
): Promise<string> {
  const reader = body?.getReader();
  // Left to itself, Deno's decoder drops a byte order mark at the start of any piece.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  const release = (): void => {
    reader?.cancel().catch(() => {});
  };
  onAbort(scope.signal, release);
  while (reader && limit >= 0) {
    const stop = scope.budget("idle", idleTimeoutMs);
    const { value } = await reader.read().finally(stop);
    if (!value) break;
    text += decoder.decode(value.subarray(0, limit), { stream: true });
    limit -= value.length;
  }
  // After a full read this does nothing; after a cut it gives the connection back.
  release();
  if (limit < 0) onCut();
  return (text + decoder.decode()).replace(/^\ufeff/, "");
}

/** Gives the connection of an answer back whose body nobody wants. */
export function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}
