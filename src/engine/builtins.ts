// Web standards only.
import type { InterruptPayload, RunError } from "../openwop/protocol/mod.ts";
import { finishApproval, questionOfGate } from "./approvals.ts";
import type { GraphNode } from "./graph.ts";
import { millisecondsOf, own } from "./json.ts";
import {
  finishQuestion,
  questionOfClarification,
  questionOfInterrupt,
} from "./questions.ts";
import type { Occasion, Step } from "./steps.ts";
import type { NodeState } from "./types.ts";

/** A node type that the engine performs by itself: a pure function of where the node stands. */
type Builtin = (occasion: Occasion) => Step;

const passThrough: Builtin = ({ inputs }) => ({
  kind: "complete",
  outputs: inputs,
});

const builtins: ReadonlyMap<string, Builtin> = new Map([
  ["core.noop", passThrough],
  ["core.identity", passThrough],
  ["core.start", passThrough],
  ["core.end", passThrough],
  ["core.delay", delay],
  ["core.fail", fail],
  ["core.approvalGate", asking(questionOfGate)],
  ["core.clarificationGate", asking(questionOfClarification)],
  ["core.interrupt", asking(questionOfInterrupt)],
]);

/**
 * Whether the engine performs nodes of this type by itself. All others need code: `decide()` names them in `run` commands.
 *
 * @param typeId The type of the node.
 */
export function isBuiltin(typeId: string): boolean {
  return builtins.has(typeId);
}

/**
 * What a running node of a built-in type does next; `undefined` for a node that runs code.
 *
 * Source: v1 §17.8, "core floor".
 */
export function nextStep(node: GraphNode, state: NodeState): Step | undefined {
  const { inputs, refusal } = state;
  if (inputs === undefined) {
    return refusal && { kind: "fail", error: refusal };
  }
  return builtins.get(node.node.typeId)?.({ node, state, inputs });
}

function delay({ node, inputs }: Occasion): Step {
  const { config } = node.node;
  const wanted = own(inputs, "delayMs") ?? own(config, "ms") ??
    own(config, "durationMs");
  const ms = millisecondsOf(wanted);
  if (ms !== undefined) return { kind: "wait", ms, outputs: { waitedMs: ms } };
  return {
    kind: "fail",
    error: {
      code: "config_validation_failed",
      message:
        `Cannot start node "${node.id}": its delay must be a number of milliseconds from 0, as input "delayMs" or in config "ms"`,
      details: { nodeId: node.id, port: "delayMs" },
      retryable: false,
    },
  };
}

function fail({ node }: Occasion): Step {
  const code = own(node.node.config, "code");
  const message = own(node.node.config, "message");
  return {
    kind: "fail",
    error: {
      code: typeof code === "string" && code !== "" ? code : "node_failed",
      message: typeof message === "string" ? message : "core.fail",
      retryable: false,
    },
  };
}

/** A node that asks once per visit and ends with the answer. */
function asking(
  question: (occasion: Occasion) => InterruptPayload | RunError,
): Builtin {
  return (occasion) => {
    const { node, state } = occasion;
    if (state.answer) {
      return state.answer.kind === "approval"
        ? finishApproval(node, state.answer)
        : finishQuestion(node, state.answer);
    }
    if (state.asked) return { kind: "ask", payload: state.asked.payload };
    const asked = question(occasion);
    return "kind" in asked
      ? { kind: "ask", payload: asked }
      : { kind: "fail", error: asked };
  };
}
