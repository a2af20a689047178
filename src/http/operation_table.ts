// Web standards only.
import type { Operation } from "./operation.ts";
import type { CallOptions } from "./options.ts";
import { fillPath } from "./path.ts";
import type { EncodeId } from "./path.ts";
import type { Transport } from "./transport.ts";

/**
 * A line of a table of operations: the method of the client, the one of HTTP, the path with `{name}` for each id, `{}`
 * for a body or `?` for a query or neither, and whatever else the client wants to know.
 */
export type OperationLine = readonly [
  name: string,
  method: string,
  path: string,
  takes: "{}" | "?" | "",
  marks: string,
];

/**
 * Reads the operations of a resource out of a text, because a text is the least that a client can carry of them.
 *
 * The first line is what their paths begin with. Each other one is an operation, its parts with a space between: its
 * name, its method, the rest of its path with `{name}` for each id, `{}` where it takes a body or `?` where it takes a
 * query, and marks for the client.
 *
 * @param table The text.
 *
 * @example
 * ```ts
 * import { readOperations } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const [list, create] = readOperations("/tasks\nlist GET ?\ncreate POST {} once");
 * assert.deepEqual(list, ["list", "GET", "/tasks", "?", ""]);
 * assert.deepEqual(create, ["create", "POST", "/tasks", "{}", "once"]);
 * ```
 */
export function readOperations(table: string): readonly OperationLine[] {
  const [base, ...lines] = table.split("\n");
  return lines.map((line) => {
    const [, name, method, path, ...rest] =
      /^(\w+) (\w+) ?(\/\S*|) ?({}|\?|) ?(.*)/.exec(line)!;
    return [name, method, base + path!, ...rest] as unknown as OperationLine;
  });
}

/**
 * Makes the resources of a client out of its tables, with a method for each operation: it takes the ids of the path, then
 * the body or the query where there is one, then the options of the call.
 *
 * @param tables One for each resource, as {@linkcode readOperations} reads them.
 * @param transport The way to the server.
 * @param describe Says what to send and how to read the answer, of a path with its ids and of the body or the query as it
 * was handed in. What it throws, the method rejects with.
 * @param encode Writes an id into the path, or refuses it. @default encodeURIComponent
 */
export function createResources<Resources>(
  tables: Readonly<Record<string, string>>,
  transport: Transport,
  describe: (line: OperationLine, path: string, input: unknown) => Operation,
  encode?: EncodeId,
): Resources {
  const resources: Record<string, unknown> = {};
  for (const resource in tables) {
    resources[resource] = Object.fromEntries(
      readOperations(tables[resource]!).map((line) => [
        line[0],
        async (...args: unknown[]) => {
          const ids = args.splice(0, line[2].split("{").length - 1);
          const path = fillPath(line[2], ids, encode);
          const operation = describe(line, path, line[3] && args.shift());
          return (await transport.call(operation, args[0] as CallOptions)).data;
        },
      ]),
    );
  }
  return resources as Resources;
}
