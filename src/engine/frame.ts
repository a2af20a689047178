// Web standards only.
import type { InterruptPayload, JsonObject } from "../openwop/protocol/mod.ts";
import type { GraphNode } from "./graph.ts";
import { isObject, merge, millisecondsOf, own } from "./json.ts";
import type { NodeState } from "./types.ts";

/** A question before it has its key, or what is wrong with its data. */
type Ask =
  & { readonly node: GraphNode; readonly state: NodeState }
  & {
    readonly [Payload in InterruptPayload as Payload["kind"]]: {
      readonly kind: Payload["kind"];
      readonly data: Payload["data"] | string;
    };
  }[InterruptPayload["kind"]];

/**
 * Puts the frame around a question: its key, which is the same whenever the same visit of the same node asks (v2 §9.1),
 * its deadline and the schema of its answer, both from the config.
 *
 * @param more In place of the config.
 * @returns the question, or what is wrong with it.
 */
export function frameQuestion(
  ask: Ask,
  more: JsonObject = {},
): InterruptPayload | string {
  const { node, state, data } = ask;
  const config = merge([node.node.config, more]);
  if (typeof data === "string") return data;
  const timeout = own(config, "timeoutMs");
  const timeoutMs = millisecondsOf(timeout);
  if (timeout !== undefined && timeoutMs === undefined) {
    return "timeoutMs must be a number of milliseconds from 0";
  }
  const resumeSchema = own(config, "resumeSchema");
  const frame = {
    key: `${node.id}:${state.visits}`,
    ...(isObject(resumeSchema) && { resumeSchema }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  // The kind and its data were given as a pair.
  return { kind: ask.kind, data, ...frame } as InterruptPayload;
}
