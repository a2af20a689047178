// Web standards only.
import { DecodeError, own } from "../http/mod.ts";
import type { JsonValue } from "../http/mod.ts";

/** What an answer must have to be believed; `""` stands for the answer itself, which is an object otherwise. */
export type Shape = Readonly<
  Record<string, "string" | "number" | "boolean" | "object" | "array">
>;

/**
 * Makes a decoder that believes an answer when it has the fields of `shape`. With none, any object or array will do.
 */
export function expecting<T>(
  action: string,
  shape: Shape,
): (body: JsonValue | undefined) => T {
  const fields = Object.entries(shape);
  return (body) => {
    const type = typeOf(body);
    const wanted = fields.length > 0
      ? shape[""] ?? "object"
      : type === "array"
      ? type
      : "object";
    if (type !== wanted) {
      throw new DecodeError(
        action,
        `the answer is ${type}, a JSON ${wanted} is wanted`,
      );
    }
    for (const [name, kind] of fields) {
      if (!name) continue;
      const is = typeOf(own(body, name));
      if (is !== kind) {
        throw new DecodeError(
          action,
          `"${name}" is ${is}, ${kind} is wanted`,
        );
      }
    }
    // The rest is the word of the host.
    return body as T;
  };
}

function typeOf(value: JsonValue | undefined): string {
  return Array.isArray(value)
    ? "array"
    : value === null
    ? "null"
    : typeof value;
}
