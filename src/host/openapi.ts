// Web standards only.
import { PROTOCOL_VERSION } from "../openwop/protocol/mod.ts";
import type { JsonObject } from "../openwop/protocol/mod.ts";
import { IMPLEMENTATION } from "./discovery.ts";
import type { Route } from "./router.ts";

const ERROR = { $ref: "#/components/responses/Error" };

/** The OpenAPI document of the routes: what is in the table is in it, and nothing else. Source: v2 §6.2 row 2. */
export function openApiDocument(routes: readonly Route[]): JsonObject {
  const paths: Record<string, JsonObject> = {
    "/.well-known/openwop": {
      get: operationOf({
        name: "discovery.get",
        path: "",
        method: "GET",
        summary: "Tells what this host offers.",
        open: true,
      }),
    },
  };
  for (const route of routes) {
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: operationOf(route),
    };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: `OpenWOP host ${IMPLEMENTATION.name}`,
      version: PROTOCOL_VERSION,
    },
    paths,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      responses: {
        Error: {
          description: "Why not.",
          content: {
            "application/json": {
              schema: { $ref: "#/components/schemas/Error" },
            },
          },
        },
      },
      schemas: {
        Error: {
          type: "object",
          required: ["error", "message"],
          properties: {
            error: { type: "string" },
            message: { type: "string", minLength: 1 },
            details: { type: "object" },
          },
          additionalProperties: false,
        },
      },
    },
  };
}

function operationOf(route: Omit<Route, "handle">): JsonObject {
  const { name, method, path, summary, open = false, status = 200 } = route;
  const ids = [...path.matchAll(/\{(\w+)\}/g)].map(([, id]) => id!);
  const isStream = name === "runs.stream";
  return {
    operationId: name,
    summary,
    parameters: ids.map((id) => ({
      name: id,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    security: open ? [] : [{ bearer: [] }],
    ...((method === "POST" || method === "PUT") && {
      requestBody: {
        content: { "application/json": { schema: { type: "object" } } },
      },
    }),
    responses: {
      [status]: {
        description: "Done.",
        ...(status !== 204 && {
          content: isStream
            ? { "text/event-stream": { schema: { type: "string" } } }
            : { "application/json": { schema: { type: "object" } } },
        }),
      },
      default: ERROR,
    },
  };
}
