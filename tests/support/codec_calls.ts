import { codecV1 } from "@tutti/sdk/openwop";
import type { JsonObject, JsonValue, WopOperation } from "@tutti/sdk/openwop";

/** An answer without anything in it. */
export const answer = {
  status: 200,
  headers: new Headers(),
  body: undefined,
  attempts: 1,
  requestId: undefined,
  traceId: undefined,
  idempotencyKey: undefined,
};

/** A call of version 2, with what is special about it. */
export function call(
  parts: Partial<WopOperation> = {},
): WopOperation<JsonValue | undefined> {
  return {
    method: "GET",
    path: "/runs/r1",
    contract: "safe",
    ...parts,
    decode: (body) => body,
  };
}

/** What a client makes of an answer of a version 1 host. */
export function read(
  name: string,
  body: JsonValue,
  parts: Partial<WopOperation> = {},
): JsonObject {
  return codecV1.write(call({ name, ...parts })).decode(
    body,
    answer,
  ) as JsonObject;
}
