// Web standards only.
import {
  canonicalJson,
  type RunEvent,
  type WorkflowDefinition,
  type WorkflowEdge,
  type WorkflowNode,
} from "../src/openwop/protocol/mod.ts";
import { graphAt, wanted, within } from "./given.ts";
import {
  type DefinitionChange,
  judge,
  type Judgement,
} from "./diff_verdict.ts";

/** What differs between two definitions, and what that means for a run. */
export interface DefinitionDiff {
  /** Whether a host would do the same. */
  readonly same: boolean;
  /** Every difference, in the order of the definitions. */
  readonly changes: readonly DefinitionChange[];
  /** What it means for the run whose log was given. */
  readonly verdict?: Judgement["verdict"];
  /** Why, change by change. */
  readonly reasons: Judgement["reasons"];
}

/** Keys that a host does not look at. */
const looks: ReadonlySet<string> = new Set([
  "position",
  "name",
  "notes",
  "label",
  "description",
  "metadata",
  "groups",
  "groupId",
  "outputRole",
  "cardType",
  "updatedAt",
  "createdAt",
  "slug",
]);

/**
 * Lists what differs between two definitions, and says whether a run of the first could go on under the second:
 * `compatible`, `needs-migration` or `incompatible`, with the reason for each change that matters.
 *
 * What a run has completed stays as it is; what it has not reached may change freely; what is under way may not change
 * under its feet.
 *
 * @param before The definition of the run.
 * @param after The other one.
 * @param log The log of the run, or as much of it as there is; without it there is no verdict.
 *
 * @example
 * ```ts
 * import { delay, diffDefinitions, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const build = (version: string, time: string) =>
 *   workflow("wait", { version }).input().use(delay("breathe", time)).build().definition;
 * const diff = diffDefinitions(build("1.0.0", "1h"), build("1.1.0", "2h"), []);
 * assert.deepEqual(diff.changes.map(({ what, id, keys }) => [what, id, keys]), [
 *   ["property", "version", undefined],
 *   ["node", "breathe", ["inputs"]],
 * ]);
 * assert.equal(diff.verdict, "compatible");
 * ```
 */
export function diffDefinitions(
  before: WorkflowDefinition,
  after: WorkflowDefinition,
  log?: Iterable<RunEvent>,
): DefinitionDiff {
  graphAt("before", before);
  graphAt("after", after);
  const changes = within("before or after", () => [
    ...properties(before, after),
    ...compare("node", "nodes", before.nodes, after.nodes, ({ id }) => id),
    ...compare("edge", "edges", before.edges, after.edges, edgeKey),
    ...compare(
      "variable",
      "variables",
      before.variables,
      after.variables,
      ({ name }) => name,
    ),
    ...compare(
      "channel",
      "channels",
      entries(before.channels),
      entries(after.channels),
      ({ key }) => key,
    ),
    ...compare(
      "trigger",
      "triggers",
      before.triggers,
      after.triggers,
      ({ id }) => id,
    ),
  ]);
  const matters = changes.filter(({ cosmetic }) => !cosmetic);
  const judged = log &&
    within("log", () => judge(before, after, matters, log));
  return {
    same: matters.length === 0,
    changes,
    ...(judged ? { verdict: judged.verdict } : {}),
    reasons: judged?.reasons ?? [],
  };
}

/** Edges go by where they lead: their ids are anybody's. */
function edgeKey(edge: WorkflowEdge): string {
  return `${edge.sourceNodeId}->${edge.targetNodeId}`;
}

function entries(
  channels: WorkflowDefinition["channels"],
): readonly { readonly key: string }[] {
  return Object.entries(channels ?? {}).map(([key, value]) => ({
    ...value,
    key,
  }));
}

const lists = new Set(["nodes", "edges", "variables", "channels", "triggers"]);

function properties(
  before: WorkflowDefinition,
  after: WorkflowDefinition,
): DefinitionChange[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !lists.has(key)).flatMap(
    (key): DefinitionChange[] => {
      const [old, now] = [before, after].map((each) =>
        (each as unknown as Readonly<Record<string, unknown>>)[key]
      );
      if (equal(old, now)) return [];
      return [{
        kind: old === undefined
          ? "added"
          : now === undefined
          ? "removed"
          : "changed",
        what: "property",
        id: key,
        pointer: `/${key}`,
        cosmetic: looks.has(key),
      }];
    },
  );
}

function compare<Entry extends object>(
  what: DefinitionChange["what"],
  list: string,
  before: readonly Entry[],
  after: readonly Entry[],
  idOf: (entry: Entry) => string,
): DefinitionChange[] {
  wanted(`before.${list}`, "list", before);
  wanted(`after.${list}`, "list", after);
  const old = new Map(
    before.map((entry, index) => [idOf(entry), { entry, index }]),
  );
  const now = new Set(after.map(idOf));
  const place = (id: string, index: number): string =>
    what === "channel"
      ? `/channels/${id.replaceAll("~", "~0").replaceAll("/", "~1")}`
      : `/${list}/${index}`;
  const removed = before.flatMap((entry, index): DefinitionChange[] => {
    const id = idOf(entry);
    return now.has(id) ? [] : [{
      kind: "removed",
      what,
      id,
      pointer: place(id, index),
      cosmetic: false,
    }];
  });
  const others = after.flatMap((entry, index): DefinitionChange[] => {
    const id = idOf(entry);
    const pointer = place(id, index);
    const known = old.get(id);
    if (!known) return [{ kind: "added", what, id, pointer, cosmetic: false }];
    const keys = differing(known.entry, entry)
      .filter((key) => !(what === "edge" && key === "id"));
    return keys.length === 0 ? [] : [{
      kind: "changed",
      what,
      id,
      pointer,
      keys,
      cosmetic: keys.every((key) => looks.has(key)),
    }];
  });
  return [...removed, ...others];
}

/** The keys whose values differ, sorted. */
export function differing(
  before: object | WorkflowNode,
  after: object | WorkflowNode,
): readonly string[] {
  const old = before as Readonly<Record<string, unknown>>;
  const now = after as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((key) => !equal(old[key], now[key])).sort();
}

function equal(left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === right;
  return canonicalJson(left) === canonicalJson(right);
}
