// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { RoundTableApi } from "./api.ts";
import { listOf } from "./lists.ts";
import type { ListOptions } from "./lists.ts";
import type { OperationTable } from "./protocol/mod.ts";

/**
 * Makes the methods of a resource out of its part of the table. Each takes the ids of its path, then the body, where
 * it has one, then its options: the interface of the resource says the same in types.
 *
 * @param table Name of the method to line.
 */
export function createResource<Resource>(
  api: RoundTableApi,
  table: OperationTable,
): Resource {
  return Object.fromEntries(
    Object.entries(table).map(([name, operation]) => [
      name,
      (...ids: unknown[]): unknown => {
        const rest = ids.splice(operation.split("{").length - 1);
        const json = /^P\w+[^ .]* /.test(operation) ? rest.shift() : undefined;
        return /^\S+\*/.test(operation)
          ? listOf(api, operation, ids as string[], rest[0] as ListOptions)
          : api.call(
            operation,
            ids as string[],
            rest[0] as CallOptions,
            json as object,
          );
      },
    ]),
  ) as Resource;
}
