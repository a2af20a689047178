// Web standards only.
import {
  isJsonObject,
  type JsonObject,
  type StandardSchemaV1,
  type VariableType,
  type WorkflowVariable,
} from "../src/openwop/protocol/mod.ts";
import { type Type, vendor } from "./type.ts";

/** What is known of one field at run time, as a definition declares it; those are required that are always there. */
export type Field = Pick<WorkflowVariable, "name" | "type" | "required">;

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
      Object.entries<string>(schema.shape).map(([name, type]) =>
        field(
          name,
          String(type).replace("?", "") as VariableType,
          !String(type).endsWith("?"),
        )
      ),
    );
  }
  const { properties, required } = jsonSchemaOf(schema, side) ?? {};
  if (!isJsonObject(properties)) return undefined;
  const always = new Set(Array.isArray(required) ? required : []);
  return new Map(
    Object.entries(properties).map(([name, property]) =>
      field(
        name,
        variableType((property as JsonObject | null)?.["type"]),
        always.has(name),
      )
    ),
  );
}

function field(
  name: string,
  type: VariableType,
  required: boolean,
): [string, Field] {
  return [name, { name, type, ...(required ? { required } : {}) }];
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
