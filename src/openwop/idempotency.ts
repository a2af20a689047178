// Web standards only.
import { randomHex, toBase64Url, TuttiError } from "../http/mod.ts";
import type { Answer, CallOptions } from "../http/mod.ts";
import { HEADERS, keyGrammar } from "./protocol/mod.ts";

/**
 * Changes something in a piece of work of several calls. The key is made before all of them and comes back on the error,
 * also on that of a budget or a signal which ended the work from outside: under it, the same can be asked for again.
 *
 * @param options Options of the call.
 * @param work Must send the change under the key that it is given.
 */
export async function underOneKey<T>(
  options: CallOptions,
  work: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const { idempotencyKey = randomHex() } = options;
  try {
    return await work({ ...options, idempotencyKey });
  } catch (error) {
    if (TuttiError.is(error)) {
      const told: { idempotencyKey?: string | undefined } = error;
      told.idempotencyKey ??= idempotencyKey;
    }
    throw error;
  }
}

/**
 * Fits a key that an application chose to the grammar of OpenWOP 2: a fitting one stays as it is; one that is too
 * short, too long or has other characters becomes its SHA-256 in base64url, 43 characters. The same key always gives
 * the same result. Source: v2 §10.
 *
 * @param key Not empty.
 * @param grammar What a fitting key looks like. @default that of version 2; version 1 takes nearly everything
 *
 * @example
 * ```ts
 * import { toIdempotencyKey } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const key = await toIdempotencyKey("review-acme-7");
 * assert.equal(key.length, 43);
 * assert.equal(await toIdempotencyKey(key), key);
 * ```
 */
export async function toIdempotencyKey(
  key: string,
  grammar: RegExp = keyGrammar,
): Promise<string> {
  if (grammar.test(key)) return key;
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(key),
  );
  return toBase64Url(new Uint8Array(digest));
}

/**
 * Whether an answer is the one that the host gave to an earlier request under the same idempotency key, and nothing was
 * done again. Hand it the answer that `onAnswer` is told. What it says is as old as the first answer.
 *
 * Source: v2 §5, §10; v1 §13.1. Some hosts never say.
 *
 * @param answer Of a call that changes something.
 *
 * @example
 * ```ts
 * import { isReplayed, OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a host; leave `fetch` out to talk to a real one.
 * let count = 0;
 * const fetch = () =>
 *   Response.json({ runId: "acme/3f9c1c52b8d04f52", status: "pending" }, {
 *     status: 201,
 *     headers: {
 *       "OpenWOP-Version": "2.0",
 *       ...(count++ > 0 ? { "OpenWOP-Idempotent-Replay": "true" } : {}),
 *     },
 *   });
 * const client = new OpenwopClient({
 *   baseUrl: "https://wop.example.com",
 *   major: 2,
 *   fetch,
 * });
 *
 * const seen: boolean[] = [];
 * for (let time = 0; time < 2; time++) {
 *   await client.runs.create({ workflowId: "nightly" }, {
 *     idempotencyKey: "nightly-2026-10-04",
 *     onAnswer: (answer) => seen.push(isReplayed(answer)),
 *   });
 * }
 * assert.deepEqual(seen, [false, true]);
 * ```
 */
export function isReplayed(answer: Pick<Answer, "headers">): boolean {
  return answer.headers.get(HEADERS.idempotentReplay) === "true";
}
