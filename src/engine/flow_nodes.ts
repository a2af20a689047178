// Web standards only.
import { canonicalJson } from "../openwop/protocol/mod.ts";
import type { JsonObject, JsonValue } from "../openwop/protocol/mod.ts";
import { isCount, isObject, merge, own, valueAt } from "./json.ts";
import { compilePredicate, type Predicate } from "./predicates.ts";
import {
  type Builtin,
  completed,
  type Occasion,
  refused,
  refusedPort,
} from "./steps.ts";

/** Longest list that a node makes out of nothing. */
const LONGEST_LIST = 10_000;

/** The data nodes of the flow pack that need nothing but their inputs. Source: v1 §17.8, "Official packs". */
export const flowNodes: readonly (readonly [string, Builtin])[] = [
  ["core.flow.if", branchOff],
  ["core.conditional", branchOff],
  ["core.flow.switch", chooseLabel],
  ["core.flow.router", route],
  ["core.parallel", route],
  ["tutti.condition", judge],
  ["core.flow.filter", over(filter)],
  ["core.flow.merge", mergePorts],
  ["core.merge", mergePorts],
  ["core.flow.sort", over(sort)],
  ["core.flow.limit", over(limit)],
  ["core.flow.distinct", over(distinct)],
  ["core.flow.split-in-batches", over(split)],
  ["core.flow.repeater", repeatValue],
  ["core.flow.aggregate-count", aggregate((list) => list.length)],
  ["core.flow.aggregate-sum", aggregate((list) => sum(numbers(list)))],
  ["core.flow.aggregate-avg", aggregate(average)],
  ["core.flow.aggregate-min", aggregate((list) => extreme(list, -1))],
  ["core.flow.aggregate-max", aggregate((list) => extreme(list, 1))],
  ["core.flow.aggregate-list", aggregate((list) => list)],
];

const compiled = new WeakMap<object, Predicate | string>();

/** Compiled once for a definition, not once for a run. */
function predicateOf(
  predicate: JsonValue | undefined,
  path: string,
): Predicate | string {
  if (!isObject(predicate)) return compilePredicate(predicate, path);
  let found = compiled.get(predicate);
  if (found === undefined) {
    found = compilePredicate(predicate, path);
    compiled.set(predicate, found);
  }
  return found;
}

/** Asks the predicate under `key` of the config. */
export function ask(
  { node, inputs }: Occasion,
  key: string,
): boolean | string {
  const predicate = predicateOf(own(node.node.config, key), "value");
  return typeof predicate === "string" ? predicate : predicate(inputs);
}

function branchOff(occasion: Occasion): ReturnType<Builtin> {
  const matched = ask(occasion, "predicate");
  if (typeof matched === "string") return refused(matched);
  const value = own(occasion.inputs, "value");
  return completed({
    branch: matched ? "then" : "else",
    matched,
    ...(value !== undefined && { value }),
  });
}

function judge(occasion: Occasion): ReturnType<Builtin> {
  const matched = ask(occasion, "predicate");
  return typeof matched === "string"
    ? refused(matched)
    : completed({ matched });
}

function chooseLabel({ node, inputs }: Occasion): ReturnType<Builtin> {
  const { config } = node.node;
  const cases = own(config, "cases");
  if (!isObject(cases)) return refused("cases must be an object");
  const value = own(inputs, "value");
  const name = typeof value === "object" || value === undefined
    ? undefined
    : String(value);
  const label = name === undefined ? undefined : own(cases, name);
  const otherwise = own(config, "default");
  const chosen = label ?? otherwise;
  return completed({
    ...(chosen !== undefined && { label: chosen }),
    matched: label !== undefined,
    ...(value !== undefined && { value }),
  });
}

