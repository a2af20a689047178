// Web standards only.
import { isVendorType } from "../engine/mod.ts";
import { findJsonProblem, isJsonObject } from "../openwop/protocol/mod.ts";
import type {
  JsonObject,
  NodeContext,
  NodeImplementation,
} from "../openwop/protocol/mod.ts";
import { copyJson } from "./json_value.ts";

/** Longest piece of streamed output, in UTF-16 units. */
const LONGEST_CHUNK = 65_536;

/**
 * The `emit` of a step: it takes what its node type may emit, and a copy of it.
 *
 * @param record Takes the event for the log.
 */
export function emitter(
  { typeId, events }: Pick<NodeImplementation, "typeId" | "events">,
  record: (type: string, payload: JsonObject) => Promise<void>,
): NodeContext["emit"] {
  return (type: string, payload: object = {}): Promise<void> => {
    const found = isJsonObject(payload)
      ? findJsonProblem(payload)
      : { pointer: "", problem: "it is no object" };
    if (found !== undefined) {
      throw refused(type, `its payload is refused: ${found.problem}`);
    }
    const copy = copyJson(payload as JsonObject);
    if (type === "output.chunk") return record(type, chunkOf(copy));
    if (typeof type !== "string" || !isVendorType(type)) {
      throw refused(
        type,
        "a name of one's own has two or three parts in lower case, as in acme.order-shipped",
      );
    }
    const schema = events && Object.hasOwn(events, type)
      ? events[type]
      : undefined;
    if (events && !schema) throw refused(type, `${typeId} does not declare it`);
    if (!schema) return record(type, copy);
    const result = schema["~standard"].validate(copy);
    if (result instanceof Promise) {
      throw refused(type, "its schema must give its answer at once");
    }
    if (result.issues !== undefined) {
      throw refused(
        type,
        `its payload is refused: ${
          result.issues[0]?.message ?? "by its schema"
        }`,
      );
    }
    if (!isJsonObject(result.value) || findJsonProblem(result.value)) {
      throw refused(type, "its schema must give a plain JSON object");
    }
    return record(type, copyJson(result.value));
  };
}

function chunkOf(payload: JsonObject): JsonObject {
  const { chunk, isLast = false, channel, meta } = payload;
  if (typeof chunk !== "string" || chunk.length > LONGEST_CHUNK) {
    throw refused(
      "output.chunk",
      `chunk must be a text of at most ${LONGEST_CHUNK} characters`,
    );
  }
  return {
    chunk,
    isLast: isLast === true,
    ...(typeof channel === "string" && { channel }),
    ...(isJsonObject(meta) && { meta }),
  };
}

function refused(type: unknown, problem: string): TypeError {
  return new TypeError(
    `Cannot emit ${JSON.stringify(String(type).slice(0, 128))}: ${problem}`,
  );
}
