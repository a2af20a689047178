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
  return visit(value, "", { refuse, above: new Set() });
}

/** What a walk carries along. */
interface Walk {
  readonly refuse: Refuse;
  readonly above: Set<object>;
}

function visit(
  value: unknown,
  pointer: string,
  walk: Walk,
): JsonProblem | undefined {
  const { above, refuse } = walk;
  const bad = (problem: string): JsonProblem => ({ pointer, problem });
  const refused = refuse(value);
  if (refused !== undefined) return bad(refused);
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : bad(`it is ${value}`);
    case "object":
      break;
    default:
      return bad(`it is of type ${typeof value}`);
  }
  if (value === null) return undefined;
  if (above.has(value)) return bad("it contains itself");
  if (above.size >= MAX_DEPTH) {
    return bad(`it is nested deeper than ${MAX_DEPTH}`);
  }
  above.add(value);
  const found = Array.isArray(value)
    ? visitArray(value, pointer, walk)
    : visitObject(value, pointer, walk);
  above.delete(value);
  return found;
}

function visitArray(
  value: readonly unknown[],
  pointer: string,
  walk: Walk,
): JsonProblem | undefined {
  for (let index = 0; index < value.length; index++) {
    const found = visit(value[index], `${pointer}/${index}`, walk);
    if (found) return found;
  }
  return undefined;
}

function visitObject(
  value: object,
  pointer: string,
  walk: Walk,
): JsonProblem | undefined {
  const prototype = Object.getPrototypeOf(value);
  // Another realm has another Object.prototype; both end the chain.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    return {
      pointer,
      problem: `it is a ${prototype.constructor?.name ?? "class instance"}`,
    };
  }
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const place = pointer + pointerPart(key);
    if (key === "__proto__") {
      return { pointer: place, problem: "no key may be called __proto__" };
    }
    if (key === "toJSON" && typeof member === "function") {
      return { pointer: place, problem: "it would replace itself in JSON" };
    }
    const found = visit(member, place, walk);
    if (found) return found;
  }
  return undefined;
}
