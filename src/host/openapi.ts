// Web standards only.
import { HEADERS } from "../openwop/protocol/mod.ts";
import type { JsonObject, Major } from "../openwop/protocol/mod.ts";
import { IMPLEMENTATION, VERSIONS } from "./discovery.ts";
import { documentEtag } from "./etag.ts";
import {
  membersOf,
  objectSchema,
  SHAPES,
  sharedSchemas,
} from "./openapi_shapes.ts";
import type { Route } from "./router.ts";

const ERROR = { $ref: "#/components/responses/Error" };
const ANY_OBJECT = { type: "object" };

/** Operations that say whether there was something before. */
const CREATING: ReadonlySet<string> = new Set(["tutti.putWorkflow"]);

/** Operations that go by `If-None-Match`. */
const CONDITIONAL: ReadonlySet<string> = new Set([
  "discovery.get",
  "discovery.openapi",
  "runs.get",
]);

/**
 * The OpenAPI document of the routes of one major: what is in the table is in it, and nothing else. Bodies are described
 * in the words of version 2; those of version 1 are objects. Source: v2 §6.2 row 2.
 */
export function openApiDocument(
  routes: readonly Route[],
  major: Major = 2,
): JsonObject {
  const discovery = {
    name: "discovery.get",
    path: "",
    method: "GET",
    summary: "Tells what this host offers.",
    open: true,
  } as const;
  const paths: Record<string, JsonObject> = {
    "/.well-known/openwop": { get: operationOf(discovery, major) },
  };
  for (const route of routes) {
    if ((route.major ?? major) !== major) continue;
    const path = major === 1 ? `/v1${route.path}` : route.path;
    paths[path] = {
      ...paths[path],
      [route.method.toLowerCase()]: operationOf(route, major),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: `OpenWOP host ${IMPLEMENTATION.name}`,
      version: VERSIONS[major],
    },
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      responses: {
        Error: {
          description: "Why not.",
          content: json({ $ref: "#/components/schemas/Error" }),
        },
      },
      schemas: sharedSchemas(),
    },
  };
}

/** The document of each major, made when it is first wanted. */
export function openApiOf(
  routes: readonly Route[],
): (major: Major) => { readonly document: JsonObject; readonly etag: string } {
  const made = new Map<Major, { document: JsonObject; etag: string }>();
  return (major) => {
    let known = made.get(major);
    if (known === undefined) {
      const document = openApiDocument(routes, major);
      known = { document, etag: documentEtag(document) };
      made.set(major, known);
    }
    return known;
  };
}

function operationOf(
  route: Omit<Route, "handle">,
  major: Major,
): JsonObject {
  const { name, method, path, summary, open = false, status = 200 } = route;
  const { body, query = "", answer } =
    (major === 2 ? SHAPES[name] : undefined) ?? {};
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => id!);
  const takesBody = method === "POST" || method === "PUT";
  const done = {
    description: "Done.",
    ...(status !== 204 && {
      content: name === "runs.stream"
        ? { "text/event-stream": { schema: { type: "string" } } }
        : json(answer ? objectSchema(answer, false) : ANY_OBJECT),
    }),
  };
  return {
    operationId: name,
    summary,
    parameters: [
      ...ids.map((id) => parameter(id, "path", true)),
      ...membersOf(query).map(([id, schema, isThere]) =>
        parameter(id, "query", isThere, schema)
      ),
      ...headersOf(name, takesBody).map((id) => parameter(id, "header", false)),
    ],
    security: open ? [] : [{ bearer: [] }],
    ...(takesBody && {
      requestBody: {
        required: body?.includes("!") ?? name === "tutti.putWorkflow",
        content: json(body ? objectSchema(body, true) : ANY_OBJECT),
      },
    }),
    responses: {
      [status]: done,
      ...(CREATING.has(name) && { 201: done }),
      ...(CONDITIONAL.has(name) && { 304: { description: "As it was." } }),
      default: ERROR,
    },
  };
}

/** What an operation goes by beside what every request may carry. Source: v2 §6.2. */
function headersOf(name: string, takesBody: boolean): readonly string[] {
  if (name === "runs.stream") return ["Last-Event-ID"];
  return [
    ...(takesBody ? [HEADERS.idempotencyKey] : []),
    ...(name === "runs.create"
      ? [HEADERS.dedup, HEADERS.forceEngineVersion]
      : []),
    ...(CONDITIONAL.has(name) ? ["If-None-Match"] : []),
  ];
}

function parameter(
  name: string,
  where: "path" | "query" | "header",
  required: boolean,
  schema: JsonObject = { type: "string" },
): JsonObject {
  return { name, in: where, required, schema };
}

function json(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}
