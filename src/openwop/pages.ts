// Web standards only.
import { createPages, DecodeError } from "../http/mod.ts";
import type { CallOptions, PageCursor, Pages } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { invoke } from "./invoke.ts";
import type { OperationName } from "./protocol/mod.ts";

/** Options of a list; those of a call hold for each of its pages. */
export interface ListOptions extends CallOptions {
  /** Where to begin: the `cursor` of an earlier list. @default the first page */
  readonly cursor?: Partial<PageCursor<string>> | undefined;
  /** How many pages to get ahead of the one in hand. @default 0 */
  readonly prefetch?: number | undefined;
}

/** A list whose pages are led by an opaque cursor. Source: v2 §6.4. */
export function listPages<Item>(
  api: OpenwopApi,
  name: OperationName,
  ids: readonly string[],
  query: object,
  field: string,
  options: ListOptions = {},
): Pages<Item, string> {
  const { cursor, prefetch, signal, ...call } = options;
  return createPages<Item, string>(async (key, signal) => {
    const page = await invoke<Record<string, unknown>>(api, name, ids, {
      query: { ...query, cursor: key },
    }, { ...call, signal });
    // The table wants an array there.
    const items = page[field] as readonly Item[];
    const next = page.nextCursor ?? "";
    if (typeof next !== "string") {
      throw new DecodeError(name, '"nextCursor" is no text');
    }
    return { items, next: next || undefined };
  }, { cursor, prefetch, signal, action: name });
}
