// Web standards only.
import type { InterruptPayload } from "../openwop/protocol/mod.ts";
import { finishApproval, questionOfGate } from "./approvals.ts";
import { flowNodes } from "./flow_nodes.ts";
import type { GraphNode } from "./graph.ts";
import type { InputScope } from "./inputs.ts";
import { isObject, millisecondsOf, own } from "./json.ts";
import { join, repeat } from "./loops.ts";
import {
  questionOfApprovalRequest,
  questionOfForm,
  questionOfUser,
  questionOfWebhook,
} from "./people.ts";
import {
  finishQuestion,
  questionOfClarification,
  questionOfInterrupt,
} from "./questions.ts";
import { stateNodes } from "./state_nodes.ts";
import {
  type Builtin,
  completed,
  type Occasion,
  refused,
  refusedPort,
  type Step,
} from "./steps.ts";
import type { NodeState } from "./types.ts";

const passThrough: Builtin = ({ inputs }) => completed(inputs);

const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ["core.noop", passThrough],
  ["core.start", passThrough],
  ["core.end", passThrough],
  ["core.delay", delay],
  ["core.fail", fail],
  ["core.approvalGate", asking(questionOfGate)],
  ["core.clarificationGate", asking(questionOfClarification)],
  ["core.interrupt", asking(questionOfInterrupt)],
  ["core.hitl.approval-request", asking(questionOfApprovalRequest)],
  ["core.hitl.form-request", asking(questionOfForm)],
  ["core.hitl.ask-user", asking(questionOfUser)],
  ["core.flow.noop", passThrough],
  ["core.flow.stop-and-error", fail],
  ["core.flow.wait", wait],
  ["core.flow.error-handler-resume", passThrough],
  ["core.flow.error-handler-ignore", passThrough],
  ["core.flow.error-handler-commit", passThrough],
  ["core.flow.error-handler-break", passOn],
  ["core.flow.error-handler-rollback", passOn],
  ["tutti.join", join],
  ["tutti.repeat", repeat],
  ["conformance.requiresMissing", lackCapability],
  ...stateNodes,
  ...flowNodes,
]);

/** Performed by the engine too, though not in one step. */
const containers: ReadonlySet<string> = new Set([
  "tutti.forEach",
  "core.loop",
  "core.flow.iterator",
  "core.subWorkflow",
  "core.flow.sub-workflow-invoke",
]);

/**
 * Whether the engine performs nodes of this type by itself. All others need code: `decide()` names them in `run` commands.
 *
 * @param typeId The type of the node.
 */
export function isBuiltin(typeId: string): boolean {
  return builtins.has(typeId) || containers.has(typeId);
}

/**
 * What a running node of a built-in type does next; `undefined` for a node that runs code, items or a child.
 *
 * Source: v1 §17.8, "core floor".
 */
export function nextStep(
  node: GraphNode,
  state: NodeState,
  scope: InputScope,
): Step | undefined {
  const { inputs, refusal } = state;
  if (inputs === undefined) {
    return refusal && { kind: "fail", error: refusal };
  }
  return builtins.get(node.node.typeId)?.({ node, state, inputs, scope });
}

function delay({ node, inputs }: Occasion): Step {
  const { config } = node.node;
  const given = own(inputs, "delayMs");
  const ms = millisecondsOf(
    given ?? own(config, "ms") ?? own(config, "durationMs"),
  );
  if (ms !== undefined) return { kind: "wait", ms, outputs: { waitedMs: ms } };
  const wanted = "must be a number of milliseconds from 0";
  return given === undefined
    ? refused(`ms ${wanted}, where no port "delayMs" says how long`)
    : refusedPort("delayMs", wanted);
}

/** The other form of a delay: so many seconds, until a moment, or until somebody calls. */
function wait(occasion: Occasion): Step {
  const { node, state, inputs } = occasion;
  const { config } = node.node;
  const value = (key: string) => own(inputs, key) ?? own(config, key);
  const mode = value("mode") ?? "duration";
  if (mode === "webhook") return askOnce(occasion, questionOfWebhook);
  if (mode === "duration") {
    const seconds = millisecondsOf(value("seconds"));
    return seconds === undefined || seconds > 86_400
      ? refused("seconds must be a number from 0 to 86400")
      : {
        kind: "wait",
        ms: seconds * 1000,
        outputs: { waitedMs: seconds * 1000 },
      };
  }
  const timestamp = value("timestamp");
  const until = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  if (mode !== "until" || Number.isNaN(until)) {
    return refused("mode must be duration, until with a timestamp, or webhook");
  }
  const ms = Math.max(0, until - Date.parse(state.visitedAt ?? ""));
  // Without a time it is about to be started: the next look knows how long it is.
  return { kind: "wait", ms: ms || 0, outputs: { waitedMs: ms || 0 } };
}

function fail({ node, inputs }: Occasion): Step {
  const { config } = node.node;
  const code = own(config, "code");
  const message = own(config, "message");
  const details = own(inputs, "details") ?? own(config, "details");
  return {
    kind: "fail",
    error: {
      code: typeof code === "string" && code !== "" ? code : "node_failed",
      message: typeof message === "string" && message !== ""
        ? message
        : node.node.typeId,
      ...(isObject(details) && { details }),
      retryable: false,
    },
  };
}

/** Fails with the error that it was given, as an error handler does that does not know better. */
function passOn({ node, inputs }: Occasion): Step {
  const error = own(inputs, "error");
  const { code, message, details } = isObject(error) ? error : {};
  return {
    kind: "fail",
    error: {
      code: typeof code === "string" ? code : "node_failed",
      message: typeof message === "string" ? message : node.node.typeId,
      ...(isObject(details) && { details }),
      retryable: false,
    },
  };
}

/** A sentinel of the protocol: accepted, and failed by the host that has not what it requires (v1 §17.8). */
function lackCapability(): Step {
  return refused(
    "it requires the capability conformance.never-provided, which this host has not",
    "capability_not_provided",
  );
}

/** A node that asks once per visit and ends with the answer. */
function asking(
  question: (occasion: Occasion) => InterruptPayload | string,
): Builtin {
  return (occasion) => askOnce(occasion, question);
}

function askOnce(
  occasion: Occasion,
  question: (occasion: Occasion) => InterruptPayload | string,
): Step {
  const { node, state } = occasion;
  if (state.answer) {
    return state.answer.kind === "approval"
      ? finishApproval(node, state.answer)
      : finishQuestion(node, state.answer);
  }
  if (state.asked) return { kind: "ask", payload: state.asked.payload };
  const asked = question(occasion);
  return typeof asked === "string"
    ? { kind: "refuse", problem: asked, asks: true }
    : { kind: "ask", payload: asked };
}
