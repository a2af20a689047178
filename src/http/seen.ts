// Web standards only.
import { refuse } from "./failures.ts";

/** A memory of ids that is bounded: those that were seen longest ago are forgotten first. */
export interface Seen {
  /** Whether it is remembered; it is the youngest then. */
  has(id: string): boolean;
  /** Remembers it, and tells whether it was remembered before. */
  add(id: string): boolean;
}

/**
 * Makes a memory of ids, for what a server sends again and nobody may see twice.
 *
 * @param path Name of the option, for the message.
 * @param limit How many to keep.
 * @throws {InvalidArgumentError} `invalid-argument`, for a limit below 1.
 *
 * @example
 * ```ts
 * import { createSeen } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const seen = createSeen("limit", 2);
 * assert.deepEqual(["a", "b", "a", "c", "b"].map(seen.add), [false, false, true, false, false]);
 * ```
 */
export function createSeen(path: string, limit: number): Seen {
  if (!(limit >= 1)) refuse(path, `at least 1 is wanted, it is ${limit}`);
  const ids = new Set<string>();
  const add = (id: string): boolean => {
    // Added anew, it is the youngest.
    const known = ids.delete(id);
    ids.add(id);
    if (ids.size > limit) ids.delete(ids.values().next().value!);
    return known;
  };
  return { has: (id) => ids.has(id) && add(id), add };
}
