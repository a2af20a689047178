// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import {
  checkConditions,
  type EdgeCondition,
  findJsonProblem,
  type JsonObject,
  type JsonValue,
} from "../src/openwop/protocol/mod.ts";
import { checkPredicates } from "./check/nodes.ts";
import { checkReach } from "./check/reach.ts";
import { wanted } from "./given.ts";
import { checking, freeId, type Link, lookedAt } from "./graph.ts";
import { append, type Place } from "./place.ts";
import { present } from "./present.ts";
import { type MaybeRef, type Target, targetOf } from "./ref.ts";

/** What a value is asked, in the words of the definition. */
export type Operator =
  | "eq"
  | "neq"
  | "lt"
  | "lte"
  | "gt"
  | "gte"
  | "in"
  | "contains"
  | "starts-with"
  | "ends-with"
  | "regex"
  | "exists"
  | "not-exists"
  | "truthy"
  | "falsy";

/** A condition as data: made by {@linkcode eq} and its like, and evaluated by the host. */
export type Condition =
  | {
    readonly op: Operator;
    readonly ref: MaybeRef<unknown>;
    readonly value?: unknown;
  }
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** What a value can be compared with: a literal of its type, or a reference to one. */
export type Comparable<T> = T | MaybeRef<T>;

/** Holds when the value is this one, as JSON. */
export function eq<T>(
  ref: MaybeRef<T>,
  value: NoInfer<Comparable<T>>,
): Condition {
  return { op: "eq", ref, value };
}

/** Holds when the value is another one, or missing. */
export function ne<T>(
  ref: MaybeRef<T>,
  value: NoInfer<Comparable<T>>,
): Condition {
  return { op: "neq", ref, value };
}

/** Holds when a number is smaller, or a text comes before. */
export function lt<T extends number | string>(
  ref: MaybeRef<T>,
  value: NoInfer<Comparable<T>>,
): Condition {
  return { op: "lt", ref, value };
}

/** Holds when a number is not greater, or a text does not come after. */
export function lte<T extends number | string>(
  ref: MaybeRef<T>,
  value: NoInfer<Comparable<T>>,
): Condition {
  return { op: "lte", ref, value };
}

/** Holds when a number is greater, or a text comes after. */
export function gt<T extends number | string>(
  ref: MaybeRef<T>,
  value: NoInfer<Comparable<T>>,
): Condition {
  return { op: "gt", ref, value };
}

/** Holds when a number is not smaller, or a text does not come before. */
export function gte<T extends number | string>(
  ref: MaybeRef<T>,
  value: NoInfer<Comparable<T>>,
): Condition {
  return { op: "gte", ref, value };
}

/** Holds when the value is one of these. */
export function oneOf<T>(
  ref: MaybeRef<T>,
  values: NoInfer<Comparable<readonly T[]>>,
): Condition {
  return { op: "in", ref, value: values };
}

/** Holds when a list has this entry, or a text this part. */
export function contains<T>(
  ref: MaybeRef<readonly T[]> | MaybeRef<string>,
  value: Comparable<T> | string,
): Condition {
  return { op: "contains", ref, value };
}

/** Holds when a text begins with this one. */
export function startsWith(
  ref: MaybeRef<string>,
  value: Comparable<string>,
): Condition {
  return { op: "starts-with", ref, value };
}

/** Holds when a text ends with this one. */
export function endsWith(
  ref: MaybeRef<string>,
  value: Comparable<string>,
): Condition {
  return { op: "ends-with", ref, value };
}

/**
 * Holds when a text matches. Patterns that could take long are refused by `check()`: no groups that repeat, no
 * lookaround, at most one unbounded repetition.
 */
export function matches(ref: MaybeRef<string>, pattern: string): Condition {
  return { op: "regex", ref, value: pattern };
}

/** Holds when there is a value, `null` included. */
export function exists(ref: MaybeRef<unknown>): Condition {
  return { op: "exists", ref };
}

/** Holds when there is no value. */
export function missing(ref: MaybeRef<unknown>): Condition {
  return { op: "not-exists", ref };
}

/** Holds for everything but `false`, `0`, `""`, `null` and no value. */
export function truthy(ref: MaybeRef<unknown>): Condition {
  return { op: "truthy", ref };
}

/** Holds for `false`, `0`, `""`, `null` and no value. */
export function falsy(ref: MaybeRef<unknown>): Condition {
  return { op: "falsy", ref };
}

/** Holds when all of them hold. */
export function all(...conditions: readonly Condition[]): Condition {
  return { all: conditions };
}

/** Holds when one of them holds. */
export function any(...conditions: readonly Condition[]): Condition {
  return { any: conditions };
}

/** Holds when the other does not. */
export function not(condition: Condition): Condition {
  return { not: condition };
}

