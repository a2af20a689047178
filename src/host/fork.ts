// Web standards only.
import { fold } from "../engine/mod.ts";
import type { RunState } from "../engine/mod.ts";
import type {
  JsonObject,
  JsonValue,
  RunEvent,
} from "../openwop/protocol/mod.ts";
import { type ForkEdit, takeEdit } from "./fork_edit.ts";
import {
  closedObject,
  optionalConfigurable,
  optionalObject,
  optionalSequence,
  optionalTags,
} from "./read_body.ts";
import { invalid, Refusal } from "./refusal.ts";
import type { RunOptions } from "./routes/runs.ts";
import { firstState, readLog } from "./run_log.ts";
import type { Growth, RunView } from "./run_view.ts";
import type { RunRecord, Store } from "./store.ts";

/** A fork that was asked for and is possible. */
export interface Fork {
  /** Whether it lives on by itself or repeats its source. */
  readonly mode: "replay" | "branch";
  /** Events before it are inherited. */
  readonly fromSeq: number;
  /** Merged over the options of the source. */
  readonly overlay: Omit<RunOptions, "inputs">;
  /** What is written over where it begins. */
  readonly edit: ForkEdit | undefined;
}

/**
 * Reads the body of a fork.
 *
 * @throws {Refusal} `400` for a body that cannot be right, `422 fork_point_invalid` for a point that the source has not
 * reached.
 */
export function readFork(
  value: JsonValue | undefined,
  source: RunView,
): Fork {
  const body = closedObject(value, ["mode", "fromSeq", "runOptionsOverlay"]);
  const { mode } = body;
  if (mode !== "replay" && mode !== "branch") {
    throw invalid(
      "Cannot fork the run: mode must be replay or branch",
      "/mode",
    );
  }
  const fromSeq = optionalSequence(body, "fromSeq");
  if (fromSeq === undefined && mode === "branch") {
    throw invalid("Cannot fork the run: a branch needs fromSeq", "/fromSeq");
  }
  const { edit, ...overlay } = readOverlay(body);
  if (mode === "replay" && (edit || Object.values(overlay).some(isGiven))) {
    throw invalid(
      "Cannot fork the run: a replay has the options of its source",
      "/runOptionsOverlay",
    );
  }
  const { lastSequence } = source.state;
  if (fromSeq !== undefined && fromSeq > lastSequence) {
    throw new Refusal(
      422,
      "fork_point_invalid",
      `Cannot fork the run at ${fromSeq}: its last event has the sequence ${lastSequence}`,
      { fromSeq, lastSequence },
    );
  }
  return { mode, fromSeq: fromSeq ?? 0, overlay, edit };
}

/** The options of a fork: inputs and the rest from its source, with the overlay merged key by key. */
export function forkOf(source: RunRecord, { overlay }: Fork): RunOptions {
  return {
    inputs: source.inputs,
    tags: overlay.tags ?? source.tags,
    metadata: merged(source.metadata, overlay.metadata),
    configurable: merged(source.configurable, overlay.configurable),
  };
}

/**
 * What a fork inherits: the events of its source before `fromSeq`, unchanged but for the run that they belong to, and where
 * they lead. Others have their turn meanwhile.
 */
export async function inherit(
  store: Store,
  sourceRunId: string,
  record: RunRecord,
  fromSeq: number,
): Promise<Growth> {
  const { runId, definition } = record;
  const events: RunEvent[] = [];
  let state = firstState(record);
  for await (const page of readLog(store, sourceRunId, -1, fromSeq - 1)) {
    const copies = page.map((event) => ({ ...event, runId }));
    for (const copy of copies) events.push(copy);
    state = fold(definition, state, copies);
  }
  return { events, state };
}

/** The children of its source that a fork waits for as that does. */
export function awaitedBy({ nodes, agenda }: RunState): readonly string[] {
  return [...agenda.running].flatMap((id) => nodes.get(id)?.child?.runId ?? []);
}

function readOverlay(body: JsonObject): Fork["overlay"] & Pick<Fork, "edit"> {
  const at = "/runOptionsOverlay";
  const overlay = optionalObject(body, "runOptionsOverlay") ?? {};
  closedObject(overlay, ["configurable", "tags", "metadata"], at);
  return {
    ...takeEdit(
      optionalConfigurable(overlay, at, true),
      `${at}/configurable/extensions`,
    ),
    tags: optionalTags(overlay, at),
    metadata: optionalObject(overlay, "metadata", at),
  };
}

function isGiven(value: unknown): boolean {
  return value !== undefined;
}

function merged(
  source: JsonObject | undefined,
  overlay: JsonObject | undefined,
): JsonObject | undefined {
  return overlay === undefined ? source : { ...source, ...overlay };
}
