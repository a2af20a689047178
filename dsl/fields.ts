// Web standards only.
import {
  isJsonObject,
  type JsonObject,
  type StandardSchemaV1,
  type VariableType,
} from "../src/openwop/protocol/mod.ts";
import { type Type, vendor } from "./type.ts";

/** What is known of one field at run time. */
export interface Field {
  /** In the five words of a definition. */
  readonly type: VariableType;
  /** Whether it is always there. */
  readonly required: boolean;
}

/**
 * The fields of a schema, where it tells: `type<T>(shape)` does, and so does every library that implements Standard
 * JSON Schema.
 *
 * @param side Which of the two types of the schema is meant.
 * @returns `undefined` where nothing is known.
 */
export function fieldsOf(
  schema: StandardSchemaV1 | undefined,
  side: "input" | "output",
): ReadonlyMap<string, Field> | undefined {
  if (!schema) return undefined;
  if (isType(schema) && schema.shape) {
    return new Map(
      Object.entries<string>(schema.shape).map(([name, type]) => [name, {
        type: String(type).replace("?", "") as VariableType,
        required: !String(type).endsWith("?"),
      }]),
    );
  }
  const json = jsonSchemaOf(schema, side);
  const properties = json?.["properties"];
  if (!isJsonObject(properties)) return undefined;
  const { required } = json!;
  const always = new Set(Array.isArray(required) ? required : []);
  return new Map(
    Object.entries(properties).map(([name, property]) => [name, {
      type: variableType((property as JsonObject | null)?.["type"]),
      required: always.has(name),
    }]),
  );
}

/** By the vendor: other libraries have a `shape` of their own. */
function isType(schema: StandardSchemaV1): schema is Type<unknown> {
  return schema["~standard"].vendor === vendor;
}

/** The JSON Schema of a schema, where it tells. */
export function jsonSchemaOf(
  schema: StandardSchemaV1,
  side: "input" | "output",
): Record<string, unknown> | undefined {
  try {
    return schema["~standard"].jsonSchema?.[side]({ target: "draft-2020-12" });
  } catch {
    // The specification lets a library throw for what JSON Schema cannot say: then nothing is known.
    return undefined;
  }
}

function variableType(type: unknown): VariableType {
  return type === "integer"
    ? "number"
    : ["string", "boolean", "array", "number"].includes(type as string)
    ? type as VariableType
    : "object";
}
