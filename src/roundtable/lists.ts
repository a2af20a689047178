// Web standards only.
import { createPages, DecodeError, refuse } from "../http/mod.ts";
import type { CallOptions, PageCursor, Pages } from "../http/mod.ts";
import type { RoundTableApi } from "./api.ts";

/** Options of a list. The options of the call hold for each page. */
export interface ListOptions extends CallOptions {
  /** How many items to leave out at the start. @default 0 */
  readonly offset?: number | undefined;
  /** How many items a page has, 1 to 100; of logs to 1000. @default 100 */
  readonly limit?: number | undefined;
  /** Where to begin: the `cursor` of an earlier list. */
  readonly cursor?: Partial<PageCursor<number>> | undefined;
  /** How many pages to get ahead. @default 0 */
  readonly prefetch?: number | undefined;
}

/**
 * Makes a list of an endpoint, as far as the endpoint reaches: what lies behind is not asked for, because the server
 * would answer with an empty page.
 *
 * @param operation A line of the table; its member holds the items.
 * @param ids For its path.
 */
export function listOf<Item>(
  api: RoundTableApi,
  operation: string,
  ids: readonly string[],
  options: ListOptions = {},
): Pages<Item, number> {
  const { offset = 0, limit = 100 } = options;
  // Only the first 100 rows of most lists, and the newest 100 messages, can be had at all.
  const isEndless = /^\S+~/.test(operation);
  const reach = isEndless ? Infinity : 100;
  checkWhole("limit", limit, 1, isEndless ? 1_000 : reach);
  checkWhole("offset", offset, 0, Infinity);
  return createPages<Item, number>(async (from = offset, signal) => {
    const count = Math.min(limit, reach - from);
    if (count <= 0) return { items: [], next: undefined };
    const page = await api.call<Readonly<Record<string, readonly Item[]>>>(
      operation,
      ids,
      { ...options, signal },
      undefined,
      // Where the server cuts the offset off the page, the page has to be larger by it.
      { offset: from, limit: /^\S+\+/.test(operation) ? from + count : count },
    );
    const items = page[operation.split(" ")[2]!];
    if (!Array.isArray(items)) {
      throw new DecodeError(operation, "a list is wanted");
    }
    const next = from + items.length;
    // The server's "count" is the size of this page, and no total.
    return { items, next: items.length < count ? undefined : next };
  }, options);
}

/** Refuses what is no whole number in these bounds. */
export function checkWhole(
  name: string,
  value: number,
  least: number,
  most: number,
): void {
  if (!(Number.isInteger(value) && value >= least && value <= most)) {
    refuse(name, `a whole number from ${least} to ${most} is wanted`);
  }
}
