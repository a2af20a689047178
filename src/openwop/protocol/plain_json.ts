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
  const visit = (value: unknown): JsonProblem | undefined => {
    const bad = (problem: string): JsonProblem => ({ pointer: "", problem });
    const refused = refuse(value);
    if (refused !== undefined) return bad(refused);
    const kind = typeof value;
    if (kind === "string" || kind === "boolean" || value === null) return;
    if (kind === "number") {
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
    const keys = list ? value : Object.keys(value);
    for (let index = 0; index < keys.length; index++) {
      const key = list ? index : keys[index];
      const member = members[key];
      if (!list && member === undefined) continue;
      const found = key === "__proto__"
        ? bad("no key may be called __proto__")
        : visit(member);
      // The way back tells the place: most values need none.
      if (found) {
        return { ...found, pointer: pointerPart(key) + found.pointer };
      }
    }
    above.delete(value);
  };
  return visit(value);
}
