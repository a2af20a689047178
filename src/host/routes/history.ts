// Web standards only.
import { maskEvent } from "../../engine/mod.ts";
import type {
  DebugBundle,
  JsonObject,
  RunAncestry,
  RunEvent,
} from "../../openwop/protocol/mod.ts";
import { HOST_ID, IMPLEMENTATION } from "../discovery.ts";
import type { Call, HostParts } from "../parts.ts";
import { snapshotOf } from "../projection.ts";
import type { Reply } from "../refusal.ts";
import { readLog } from "../run_log.ts";
import { queryNumber } from "../query.ts";
import { findRun } from "./runs.ts";

/** Events in a bundle, unless the caller wants fewer. */
const MAX_BUNDLE_EVENTS = 10_000;

/** `GET /runs/{runId}/ancestry`. Source: v2 §6.2 row 15. */
export async function getAncestry(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { record } = await findRun(host, call, segment);
  const { runId, parentRunId, caller, replay } = record;
  const parent = caller
    ? { runId: caller.runId, hostId: HOST_ID, cause: "sub-workflow" }
    : parentRunId !== undefined
    ? {
      runId: parentRunId,
      hostId: HOST_ID,
      cause: replay ? "replay" : "branch",
    }
    : null;
  const body: RunAncestry = { runId, hostId: HOST_ID, parent };
  return { status: 200, body };
}

/** `GET /runs/{runId}/debug-bundle`: sensitive values are masked, as everywhere. Source: v1 §5.2. */
export async function getDebugBundle(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { record, state } = await findRun(host, call, segment);
  const most = queryNumber(call, "maxEvents", 1, MAX_BUNDLE_EVENTS) ??
    MAX_BUNDLE_EVENTS;
  const events: RunEvent[] = [];
  const last = Math.min(state.lastSequence, most - 1);
  for await (const page of readLog(host.store, record.runId, -1, last)) {
    for (const event of page) events.push(maskEvent(record.definition, event));
  }
  const isCut = events.length <= state.lastSequence;
  const body: DebugBundle = {
    bundleVersion: "1.0",
    generatedAt: new Date(host.clock.now()).toISOString(),
    host: { ...IMPLEMENTATION },
    // Interfaces have no index signature; all of their members here are JSON.
    run: snapshotOf(record, state) as unknown as JsonObject,
    events: events as unknown as readonly JsonObject[],
    metrics: { eventCount: state.lastSequence + 1 },
    redactionApplied: true,
    redactionMode: "mask",
    ...(isCut && {
      truncated: true,
      truncatedReason: `only the first ${most} events`,
    }),
  };
  return { status: 200, body };
}
