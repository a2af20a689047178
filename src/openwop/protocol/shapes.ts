// Web standards only.
import { DecodeError } from "../../http/mod.ts";
import type {
  Answer,
  JsonObject,
  JsonValue,
  RetryContract,
} from "../../http/mod.ts";
import type { Codec, WireOperation, WopOperation } from "./codec.ts";
import { objectOf } from "./envelope.ts";

/** Changes a body, knowing the call that it belongs to. */
export type BodyMap = (
  body: JsonObject,
  operation: WopOperation,
) => JsonObject;

/** Puts a call together again from what a codec made of its parts. */
export function rewrite<T, Contract extends RetryContract>(
  codec: Codec,
  operation: WopOperation<T, Contract>,
  parts: Partial<WireOperation>,
  write: BodyMap | undefined,
  read: BodyMap | undefined,
): WireOperation<T, Contract> {
  const { json } = operation;
  return {
    ...operation,
    ...parts,
    contract: operation.contract,
    codec,
    json: write && typeof json === "object" && json !== null
      // What is not JSON shows when it is written.
      ? write(json as JsonObject, operation)
      : json,
    decode(body: JsonValue | undefined, answer: Answer): T {
      const record = objectOf(body);
      return operation.decode(
        read && record ? read(record, operation) : body,
        answer,
      );
    },
  };
}

/** Changes one object in a body, where it is there. */
export function mapObject(
  field: string,
  map: (object: JsonObject) => JsonObject,
): (body: JsonObject) => JsonObject {
  return (body) => {
    const object = objectOf(body[field]);
    return object ? { ...body, [field]: map(object) } : body;
  };
}

/** Changes each entry of a list in a body, where it is there. */
export function mapList<Entry extends JsonValue>(
  field: string,
  map: (entry: Entry) => JsonValue,
): (body: JsonObject) => JsonObject {
  return (body) => {
    const list = body[field];
    return Array.isArray(list)
      // The map knows what it takes.
      ? { ...body, [field]: (list as Entry[]).map((entry) => map(entry)) }
      : body;
  };
}

/** The bodies that hold a `configurable`, told how to spell it. */
export function configurableMaps(
  spell: (configurable: JsonObject) => JsonObject,
): Readonly<Record<"runs.create" | "runs.fork", typeof spell>> {
  const create = mapObject("configurable", spell);
  return {
    "runs.create": create,
    "runs.fork": mapObject("runOptionsOverlay", create),
  };
}

/** Reads the events of a page; a page with something else in it is not believed. */
export function readEvents(
  codec: Codec,
  { method, path }: WopOperation,
  body: JsonObject,
): JsonValue[] {
  const refuse = (problem: string): never => {
    throw new DecodeError(`${method} ${path}`, problem);
  };
  if (!Array.isArray(body.events)) return refuse('"events" is no array');
  return (body.events as JsonValue[]).map((value) =>
    // An event is JSON; its type does not say so.
    codec.readEvent(value) as unknown as JsonValue ??
      refuse("an event lacks its type or its sequence")
  );
}
