// Web standards only.
import type { RunEventPayloads } from "../openwop/protocol/mod.ts";
import type { Draft } from "./draft.ts";
import type { GraphNode } from "./graph.ts";
import type { InterruptAnswer, NodeState, Vote } from "./types.ts";

export function suspend(
  draft: Draft,
  payload: RunEventPayloads["node.suspended"],
  at: string | undefined,
): void {
  const found = draft.find(payload.nodeId);
  if (found?.state.status !== "running") return;
  const { asked, answer: _, ...rest } = found.state;
  draft.put(found.node, {
    ...rest,
    status: "suspended",
    suspensions: (rest.suspensions ?? 0) + 1,
    interrupt: {
      interruptId: payload.interruptId,
      // Some hosts write no interrupt.requested (v1 §7.5): what they ask for is then known to them alone.
      payload: asked?.payload ?? {
        kind: "custom",
        key: payload.key ?? `${payload.nodeId}:${rest.visits}`,
        data: { customKind: payload.kind ?? "unknown" },
      },
      requestedAt: asked?.requestedAt ?? at ?? "",
      votes: [],
    },
  });
}

/** The next step of an escalation is a line in the log: the protocol has no event for it. */
export function escalate(
  draft: Draft,
  nodeId: string | undefined,
  { fields }: RunEventPayloads["log.appended"],
): void {
  if (nodeId === undefined || fields?.["action"] !== "escalate") return;
  const found = draft.find(nodeId);
  const interrupt = found?.state.interrupt;
  if (!found || !interrupt) return;
  const escalated = (interrupt.escalated ?? 0) + 1;
  draft.put(found.node, {
    ...found.state,
    interrupt: { ...interrupt, escalated },
  });
}

export function receive(
  draft: Draft,
  payload: RunEventPayloads["approval.received"],
): void {
  const found = draft.find(payload.nodeId);
  const interrupt = found?.state.interrupt;
  if (!found || interrupt?.payload.kind !== "approval") return;
  const vote = toVote(payload);
  const votes = interrupt.votes.filter(({ by }) => by !== vote.by);
  draft.put(found.node, {
    ...found.state,
    interrupt: { ...interrupt, votes: [...votes, vote] },
  });
}

/** The vote that an `approval.received` records. */
export function toVote(
  payload: RunEventPayloads["approval.received"],
): Vote {
  const { action, decidedBy, decidedAt, feedback } = payload;
  const { refineFeedback, editedArtifactData } = payload;
  return {
    by: decidedBy ?? "",
    action,
    ...(decidedAt !== undefined && { at: decidedAt }),
    ...(feedback !== undefined && { feedback }),
    ...(refineFeedback !== undefined && { refineFeedback }),
    ...(editedArtifactData !== undefined && { editedArtifactData }),
  };
}

export function resolve(
  draft: Draft,
  payload: RunEventPayloads["interrupt.resolved"],
  at: string | undefined,
): void {
  const found = draft.find(payload.nodeId);
  const interrupt = found?.state.interrupt;
  if (!found || interrupt?.interruptId !== payload.interruptId) return;
  const decision = payload.decision;
  takeAnswer(draft, found.node, found.state, {
    interruptId: payload.interruptId,
    kind: interrupt.payload.kind,
    value: payload.resumeValue ?? null,
    ...(decision !== undefined && { decision }),
    resumed: false,
  }, at);
}

export function resume(
  draft: Draft,
  payload: RunEventPayloads["node.resumed"],
  at: string | undefined,
): void {
  const found = draft.find(payload.nodeId);
  if (!found) return;
  const { answer, interrupt } = found.state;
  if (interrupt) {
    // Written by a host that has no interrupt.resolved.
    takeAnswer(draft, found.node, found.state, {
      interruptId: interrupt.interruptId,
      kind: interrupt.payload.kind,
      value: payload.resumeValue ?? null,
      resumed: true,
    }, at);
  } else if (answer) {
    draft.put(found.node, {
      ...found.state,
      answer: { ...answer, resumed: true },
    });
  }
}

function takeAnswer(
  draft: Draft,
  node: GraphNode,
  state: NodeState,
  answer: InterruptAnswer,
  at: string | undefined,
): void {
  const { interrupt, ...rest } = state;
  const key = interrupt?.payload.key;
  draft.put(node, {
    ...rest,
    status: "running",
    answer,
    ...(at !== undefined && { since: at }),
    ...(key !== undefined &&
      { answers: new Map([...rest.answers ?? [], [key, answer]]) }),
  });
}
