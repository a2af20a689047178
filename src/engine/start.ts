// Web standards only.
import type {
  JsonObject,
  JsonValue,
  WorkflowNode,
} from "../openwop/protocol/mod.ts";
import type { Draft } from "./draft.ts";
import type { GraphNode } from "./graph.ts";
import { resolveInputs, variableAt } from "./inputs.ts";
import { Items } from "./items.ts";
import { isObject, merge, own, valueAt } from "./json.ts";
import type { NodeState } from "./types.ts";

/** The inputs of a node that starts. They are kept while it runs: a later look could find other values. */
export function startInputs(
  node: GraphNode,
  draft: Draft,
): Pick<NodeState, "inputs" | "refusal"> {
  if (node.item) return { inputs: inputsOfItem(node, draft) };
  if (node.undoes) return { inputs: draft.undo.at(-1)?.inputs ?? {} };
  const resolved = resolveInputs(node, draft);
  if (node.role !== "child" || "refusal" in resolved) return resolved;
  return {
    inputs: merge([mappedInputs(node.node, draft), resolved.inputs]),
  };
}

/** v1 §17.8.1: child name from parent name; what the parent has not, the child has its own default for. */
function mappedInputs({ config }: WorkflowNode, draft: Draft): JsonObject {
  const mapping = own(config, "inputMapping");
  const entries: [string, JsonValue][] = [];
  for (const [name, from] of Object.entries(isObject(mapping) ? mapping : {})) {
    const value = typeof from === "string"
      ? variableAt(from, draft)
      : undefined;
    if (value !== undefined) entries.push([name, value]);
  }
  return merge([Object.fromEntries(entries)]);
}

/** The list that a `tutti.forEach` goes through. */
export function itemsOf(
  { role }: GraphNode,
  inputs: JsonObject | undefined,
): Items | undefined {
  if (role !== "each" || inputs === undefined) return undefined;
  const list = own(inputs, "items");
  return Array.isArray(list) ? Items.of(list.length) : undefined;
}

function inputsOfItem({ item }: GraphNode, draft: Draft): JsonObject {
  const { of, index } = item!;
  const { items, ...others } = draft.stateOf(of).inputs ?? {};
  const entry = Array.isArray(items) ? items[index] : undefined;
  const mapping = own(of.node.config, "itemInputs");
  const ports: [string, JsonValue][] = [];
  for (const [port, path] of Object.entries(isObject(mapping) ? mapping : {})) {
    const value = path === ""
      ? entry
      : typeof path === "string" && (isObject(entry) || Array.isArray(entry))
      ? valueAt(entry as JsonObject, path)
      : undefined;
    if (value !== undefined) ports.push([port, value]);
  }
  return merge([others, Object.fromEntries(ports)]);
}

/** What the node that undoes another gets; without a mapping what that one gave. Source: v2 §13. */
export function undoInputs(
  { compensation }: WorkflowNode,
  inputs: JsonObject,
  outputs: JsonObject,
): JsonObject {
  const mapping = compensation?.inputMapping;
  if (mapping === undefined) return outputs;
  const ports: [string, JsonValue][] = [];
  for (const [port, path] of Object.entries(mapping)) {
    const value = valueAt({ inputs, outputs }, path);
    if (value !== undefined) ports.push([port, value]);
  }
  return merge([Object.fromEntries(ports)]);
}
