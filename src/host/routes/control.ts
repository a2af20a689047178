// Web standards only.
import { cancelRun, pauseRun, resumeRun } from "../../engine/mod.ts";
import type { LogDraft, RunState } from "../../engine/mod.ts";
import { isTerminalStatus, pointerPart } from "../../openwop/protocol/mod.ts";
import type {
  BulkCancelResult,
  CancelResponse,
  ErrorEnvelope,
  JsonObject,
  PauseResponse,
  ResumeResponse,
} from "../../openwop/protocol/mod.ts";
import { checkBoundId, readRunId } from "../ids.ts";
import type { Call, HostParts } from "../parts.ts";
import { closedObject, optionalText } from "../read_body.ts";
import { invalid, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import type { RunView } from "../scheduler.ts";
import { unknownRun } from "./runs.ts";

const MAX_REASON = 2_000;

/** How many runs one request may cancel. Source: v2 §6.3. */
const MAX_RUN_IDS = 100;

/** `POST /runs/{runId}/cancel`. Source: v2 §8.4. */
export async function cancelRunByPath(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const runId = readRunId(segment, call.principal.tenant);
  const { reason } = readReason(call, ["reason"]);
  return { status: 200, body: await cancelOne(host, call, runId, reason) };
}

/** `POST /runs:bulk-cancel`: one entry for each run, in the order of the request. Source: v2 §6.3. */
export async function bulkCancel(host: HostParts, call: Call): Promise<Reply> {
  const body = closedObject(call.body, ["runIds", "reason"]);
  const reason = optionalText(body, "reason", MAX_REASON);
  // All of them first: a request that is refused has cancelled nothing.
  const ids = readRunIds(body);
  const results: BulkCancelResult[] = [];
  for (const id of ids) results.push(await entryFor(host, call, id, reason));
  return { status: 200, body: { results } };
}

/** `POST /runs/{runId}:pause`. Source: v2 §8.4. */
export function pause(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { body, reason } = readReason(call, ["reason", "drainPolicy"]);
  const { drainPolicy = "drain-current-node" } = body;
  if (drainPolicy !== "drain-current-node" && drainPolicy !== "immediate") {
    throw invalid(
      "Cannot pause the run: drainPolicy must be drain-current-node or immediate",
      "/drainPolicy",
    );
  }
  return switchRun<PauseResponse>(host, call, segment, {
    verb: "pause",
    events: ({ record, state }) =>
      pauseRun(record.definition, state, {
        drainPolicy,
        ...(reason !== undefined && { reason }),
      }),
    answer: (runId, pausedAt) => ({ runId, status: "paused", pausedAt }),
  });
}

/** `POST /runs/{runId}:resume`. Source: v2 §8.4. */
export function resume(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const { reason } = readReason(call, ["reason"]);
  return switchRun<ResumeResponse>(host, call, segment, {
    verb: "resume",
    events: ({ state }) =>
      resumeRun(state).map((event) =>
        reason !== undefined && event.type === "run.resumed"
          ? { ...event, payload: { ...event.payload, reason } }
          : event
      ),
    answer: (runId, resumedAt) => ({ runId, status: "running", resumedAt }),
  });
}

/** Pauses a run or lets it go on; what is so already is a conflict. */
async function switchRun<T>(
  host: HostParts,
  call: Call,
  segment: string,
  { verb, events, answer }: {
    readonly verb: string;
    readonly events: (view: RunView) => readonly LogDraft[];
    readonly answer: (runId: string, at: string) => T;
  },
): Promise<Reply> {
  const runId = readRunId(segment, call.principal.tenant);
  const response = await host.scheduler.change(runId, (view) => {
    refuseTerminal(view.state, verb);
    const drafts = events(view);
    if (drafts.length === 0) throw conflict(view.state, verb);
    const at = new Date(host.clock.now()).toISOString();
    return { events: drafts, answer: () => answer(runId, at) };
  }, call.claimed);
  if (response === undefined) throw unknownRun();
  return { status: 202, body: response };
}

function readReason(
  call: Call,
  members: readonly string[],
): { readonly body: JsonObject; readonly reason: string | undefined } {
  const body = closedObject(call.body ?? {}, members);
  return { body, reason: optionalText(body, "reason", MAX_REASON) };
}

async function cancelOne(
  host: HostParts,
  call: Call,
  runId: string,
  reason: string | undefined,
): Promise<CancelResponse> {
  const { subjectId } = call.principal.subject;
  const response = await host.scheduler.change(runId, ({ record, state }) => {
    // The same request did it, and its process died before it answered.
    const isDone = call.claimed?.isAgain && state.status === "cancelled";
    if (!isDone) refuseTerminal(state, "cancel");
    return {
      events: cancelRun(record.definition, state, { reason, by: subjectId }),
      // What was done is undone first, which takes its time.
      answer: ({ status }): CancelResponse => ({
        runId,
        status: status === "cancelled" ? status : "cancelling",
      }),
    };
  }, call.claimed);
  if (response === undefined) throw unknownRun();
  return response;
}

async function entryFor(
  host: HostParts,
  call: Call,
  id: string,
  reason: string | undefined,
): Promise<BulkCancelResult> {
  try {
    const runId = checkBoundId(id, call.principal.tenant, "run");
    const { status } = await cancelOne(host, call, runId, reason);
    return { runId, ok: true, status };
  } catch (error) {
    if (!(error instanceof Refusal) || error.status >= 500) throw error;
    const envelope = error.reply().body as ErrorEnvelope;
    return { runId: id, ok: false, error: envelope };
  }
}

function readRunIds({ runIds }: JsonObject): readonly string[] {
  const details = { maxRunIds: MAX_RUN_IDS };
  if (
    !Array.isArray(runIds) || runIds.length === 0 ||
    runIds.length > MAX_RUN_IDS
  ) {
    throw invalid(
      `Cannot cancel the runs: runIds must be a list of 1 to ${MAX_RUN_IDS}`,
      "/runIds",
      details,
    );
  }
  return runIds.map((id, index) => {
    if (typeof id === "string" && id !== "") return id;
    throw invalid(
      "Cannot cancel the runs: runIds must hold ids of runs",
      `/runIds${pointerPart(index)}`,
      details,
    );
  });
}

/** `409 run_terminal`. */
function refuseTerminal({ status }: RunState, verb: string): void {
  if (!isTerminalStatus(status)) return;
  throw new Refusal(
    409,
    "run_terminal",
    `Cannot ${verb} the run: it is ${status}`,
    { runStatus: status },
  );
}

/** `409 run_state_conflict`. */
function conflict({ status }: RunState, verb: string): Refusal {
  return new Refusal(
    409,
    "run_state_conflict",
    `Cannot ${verb} the run: it is ${status}`,
    { runStatus: status },
  );
}
