// Web standards only.

/** The header of an idempotency key. Source: the reference server; the vendor's guide names another one, which the server ignores. */
export const IDEMPOTENCY_HEADER = "x-idempotency-key";

/** A UUID as the server reads one: with hyphens, or 32 hex digits. */
export const UUID_FORM: RegExp =
  /^[\da-f]{8}(-?)([\da-f]{4}\1){3}[\da-f]{12}$/i;

/**
 * Takes the encrypted secrets of agents out of an answer, at any depth, in place. The server sends them with agents in
 * many answers, and nobody outside of it has any use for them.
 */
export function stripSecrets(body: unknown): void {
  const todo = [body];
  for (const value of todo) {
    if (!value || typeof value !== "object") continue;
    delete (value as { hmacSecretEnc?: unknown }).hmacSecretEnc;
    for (const inner of Object.values(value)) todo.push(inner);
  }
}
