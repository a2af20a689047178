// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { RoundTableApi } from "./api.ts";
import { listOf } from "./lists.ts";
import type { ListOptions } from "./lists.ts";
import { OPERATIONS } from "./protocol/mod.ts";

/**
 * Makes the methods of a resource out of its lines of the table. Each takes the ids of its path, then the body, where it
 * has one, then its options: the interface of the resource says the same in types.
 *
 * @param resource Its name.
 */
export function createResource<Resource>(
  api: RoundTableApi,
  resource: string,
): Resource {
  return Object.fromEntries(
    Object.entries(OPERATIONS).map(([name, operation]) => [
      name.split(`${resource}.`)[1],
      (...ids: unknown[]): unknown => {
        const rest = ids.splice(operation.split("{").length - 1);
        const json = /^P\w+[^ .]* /.test(operation) ? rest.shift() : undefined;
        return /^\S+[*~]/.test(operation)
          ? listOf(api, operation, ids as string[], rest[0] as ListOptions)
          : api.call(
            operation,
            ids as string[],
            rest[0] as CallOptions,
            json as object,
          );
      },
    ]).filter(([name]) => name),
  ) as Resource;
}
