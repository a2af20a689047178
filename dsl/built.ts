// Web standards only.
import {
  contentHash,
  type NodeImplementation,
  type RunnableWorkflow,
  type StandardSchemaV1,
  type WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import { toMermaid } from "./draw/mermaid.ts";

/**
 * A workflow that was declared, checked and compiled: an OpenWOP definition together with the code of its nodes.
 *
 * `In` is what a run is given, `Out` what it gives, `Steps` the names of its steps and `Gates` those of its interrupts.
 */
export class Workflow<In, Out, Steps extends string, Gates extends string>
  implements RunnableWorkflow {
  /** The open definition, frozen. `JSON.stringify(workflow)` gives it too. */
  readonly definition: WorkflowDefinition;
  /** The code of its code nodes, one entry for each type. */
  readonly nodes: readonly NodeImplementation[];
  readonly #input: StandardSchemaV1 | undefined;

  /** Workflows are made by `build()`. */
  constructor(
    definition: WorkflowDefinition,
    nodes: readonly NodeImplementation[],
    input: StandardSchemaV1 | undefined,
  ) {
    this.definition = freeze(definition);
    this.nodes = nodes;
    this.#input = input;
  }

  /** The id under which a host knows it. */
  get id(): string {
    return this.definition.id;
  }

  /** The content hash of the definition: SHA-256 of its canonical JSON, in hex. */
  hash(): Promise<string> {
    return contentHash(this.definition);
  }

  /** The graph as Mermaid text, the same for the same definition. */
  toMermaid(): string {
    return toMermaid(this.definition);
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
