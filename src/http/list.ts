// Web standards only.
import type { CallOptions } from "./options.ts";
import { createPages } from "./pages.ts";
import type { FetchPage, PageKey, Pages, PagesOptions } from "./pages.ts";

/** Options of a list of a client: where to begin, how far to read ahead, what ends it, and options of each of its calls. */
export interface ListCallOptions<Key extends PageKey = PageKey>
  extends PagesOptions<Key>, CallOptions {}

/**
 * Makes a list out of the pages that a client gets, as `createPages` does: each page is a call with the options that the
 * list was made with, and ends with it.
 *
 * @param action What is listed, for messages, unless the options say it.
 * @param options Of the list and of its calls.
 * @param fetchPage Gets one page with options of a call; see `byOffset` and `byPageNumber` for servers that count.
 * @throws {InvalidArgumentError} `invalid-argument`, as `createPages` does.
 *
 * @example
 * ```ts
 * import { byOffset, createList } from "@tutti/sdk/http";
 * import type { CallOptions } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * // Stands in for a method of a client.
 * const stored = ["a", "b", "c"];
 * const get = (offset: number, { timeoutMs }: CallOptions) =>
 *   Promise.resolve([`${stored[offset]} within ${timeoutMs}`]);
 *
 * const list = createList("the letters", { timeoutMs: 50 }, byOffset(
 *   async (offset, call: CallOptions) => ({ items: await get(offset, call), total: 3 }),
 * ));
 * assert.deepEqual(await list.take(2).toArray(), ["a within 50", "b within 50"]);
 * ```
 */
export function createList<Item, Key extends PageKey = PageKey>(
  action: string,
  options: ListCallOptions<Key>,
  fetchPage: FetchPage<Item, Key, CallOptions>,
): Pages<Item, Key> {
  return createPages<Item, Key>(
    // What only the list knows, no call looks at.
    (key, signal) => fetchPage(key, { ...options, signal }),
    { action, ...options },
  );
}
