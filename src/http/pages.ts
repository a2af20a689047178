// Web standards only.
import { checkWhole } from "./check.ts";
import { closeable } from "./dispose.ts";
import type { AsyncCloseable } from "./dispose.ts";
import { DecodeError, refuse } from "./failures.ts";
import { obey, onAbort } from "./on_abort.ts";

/** What a page is asked for by: an opaque cursor, an offset, a page number. */
export type PageKey = string | number;

/** One page of a list. */
export interface Page<Item, Key extends PageKey = PageKey> {
  /** In the order of the list; may be empty on any page. */
  readonly items: readonly Item[];
  /** What the next page is asked for by; `undefined` or `null` on the last page. */
  readonly next: Key | null | undefined;
  /** How many items the whole list has, where the platform tells it. */
  readonly total?: number | undefined;
}

/**
 * Gets one page.
 *
 * @param key What the page is asked for by; `undefined` for the first one.
 * @param context The signal, aborted when nobody wants the page any more, or the options of a call that hold it. Hand it
 * on to the request.
 */
export type FetchPage<
  Item,
  Key extends PageKey = PageKey,
  Context = AbortSignal,
> = (key: Key | undefined, context: Context) => Promise<Page<Item, Key>>;

/** A place in a list, made of JSON values so that it can be stored. */
export interface PageCursor<Key extends PageKey = PageKey> {
  /** The page that comes next or is being delivered; `undefined` for the first one. */
  readonly page: Key | undefined;
  /** How many items of that page have been delivered. */
  readonly skip: number;
}

/** Settings of {@linkcode createPages}. */
export interface PagesOptions<Key extends PageKey = PageKey> {
  /** Where to begin: the `cursor` of an earlier list. @default the first page */
  readonly cursor?: Partial<PageCursor<Key>> | undefined;
  /** How many pages to get ahead of the one in hand, one after the other. @default 0 */
  readonly prefetch?: number | undefined;
  /** Ends the list with an `AbortedError`. */
  readonly signal?: AbortSignal | undefined;
  /** What is listed, for messages: `GET /events`. @default "the list" */
  readonly action?: string | undefined;
}

/** A list that gets its pages by itself. Iterate it once; leaving the loop closes it. */
export interface Pages<Item, Key extends PageKey = PageKey>
  extends AsyncIterableIterator<Item>, AsyncCloseable {
  /**
   * How far it has been delivered, at any time, also after an error: what to hand in to go on from here later. An item
   * counts from the moment in which the loop gets it. At the end it stands behind the last item, so that a list that
   * has grown meanwhile goes on there.
   */
  readonly cursor: PageCursor<Key>;
  /** How many items the whole list has, from the page in hand; `undefined` where the platform does not tell. */
  readonly total: number | undefined;
  /** Whether it has ended, in whatever way. */
  readonly closed: boolean;
  /** The same list page by page, from where it stands. Use either this or the items at a time. */
  pages(): AsyncIterableIterator<Page<Item, Key>>;
  /**
   * Ends the list after `count` more items. No page is asked for that they do not need.
   *
   * @param count A whole number from 0, or `Infinity`.
   * @returns the list itself.
   * @throws {InvalidArgumentError} `invalid-argument`: it is none.
   */
  take(count: number): Pages<Item, Key>;
  /** All that is left, in memory: say how much that may be with `take()`. */
  toArray(): Promise<Item[]>;
  /** Ends it and aborts the request under way; a pending `next()` says that it is done. */
  close(): Promise<void>;
}

/** A page, and the way to the one behind it, which is asked for once however often it is wanted. */
interface Link<Item, Key extends PageKey> {
  readonly page: Page<Item, Key>;
  rest(): Promise<Link<Item, Key> | undefined>;
}

/**
 * Makes one list of items out of pages, whatever they are asked for by.
 *
 * Nothing is asked for before the first item is wanted. At most one request is under way, and at most
 * `prefetch` pages wait beside the one in hand. Leaving a loop, `close()` and the caller's signal abort that request,
 * and none follows. A failed page is not asked for again by the list (`fetchPage` retries by itself, if it does); what
 * was delivered before counts, and a new list from `cursor` goes on without a gap.
 *
 * It does not make a moving list stand still: where a server counts offsets or pages from a changing start, items that
 * are added or removed meanwhile are seen twice or not at all.
 *
 * @param fetchPage Gets one page; see `byOffset` and `byPageNumber` for servers that count.
 * @param options Where to begin, how far to read ahead, what ends it.
 * @throws {InvalidArgumentError} `invalid-argument`: `prefetch` or `cursor.skip` is no whole number from 0.
 * @throws {DecodeError} `decode`, from the loop: what `fetchPage` gave is no page, or leads back to a page that was there
 * before, which would go on for ever. The items of each page were delivered once.
 * @throws {AbortedError} `aborted`, from the loop: the caller's signal.
 *
 * @example
 * ```ts
 * import { createPages } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const stored = ["a", "b", "c", "d", "e"];
 * const list = createPages<string, number>((from = 0) =>
 *   Promise.resolve({
 *     items: stored.slice(from, from + 2),
 *     next: from + 2 < stored.length ? from + 2 : undefined,
 *     total: stored.length,
 *   })
 * );
 * for await (const item of list) if (item === "c") break;
 * assert.deepEqual(list.cursor, { page: 2, skip: 1 });
 * assert.equal(list.total, 5);
 * ```
 */