function route({ node, inputs }: Occasion): ReturnType<Builtin> {
  const { config } = node.node;
  const routes = own(config, "routes");
  if (!Array.isArray(routes)) return refused("routes must be a list");
  const open: [string, Predicate][] = [];
  for (const entry of routes) {
    const label = isObject(entry) ? own(entry, "label") : undefined;
    if (!isObject(entry) || typeof label !== "string") {
      return refused("routes must have a label each");
    }
    const condition = own(entry, "predicate");
    const predicate = condition === undefined
      ? () => true
      : predicateOf(condition, "value");
    if (typeof predicate === "string") return refused(predicate);
    open.push([label, predicate]);
  }
  const branches: string[] = [];
  for (const [label, predicate] of open) {
    const verdict = predicate(inputs);
    if (typeof verdict === "string") return refused(verdict);
    if (!verdict) continue;
    branches.push(label);
    if (own(config, "mode") !== "all-match") break;
  }
  const otherwise = own(config, "defaultLabel");
  if (branches.length === 0 && typeof otherwise === "string") {
    branches.push(otherwise);
  }
  const value = own(inputs, "value");
  return completed({ branches, ...(value !== undefined && { value }) });
}

/** What is done with a list. */
type OnList = (list: readonly JsonValue[]) => ReturnType<Builtin>;

/**
 * A data node that makes something of a list: its port `items`, or `value`.
 *
 * @param prepare Gives what is done with the list, or what is wrong with the config.
 */
function over(
  prepare: (
    config: JsonObject,
  ) => OnList | string,
): Builtin {
  return ({ node, inputs }) => {
    const perform = prepare(node.node.config);
    if (typeof perform === "string") return refused(perform);
    const list = own(inputs, "items") ?? own(inputs, "value") ??
      own(inputs, "input");
    return Array.isArray(list)
      ? perform(list)
      : refusedPort("items", "must be a list");
  };
}

function filter(
  config: JsonObject,
): OnList | string {
  const predicate = predicateOf(own(config, "predicate"), "value");
  if (typeof predicate === "string") return predicate;
  return (list) => {
    const items: JsonValue[] = [];
    for (const value of list) {
      const verdict = predicate(
        isObject(value) ? merge([value, { value }]) : { value },
      );
      if (typeof verdict === "string") return refused(verdict);
      if (verdict) items.push(value);
    }
    return done(items);
  };
}

const modes: ReadonlySet<JsonValue | undefined> = new Set([
  undefined,
  "append",
  "combine-by-key",
  "combine-by-position",
  "multiplex",
  "choose-branch",
]);

function mergePorts({ node, inputs }: Occasion): ReturnType<Builtin> {
  const { config } = node.node;
  const mode = own(config, "mode");
  const key = own(config, "key");
  if (!modes.has(mode)) {
    return refused(
      "mode must be append, combine-by-key, combine-by-position, multiplex or choose-branch",
    );
  }
  if (mode === "combine-by-key" && typeof key !== "string") {
    return refused("key must be a text");
  }
  const ports = Object.keys(inputs).sort();
  const lists = ports.map((port) => {
    const value = inputs[port]!;
    return Array.isArray(value) ? value as readonly JsonValue[] : [value];
  });
  switch (mode) {
    case "multiplex":
      return product(lists);
    case "combine-by-position": {
      const length = Math.max(0, ...lists.map((list) => list.length));
      return done(
        Array.from({ length }, (_, index) =>
          merge(lists.flatMap((list) => {
            const entry = list[index];
            return isObject(entry) ? [entry] : [];
          }))),
      );
    }
    case "combine-by-key": {
      const byKey = new Map<string, JsonObject>();
      for (const entry of lists.flat()) {
        if (!isObject(entry)) continue;
        const name = JSON.stringify(valueAt(entry, String(key)) ?? null);
        byKey.set(name, merge([byKey.get(name) ?? {}, entry]));
      }
      return done([...byKey.values()]);
    }
    case "choose-branch": {
      const wanted = own(config, "branch") ?? ports[0];
      const value = typeof wanted === "string"
        ? own(inputs, wanted)
        : undefined;
      return value === undefined
        ? refused("branch must be one of its ports")
        : completed({ value });
    }
    default:
      return done(lists.flat());
  }
}

