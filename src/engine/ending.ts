// Web standards only.
import type {
  EventDraft,
  JsonObject,
  RunError,
  RunEventPayloads,
} from "../openwop/protocol/mod.ts";
import type { Draft } from "./draft.ts";
import { isObject, own } from "./json.ts";
import type { Ending, LogDraft } from "./types.ts";

const breaches: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["run-duration", ["run_timeout", "it took longer than it may"]],
  [
    "node-executions",
    ["recursion_limit_exceeded", "it started more nodes than it may"],
  ],
  [
    "loop-iterations",
    ["loop_limit_exceeded", "a loop made more rounds than it may"],
  ],
]);

/** How a run ends that went over a limit. Source: v1 §6.2, "Breaches". */
export function endingOf(
  { kind, limit, observed, nodeId }: RunEventPayloads["cap.breached"],
): Ending {
  const [code, problem] = breaches.get(kind) ??
    ["limit_exceeded", `it went over the limit of ${kind}`];
  return {
    status: "failed",
    error: {
      code,
      message: `Cannot complete the run: ${problem}`,
      details: { limit, observed },
      retryable: false,
    },
    ...(nodeId !== undefined && { failedNodeId: nodeId }),
  };
}

/**
 * The events that lead to the end of a run: `compensation.requested` while something is to be undone, otherwise the end
 * itself.
 */
export function endWith(draft: Draft, ending: Ending): LogDraft {
  const { undo } = draft;
  if (undo.length === 0 || draft.ending?.undoing) return terminal(ending);
  const nodeIds = undo.map(({ nodeId }) => nodeId).reverse();
  const { status, ...rest } = ending;
  return {
    type: "compensation.requested",
    // An interface has no index signature; all of its members here are JSON.
    payload: { cause: status, nodeIds, ...rest } as unknown as JsonObject,
  };
}

/** Reads back what {@linkcode endWith} wrote. */
export function requestedEnding(payload: JsonObject): Ending {
  const text = (key: string): string | undefined => {
    const value = own(payload, key);
    return typeof value === "string" ? value : undefined;
  };
  if (text("cause") === "cancelled") {
    return {
      status: "cancelled",
      undoing: true,
      ...optional("reason", text("reason")),
      ...optional("cancelledBy", text("cancelledBy")),
      ...optional("parentRunId", text("parentRunId")),
    };
  }
  const error = own(payload, "error");
  return {
    status: "failed",
    undoing: true,
    error: isObject(error) && typeof error["code"] === "string"
      ? error as unknown as RunError
      : { code: "node_failed", message: "Cannot complete the run: it failed" },
    ...optional("failedNodeId", text("failedNodeId")),
  };
}

function terminal(ending: Ending): EventDraft {
  if (ending.status === "failed") {
    const { error, failedNodeId } = ending;
    return {
      type: "run.failed",
      payload: { error, ...optional("failedNodeId", failedNodeId) },
    };
  }
  const { reason, cancelledBy, parentRunId } = ending;
  return {
    type: "run.cancelled",
    payload: {
      ...optional("reason", reason),
      ...optional("cancelledBy", cancelledBy),
      ...optional("parentRunId", parentRunId),
    },
  };
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } {
  return value === undefined
    ? {}
    : { [name]: value } as { readonly [N in Name]?: string };
}
