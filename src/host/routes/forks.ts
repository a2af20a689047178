// Web standards only.
import { fold } from "../../engine/mod.ts";
import type { ForkResponse } from "../../openwop/protocol/mod.ts";
import { awaitedBy, forkOf, inherit, readFork } from "../fork.ts";
import { editedFrom } from "../fork_edit.ts";
import { missingCode } from "../live_run.ts";
import type { Call, HostParts } from "../parts.ts";
import { Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import type { RunRecord } from "../store.ts";
import { findRun, linksOf, newRecord, unknownRun } from "./runs.ts";

/** `POST /runs/{runId}:fork`. Source: v2 §8.5. */
export async function forkRun(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const source = await findRun(host, call, segment);
  const fork = readFork(call.body, source);
  const { owner, definition, runId: sourceRunId } = source.record;
  // A replay repeats what was recorded, and needs no code.
  const missing = fork.mode === "branch"
    ? missingCode(definition, host.runs.nodesOf(definition))
    : undefined;
  if (missing !== undefined) {
    throw new Refusal(
      422,
      "capability_required",
      `Cannot fork the run: nothing here performs "${missing}"`,
      { requiredCapability: "nodes" },
    );
  }
  const fresh: RunRecord = {
    ...newRecord(host, call, owner, definition, forkOf(source.record, fork)),
    parentRunId: sourceRunId,
    ...(fork.mode === "replay" && {
      replay: {
        runId: sourceRunId,
        fromSeq: fork.fromSeq,
        lastSequence: source.state.lastSequence,
      },
    }),
  };
  const { fromSeq, edit } = fork;
  let inherited = await inherit(host.store, sourceRunId, fresh, fromSeq);
  // It was pruned meanwhile.
  if (inherited.events.length < fromSeq) throw unknownRun();
  const awaits = awaitedBy(inherited.state);
  const record = awaits.length > 0 ? { ...fresh, awaits } : fresh;
  if (edit) {
    const now = host.clock.now();
    const edits = editedFrom(record, inherited.state, edit, now);
    inherited = {
      events: [...inherited.events, ...edits],
      state: fold(definition, inherited.state, edits),
    };
  }
  const view = await host.quota.create(
    record.runId,
    () =>
      host.scheduler.create(record, {
        ...(fromSeq > 0 && { inherited }),
        mayExist: call.claimed?.isAgain,
      }),
  );
  const { eventsUrl } = linksOf(view.record.runId);
  const response: ForkResponse = {
    runId: view.record.runId,
    sourceRunId,
    mode: fork.mode,
    fromSeq,
    status: view.state.status,
    eventsUrl,
  };
  return { status: 201, body: response };
}
