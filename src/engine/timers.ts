// Web standards only.
import type { JsonValue, WorkflowDefinition } from "../openwop/protocol/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { escalationsOf } from "./approvals.ts";
import { nextStep } from "./builtins.ts";
import { Draft } from "./draft.ts";
import { type GraphNode, graphOf } from "./graph.ts";
import type { InputScope } from "./inputs.ts";
import { expire } from "./interrupts.ts";
import { own } from "./json.ts";
import { Lookahead } from "./lookahead.ts";
import { limitOf } from "./loops.ts";
import type { LogDraft, NodeState, RunState, WaitCommand } from "./types.ts";

/** What is up when a wait is over. */
type Purpose = "delay" | "retry" | "attempt" | "deadline" | "escalation";

interface Due {
  readonly purpose: Purpose;
  readonly since: string;
  readonly ms: number;
}

/** The timer that a node needs now: whatever of it comes first. */
export function timerOf(
  node: GraphNode,
  state: NodeState,
  scope: InputScope,
): WaitCommand | undefined {
  const due = dueOf(node, state, scope);
  return due &&
    { kind: "wait", nodeId: node.id, since: due.since, ms: due.ms };
}

function dueOf(
  node: GraphNode,
  state: NodeState,
  scope: InputScope,
): Due | undefined {
  const { interrupt, retry, startedAt } = state;
  if (interrupt) {
    const { requestedAt: since, payload: { timeoutMs } } = interrupt;
    const next = escalationsOf(node)[interrupt.escalated ?? 0];
    if (next && next.afterMs < (timeoutMs ?? Infinity)) {
      return { purpose: "escalation", since, ms: next.afterMs };
    }
    return timeoutMs === undefined
      ? undefined
      : { purpose: "deadline", since, ms: timeoutMs };
  }
  // Without a time it is about to be started: the next decision names its timer.
  if (state.status !== "running" || startedAt === undefined || state.cut) {
    return undefined;
  }
  if (retry) {
    return retry.since === "" ? undefined : { purpose: "retry", ...retry };
  }
  const step = nextStep(node, state, scope);
  const delay: Due | undefined = step?.kind === "wait"
    ? { purpose: "delay", since: state.visitedAt ?? startedAt, ms: step.ms }
    : undefined;
  const limit = node.role === "each" || (step && !delay)
    ? undefined
    : timeoutOf(node);
  if (limit === undefined) return delay;
  const since = state.since ?? startedAt;
  const late: Due = { purpose: "attempt", since, ms: limit };
  return delay && endOf(delay) <= endOf(late) ? delay : late;
}

function endOf({ since, ms }: Due): number {
  return Date.parse(since) + ms;
}

function timeoutOf({ node }: GraphNode): number | undefined {
  return positive(own(node.settings ?? {}, "timeoutMs"));
}

function positive(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && value > 0 &&
      value <= Number.MAX_SAFE_INTEGER
    ? value
    : undefined;
}

/** The timer of the run itself: the shortest of what its definition, its options and its host allow. */
export function timerOfRun(
  definition: WorkflowDefinition,
  draft: Draft,
): WaitCommand | undefined {
  const limit = durationOf(definition, draft);
  return limit === undefined || draft.startedAt === undefined || draft.ending
    ? undefined
    : { kind: "wait", since: draft.startedAt, ms: limit };
}

function durationOf(
  { settings }: WorkflowDefinition,
  { options }: Pick<RunState, "options">,
): number | undefined {
  const ms = Math.min(
    // 0 is for no limit in the fixtures of the protocol.
    positive(own(settings, "timeout")) ?? Infinity,
    limitOf(options.configurable, "runTimeoutMs") ?? Infinity,
    options.limits?.maxRunDurationMs ?? Infinity,
  );
  return ms === Infinity ? undefined : ms;
}

/**
 * What follows when the timer of a `wait` command has ended: a delay completes, an attempt that took too long fails, the
 * next one starts, an approval is rejected with the feedback `timeout`, any other question fails its node, a run that
 * took too long goes towards its end.
 *
 * It does not look at the clock: that the wait is over is the word of the host. A node that waits for nothing gives
 * nothing, so a timer that comes too late does no harm.
 *
 * @param definition The definition of the run.
 * @param state Where the run stands now.
 * @param nodeId The node of the `wait` command; absent for the timer of the run.
 * @param at Now, ISO 8601.
 */
export function wake(
  definition: WorkflowDefinition,
  state: RunState,
  nodeId: string | undefined,
  at: string,
): readonly LogDraft[] {
  if (isTerminalStatus(state.status) || state.status === "pending") return [];
  if (nodeId === undefined) return overdue(definition, state, at);
  const draft = new Draft(graphOf(definition), state);
  const found = draft.find(nodeId);
  const due = found && dueOf(found.node, found.state, draft);
  if (!found || !due || (state.ending && !found.node.undoes)) return [];
  const { node, state: nodeState } = found;
  const ahead = new Lookahead(definition, state);
  switch (due.purpose) {
    case "deadline":
      return expire(definition, state, nodeId, nodeState.interrupt!, at);
    case "escalation": {
      const step = nodeState.interrupt!.escalated ?? 0;
      const next = escalationsOf(node)[step]!;
      ahead.append({
        type: "log.appended",
        nodeId,
        payload: {
          level: "warn",
          message: `Nobody has answered "${nodeId}" yet: others may do it now`,
          nodeId,
          fields: { action: "escalate", step: step + 1, ...next },
        },
      });
      break;
    }
    case "retry":
      if (ahead.start(node, nodeState.attempt + 1)) ahead.advance(nodeId);
      break;
    case "attempt":
      ahead.fail(nodeId, {
        code: "node_timeout",
        message:
          `Cannot finish node "${nodeId}": it took longer than ${due.ms} ms`,
        details: { nodeId, timeoutMs: due.ms },
      });
      break;
    case "delay": {
      const step = nextStep(node, nodeState, draft);
      if (step?.kind !== "wait") break;
      const { outputs } = step;
      ahead.complete(node, outputs);
    }
  }
  return ahead.events;
}

function overdue(
  definition: WorkflowDefinition,
  state: RunState,
  at: string,
): readonly LogDraft[] {
  const limit = durationOf(definition, state);
  if (limit === undefined || state.ending) return [];
  const took = Date.parse(at) - Date.parse(state.startedAt ?? at);
  return [{
    type: "cap.breached",
    payload: {
      kind: "run-duration",
      limit,
      observed: Math.max(limit + 1, took || 0),
    },
  }];
}
