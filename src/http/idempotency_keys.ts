// Web standards only.
import { refuse } from "./failures.ts";
import type { IdempotencyOptions } from "./transport_options.ts";

/** What {@linkcode idempotencyKeys} must know about a platform. */
export interface IdempotencyKeyRules {
  /** Name of the header. */
  readonly header: string;
  /** Makes a key for a call that brings none. */
  createKey(): string;
  /** Fits a caller's key to the grammar of the platform. @default as it is */
  toKey?(key: string): string | Promise<string>;
}

/**
 * Lets a transport send keyed operations under an idempotency key: made once for each call, the same for all its
 * tries, and told on the answer and on the error.
 *
 * @param rules How the platform spells keys.
 * @returns the option `idempotency` of {@linkcode createTransport}. A call with an empty key is refused with
 * `invalid-argument`, before anything is sent.
 *
 * @example
 * ```ts
 * import { createTransport, idempotencyKeys } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const transport = createTransport({
 *   baseUrl: "https://api.example.com",
 *   idempotency: idempotencyKeys({
 *     header: "Idempotency-Key",
 *     createKey: () => crypto.randomUUID(),
 *   }),
 *   fetch: (request) => Response.json(request.headers.get("idempotency-key")),
 * });
 * const reply = await transport.call({
 *   method: "POST",
 *   path: "/orders",
 *   contract: "keyed",
 *   decode: (body) => body,
 * }, { idempotencyKey: "order-7" });
 * assert.equal(reply.data, "order-7");
 * assert.equal(reply.idempotencyKey, "order-7");
 * ```
 */
export function idempotencyKeys(
  rules: IdempotencyKeyRules,
): IdempotencyOptions {
  return {
    header: rules.header,
    keyFor: (given) => {
      if (given === undefined) return rules.createKey();
      // What is none would be left out of the headers, and the call go without a key.
      if (!given || typeof given !== "string") {
        refuse("idempotencyKey", "a text is wanted");
      }
      return rules.toKey?.(given) ?? given;
    },
  };
}
