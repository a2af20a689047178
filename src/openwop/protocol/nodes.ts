// Web standards only.
import type { JsonObject, StandardSchemaV1 } from "../../http/mod.ts";
import type { WorkflowDefinition } from "./definition.ts";

/** What a code node is given beside its input. */
export interface NodeContext {
  /** Aborted when the run is cancelled or the host closes; pass it on to everything that waits. */
  readonly signal: AbortSignal;
  /** The run, `<tenant>/<opaque>`. */
  readonly runId: string;
  /** The node in the definition. */
  readonly nodeId: string;
  /** 0 for the first attempt. */
  readonly attempt: number;
  /** The same for every attempt of this execution, also after a crash: hand it to whatever has an effect. */
  readonly idempotencyKey: string;
  /** The constants of the node in the definition. */
  readonly config: JsonObject;
  /** Appends a `log.appended` event to the run. */
  log(
    level: "debug" | "info" | "warn" | "error",
    message: string,
    fields?: JsonObject,
  ): void;
}

/**
 * A node type that lives where its code lives. `run` is called with the resolved input ports and gives the output
 * ports back.
 */
export interface NodeImplementation {
  /** The type id that definitions name, at least two dotted parts. */
  readonly typeId: string;
  /** Checks the input before `run` sees it. */
  readonly input?: StandardSchemaV1 | undefined;
  /** Checks the output before it is recorded. */
  readonly output?: StandardSchemaV1 | undefined;
  /** Does the work. What it throws fails the node. */
  run(input: never, context: NodeContext): unknown;
}

/** A definition together with the code of its code nodes: what a host can run. */
export interface RunnableWorkflow {
  /** The open definition. */
  readonly definition: WorkflowDefinition;
  /** One entry for every code node type that the definition names. */
  readonly nodes: readonly NodeImplementation[];
}
