// Web standards only.
import type {
  InterruptPayload,
  JsonObject,
  RunError,
} from "../openwop/protocol/mod.ts";
import type { GraphNode } from "./graph.ts";
import type { InputScope } from "./inputs.ts";
import type { LogDraft, NodeState } from "./types.ts";

/** What a running node of a built-in type does next. */
export type Step =
  | {
    readonly kind: "complete";
    readonly outputs: JsonObject;
    /** What it leaves behind, recorded before its end. */
    readonly events?: readonly LogDraft[];
  }
  | {
    readonly kind: "fail";
    readonly error: RunError;
    /** Recorded before its end. */
    readonly events?: readonly LogDraft[];
  }
  | {
    readonly kind: "wait";
    readonly ms: number;
    readonly outputs: JsonObject;
  }
  | { readonly kind: "ask"; readonly payload: InterruptPayload }
  /** Of a `tutti.repeat`: another round of its body. */
  | { readonly kind: "again"; readonly round: number };

/** A running node whose inputs are resolved. */
export interface Occasion {
  readonly node: GraphNode;
  readonly state: NodeState;
  readonly inputs: JsonObject;
  /** The rest of the run. */
  readonly scope: InputScope;
}

/** A node type that the engine performs by itself: a pure function of where the run stands. */
export type Builtin = (occasion: Occasion) => Step;

/** A node that ends with `outputs`. */
export function completed(
  outputs: JsonObject,
  events: readonly LogDraft[] = [],
): Step {
  return { kind: "complete", outputs, ...(events.length > 0 && { events }) };
}

/** A node that ends because its config or its inputs are not what its type wants. */
export function refused(
  { id }: GraphNode,
  problem: string,
  code: string = "config_validation_failed",
): Step {
  return {
    kind: "fail",
    error: {
      code,
      message: `Cannot perform node "${id}": ${problem}`,
      details: { nodeId: id },
      retryable: false,
    },
  };
}