/** The operators that an edge knows. */
const onEdges: Readonly<Record<string, NonNullable<EdgeCondition["type"]>>> = {
  eq: "equals",
  neq: "notEquals",
  contains: "contains",
  regex: "regex",
  truthy: "truthy",
  falsy: "falsy",
};

/** A condition without references: a tree of predicates, and the inputs that its paths lead into. */
export interface Predicate {
  /** `{path, op, value}`, `{all}`, `{any}`, `{not}`. */
  readonly tree: JsonObject;
  /** References by input. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Operators that compare with nothing. */
const alone = /exists$|y$/;

/** What nodes that ask conditions write into their config. */
export function predicateOf(condition: Condition): Predicate {
  const inputs: Record<string, unknown> = {};
  const seen = new Map<string, string>();
  const nameFor = (ref: unknown): string => {
    const { kind, path, ...rest } = requireTarget(ref);
    const key = JSON.stringify([kind, path, rest]);
    let name = seen.get(key);
    if (name === undefined) {
      name = seen.size < 26
        ? String.fromCharCode(97 + seen.size)
        : `v${seen.size}`;
      seen.set(key, name);
      inputs[name] = ref;
    }
    return name;
  };
  const visit = (each: Condition): JsonObject => {
    wanted("condition", "object", each);
    if ("all" in each) {
      return { all: wanted("all", "list", each.all).map(visit) };
    }
    if ("any" in each) {
      return { any: wanted("any", "list", each.any).map(visit) };
    }
    if ("not" in each) return { not: visit(each.not) };
    const { op, ref, value } = each;
    const fault = targetOf(value)
      ? undefined
      : value === undefined
      ? alone.test(op) ? undefined : "it compares with nothing"
      : op === "in" && !Array.isArray(value)
      ? "it compares with no list"
      : findJsonProblem(value)?.problem;
    if (fault) throw new InvalidArgumentError(`condition.${op}`, fault);
    return {
      path: nameFor(ref),
      op,
      ...targetOf(value)
        ? { valuePath: nameFor(value) }
        : present({ value: value as JsonValue | undefined }),
    };
  };
  const tree = visit(condition);
  return { tree, inputs };
}

function requireTarget(ref: unknown): Target {
  const target = targetOf(ref);
  if (target) return target;
  throw new InvalidArgumentError(
    "condition",
    "it must ask about a reference, as in ({ order }) => gt(order.total, 100)",
  );
}

/** Every reference that a condition asks about. */
function targetsIn(condition: Condition): readonly Target[] {
  return Object.values(predicateOf(condition).inputs).flatMap((ref) =>
    targetOf(ref) ?? []
  );
}

/** The place where a condition can be asked, and the arrow that is taken when it holds. */
export interface Asked {
  /** With whatever was needed to ask. */
  readonly place: Place;
  /** From the node that is asked. */
  readonly link: Link;
}

/**
 * Makes a condition askable. The condition of an edge sees the outputs of its source only, and knows six operators: what
 * is more needs a node of its own, which says whether it holds.
 *
 * @param name For the id of that node.
 */
export function ask(from: Place, condition: Condition, name: string): Asked {
  const graph = targetsIn(condition).reduce(lookedAt, from.graph);
  const place = { ...from, graph };
  const { within } = place;
  const leaf = "op" in condition ? condition : undefined;
  const target = leaf && targetOf(leaf.ref);
  const [before, ...others] = place.tail;
  if (
    leaf && target?.kind === "step" && target.otherwise === undefined &&
    !targetOf(leaf.value) && Object.hasOwn(onEdges, leaf.op) &&
    before?.from === target.step && !before.condition && others.length === 0
  ) {
    const asked: EdgeCondition = {
      type: onEdges[leaf.op]!,
      left: target.path.join("."),
      ...present({ right: leaf.value as JsonValue | undefined }),
    };
    return {
      // Not every pattern is one that hosts can evaluate.
      place: { ...place, graph: checking(graph, [checkConditions]) },
      link: { from: target.step, condition: asked, label: name },
    };
  }
  const id = freeId(graph, `if-${name}`);
  const simple = leaf && !targetOf(leaf.value);
  const { tree, inputs } = predicateOf(condition);
  const typeId = simple ? "core.flow.if" : "tutti.condition";
  const node = append(place, {
    id,
    typeId,
    config: {
      predicate: simple
        ? {
          op: leaf.op,
          ...present({ value: leaf.value as JsonValue | undefined }),
        }
        : tree,
    },
    inputs: simple ? { value: leaf.ref } : inputs,
    gives: () => true,
    checks: [checkPredicates, checkReach],
    needs: [
      `the condition "${name}"`,
      "every host can ask eq, ne, contains, matches, truthy or falsy of the step right before, against a literal",
    ],
  });
  return {
    place: { graph: node.graph, tail: node.tail, within },
    link: {
      from: id,
      condition: { type: "equals", left: "matched", right: true },
      label: name,
    },
  };
}
