// Web standards only.
import type {
  ChannelDeclaration,
  DefinitionIssue,
  JsonObject,
  NodeCompensation,
  NodeImplementation,
  StandardSchemaV1,
  TriggerRule,
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowTrigger,
  WorkflowVariable,
} from "../src/openwop/protocol/mod.ts";
import type { Finish, Schemas } from "./defined.ts";
import type { Target, Wire } from "./ref.ts";

/** Finds what is wrong with a definition, beside what is checked of every one; with one that was declared, if so. */
export type DefinitionCheck = (
  definition: WorkflowDefinition,
  isDeclared?: boolean,
) => DefinitionIssue[];

/** Everything that was declared so far, before it becomes a definition. */
export interface Graph {
  /** Of the workflow. */
  readonly id: string;
  /** Semantic version. */
  readonly version: string;
  /** For people. */
  readonly name: string;
  /** For people. */
  readonly description?: string | undefined;
  /** What a run is given. */
  readonly input?: StandardSchemaV1 | undefined;
  /** What `build()` makes of it. */
  readonly finish: Finish;
  /** In the order of declaration, which is a topological one. */
  readonly nodes: readonly GraphNode[];
  /** What was already seen to be wrong. */
  readonly issues: readonly DefinitionIssue[];
  /** Run variables, without those of the input. */
  readonly variables?: readonly WorkflowVariable[];
  /** By name. */
  readonly channels?: Readonly<Record<string, ChannelDeclaration>>;
  /** JSON Schema of `configurable`. */
  readonly configurable?: JsonObject;
  /** As in the definition. */
  readonly settings?: JsonObject;
  /** As in the definition. */
  readonly metadata?: JsonObject;
  /** What names lead to that are not those of steps: to a variable, to the knobs of a run, to the steps of a fragment. */
  readonly named?: ReadonlyMap<
    string,
    (stepAt: (id: string) => object) => object
  >;
  /** What is checked of the definition beside what its nodes bring. */
  readonly checks?: readonly DefinitionCheck[];
  /** Beside the manual one. */
  readonly triggers?: readonly WorkflowTrigger[];
}

/** One declared node. */
export interface GraphNode {
  /** The name that the author gave, or a name made of one. */
  readonly id: string;
  /** As in the definition. */
  readonly typeId: string;
  /** As in the definition. */
  readonly config: JsonObject;
  /** References and literals by port. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What it comes after. */
  readonly after: readonly Link[];
  /** Whether it was added by handle. */
  readonly handle?: boolean;
  /** The cases that it lies in, outermost first: a step is certain to have run for those that share its cases. */
  readonly within: readonly string[];
  /** When it runs. @default "all_success" */
  readonly rule?: TriggerRule;
  /** What of the declaration it came from, if not every host has its type, and what every host could do instead. */
  readonly needs?: readonly [what: string, instead?: string];
  /** Whether this output is there whenever the node has completed; as an approval does where an edited version was accepted. */
  readonly gives?: (outputKey: string, isEdited: boolean) => boolean;
  /** How references to it travel. */
  readonly wire?: Wire;
  /** What its kind of step checks of the definition. */
  readonly checks?: readonly DefinitionCheck[];
  /** Of an edited version of what it asks about, or of all that the child asks about that it runs. */
  readonly edit?: StandardSchemaV1 | Schemas | undefined;
  /** The code of a code node, and of the one that undoes it. */
  readonly code?: readonly NodeImplementation[];
  /** As in the definition. */
  readonly settings?: JsonObject;
  /** As in the definition. */
  readonly sensitive?: Readonly<Record<string, boolean>>;
  /** As in the definition. */
  readonly compensation?: NodeCompensation;
  /** For people. */
  readonly notes?: string;
}

/** An arrow that a node will end: where it comes from, and what the edge says of it. */
export interface Link extends
  Pick<
    WorkflowEdge,
    "sourceOutput" | "targetInput" | "condition" | "label"
  > {
  /** Name of the node. */
  readonly from: string;
  /** Whether it comes from what was added by handle. */
  readonly handle?: boolean;
  /** Whether it is the way of a case without steps. */
  readonly empty?: boolean;
}

/** The graph of which these are checked too, each of them once. */
export function checking(
  graph: Graph,
  checks: readonly DefinitionCheck[] = [],
): Graph {
  return { ...graph, checks: [...new Set([...graph.checks ?? [], ...checks])] };
}

/** `links` without those that say the same as another. */
export function distinct(links: readonly Link[]): readonly Link[] {
  const seen = new Map<string, Link>();
  for (const link of links) {
    // Of two arrows from one node the unconditional one says more, and what one carries is not lost.
    const known = seen.get(link.from);
    if (!known) seen.set(link.from, link);
    else if (known.condition || link.sourceOutput) {
      seen.set(
        link.from,
        link.sourceOutput || !known.sourceOutput ? link : known,
      );
    }
  }
  return [...seen.values()];
}

/** `wanted`, or the first of `wanted-2`, `wanted-3` … that no node has. */
export function freeId({ nodes }: Graph, wanted: string): string {
  const taken = new Set(nodes.map(({ id }) => id));
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  return id;
}

/** The approval whose decision `target` is, if it is one. */
export function gateAt(
  { nodes }: Graph,
  target: Target,
): GraphNode | undefined {
  return nodes.find(({ id, typeId }) =>
    target.kind === "step" && target.step === id &&
    target.path[0] === "action" && typeId === "core.approvalGate"
  );
}

/**
 * The graph in which something looks at `target` itself: a rejection of an approval that is looked at is a value like any
 * other, and no longer a failure.
 */
export function lookedAt(graph: Graph, target: Target): Graph {
  const gate = gateAt(graph, target);
  return {
    ...graph,
    nodes: graph.nodes.map((node) =>
      node === gate
        ? { ...node, config: { ...node.config, rejection: "output" } }
        : node
    ),
  };
}
