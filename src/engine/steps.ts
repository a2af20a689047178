// Web standards only.
import type {
  InterruptPayload,
  JsonObject,
  RunError,
} from "../openwop/protocol/mod.ts";
import type { GraphNode } from "./graph.ts";
import type { NodeState } from "./types.ts";

/** What a running node of a built-in type does next. */
export type Step =
  | { readonly kind: "complete"; readonly outputs: JsonObject }
  | { readonly kind: "fail"; readonly error: RunError }
  | {
    readonly kind: "wait";
    readonly ms: number;
    readonly outputs: JsonObject;
  }
  | { readonly kind: "ask"; readonly payload: InterruptPayload };

/** A running node whose inputs are resolved. */
export interface Occasion {
  readonly node: GraphNode;
  readonly state: NodeState;
  readonly inputs: JsonObject;
}
