// Web standards only.
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";

/**
 * Makes a call and gives its content.
 *
 * @param operation A line of the table.
 * @param ids For the placeholders of its path.
 * @param options Of the call.
 * @param json The body; members that are `null` are left out, because the server refuses them.
 * @param query Of the URL.
 */
export type Call = <T>(
  operation: string,
  ids: readonly string[],
  options?: CallOptions | OnceCallOptions,
  json?: object,
  query?: Readonly<Record<string, number>>,
) => Promise<T>;
