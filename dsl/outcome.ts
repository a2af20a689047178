// Web standards only.
import type { RunEvent } from "../src/openwop/protocol/mod.ts";
import type { StepOutcome } from "./plan_types.ts";

const outcomes: ReadonlyMap<string, StepOutcome> = new Map([
  ["node.started", "running"],
  ["node.resumed", "running"],
  ["node.suspended", "waiting"],
  ["node.completed", "completed"],
  ["node.failed", "failed"],
  ["node.skipped", "skipped"],
  ["node.cancelled", "cancelled"],
]);

/** What an event says of its node, if anything. */
export function outcomeOf({ type }: RunEvent): StepOutcome | undefined {
  return outcomes.get(type);
}

/** Whether a node goes on no more, unless it begins again. */
export function isOver(outcome: StepOutcome): boolean {
  return outcome !== "running" && outcome !== "waiting";
}
