import type {
  JsonObject,
  PortValue,
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "../../../src/openwop/protocol/mod.ts";

export interface NodeOptions extends
  Partial<
    Pick<
      WorkflowNode,
      "settings" | "compensation" | "outputSensitivity" | "artifactType"
    >
  > {
  readonly config?: JsonObject;
  readonly inputs?: Readonly<Record<string, PortValue>>;
  readonly disabled?: boolean;
}

/** A node; the default type is one that runs code. */
export function node(
  id: string,
  typeId = "test.work",
  { config = {}, inputs = {}, disabled, ...more }: NodeOptions = {},
): WorkflowNode {
  return {
    id,
    typeId,
    name: `Name of ${id}`,
    position: { x: 0, y: 0 },
    config,
    inputs,
    ...(disabled !== undefined && { disabled }),
    ...more,
  };
}

export function edge(
  from: string,
  to: string,
  more: Partial<WorkflowEdge> = {},
): WorkflowEdge {
  return {
    id: `${from}->${to}`,
    sourceNodeId: from,
    targetNodeId: to,
    ...more,
  };
}

export function define(
  nodes: readonly WorkflowNode[],
  edges: readonly WorkflowEdge[] = [],
  more: Partial<WorkflowDefinition> = {},
): WorkflowDefinition {
  return {
    id: "flow",
    name: "Flow",
    version: "1.0.0",
    nodes,
    edges,
    triggers: [],
    variables: [],
    metadata: {},
    settings: {},
    ...more,
  };
}
