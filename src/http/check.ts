// Web standards only.
import { refuse } from "./failures.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/**
 * Refuses what is no object that could be written as JSON.
 *
 * @param path What it is called, for the message.
 * @param value Whatever was handed in.
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function checkObject(
  path: string,
  value: unknown,
): JsonObject {
  return isJsonObject(value) ? value : refuse(path, "an object is wanted");
}

/** Whether `value` is an object in the sense of JSON: neither `null` nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Gives a member that came as JSON, and nothing that is inherited: for names from outside.
 *
 * @param value Whatever came, or a table.
 * @param name Whatever it is called.
 * @returns `undefined` where it is none, or `value` no object.
 */
export function own<Value>(
  value: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined;
/** The same, of a value of which nothing is known but that it came as JSON. */
export function own(value: unknown, name: string): JsonValue | undefined;
export function own(value: unknown, name: string): unknown {
  return typeof value === "object" && value && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** The members that are there: leaves out what is `undefined`. */
export function present<Members extends object>(
  members: { readonly [Name in keyof Members]: Members[Name] | undefined },
): Members {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as Members;
}

/**
 * Refuses what is no whole number in these bounds.
 *
 * @param path What it is called, for the message.
 * @param value Whatever was handed in.
 * @param least The least that it may be. @default 0
 * @param most The most that it may be. @default Infinity
 * @returns the number.
 * @throws {InvalidArgumentError} `invalid-argument`.
 */
export function checkWhole(
  path: string,
  value: unknown,
  least = 0,
  most: number = Infinity,
): number {
  const number = value as number;
  const end = most < Infinity ? ` to ${most}` : "";
  return Number.isInteger(value) && number >= least && number <= most
    ? number
    : refuse(path, `a whole number from ${least}${end} is wanted`);
}
