// Web standards only.
import { createList, DecodeError } from "../http/mod.ts";
import type { ListCallOptions, Pages } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { invoke } from "./invoke.ts";
import type { OperationName } from "./protocol/mod.ts";

/** Options of a list: where to begin, how far to read ahead, and options of each of its calls. */
export interface ListOptions extends ListCallOptions<string> {}

/** A list whose pages are led by an opaque cursor. Source: v2 §6.4. */
export function listPages<Item>(
  api: OpenwopApi,
  name: OperationName,
  ids: readonly string[],
  query: object,
  field: string,
  options: ListOptions = {},
): Pages<Item, string> {
  return createList<Item, string>(name, options, async (cursor, call) => {
    const page = await invoke<Record<string, unknown>>(api, name, ids, {
      query: { ...query, cursor },
    }, call);
    // The table wants an array there.
    const items = page[field] as readonly Item[];
    const next = page.nextCursor ?? "";
    if (typeof next !== "string") {
      throw new DecodeError(name, '"nextCursor" is no text');
    }
    return { items, next: next || undefined };
  });
}
