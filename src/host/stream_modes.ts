// Web standards only.
import { isTerminalEvent } from "../openwop/protocol/mod.ts";
import type { RunEvent } from "../openwop/protocol/mod.ts";
import { Refusal } from "./refusal.ts";

/** What a stream shows. Source: v2 §7.5, v1 §8.3. */
export type StreamMode = "updates" | "values" | "messages" | "debug";

const MODES: readonly StreamMode[] = [
  "updates",
  "values",
  "messages",
  "debug",
];

/** Of a query that names none. */
const DEFAULT: ReadonlySet<StreamMode> = new Set(["updates"]);

/** Admitted to `updates`: transitions of the run, ends and suspensions of nodes, interrupts. */
const UPDATES: ReadonlySet<string> = new Set([
  "run.started",
  "run.paused",
  "run.resumed",
  "node.completed",
  "node.failed",
  "node.skipped",
  "node.cancelled",
  "node.suspended",
  "node.dispatched",
  "interrupt.requested",
  "interrupt.resolved",
  "approval.requested",
  "approval.received",
  "clarification.requested",
  "clarification.resolved",
  "artifact.created",
]);

/**
 * Reads the `streamMode` of a query.
 *
 * @param given Every value of the parameter.
 * @throws {Refusal} `400 unsupported_stream_mode`, which lists what there is.
 */
export function parseModes(given: readonly string[]): ReadonlySet<StreamMode> {
  if (given.length === 0) return DEFAULT;
  const names = given.length === 1 ? given[0]!.split(",") : [];
  const modes = new Set<StreamMode>();
  for (const name of names) {
    const mode = MODES.find((known) => known === name);
    if (mode === undefined) throw unsupported();
    modes.add(mode);
  }
  if (modes.size === 0 || (modes.has("values") && names.length > 1)) {
    throw unsupported();
  }
  return modes;
}

/** Whether a stream in `modes` shows the event as it is. `values` shows snapshots instead. */
export function admits(
  modes: ReadonlySet<StreamMode>,
  event: RunEvent,
): boolean {
  return modes.has("debug") || (modes.has("updates") && isUpdate(event.type));
}

/** Whether a stream shows the event as a piece of a message: its payload alone, as `ai.message.chunk`. */
export function isMessage(
  modes: ReadonlySet<StreamMode>,
  event: RunEvent,
): boolean {
  return modes.has("messages") && !modes.has("debug") &&
    event.type === "output.chunk";
}

/** Whether a stream of snapshots shows the state after the event. */
export function changesValues(event: RunEvent): boolean {
  return isUpdate(event.type) || event.type === "node.started";
}

function isUpdate(type: string): boolean {
  return isTerminalEvent(type) || UPDATES.has(type);
}

function unsupported(): Refusal {
  return new Refusal(
    400,
    "unsupported_stream_mode",
    `Cannot stream in the mode of the query: one of ${
      MODES.join(", ")
    } is wanted, and only values may not be combined with others`,
    { supported: MODES },
  );
}
