// Web standards only.
import { isBuiltin } from "../../engine/mod.ts";
import { contentHash } from "../../openwop/protocol/mod.ts";
import type { RunEffects, RunEvent } from "../../openwop/protocol/mod.ts";
import { IMPLEMENTATION } from "../discovery.ts";
import { executionIdOf } from "../ids.ts";
import type { Call, HostParts } from "../parts.ts";
import type { Reply } from "../refusal.ts";
import { readLog } from "../run_log.ts";
import { findRun } from "./runs.ts";

type Effect = RunEffects["effects"][number];

/** What an event says about the execution that it belongs to. */
const STATES: Readonly<Record<string, Effect["state"]>> = {
  "node.completed": "completed",
  "node.failed": "released",
  "node.retried": "released",
  // Its code was told to stop, and may have done its work all the same.
  "node.cancelled": "escaped",
};

/**
 * `GET /runs/{runId}/effects`: the ledger of the code of a run. The log is the ledger: `node.started` is kept before any
 * code runs, and so claims the identity of the execution, which all of its attempts share. Source: v2 §10, layer 2.
 */
export async function getEffects(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { record, state } = await findRun(host, call, segment);
  const { runId, definition, owner: { tenant } } = record;
  const outside = new Set(
    definition.nodes.filter(({ typeId }) => !isBuiltin(typeId))
      .map(({ id }) => id),
  );
  const visits = new Map<string, number>();
  const ledger = new Map<string, Effect>();
  const current = new Map<string, string>();
  const note = (event: RunEvent): void => {
    const { nodeId = "", timestamp } = event;
    if (!outside.has(nodeId) && !outside.has(ownerOf(nodeId))) return;
    if (event.type === "node.started") {
      const { attempt = 0 } = event.payload;
      const again = current.get(nodeId);
      if (attempt === 0 || again === undefined) {
        visits.set(nodeId, (visits.get(nodeId) ?? 0) + 1);
      }
      const visit = visits.get(nodeId)!;
      const key = executionIdOf(runId, definition, nodeId, visit);
      const effectId = `${tenant}/${key.replace(/[^A-Za-z0-9._-]/g, "-")}`;
      current.set(nodeId, effectId);
      ledger.set(effectId, {
        effectId,
        nodeId,
        attempt,
        keying: "activity-recipe",
        providerKey: key,
        state: "claimed",
        at: timestamp,
      });
      return;
    }
    const next = STATES[event.type];
    const entry = ledger.get(current.get(nodeId) ?? "");
    if (next && entry) {
      ledger.set(entry.effectId, { ...entry, state: next, at: timestamp });
    }
  };
  for await (
    const page of readLog(host.store, runId, -1, state.lastSequence)
  ) page.forEach(note);
  const body: RunEffects = { runId, effects: [...ledger.values()] };
  return { status: 200, body };
}

/**
 * `GET /host/effect-seams`: every place where this host reaches the world outside, and what keeps a replay from doing so
 * again. Source: v2 §6.3.
 */
export async function getEffectSeams(host: HostParts): Promise<Reply> {
  const { name } = IMPLEMENTATION;
  const definitions = [...host.registry.values()]
    .map(({ definition }) => definition);
  const body = {
    manifestVersion: "1",
    host: {
      name,
      // What is deployed is this version of the host with these definitions.
      build: {
        kind: "artifact-sha256",
        id: await contentHash([IMPLEMENTATION, definitions]),
      },
    },
    seams: [
      {
        seam: "node.run",
        kind: "other",
        guarded: true,
        guardedBy:
          "a replay takes the recorded outcome of a step and never calls its code",
        branchReFires: true,
        note: "the code of the steps, which may do anything",
      },
      {
        seam: "webhook.fanout",
        kind: "webhook-fanout",
        guarded: true,
        guardedBy:
          "the outbox takes in what a run appends itself, never the history that a fork inherits",
        branchReFires: true,
      },
    ],
  };
  return { status: 200, body };
}

/** The node whose item, or whose undoing, is executed: `list:3`, `pay:undo`. */
function ownerOf(nodeId: string): string {
  const at = nodeId.lastIndexOf(":");
  return at < 0 ? nodeId : nodeId.slice(0, at);
}
