// Web standards only.
import type {
  EventDraft,
  JsonObject,
  JsonValue,
  RunEventPayloads,
  Subject,
  WorkflowDefinition,
} from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import {
  mayAnswer,
  readSay,
  rejectLate,
  type Resolution,
  type Say,
  settle,
} from "./approvals.ts";
import { toVote } from "./fold_interrupts.ts";
import { graphOf, nodeOf } from "./graph.ts";
import { Lookahead } from "./lookahead.ts";
import { readClarification, readExternalEvent } from "./questions.ts";
import { type SchemaProblem, schemaProblem } from "./schema.ts";
import type {
  Answer,
  LogDraft,
  PendingInterrupt,
  ResolveOutcome,
  RunState,
} from "./types.ts";

/**
 * What one answer to the question of a node amounts to: a vote while more are needed, otherwise the end of the question
 * and what follows for the node. The host appends the events together, then folds and decides again.
 *
 * Who answered is taken from `answer.by` alone, never from the answer itself. Each subject has one vote; a later one
 * replaces the earlier.
 *
 * Source: v2 §9.2, v1 §10.2 and §10.6.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param nodeId The node that asked.
 * @param answer What was answered, by whom and when.
 * @returns The events, or why the answer is refused; a refused answer changes nothing.
 */
export function resolveInterrupt(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string,
  answer: Answer,
): ResolveOutcome {
  const node = state.nodes.get(nodeId);
  const interrupt = node?.interrupt;
  const closed = isTerminalStatus(state.status) || state.ending !== undefined;
  if (!interrupt || closed) {
    if (node?.suspensions === undefined) {
      const problem = node ? "it has asked none" : "there is no such node";
      return refuse(nodeId, "not_found", problem);
    }
    return refuse(
      nodeId,
      "interrupt_already_resolved",
      "it is no longer open",
    );
  }
  const { payload } = interrupt;
  const misfit = payload.resumeSchema &&
    schemaProblem(payload.resumeSchema, answer.value);
  if (misfit && payload.kind !== "approval") {
    return refuseMisfit(nodeId, misfit);
  }
  switch (payload.kind) {
    case "approval": {
      const { data } = payload;
      const { subjectId } = answer.by;
      // Before anything else, so that a stranger learns nothing about the question.
      if (
        !mayAnswer(
          nodeOf(graphOf(definition), nodeId),
          data,
          interrupt.requestedAt,
          answer,
        )
      ) {
        return refuse(nodeId, "forbidden", "it is for others to answer");
      }
      if (misfit) return refuseMisfit(nodeId, misfit);
      const say = readSay(answer.value, data);
      if (typeof say === "string") {
        return refuse(nodeId, "validation_error", say);
      }
      if (say.action === "ask") return asked(nodeId, say, answer);
      const vote = {
        nodeId,
        ...say,
        decidedBy: subjectId,
        decidedAt: answer.at,
      };
      return voted(definition, state, interrupt, vote, answer.by);
    }
    case "clarification":
    case "external-event": {
      const read = payload.kind === "clarification"
        ? readClarification(answer.value, payload.data)
        : readExternalEvent(answer.value, payload.data);
      if ("problem" in read) {
        return refuse(nodeId, "validation_error", read.problem, read.details);
      }
      const { value } = read;
      return answered(definition, state, interrupt, nodeId, value, answer.by);
    }
    default: {
      const { value } = answer;
      return answered(definition, state, interrupt, nodeId, value, answer.by);
    }
  }
}

function voted(
  definition: WorkflowDefinition,
  state: RunState,
  { interruptId, payload, votes }: PendingInterrupt,
  vote: RunEventPayloads["approval.received"],
  by: Subject,
): ResolveOutcome {
  const { nodeId } = vote;
  const ahead = new Lookahead(definition, state);
  ahead.append({ type: "approval.received", payload: vote, nodeId });
  const counted = [
    ...votes.filter((other) => other.by !== vote.decidedBy),
    toVote(vote),
  ];
  const resolution = payload.kind === "approval"
    ? settle(payload.data, counted)
    : undefined;
  if (resolution) {
    ahead.append(approvalResolved(nodeId, interruptId, resolution, by));
    ahead.advance(nodeId);
  }
  return { ok: true, events: ahead.events };
}

function answered(
  definition: WorkflowDefinition,
  state: RunState,
  { interruptId, payload }: PendingInterrupt,
  nodeId: string,
  resumeValue: JsonValue,
  resolvedBy: Subject,
): ResolveOutcome {
  const ahead = new Lookahead(definition, state);
  ahead.append({
    type: "interrupt.resolved",
    payload: {
      nodeId,
      interruptId,
      kind: payload.kind,
      resumeValue,
      resolvedBy,
    },
    nodeId,
  });
  ahead.advance(nodeId);
  return { ok: true, events: ahead.events };
}

/** A question back to the author has its own place in the log and leaves the approval open (v1 §10.2). */
function asked(nodeId: string, say: Say, { by, at }: Answer): ResolveOutcome {
  return {
    ok: true,
    events: [{
      type: "log.appended",
      payload: {
        level: "info",
        message: say.feedback ?? "",
        nodeId,
        fields: { action: "ask", askedBy: by.subjectId, askedAt: at },
      },
      nodeId,
    }],
  };
}

/** The event that ends an approval. */
export function approvalResolved(
  nodeId: string,
  interruptId: string,
  { value, action, decision }: Resolution,
  resolvedBy?: Subject,
): EventDraft {
  return {
    type: "interrupt.resolved",
    payload: {
      nodeId,
      interruptId,
      kind: "approval",
      resumeValue: value,
      ...(resolvedBy && { resolvedBy }),
      decision,
      action,
    },
    nodeId,
  };
}

/** A question that nobody answered by its deadline: an approval is rejected, any other fails its node. */
export function expire(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string,
  { interruptId, payload }: PendingInterrupt,
  at: string,
): readonly LogDraft[] {
  const ahead = new Lookahead(definition, state);
  ahead.append(
    payload.kind === "approval"
      ? approvalResolved(nodeId, interruptId, rejectLate(at))
      : {
        type: "interrupt.resolved",
        payload: {
          nodeId,
          interruptId,
          kind: payload.kind,
          resumeValue: null,
          decision: "rejected",
        },
        nodeId,
      },
  );
  ahead.advance(nodeId);
  return ahead.events;
}

function refuseMisfit(
  nodeId: string,
  { message, pointer }: SchemaProblem,
): ResolveOutcome {
  const problem = `the answer does not fit its schema: ${message}`;
  return refuse(nodeId, "validation_error", problem, {
    pointer: `/resumeValue${pointer}`,
  });
}

function refuse(
  nodeId: string,
  code: Extract<ResolveOutcome, { readonly ok: false }>["code"],
  problem: string,
  details?: JsonObject,
): ResolveOutcome {
  return {
    ok: false,
    code,
    message: `Cannot resolve the question of node "${nodeId}": ${problem}`,
    ...(details && { details }),
  };
}
