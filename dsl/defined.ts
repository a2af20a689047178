// Web standards only.
import {
  contentHash,
  type NodeImplementation,
  type RunnableWorkflow,
  type StandardSchemaV1,
  type WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import type { AnyState } from "./state_types.ts";

/** The class of the workflow that is made of what was compiled: with what it can do beside being written as JSON. */
export type Finish = new (
  definition: WorkflowDefinition,
  nodes: readonly NodeImplementation[],
  schemas: Schemas,
) => object;

/** Of the input, as `input`, and of what may be edited, by approval; those of a child by the step that runs it. */
export interface Schemas
  extends ReadonlyMap<string, StandardSchemaV1 | Schemas | undefined> {}

/**
 * A workflow that was declared, checked and compiled: an OpenWOP definition together with the code of its nodes. Hosts
 * take it, registries store it, `sub()` and `forEach()` use it.
 *
 * `In` is what a run is given, `Out` what it gives, `Steps` the names of its steps, `Gates` its interrupts by name and
 * `State` what a fork may write over.
 */
export class DefinedWorkflow<
  In,
  Out,
  Steps extends string,
  Gates,
  State = AnyState,
> implements RunnableWorkflow {
  /** Never present at run time. */
  declare readonly "~workflow"?: {
    readonly in: (input: In) => void;
    readonly out: Out;
    readonly steps: Steps;
    readonly gates: Gates;
    readonly state: State;
  };
  /** The open definition, frozen. `JSON.stringify(workflow)` gives it too. */
  readonly definition: WorkflowDefinition;
  /** The code of its code nodes, one entry for each type. */
  readonly nodes: readonly NodeImplementation[];
  /** What `build()` was told by schemas, and the definition does not carry. */
  readonly schemas: Schemas;

  /** Workflows are made by `build()`. */
  constructor(
    definition: WorkflowDefinition,
    nodes: readonly NodeImplementation[],
    schemas: Schemas,
  ) {
    this.definition = freeze(definition);
    this.nodes = nodes;
    this.schemas = schemas;
  }

  /** The id under which a host knows it. */
  get id(): string {
    return this.definition.id;
  }

  /** The content hash of the definition: SHA-256 of its canonical JSON, in hex. */
  hash(): Promise<string> {
    return contentHash(this.definition);
  }

  /** The definition. */
  toJSON(): WorkflowDefinition {
    return this.definition;
  }
}

function freeze<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}
