// Web standards only.
import type { JsonObject, JsonValue } from "../../http/mod.ts";

/**
 * A workflow as the open OpenWOP definition writes it: a graph of typed nodes.
 *
 * Source: OpenWOP workflow definition, top level (v1 §17.1, unchanged in v2 §13). The object is closed: a host refuses
 * other keys.
 */
export interface WorkflowDefinition {
  /** 1 to 128 characters, `^[a-z][a-z0-9_-]*$`. */
  readonly id: string;
  /** 1 to 256 characters, for people. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** What it is for. */
  readonly description?: string;
  /** At least one, in topological order where the author wants sequential hosts to agree. */
  readonly nodes: readonly WorkflowNode[];
  /** The order of the nodes. */
  readonly edges: readonly WorkflowEdge[];
  /** What may start a run. */
  readonly triggers: readonly WorkflowTrigger[];
  /** Named inputs and run variables. */
  readonly variables: readonly WorkflowVariable[];
  /** Tags and authorship. */
  readonly metadata: JsonObject;
  /** Limits of a run. */
  readonly settings: JsonObject;
}

/** One node of a {@linkcode WorkflowDefinition}. Source: v1 §17.2. */
export interface WorkflowNode {
  /** Unique in the workflow. */
  readonly id: string;
  /** What the node does, for example `core.approvalGate`; at least two dotted parts. */
  readonly typeId: string;
  /** Label. */
  readonly name: string;
  /** Where an editor draws it. */
  readonly position: { readonly x: number; readonly y: number };
  /** Constants, shaped by the type. */
  readonly config: JsonObject;
  /** Where each input port gets its value. */
  readonly inputs: Readonly<Record<string, PortValue>>;
  /** A disabled node is skipped. */
  readonly disabled?: boolean;
  /** For people. */
  readonly notes?: string;
}

/** Where a port gets its value. Source: v1 §17.3. */
export type PortValue =
  | { readonly type: "static"; readonly value: JsonValue }
  | {
    readonly type: "variable";
    readonly variableName: string;
    readonly optional?: boolean;
  }
  | {
    readonly type: "connection";
    readonly nodeId: string;
    readonly outputKey: string;
    readonly optional?: boolean;
  }
  | { readonly type: "expression"; readonly expression: string };

/**
 * When the target of an edge runs, given how its sources ended. Source: v1 §17.4.
 *
 * The rule stands on edges and acts on the target: all edges into one node carry the same one.
 */
export type TriggerRule =
  | "all_success"
  | "any_success"
  | "all_complete"
  | "none_failed"
  | "any_failed";

/** An arrow between two nodes. Source: v1 §17.4. */
export interface WorkflowEdge {
  /** Unique in the workflow. */
  readonly id: string;
  /** The node that comes first. */
  readonly sourceNodeId: string;
  /** The node that comes after it. */
  readonly targetNodeId: string;
  /** Output port whose value travels along the edge. */
  readonly sourceOutput?: string;
  /** Input port that receives it. */
  readonly targetInput?: string;
  /** When false, the edge is not taken and its source counts as skipped for the trigger rule. */
  readonly condition?: EdgeCondition;
  /** For people. */
  readonly label?: string;
  /** When the target runs. @default "all_success" */
  readonly triggerRule?: TriggerRule;
}

/** A test on the outputs of an edge's source. Source: v1 §17.5, operators `truthy` and `falsy` from v2 §13. */
export interface EdgeCondition {
  /** Absent: `equals` where `right` exists, otherwise `truthy`. */
  readonly type?:
    | "expression"
    | "equals"
    | "notEquals"
    | "contains"
    | "regex"
    | "truthy"
    | "falsy";
  /** Dot path into the outputs of the source. */
  readonly left?: string;
  /** What to compare with. */
  readonly right?: JsonValue;
  /** Only for `expression`, a language that no host is known to share. */
  readonly expression?: string;
}

/** What may start a run. Source: v1 §17.7. */
export interface WorkflowTrigger {
  /** Unique in the workflow. */
  readonly id: string;
  /** `manual` is the one that lets the API start a run. */
  readonly type: string;
  /** Shaped by the type. */
  readonly config?: JsonObject;
  /** Whether it may start one now. @default true */
  readonly enabled?: boolean;
}

/** A run variable, seeded from its default and then from the inputs of the run by name. Source: v1 §17.7. */
export interface WorkflowVariable {
  /** At least one character. */
  readonly name: string;
  /** The five types that the definition knows. */
  readonly type: VariableType;
  /** For people. */
  readonly description?: string;
  /** Whether a run without it is refused. @default false */
  readonly required?: boolean;
  /** The value when the run brings none. */
  readonly defaultValue?: JsonValue;
}

/** The type names of {@linkcode WorkflowVariable}. */
export type VariableType = "string" | "number" | "boolean" | "object" | "array";
