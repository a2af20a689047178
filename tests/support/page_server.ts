import { createPages } from "@tutti/sdk/http";
import type { FetchPage, Page, Pages, PagesOptions } from "@tutti/sdk/http";

/** A server with numbered items, and what was asked of it. */
export interface Served {
  readonly fetchPage: FetchPage<number, string>;
  /** What was asked for, in order. */
  readonly keys: (string | undefined)[];
  /** Of each request. */
  readonly signals: AbortSignal[];
}

/** Pages of 0, 1, 2 …, of these sizes; cursors are "p1", "p2" …. */
export function serve(...sizes: readonly number[]): Served {
  const keys: (string | undefined)[] = [];
  const signals: AbortSignal[] = [];
  const starts = sizes.map((_, n) =>
    sizes.slice(0, n).reduce((sum, size) => sum + size, 0)
  );
  const fetchPage = async (
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<number, string>> => {
    keys.push(key);
    signals.push(signal);
    await Promise.resolve();
    const n = key === undefined ? 0 : Number(key.slice(1));
    return {
      items: Array.from({ length: sizes[n]! }, (_, i) => starts[n]! + i),
      next: n + 1 < sizes.length ? `p${n + 1}` : undefined,
      total: sizes.reduce((sum, size) => sum + size, 0),
    };
  };
  return { fetchPage, keys, signals };
}

/** A list over it. */
export function listOf(
  served: Served,
  options?: PagesOptions<string>,
): Pages<number, string> {
  return createPages(served.fetchPage, options);
}
