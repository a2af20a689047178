// What is known of the steps of a run from the events that have arrived.

import type { RunEvent, WorkflowDefinition } from "@tutti/sdk/openwop";

/** One step, as the reader sees it. */
export interface Step {
  /** The name that the workflow gives it. */
  readonly name: string;
  /** Where it stands. */
  readonly state:
    | "running"
    | "waiting"
    | "completed"
    | "failed"
    | "skipped"
    | "cancelled";
  /** Milliseconds since the epoch, by the clock of the host. */
  readonly startedAt: number;
  /** How long it took, once it is over; 0 for a step that never began. */
  readonly ms: number;
  /** What came of it, in words. */
  readonly summary: string;
}

/** The steps of a run by name, in the order in which they were first heard of. */
export class Progress {
  readonly #steps: Map<string, Step> = new Map();
  readonly #shown: ReadonlySet<string>;

  /** Follows the steps that do something: code and decisions, not the output node that the compiler adds. */
  constructor(definition: WorkflowDefinition) {
    this.#shown = new Set(
      definition.nodes.filter(({ typeId }) =>
        typeId.startsWith("local.") || typeId === "core.approvalGate"
      ).map(({ id }) => id),
    );
  }

  /** All steps so far. */
  get steps(): readonly Step[] {
    return [...this.#steps.values()];
  }

  /** Takes one event; gives the step that it changed. */
  take(event: RunEvent): Step | undefined {
    const at = Date.parse(event.timestamp);
    switch (event.type) {
      case "node.started":
        return this.#set(event.payload.nodeId, "running", at);
      case "interrupt.requested":
        return this.#set(event.nodeId ?? "", "waiting", at);
      case "node.completed": {
        const { nodeId, outputs, durationMs } = event.payload;
        return this.#set(
          nodeId,
          "completed",
          at,
          inWords(outputs ?? {}),
          durationMs,
        );
      }
      case "node.failed": {
        const { nodeId, error } = event.payload;
        return this.#set(nodeId, "failed", at, error.message);
      }
      case "node.skipped":
        return this.#set(event.payload.nodeId, "skipped", at);
      case "node.cancelled":
        return this.#set(event.payload.nodeId, "cancelled", at);
      default:
        return undefined;
    }
  }

  #set(
    name: string,
    state: Step["state"],
    at: number,
    summary = "",
    ms?: number,
  ): Step | undefined {
    if (!this.#shown.has(name)) return undefined;
    const startedAt = this.#steps.get(name)?.startedAt ?? at;
    const step = { name, state, startedAt, ms: ms ?? at - startedAt, summary };
    this.#steps.set(name, step);
    return step;
  }
}

/** Steps say what came of them in a port `summary`, name a `file`, or are a decision with its `action`. */
function inWords(outputs: Readonly<Record<string, unknown>>): string {
  const { summary, file, action, feedback } = outputs;
  if (typeof summary === "string") return summary;
  if (typeof file === "string") return `wrote ${file}`;
  if (typeof action !== "string") return "";
  return feedback ? `${action}: ${feedback}` : action;
}
