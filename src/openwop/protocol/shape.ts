// Web standards only.
import { isJsonObject, pointerPart } from "../../http/mod.ts";
import { type DefinitionIssue, definitionIssue } from "./errors.ts";

/** Says what is wrong with `value`, which stands at `pointer`. */
export type Rule = (value: unknown, pointer: string) => DefinitionIssue[];

/** An issue of shape. */
export function wrong(pointer: string, message: string): DefinitionIssue[] {
  return [definitionIssue("wrong-shape", message, pointer)];
}

/** A value in a message: a short text as it is, of all others what they are. */
export function show(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "string") {
    return Array.isArray(value) ? "a list" : typeof value;
  }
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
}

/** A rule for one value: what it must be, and the words for that. */
export function be(holds: (value: unknown) => boolean, wanted: string): Rule {
  return (value, pointer) =>
    holds(value) ? [] : wrong(pointer, `${show(value)} is not ${wanted}`);
}

/** A text of this form. */
export function text(pattern: RegExp, wanted: string): Rule {
  return be(
    (value) => typeof value === "string" && pattern.test(value),
    wanted,
  );
}

/** One of several words, which are written with a space between. */
export function oneOf(words: string): Rule {
  const known: readonly unknown[] = words.split(" ");
  return be((value) => known.includes(value), `one of ${known.join(", ")}`);
}

/** A list of such values, of which there must be so many. */
export function list(item: Rule, least = 0): Rule {
  return (value, pointer) =>
    !Array.isArray(value)
      ? wrong(pointer, `${show(value)} is not a list`)
      : value.length < least
      ? wrong(pointer, "it has too few entries")
      // Spread, so that a hole in a list made by code counts as an entry.
      : each(item, [...value], pointer);
}

/** Every member of a list or of an object. */
export function each(
  item: Rule,
  entries: object,
  pointer: string,
): DefinitionIssue[] {
  return Object.entries(entries).flatMap(([key, entry]) =>
    item(entry, pointer + pointerPart(key))
  );
}

/** An object with these keys; a question mark behind a key says that it may be missing. Others are not looked at. */
export function having(fields: Readonly<Record<string, Rule>>): Rule {
  const known = Object.entries(fields);
  return (value, pointer) =>
    isJsonObject(value)
      ? known.flatMap(([name, rule]) => {
        const key = name.replace("?", "");
        const at = `${pointer}/${key}`;
        return Object.hasOwn(value, key)
          ? rule(value[key], at)
          : key === name
          ? wrong(at, `"${key}" is missing`)
          : [];
      })
      : object(value, pointer);
}

/** Anything. */
export const anything: Rule = () => [];
/** True or false. */
export const boolean: Rule = be(
  (value) => typeof value === "boolean",
  "a boolean",
);
/** What is no list and not `null`. */
export const object: Rule = be(isJsonObject, "an object");
/** Any text. */
export const anyText: Rule = text(/^/, "a string");
/** Any text but the empty one. */
export const someText: Rule = text(
  /^[\s\S]/,
  "a string of at least one character",
);
