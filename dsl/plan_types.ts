// Web standards only.
import type { DiscoveryResource, RunsResource } from "../src/openwop/mod.ts";
import type {
  JsonObject,
  JsonValue,
  RunError,
  RunEvent,
  WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import type { Votes } from "./answers.ts";
import type { Schemas } from "./defined.ts";
import type { StepName } from "./parts.ts";
import type { ResumeOf } from "./run.ts";

/** What the types of a workflow say of its plans. */
export interface AnyPlanTypes {
  /** What a run is given. */
  readonly in: unknown;
  /** What it gives. */
  readonly out: unknown;
  /** The names of its steps. */
  readonly steps: string;
  /** Its interrupts by name, those of its children by `<step>.<name>`. */
  readonly gates: unknown;
  /** What a fork may write over. */
  readonly state: unknown;
}

/** The same, of a workflow that is known. */
export interface PlanTypes<In, Out, Steps extends string, Gates, State>
  extends AnyPlanTypes {
  /** What a run is given. */
  readonly in: In;
  /** What it gives. */
  readonly out: Out;
  /** The names of its steps. */
  readonly steps: Steps;
  /** Its interrupts. */
  readonly gates: Gates;
  /** What a fork may write over. */
  readonly state: State;
}

/** A question that a planned run asks. */
export interface PlanQuestion<Data> {
  /** The name of the interrupt, as in `on()`. */
  readonly name: string;
  /** Of which sort it is. */
  readonly kind: string;
  /** How often it was asked before, in this run and for these entries: 0 for the first time. */
  readonly round: number;
  /** For which entry it is asked, of each `forEach()` that it lies in, from the outside in; empty outside of any. */
  readonly items: readonly number[];
  /** What is shown to whoever answers. */
  readonly data: Data;
  /**
   * Aborts when nobody waits for the answer any more: somebody else has given it, the run has ended, its deadline has
   * passed, or whoever carries out the plan has cancelled it. What comes of the function then is ignored.
   */
  readonly signal: AbortSignal;
}

/** Any question. */
export type AnyQuestion = PlanQuestion<unknown>;

/** How a question is answered: always the same, or by a function of what is shown. */
export type PlanAnswer<Gate, Said = Sayable<Gate>> =
  | Said
  | ((
    question: PlanQuestion<
      Gate extends { readonly data: infer Data } ? Data : unknown
    >,
  ) => Said | Promise<Said>);

/** What may be said to a question: an approval takes votes of several people too. */
export type Sayable<Gate> =
  | ResumeOf<Gate>
  | Votes<Gate extends { readonly kind: "approval" } ? ResumeOf<Gate> : never>;

/** Where a fork begins: before a step, after one, or anew. */
export type ForkPoint<Step> =
  | { readonly at: Step }
  | { readonly after: Step }
  | "start";

/** The forks of a plan that has none. */
// deno-lint-ignore no-empty-interface
export interface NoForks {}

/** What became of a step. */
export type StepOutcome =
  | "running"
  | "waiting"
  | "completed"
  | "failed"
  | "skipped"
  | "cancelled";

/** How a planned run has ended; `not-run` is a fork whose place was never reached. */
export type PlanStatus =
  | "completed"
  | "failed"
  | "cancelled"
  | "timed-out"
  | "not-run";

/** An answer that was given. */
export interface GivenAnswer {
  /** To which question. */
  readonly name: string;
  /** How often it was asked before. */
  readonly round: number;
  /** For which entries, inside of `forEach()`. */
  readonly items?: readonly number[];
  /** Whose vote it is, where the plan said so. */
  readonly by?: string;
  /** The answer. */
  readonly answer: JsonValue;
}

/** Whether an expectation was met. */
export interface ExpectationResult {
  /** Whether. */
  readonly ok: boolean;
  /** What was expected and what came. */
  readonly message: string;
}

/** What became of a planned run, and of its forks. */
export type PlanResult<Out, Steps extends string, Forks> =
  & {
    /** Of the run; empty where there was none. */
    readonly runId: string;
    /** Of which workflow. */
    readonly workflowId: string;
    /** Why it did not complete. */
    readonly error?: RunError;
    /** The answers that the plan gave; those that a fork has from the run it was made of included. */
    readonly answers: readonly GivenAnswer[];
    /** What became of each step that the log names; of one that was added with `add()`, by its `stepName()`. */
    readonly steps: { readonly [Step in Steps | StepName]?: StepOutcome };
    /** Every expectation, met or not. */
    readonly expectations: readonly ExpectationResult[];
    /** Whether every expectation was met, those of the forks included. */
    readonly ok: boolean;
    /** By name. */
    readonly forks: Forks;
  }
  & (
    | {
      /** How it ended. */
      readonly status: "completed";
      /** What it gave. */
      readonly output: Out;
    }
    | {
      /** How it ended. */
      readonly status: "failed" | "cancelled" | "timed-out" | "not-run";
      /** Nothing. */
      readonly output?: undefined;
    }
  );

/** What a result should be like: what is not named may be anything. */
export interface WantedResult<Out> {
  /** How it ends. */
  readonly status?: PlanStatus;
  /** Some or all of its outputs. */
  readonly output?: Partial<Out>;
}

/** How a plan is carried out. */
export interface ExecuteOptions {
  /** Cancels every run that is going on. */
  readonly signal?: AbortSignal;
  /**
   * The client of a person who votes. A host knows from the credential who answers, and counts nobody twice; one that
   * believes the answer itself is told the name too, so for such a host it may be the same client for all.
   *
   * @param person As named in `votes()`; asked before anything is started, and for every vote.
   */
  readonly as?: (person: string) => PlanClient;
  /**
   * Is told every event as it comes.
   *
   * @param event The event.
   * @param path Names of the forks that lead to its run, from the outside in; empty for the run itself.
   */
  readonly onEvent?: (event: RunEvent, path: readonly string[]) => void;
}

/** A plan as data, to be reviewed, stored and carried out later. */
export interface PlanJson {
  /** Which workflow. */
  readonly workflowId: string;
  /** Its version when the plan was made. */
  readonly version: string;
  /** The workflow itself, where a fork changes it. */
  readonly definition?: WorkflowDefinition;
  /** What the run is given. */
  readonly input: JsonObject;
  /** Words to find the run by. */
  readonly tags?: readonly string[];
  /** Kept with the run. */
  readonly metadata?: JsonObject;
  /** Knobs of the workflow and the host. */
  readonly configurable?: JsonObject;
  /** Makes a second execution find the run of the first. */
  readonly idempotencyKey?: string;
  /** By interrupt. */
  readonly answers?: Readonly<Record<string, JsonValue>>;
  /** For all other interrupts. */
  readonly any?: JsonValue;
  /** What a fork writes over where it begins: variables, channels and outputs of steps by name. */
  readonly state?: JsonObject;
  /** Milliseconds. */
  readonly deadlineMs?: number;
  /** What the result should be like. */
  readonly expect?: readonly WantedResult<JsonObject>[];
  /** What is tried besides. */
  readonly forks?: readonly {
    readonly name: string;
    readonly at: ForkPoint<string>;
    readonly plan: PlanJson;
  }[];
}

/** Everything that a plan says, untyped. */
export interface PlanSpec {
  /** Which workflow. */
  readonly workflow: PlannedWorkflow;
  /** What the run is given. */
  readonly input: unknown;
  /** Words to find the run by. */
  readonly tags: readonly string[];
  /** Kept with the run. */
  readonly metadata?: JsonObject;
  /** Knobs. */
  readonly configurable?: JsonObject;
  /** As it was given. */
  readonly idempotencyKey?: string;
  /** By interrupt. */
  readonly answers: ReadonlyMap<string, unknown>;
  /** For all other interrupts. */
  readonly any?: unknown;
  /** Milliseconds. */
  readonly deadlineMs?: number;
  /** Data, or functions of the result. */
  readonly expectations: readonly unknown[];
  /** What is tried besides. */
  readonly forks: readonly {
    readonly name: string;
    readonly at: ForkPoint<string>;
    readonly spec: PlanSpec;
  }[];
  /** What a fork writes over where it begins, by name. */
  readonly state?: JsonObject;
  /** Whether a fork begins anew, because its input or its workflow is another. */
  readonly anew?: boolean;
}

/** A workflow, as far as a plan needs it. */
export interface PlannedWorkflow {
  /** As it is deployed. */
  readonly definition: WorkflowDefinition;
  /** By which edited versions are checked; without it they are sent as they are. */
  readonly schemas?: Schemas;
  /** Checks an input and gives what is sent. */
  accept(input: never): Promise<JsonObject>;
}

/** What carrying out a plan needs of a client: an `OpenwopClient`, or a stand-in. */
export interface PlanClient {
  /** The runs of a host. */
  readonly runs: Pick<RunsResource, "start" | "handle">;
  /** What the host says of itself; asked only where a fork has edited state. */
  readonly discovery?: Pick<DiscoveryResource, "get">;
}