export function createPages<Item, Key extends PageKey = PageKey>(
  fetchPage: FetchPage<Item, Key>,
  options: PagesOptions<Key> = {},
): Pages<Item, Key> {
  const { signal: outer, action = "the list" } = options;
  const prefetch = checkWhole("prefetch", options.prefetch ?? 0);
  const from: Partial<PageCursor<Key>> = options.cursor ?? {};
  // Of a text or a number it would be missing, and the list would begin anew.
  if (typeof from !== "object" || !isPlace(from.page)) {
    refuse("cursor.page", "the key of a page is wanted");
  }
  let cursor: PageCursor<Key> = {
    page: from.page,
    skip: checkWhole("cursor.skip", from.skip ?? 0),
  };
  const controller = new AbortController();
  const { signal } = controller;
  const asked = new Set<Key | undefined>();
  let left = Infinity;
  let total: number | undefined;
  let hand: Link<Item, Key> | undefined;
  let used = false;
  let closed = false;
  let forget = (): void => {};

  async function load(key: Key | undefined): Promise<Link<Item, Key>> {
    signal.throwIfAborted();
    if (asked.has(key)) {
      throw new DecodeError(
        action,
        "it leads back to an earlier page",
      );
    }
    asked.add(key);
    const page: Partial<Page<Item, Key>> | undefined = await unlessAborted(
      fetchPage(key, signal),
      signal,
    );
    if (!isPage(page)) {
      throw new DecodeError(
        action,
        "items and the next key are wanted",
      );
    }
    let rest: Promise<Link<Item, Key> | undefined> | undefined;
    return {
      page,
      rest: () =>
        rest ??= isKey(page.next)
          ? load(page.next)
          : Promise.resolve(undefined),
    };
  }

  /** Asks for the pages behind `link` that will be wanted. Failures wait there for whoever gets to them. */
  function readAhead(link: Link<Item, Key>, depth: number, want: number): void {
    if (depth > 0 && want > 0) {
      link.rest().then(
        (next) =>
          next && readAhead(next, depth - 1, want - next.page.items.length),
        () => {},
      );
    }
  }

  /** The page in hand, or the next one when it is used up; `undefined` at the end. */
  async function turn(): Promise<Page<Item, Key> | undefined> {
    if (!hand) {
      forget = obey(outer, action, (error) => controller.abort(error));
    }
    signal.throwIfAborted();
    if (!hand || used) {
      const next = hand ? await hand.rest() : await load(cursor.page);
      if (!next) return undefined;
      hand = next;
      used = false;
      total = next.page.total;
      const inHand = next.page.items.length - cursor.skip;
      readAhead(next, prefetch, left - inHand);
    }
    return hand.page;
  }

  /** Counts items of the page in hand as delivered. */
  function deliver({ items, next }: Page<Item, Key>, count: number): void {
    left -= count;
    const skip = cursor.skip + count;
    used = skip >= items.length;
    cursor = used && isKey(next)
      ? { page: next, skip: 0 }
      : { page: cursor.page, skip };
    // Not first when one more is asked for: nobody may.
    if (left <= 0 || (used && !isKey(next))) end();
  }

  /** Goes through the list; `pick` delivers some of the page in hand. */
  async function* walk<T>(
    pick: (page: Page<Item, Key>) => T | undefined,
  ): AsyncGenerator<T, void, undefined> {
    try {
      while (left > 0 && !closed) {
        const page = await turn();
        if (!page) return;
        const part = pick(page);
        if (part !== undefined) yield part;
      }
    } catch (error) {
      if (!closed) throw error;
    } finally {
      end();
    }
  }

  function end(): void {
    closed = true;
    forget();
    controller.abort(null);
  }

  async function close(): Promise<void> {
    end();
    await items.return();
  }

  // Wrapped, because an item may be undefined.
  const items = walk((page) => {
    const { skip } = cursor;
    const one = page.items.slice(skip, skip + 1);
    deliver(page, one.length);
    return one.length > 0 ? one : undefined;
  });

  const list: Pages<Item, Key> = closeable({
    get cursor(): PageCursor<Key> {
      return cursor;
    },
    get total(): number | undefined {
      return total;
    },
    get closed(): boolean {
      return closed;
    },
    next: async (): Promise<IteratorResult<Item>> => {
      const { done, value = [] } = await items.next();
      return { done, value: value[0] } as IteratorResult<Item>;
    },
    pages: () =>
      walk((page) => {
        const part = page.items.slice(cursor.skip, cursor.skip + left);
        deliver(page, part.length);
        return { ...page, items: part };
      }),
    take: (count: number) => {
      if (count !== Infinity) {
        left = Math.min(left, checkWhole("count", count));
      }
      return list;
    },
    toArray: async () => {
      const all: Item[] = [];
      for await (const item of list) all.push(item);
      return all;
    },
  }, close);
  return list;
}

/** Types hold no server: an object as the next key, new on each page, would go on for ever. */
function isPage<Item, Key extends PageKey>(
  page: Partial<Page<Item, Key>> | undefined,
): page is Page<Item, Key> {
  return Array.isArray(page?.items) &&
    isPlace(page.next);
}

function isPlace(key: unknown): boolean {
  return /string|number/.test(typeof (key ?? ""));
}

function isKey<Key extends PageKey>(next: Key | null | undefined): next is Key {
  return next !== undefined && next !== null;
}

/** Waits for `promise`, or throws the reason of `signal`, also when the promise itself does not care. */
function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    Promise.resolve(promise).then(resolve, reject).then(
      onAbort(signal, reject),
    );
  });
}
