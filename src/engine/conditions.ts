// Web standards only.
import type {
  EdgeCondition,
  JsonObject,
  JsonValue,
} from "../openwop/protocol/mod.ts";
import { equal, valueAt } from "./json.ts";
import { contains, type Search, searchFor } from "./predicates.ts";

/** Whether an edge is taken, given the outputs of its source. */
export type Condition = (outputs: JsonObject) => boolean;

/**
 * Makes a function of an edge condition. It is total: what cannot be judged (an expression, a broken pattern, a text of
 * more than 10,000 characters, or shorter where the pattern takes long) is false.
 *
 * Source: v1 §17.5, `truthy` and `falsy` from v2 §13.
 */
export function compileCondition(condition: EdgeCondition): Condition {
  const { left, right } = condition;
  const pick = (outputs: JsonObject): JsonValue | undefined =>
    left === undefined ? outputs : valueAt(outputs, left);
  switch (condition.type ?? (right === undefined ? "truthy" : "equals")) {
    case "equals":
      return (outputs) => equal(pick(outputs), right);
    case "notEquals":
      return (outputs) => !equal(pick(outputs), right);
    case "contains":
      return (outputs) => contains(pick(outputs), right);
    case "truthy":
      return (outputs) => Boolean(pick(outputs));
    case "falsy":
      return (outputs) => !pick(outputs);
    case "regex": {
      const pattern = compilePattern(right);
      return (outputs) => {
        const value = pick(outputs);
        return pattern !== undefined && typeof value === "string" &&
          pattern.test(value);
      };
    }
    default:
      return () => false;
  }
}

function compilePattern(source: JsonValue | undefined): Search | undefined {
  if (typeof source !== "string") return undefined;
  try {
    return searchFor(source);
  } catch {
    return undefined;
  }
}
