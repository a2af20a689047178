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
  /** Limits of a run: `timeout` (ms), `maxRetries`, `logLevel`, `maxLoopbackIterations`. */
  readonly settings: JsonObject;
  /** Category, for filters. */
  readonly type?: string;
  /** Whether it may be started. */
  readonly isActive?: boolean;
  /** Where it stands in its life. */
  readonly status?: "active" | "inactive" | "draft" | "archived";
  /** Whose it is. */
  readonly tenantId?: string;
  /** What it belongs to. */
  readonly scopeId?: string;
  /** For URLs. */
  readonly slug?: string;
  /** Frames that an editor draws around nodes. */
  readonly groups?: readonly JsonObject[];
  /** State that many nodes write to, by name. */
  readonly channels?: Readonly<Record<string, ChannelDeclaration>>;
  /** JSON Schema of the `configurable` of a run. */
  readonly configurableSchema?: JsonObject;
  /** What holds where a node says nothing. */
  readonly defaults?: JsonObject;
  /** Which artifacts it takes over as a child. */
  readonly acceptsInheritedArtifacts?: readonly JsonObject[];
  /** ISO 8601. */
  readonly createdAt?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
}

/** State that many nodes write to, and how writes add up. Source: v1 §17.6. */
export interface ChannelDeclaration {
  /** `replace`, `append`, `merge`, `counter`, `votes`, `feedback`, `message`, or `vendor.<org>.<name>`. */
  readonly reducer: string;
  /** JSON Schema of a write. */
  readonly schema?: JsonObject;
  /** Raised with every change of the schema. @default 1 */
  readonly schemaVersion?: number;
  /** Older versions whose writes still fit. */
  readonly compatibleWith?: readonly number[];
  /** The state before the first write. */
  readonly default?: JsonValue;
  /** Only the newest are kept. */
  readonly maxSize?: number;
  /** Milliseconds after which an entry goes; `append`, `votes` and `feedback` only. */
  readonly ttlMs?: number;
  /** Of the reducer. */
  readonly options?: JsonObject;
  /** Who may read and write: node ids or type ids, with a `*` at the end. @default "public" */
  readonly access?: "public" | "private" | {
    readonly readers?: readonly string[];
    readonly writers?: readonly string[];
  };
  /** Masked wherever it is shown. */
  readonly sensitive?: boolean;
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
  /** Retry, timeout, defaults of ports: `timeoutMs`, `maxRetries`, `retryDelayMs`, `retryBackoff`, `retryMaxDelayMs`, `defaults`. */
  readonly settings?: JsonObject;
  /** Output ports that are masked wherever they are shown. */
  readonly outputSensitivity?: Readonly<Record<string, boolean>>;
  /** How its effect is undone. */
  readonly compensation?: NodeCompensation;
  /** Its effect cannot be undone; never beside `compensation`. */
  readonly irreversibleEffect?: JsonValue;
  /** Names a secret of the host. */
  readonly credentialsRef?: string;
  /** For tools that show the result of a run. */
  readonly outputRole?: "primary" | "secondary";
  /** The frame that it is drawn in. */
  readonly groupId?: string;
  /** The agent that does it, where a type needs one. */
  readonly agent?: JsonObject;
  /** What an AI may answer. */
  readonly envelopeContract?: JsonObject;
  /** Of what it makes or reviews. */
  readonly artifactType?: string;
  /** How a chat shows it. */
  readonly cardType?: string;
}

/** How the effect of a node is undone when its run fails or is cancelled. Source: v2 §13. */
export interface NodeCompensation {
  /** The kind of node that undoes it. */
  readonly nodeTypeId: string;
  /** Input port of that node by path, which begins with `outputs.` or `inputs.` of this node. */
  readonly inputMapping?: Readonly<Record<string, string>>;
  /** `maxRetries`, `retryDelayMs`. */
  readonly retry?: JsonObject;
  /** Whether a person must allow it. */
  readonly requiresApproval?: boolean;
  /** Whether that may be passed over. */
  readonly waiveRequiresApproval?: boolean;
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
  /** For people. */
  readonly name?: string;
  /** For people. */
  readonly description?: string;
  /** Shaped by the type. */
  readonly config?: JsonObject;
  /** Whether it may start one now. @default true */
  readonly enabled?: boolean;
  /** Where the run begins. */
  readonly nodeId?: string;
  /** Of an `event` trigger: which event. */
  readonly eventType?: string;
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
  /** Masked wherever it is shown. */
  readonly sensitive?: boolean;
  /** A hint for forms. Source: v2 §13. */
  readonly format?: string;
}

/** The type names of {@linkcode WorkflowVariable}. */
export type VariableType = "string" | "number" | "boolean" | "object" | "array";
