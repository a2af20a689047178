// Web standards only.
import { pointerPart } from "../../http/mod.ts";

/** How deep JSON may be nested; far above real data, far below where recursion overflows any stack. */
export const MAX_DEPTH = 200;

/** A value that JSON cannot carry: where, and why. */
export interface JsonProblem {
  /** JSON pointer to it. */
  readonly pointer: string;
  /** For people, without its content. */
  readonly problem: string;
}

/** Says why a value is not welcome, whatever JSON makes of it. */
export type Refuse = (value: unknown) => string | undefined;

/**
 * Finds the first part of `value` that would not survive JSON unchanged: a class instance, a function, a number that
 * is not finite. Members that are `undefined` count as absent, which is what JSON makes of them.
 *
 * @param value Anything.
 * @param refuse Asked first, for every part.
 * @returns `undefined` where JSON keeps the value as it is.
 *
 * @example
 * ```ts
 * import { findJsonProblem } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * assert.equal(findJsonProblem({ a: [1, null] }), undefined);
 * assert.equal(findJsonProblem({ when: new Date() })?.problem, "it is a Date");
 * ```
 */
export function findJsonProblem(
  value: unknown,
  refuse: Refuse = () => undefined,
): JsonProblem | undefined {
  const above = new Set<object>();
  const visit = (value: unknown, pointer: string): JsonProblem | undefined => {
    const bad = (problem: string): JsonProblem => ({ pointer, problem });
    const refused = refuse(value);
    if (refused !== undefined) return bad(refused);
    const kind = typeof value;
    if (kind === "string" || kind === "boolean" || value === null) return;
    if (typeof value === "number") {
      return Number.isFinite(value) ? undefined : bad(`it is ${value}`);
    }
    if (typeof value !== "object") return bad(`it is of type ${kind}`);
    if (above.has(value)) return bad("it contains itself");
    if (above.size >= MAX_DEPTH) {
      return bad(`it is nested deeper than ${MAX_DEPTH}`);
    }
    const list = Array.isArray(value);
    const prototype = Object.getPrototypeOf(value);
    // Another realm has another Object.prototype; both end the chain.
    if (!list && prototype && Object.getPrototypeOf(prototype)) {
      return bad(`it is a ${prototype.constructor?.name ?? "class instance"}`);
    }
    above.add(value);
    const members = value as Readonly<Record<string | number, unknown>>;
    const keys = list ? undefined : Object.keys(value);
    const count = keys?.length ?? (value as readonly unknown[]).length;
    for (let index = 0; index < count; index++) {
      const key = keys ? keys[index]! : index;
      const member = members[key];
      if (keys && member === undefined) continue;
      const place = keys ? pointer + pointerPart(key) : `${pointer}/${key}`;
      const found = key === "__proto__"
        ? { pointer: place, problem: "no key may be called __proto__" }
        : key === "toJSON" && typeof member === "function"
        ? { pointer: place, problem: "it would replace itself in JSON" }
        : visit(member, place);
      if (found) return found;
    }
    above.delete(value);
  };
  return visit(value, "");
}
