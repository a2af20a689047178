// Web standards only.
import { refuse } from "./failures.ts";
import type { FetchPage } from "./pages.ts";

/** What a server that counts gives for one request. */
export interface CountedPage<Item> {
  /** In the order of the list. */
  readonly items: readonly Item[];
  /** How many items the whole list has, where the server tells it: not how many this page has. */
  readonly total?: number | undefined;
}

/** How to see the end of a list that is counted. */
export interface CountedOptions {
  /**
   * How many items a full page has. Say it only if the server keeps to it: one that quietly gives fewer would end the
   * list early. Where neither this nor a total is known, an empty page is the end. What is no whole number counts as
   * unknown. @default unknown
   */
  readonly limit?: number | undefined;
}

/** How pages are numbered. */
export interface NumberedOptions extends CountedOptions {
  /** The number of the first page. @default 1 */
  readonly first?: number | undefined;
}

/**
 * Turns a request with an offset into the pages that `createPages` wants. The list ends at the total where the server
 * tells one, else at a page that is not full, else at an empty page; an empty page is always the end.
 *
 * @param fetch Makes the request, with the same limit every time.
 * @param options How to see the end.
 *
 * @example
 * ```ts
 * import { byOffset, createPages } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const stored = [1, 2, 3, 4, 5];
 * const list = createPages(byOffset((offset) =>
 *   Promise.resolve({ items: stored.slice(offset, offset + 2), total: 5 })
 * ));
 * assert.deepEqual(await list.take(3).toArray(), [1, 2, 3]);
 * ```
 */
export function byOffset<Item, Context = AbortSignal>(
  fetch: (offset: number, context: Context) => Promise<CountedPage<Item>>,
  { limit }: CountedOptions = {},
): FetchPage<Item, number, Context> {
  return async (offset = 0, context) => {
    const page = await fetch(offset, context);
    const end = offset + page.items.length;
    return { ...page, next: isLast(page, end, limit) ? undefined : end };
  };
}

/**
 * Turns a request with a page number into the pages that `createPages` wants. The list ends as with `byOffset`, but a
 * total counts only together with `limit`.
 *
 * @param fetch Makes the request, with the same page size every time.
 * @param options How to see the end, and how pages are numbered.
 * @throws {InvalidArgumentError} `invalid-argument`: `first` is no whole number.
 *
 * @example
 * ```ts
 * import { byPageNumber, createPages } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const stored = [["a", "b"], ["c"]];
 * const list = createPages(byPageNumber((page) =>
 *   Promise.resolve({ items: stored[page - 1] ?? [] }), { limit: 2 }));
 * assert.deepEqual(await list.toArray(), ["a", "b", "c"]);
 * ```
 */
export function byPageNumber<Item, Context = AbortSignal>(
  fetch: (page: number, context: Context) => Promise<CountedPage<Item>>,
  { first = 1, limit }: NumberedOptions = {},
): FetchPage<Item, number, Context> {
  if (!Number.isInteger(first)) refuse("first", "a whole number is wanted");
  return async (number = first, context) => {
    const page = await fetch(number, context);
    const end = (number - first + 1) * sizeOf(limit);
    return { ...page, next: isLast(page, end, limit) ? undefined : number + 1 };
  };
}

/** How many items a full page has; where that is unknown, not a number, to which nothing compares. */
function sizeOf(limit: number | undefined): number {
  return Number.isInteger(limit) ? limit! : NaN;
}

function isLast(
  { items, total }: CountedPage<unknown>,
  end: number,
  limit: number | undefined,
): boolean {
  return !items.length ||
    (total === undefined ? items.length < sizeOf(limit) : end >= total);
}
