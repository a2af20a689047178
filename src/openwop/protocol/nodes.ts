// Web standards only.
import type {
  JsonObject,
  JsonValue,
  StandardSchemaV1,
} from "../../http/mod.ts";
import type { WorkflowDefinition } from "./definition.ts";
import type { ChunkMeta } from "./events_run.ts";
import type { InterruptKind } from "./interrupts.ts";

/** A piece of streamed output, as {@linkcode NodeContext.emit} takes it. */
export interface OutputChunk {
  /** The next piece. */
  readonly chunk: string;
  /** Whether nothing follows. @default false */
  readonly isLast?: boolean;
  /** Tells several streams of one step apart. */
  readonly channel?: string;
  /** How it came about. */
  readonly meta?: ChunkMeta;
}

/** A question that a step asks a person, or an event that it waits for. */
export interface StepInterrupt {
  /**
   * Tells it from the other questions of the step: 1 to 64 characters of `A-Z a-z 0-9 . _ -`. Name them where their order
   * may differ from one execution to the next.
   *
   * @default its number in the order of the calls
   */
  readonly name?: string;
  /** Of the protocol. */
  readonly kind: InterruptKind;
  /** What is asked, shaped by the kind; of an approval `title` and `actions` suffice. */
  readonly data: JsonObject;
  /** JSON Schema of the answer. */
  readonly resumeSchema?: JsonObject;
  /** Milliseconds until it answers itself: an approval with a rejection, any other with an error. @default never */
  readonly timeoutMs?: number;
}

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
  /**
   * Appends a piece of streamed output to the run, as `output.chunk`.
   *
   * @returns when it is recorded; who awaits it goes at the pace of the log, who does not may lose pieces beyond 10,000
   * that wait. Never rejects.
   */
  emit(type: "output.chunk", payload: OutputChunk): Promise<void>;
  /**
   * Appends an event of one's own to the run.
   *
   * @param type Two or three parts in lower case, as in `acme.order-shipped`.
   * @param payload Plain JSON; checked by `events` of the node type where that names the type.
   * @returns as above.
   * @throws {TypeError} for a name that is the protocol's, and for a payload that is refused.
   */
  emit(type: string, payload?: JsonObject): Promise<void>;
  /**
   * Asks a person, or waits for an event from outside. The step ends here, and is run again from its beginning once the
   * answer is there; then the same call gives the answer. So it costs nothing while it waits, and survives a crash; do
   * before it only what may be done twice. While it is not answered, the promise rejects with the reason of
   * `context.signal`: let that pass.
   *
   * @returns the answer, of an approval also a rejection: `{action, feedback?, decidedBy, …}`.
   * @throws an error with the code `interrupt_timeout` when nobody answered in time, an approval excepted; one with the
   * code `config_validation_failed` for a question that cannot be asked.
   */
  interrupt<Answer = JsonValue>(question: StepInterrupt): Promise<Answer>;
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
  /** Own events by type, with what checks their payload at once. With it, no others may be emitted. */
  readonly events?: Readonly<Record<string, StandardSchemaV1>> | undefined;
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