function product(
  lists: readonly (readonly JsonValue[])[],
): ReturnType<Builtin> {
  let items: readonly JsonObject[] = [{}];
  for (const list of lists) {
    if (items.length * list.length > LONGEST_LIST) {
      return refused(`it would make more than ${LONGEST_LIST} entries`);
    }
    items = items.flatMap((item) =>
      list.map((entry) => isObject(entry) ? merge([item, entry]) : item)
    );
  }
  return done(items);
}

function done(items: readonly JsonValue[]): ReturnType<Builtin> {
  return completed({ items, count: items.length });
}

function sort(
  config: JsonObject,
): OnList {
  const sign = own(config, "order") === "desc" ? -1 : 1;
  return (list) => {
    const keyed = list.map((value) => ({ value, key: keyOf(value, config) }));
    keyed.sort((a, b) => sign * order(a.key, b.key));
    return done(keyed.map(({ value }) => value));
  };
}

function limit(
  config: JsonObject,
): OnList | string {
  const count = own(config, "count") ?? own(config, "limit");
  if (!isCount(count, 0)) return "count must be a whole number";
  const offset = own(config, "offset");
  const start = isCount(offset, 0) ? offset : 0;
  return (list) => {
    const end = list.length - start;
    return done(
      own(config, "from") === "end"
        ? list.slice(Math.max(0, end - count), end)
        : list.slice(start, start + count),
    );
  };
}

function distinct(
  config: JsonObject,
): OnList {
  return (list) => {
    const byText = new Map<string, JsonValue>();
    for (const value of list) {
      const text = canonicalJson(keyOf(value, config) ?? null);
      if (!byText.has(text)) byText.set(text, value);
    }
    return done([...byText.values()]);
  };
}

function split(
  config: JsonObject,
): OnList | string {
  const size = own(config, "size") ?? own(config, "batchSize");
  if (!isCount(size)) return "size must be a whole number of at least 1";
  return (list) => {
    const batches: JsonValue[] = [];
    for (let from = 0; from < list.length; from += size) {
      batches.push(list.slice(from, from + size));
    }
    return completed({ batches, count: batches.length });
  };
}

function repeatValue({ node, inputs }: Occasion): ReturnType<Builtin> {
  const times = own(node.node.config, "times") ?? own(inputs, "times");
  if (!isCount(times, 0) || times > LONGEST_LIST) {
    return refused(`times must be a whole number up to ${LONGEST_LIST}`);
  }
  const value = own(inputs, "value") ?? null;
  return done(Array.from({ length: times }, () => value));
}

function aggregate(
  reduce: (list: readonly JsonValue[]) => JsonValue,
): Builtin {
  return over((config) => (list) => {
    const values = list.flatMap((entry) => {
      const value = keyOf(entry, config);
      return value === undefined ? [] : [value];
    });
    return completed({ value: reduce(values), count: list.length });
  });
}

function keyOf(value: JsonValue, config: JsonObject): JsonValue | undefined {
  const path = own(config, "path");
  if (typeof path !== "string" || path === "") return value;
  return isObject(value) ? valueAt(value, path) : undefined;
}

/** Numbers before texts before everything else, which keeps its place. */
function order(a: JsonValue | undefined, b: JsonValue | undefined): number {
  const rank = (value: JsonValue | undefined): number =>
    typeof value === "number" ? 0 : typeof value === "string" ? 1 : 2;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (rank(a) === 2) return 0;
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function numbers(list: readonly JsonValue[]): readonly number[] {
  return list.filter((entry) => typeof entry === "number");
}

function sum(list: readonly number[]): number {
  return list.reduce((total, value) => total + value, 0);
}

function average(list: readonly JsonValue[]): JsonValue {
  const found = numbers(list);
  return found.length === 0 ? null : sum(found) / found.length;
}

function extreme(list: readonly JsonValue[], sign: 1 | -1): JsonValue {
  let best: JsonValue = null;
  for (const value of list) {
    if (typeof value !== "number" && typeof value !== "string") continue;
    if (best === null || sign * order(value, best) > 0) best = value;
  }
  return best;
}
