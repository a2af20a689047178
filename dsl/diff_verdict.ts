// Web standards only.
import type {
  RunEvent,
  WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import { isOver, outcomeOf } from "./outcome.ts";

/** One difference between two definitions. */
export interface DefinitionChange {
  /** What happened. */
  readonly kind: "added" | "removed" | "changed";
  /** To what. */
  readonly what:
    | "node"
    | "edge"
    | "variable"
    | "channel"
    | "trigger"
    | "property";
  /** Its id or name. */
  readonly id: string;
  /** JSON pointer: into the new definition, or into the old one for what was removed. */
  readonly pointer: string;
  /** For what changed: the keys that differ. */
  readonly keys?: readonly string[];
  /** Whether it is only how it looks: positions, labels, notes. */
  readonly cosmetic: boolean;
}

/** What one change means for a run. */
export interface ChangeReason {
  /** Alone. */
  readonly verdict: "compatible" | "needs-migration" | "incompatible";
  /** Of what changed. */
  readonly id: string;
  /** For people. */
  readonly message: string;
}

/** What all changes mean for a run: the worst of them. */
export interface Judgement {
  /** The worst of the reasons. */
  readonly verdict: ChangeReason["verdict"];
  /** One for each change that matters. */
  readonly reasons: readonly ChangeReason[];
}

/** What a log says about how far its run has come. */
interface Log {
  /** Of each node that has begun: whether it is over. */
  readonly begun: ReadonlyMap<string, boolean>;
  readonly written: ReadonlySet<string>;
  readonly inputs: ReadonlySet<string>;
}

/** Says for each change what it means for the run of a log. */
export function judge(
  before: WorkflowDefinition,
  after: WorkflowDefinition,
  changes: readonly DefinitionChange[],
  events: Iterable<RunEvent>,
): Judgement {
  const log = read(events);
  const reasons = changes.map((change): ChangeReason => {
    const [verdict, message] = reasonOf(change, before, after, log);
    return { verdict, id: change.id, message };
  });
  const verdicts = new Set(reasons.map(({ verdict }) => verdict));
  return {
    verdict: verdicts.has("incompatible")
      ? "incompatible"
      : verdicts.has("needs-migration")
      ? "needs-migration"
      : "compatible",
    reasons,
  };
}

function read(events: Iterable<RunEvent>): Log {
  const begun = new Map<string, boolean>();
  const written = new Set<string>();
  const inputs = new Set<string>();
  for (const event of events) {
    const { type, nodeId } = event;
    const payload = event.payload as Readonly<Record<string, unknown>>;
    if (type === "run.started") {
      for (const name of Object.keys(payload["inputs"] ?? {})) inputs.add(name);
    }
    if (type === "channel.written") {
      written.add(String(payload["channelName"] ?? payload["channel"]));
    }
    const outcome = outcomeOf(event);
    if (outcome && nodeId !== undefined) {
      begun.set(nodeId, isOver(outcome));
    }
  }
  return { begun, written, inputs };
}

type Reason = [ChangeReason["verdict"], string];

function reasonOf(
  change: DefinitionChange,
  before: WorkflowDefinition,
  after: WorkflowDefinition,
  log: Log,
): Reason {
  switch (change.what) {
    case "node":
      return ofNode(change, after, log);
    case "edge":
      return ofEdge(change, log);
    case "variable":
      return ofVariable(change, after, log);
    case "channel":
      return ofChannel(change, before, after, log);
    case "trigger":
      return ["compatible", "triggers start new runs only"];
    default:
      if (change.id === "id") {
        return ["incompatible", "it is another workflow"];
      }
      return ["compatible", `"${change.id}" does not change what is done`];
  }
}

function ofNode(
  { kind, id, keys = [] }: DefinitionChange,
  after: WorkflowDefinition,
  { begun }: Log,
): Reason {
  const over = begun.get(id);
  if (kind === "added") {
    const late = after.edges.find(({ sourceNodeId, targetNodeId }) =>
      sourceNodeId === id && begun.has(targetNodeId)
    );
    return late
      ? [
        "needs-migration",
        `"${id}" comes before "${late.targetNodeId}", which has begun: it would run after it`,
      ]
      : ["compatible", `"${id}" comes after everything that has begun`];
  }
  if (over === undefined) {
    return ["compatible", `"${id}" has not begun`];
  }
  if (kind === "removed") {
    return over
      ? [
        "needs-migration",
        `"${id}" is over and its outputs are in the log: nothing reads them any more`,
      ]
      : ["incompatible", `"${id}" is under way and would be gone`];
  }
  if (!over) {
    return [
      "incompatible",
      `"${id}" is under way and its ${keys.join(", ")} would change`,
    ];
  }
  return keys.includes("typeId")
    ? [
      "needs-migration",
      `"${id}" is over, and its outputs are those of another type`,
    ]
    : ["compatible", `"${id}" is over: its outputs stay as they are`];
}

function ofEdge({ kind, id }: DefinitionChange, { begun }: Log): Reason {
  const [source = "", target = ""] = id.split("->");
  if (!begun.has(target)) {
    return ["compatible", `"${target}" has not begun`];
  }
  if (kind === "removed" || begun.get(source)) {
    return ["compatible", `"${target}" has begun: the arrow asks no more`];
  }
  return [
    "needs-migration",
    `"${target}" has begun without waiting for "${source}"`,
  ];
}

function ofVariable(
  { kind, id, keys = [] }: DefinitionChange,
  after: WorkflowDefinition,
  { inputs }: Log,
): Reason {
  const now = after.variables.find(({ name }) => name === id);
  if (
    kind !== "removed" && now?.required && now.defaultValue === undefined &&
    !inputs.has(id)
  ) {
    return [
      "incompatible",
      `the input "${id}" is required and the run was started without it`,
    ];
  }
  if (kind === "changed" && keys.includes("type")) {
    return [
      "needs-migration",
      `"${id}" holds a value of another type`,
    ];
  }
  return ["compatible", `the run can do with "${id}" as it is`];
}

function ofChannel(
  { kind, id, keys = [] }: DefinitionChange,
  before: WorkflowDefinition,
  after: WorkflowDefinition,
  { written }: Log,
): Reason {
  if (!written.has(id)) {
    return ["compatible", `nothing was written to "${id}"`];
  }
  if (kind === "removed") {
    return ["needs-migration", `what was written to "${id}" would be lost`];
  }
  if (keys.includes("reducer")) {
    return [
      "incompatible",
      `the writes to "${id}" would add up in another way`,
    ];
  }
  const old = before.channels?.[id]?.schemaVersion ?? 1;
  const now = after.channels?.[id];
  if (
    keys.includes("schema") && (now?.schemaVersion ?? 1) !== old &&
    !now?.compatibleWith?.includes(old)
  ) {
    return [
      "incompatible",
      `"${id}" has another schema, which is not said to be compatible with version ${old}`,
    ];
  }
  return keys.includes("schema")
    ? [
      "needs-migration",
      `what was written to "${id}" was checked by another schema`,
    ]
    : ["compatible", `the writes to "${id}" still fit`];
}
