// Web standards only.
import { targetOf } from "../ref.ts";

/**
 * What is wrong with a literal that is to travel as JSON, or `undefined` when it survives unchanged.
 *
 * @param value The literal.
 * @param depth How deep it lies; guards against cycles.
 */
export function jsonFault(value: unknown, depth = 0): string | undefined {
  if (targetOf(value)) return "a reference inside a literal";
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : `the number ${value}`;
    case "object":
      break;
    default:
      return value === undefined ? "undefined" : `a ${typeof value}`;
  }
  if (value === null) return undefined;
  if (depth > 64) return "a value that is nested too deeply";
  const isPlain = Array.isArray(value) ||
    [Object.prototype, null].includes(Object.getPrototypeOf(value));
  if (!isPlain) return `a ${value.constructor?.name ?? "class instance"}`;
  for (const member of Object.values(value)) {
    const fault = member === undefined && !Array.isArray(value)
      ? undefined
      : jsonFault(member, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}
