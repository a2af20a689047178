// Web standards only.
import { refuse } from "./failures.ts";

/**
 * Writes a path with ids in it: each value becomes part of ONE segment, whatever it holds.
 *
 * `/`, `?`, `#` and `%` are percent-encoded. An empty value, `.`, `..`, control characters, lone surrogates and what is
 * neither text nor number are refused: they would change the path, or could never have been an id.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, naming the position of the value.
 *
 * @example
 * ```ts
 * import { path } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(path`/tasks/${"a/b?c"}/comments`, "/tasks/a%2Fb%3Fc/comments");
 * assert.throws(() => path`/tasks/${".."}`, { code: "invalid-argument" });
 * ```
 */
export const path: PathTag = /* @__PURE__ */ pathTag();

/** A template tag like {@linkcode path}. */
export type PathTag = (
  texts: TemplateStringsArray,
  ...values: readonly (string | number)[]
) => string;

/** Writes an id as part of one segment, or refuses it; `name` is what it is called, for the message. */
export type EncodeId = (id: string, name: string) => string;

/**
 * Makes a tag like {@linkcode path} for a platform that spells ids in its own way.
 *
 * @param encode Writes a value as part of one segment. @default encodeURIComponent
 */
export function pathTag(encode?: EncodeId): PathTag {
  return (texts, ...values) =>
    texts.reduce((before, text, index) =>
      before + encodeId(`path value ${index}`, values[index - 1], encode) + text
    );
}

/**
 * Writes an id as part of one segment of a path, as {@linkcode path} does.
 *
 * @param name What the id is called, for the message.
 * @param id Whatever was handed in.
 * @param encode Writes it. @default encodeURIComponent
 * @throws {InvalidArgumentError} `invalid-argument`: it is neither text nor number, or nothing that {@linkcode path} takes.
 */
export function encodeId(
  name: string,
  id: unknown,
  encode: EncodeId = encodeURIComponent,
): string {
  // An object would become "[object Object]", a list of none nothing at all.
  const text = /string|number/.test(typeof id) ? `${id}` : "";
  // Empty, dot segments, control characters, lone surrogates.
  if (/^\.{0,2}$|\p{Cc}|\p{Cs}/u.test(text)) {
    refuse(name, "an id is wanted, not dots or controls");
  }
  return encode(text, name);
}

/**
 * Writes ids into a path that has `{name}` for each.
 *
 * @param template The path.
 * @param ids In the order of their places.
 * @param encode Writes one as part of a segment. @default encodeURIComponent
 * @throws {InvalidArgumentError} `invalid-argument`, naming the id.
 *
 * @example
 * ```ts
 * import { fillPath } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.equal(fillPath("/tasks/{taskId}:stop", ["a/b"]), "/tasks/a%2Fb:stop");
 * assert.throws(() => fillPath("/tasks/{taskId}", [".."]), { path: "taskId" });
 * ```
 */
export function fillPath(
  template: string,
  ids: readonly unknown[],
  encode?: EncodeId,
): string {
  let next = 0;
  return template.replace(
    /\{(\w+)\}/g,
    (_, name) => encodeId(name, ids[next++], encode),
  );
}
