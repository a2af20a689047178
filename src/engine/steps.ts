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
  /** It cannot be performed as it is declared, or with what it was given. */
  | {
    readonly kind: "refuse";
    readonly problem: string;
    readonly code?: string;
    /** The port that has not what is wanted, where that is all. */
    readonly port?: string;
    /** Whether it is a question, which no inputs make right. */
    readonly asks?: true;
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
export function refused(problem: string, code?: string): Step {
  return { kind: "refuse", problem, ...(code !== undefined && { code }) };
}

/** A node that ends because a port of it has not what its type wants. */
export function refusedPort(port: string, problem: string): Step {
  return { kind: "refuse", problem: `its port "${port}" ${problem}`, port };
}

/** What a node fails with that is refused. */
export function refusal(
  nodeId: string,
  { problem, code = "config_validation_failed", port }: {
    readonly problem: string;
    readonly code?: string;
    readonly port?: string;
  },
): RunError {
  return {
    code,
    message: `Cannot perform node "${nodeId}": ${problem}`,
    details: { nodeId, ...(port !== undefined && { port }) },
    retryable: false,
  };
}
