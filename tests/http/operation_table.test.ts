import assert from "node:assert/strict";
import test from "node:test";
import {
  createResources,
  createTransport,
  readOperations,
} from "@tutti/sdk/http";
import type { CallOptions, Operation, OperationLine } from "@tutti/sdk/http";

const things = `/api/things
list GET ? page
create POST {}
get GET /{id} thing_id
part GET /{thing}/parts/{part}-x.json
ping GET`;

test("readOperations() tells name, method, path, what it takes and marks of each line", () => {
  assert.deepEqual(readOperations(things), [
    ["list", "GET", "/api/things", "?", "page"],
    ["create", "POST", "/api/things", "{}", ""],
    ["get", "GET", "/api/things/{id}", "", "thing_id"],
    ["part", "GET", "/api/things/{thing}/parts/{part}-x.json", "", ""],
    ["ping", "GET", "/api/things", "", ""],
  ]);
  assert.deepEqual(readOperations("/nothing"), []);
});

interface Things {
  readonly things: Readonly<
    Record<string, (...args: unknown[]) => Promise<unknown>>
  >;
}

/** A client of the table, and what it was asked. */
function bench(
  describe: (line: OperationLine, path: string, input: unknown) => Operation,
) {
  const sent: string[] = [];
  const transport = createTransport({
    baseUrl: "https://api.test",
    fetch: async (request) => {
      const body = await request.text();
      sent.push(`${request.method} ${request.url.slice(16)} ${body}`.trim());
      return Response.json({ tried: request.headers.get("x-tried") });
    },
  });
  const { things: methods } = createResources<Things>(
    { things },
    transport,
    describe,
  );
  return { methods, sent };
}

const plainly = (
  [, method, , takes]: OperationLine,
  path: string,
  input: unknown,
): Operation => ({
  method,
  path,
  contract: "safe",
  ...(takes === "{}" && { json: input }),
  ...(takes === "?" && { query: input as Record<string, string> }),
  decode: (body) => body,
});

test("createResources() makes methods of ids, then a body or a query, then options", async () => {
  const { methods, sent } = bench(plainly);
  const options: CallOptions = { headers: { "x-tried": "yes" } };
  assert.deepEqual(await methods.list!({ page: "2" }, options), {
    tried: "yes",
  });
  assert.deepEqual(await methods.create!({ a: 1 }), { tried: null });
  assert.deepEqual(await methods.get!("a/b", options), { tried: "yes" });
  await methods.part!("one", "two");
  await methods.ping!();
  assert.deepEqual(sent, [
    "GET /api/things?page=2",
    'POST /api/things {"a":1}',
    "GET /api/things/a%2Fb",
    "GET /api/things/one/parts/two-x.json",
    "GET /api/things",
  ]);
});

test("createResources() writes ids in the way of the platform", async () => {
  const paths: string[] = [];
  const { things: methods } = createResources<Things>(
    { things },
    createTransport({
      baseUrl: "https://api.test",
      fetch: ({ url }) => {
        paths.push(new URL(url).pathname);
        return Response.json(1);
      },
    }),
    plainly,
    (id, name) => `${name}:${id}`,
  );
  await methods.part!("a", "b");
  assert.deepEqual(paths, ["/api/things/thing:a/parts/part:b-x.json"]);
});

test("createResources() rejects with what is refused, naming the id, and sends nothing", async () => {
  const { methods, sent } = bench(plainly);
  const none = ["", "..", "\u0000", "\ud800", undefined, null];
  for (const id of [...none, {}, [], ["a"], { toString: () => "a" }]) {
    await assert.rejects(methods.part!("one", id), {
      code: "invalid-argument",
      path: "part",
    });
  }
  const odd = bench(() => {
    throw new TypeError("odd");
  });
  await assert.rejects(odd.methods.ping!(), { message: "odd" });
  assert.deepEqual([...sent, ...odd.sent], []);
});
