// Web standards only.
import { createSeen } from "../http/mod.ts";

/**
 * Remembers which deliveries were handled. `Set` is one that never forgets; {@linkcode createWebhookSeen} makes one that
 * is bounded, in memory. For several processes, or for a memory that outlives this one, put it in front of a database.
 */
export interface WebhookSeen {
  /** Whether the delivery with this `dedupKey` was handled. */
  has(dedupKey: string): boolean | Promise<boolean>;
  /** Remembers that it was; called after its event was handled. What it returns is awaited and not used. */
  add(dedupKey: string): unknown;
}

/**
 * Makes a memory of the last `limit` deliveries; the ones seen longest ago are forgotten first.
 *
 * It is lost with the process: a delivery that was handled before a restart runs again when it comes again.
 *
 * @param limit How many to keep, at least 1. A key takes about 200 bytes.
 * @throws {InvalidArgumentError} `invalid-argument`, for a limit below 1.
 *
 * @example
 * ```ts
 * import { createWebhookSeen } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const seen = createWebhookSeen(2);
 * for (const key of ["a", "b", "c"]) seen.add(key);
 * assert.deepEqual(["a", "b", "c"].map((key) => seen.has(key)), [false, true, true]);
 * ```
 */
export function createWebhookSeen(limit = 10_000): {
  /** Whether it is among the last ones. */
  has(dedupKey: string): boolean;
  /** Remembers it, and forgets the oldest one when there are too many. */
  add(dedupKey: string): void;
} {
  return createSeen("limit", limit);
}
