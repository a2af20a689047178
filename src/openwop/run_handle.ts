// Web standards only.
import type {
  AsyncCloseable,
  CallOptions,
  EventStream,
  RetryOptions,
} from "../http/mod.ts";
import type {
  CancelResponse,
  InterruptPayload,
  JsonObject,
  JsonValue,
  ResolveResponse,
  RunEvent,
  RunOptionsOverlay,
  RunSnapshot,
  RunStatus,
} from "./protocol/mod.ts";

/**
 * A run that you can hold: follow it, answer it, wait for it, fork it. It knows nothing but the id of the run, so that
 * another process can make the same handle from the id alone; it survives cut connections.
 *
 * Get one from `client.runs.start()`, `client.runs.handle(id)`, or the `start()` of a workflow, which also
 * types it: `Output` are the outputs of the run, `Name` the names of its interrupts, `Step` those of its steps.
 *
 * `await using` releases its streams and cancels nothing.
 *
 * @example
 * ```ts
 * import { createHost } from "@tutti/sdk/host";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const definition = {
 *   id: "ask",
 *   name: "Ask",
 *   version: "1.0.0",
 *   nodes: [{
 *     id: "gate",
 *     typeId: "core.approvalGate",
 *     name: "Gate",
 *     position: { x: 0, y: 0 },
 *     config: { title: "Go on?" },
 *     inputs: {},
 *   }],
 *   edges: [],
 *   triggers: [{ id: "manual", type: "manual" }],
 *   variables: [],
 *   metadata: {},
 *   settings: {},
 * };
 * const host = createHost({ workflows: [{ definition, nodes: [] }] });
 * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
 *
 * const run = await client.runs.start({ workflowId: "ask" });
 * await run.interrupt("gate").accept({ comment: "LGTM" });
 * const { output } = await run.result();
 * assert.equal(output.feedback, "LGTM");
 *
 * const fork = await run.fork({ at: "gate" });
 * await fork.interrupt("gate").reject({ comment: "too risky" });
 * await assert.rejects(fork.result(), { code: "run-failed" });
 * await host.close();
 * ```
 */
export interface RunHandle<
  Output = JsonObject,
  Name extends string = string,
  Step extends string = string,
> extends AsyncCloseable {
  /** `<tenant>/<opaque>`. */
  readonly id: string;
  /** The run as it stands. */
  snapshot(options?: CallOptions): Promise<RunSnapshot>;
  /** Where the run stands. */
  status(options?: CallOptions): Promise<RunStatus>;
  /**
   * Every event of the run, once and in order, until the run ends.
   *
   * Resumes by itself after a cut and polls where the host has no event stream. Iterate it once; leaving the
   * loop closes the connection.
   *
   * @throws {OpenwopError} from the loop: an answer that will not pass, for example 401 or 404.
   * @throws {StreamInterruptedError} from the loop: too many reconnects in a row failed.
   */
  events(options?: RunEventsOptions): EventStream<RunEvent>;
  /** The question that the run asks under `name`; sends nothing yet. */
  interrupt(name: Name): RunInterrupt;
  /**
   * Waits for the run to end well.
   *
   * @throws {RunFailedError} `run-failed`, with the error of the run.
   * @throws {RunCancelledError} `run-cancelled`.
   * @throws {TimeoutError} `timeout`, when `timeoutMs` pass first; the run goes on.
   */
  result(options?: RunWaitOptions): Promise<RunResult<Output>>;
  /**
   * Asks the host to cancel the run. Its code may wind down for a while: `cancelling`.
   *
   * @throws {OpenwopError} 409 `run_terminal`, when the run has ended before.
   */
  cancel(reason?: string, options?: CallOptions): Promise<CancelResponse>;
  /**
   * Makes a new run out of the beginning of this one. What lies before the fork point is history and is not done again;
   * what comes after is. This run stays as it is.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, when the log has no such step; the message names those it has.
   */
  fork(
    request: ForkAt<Step | Name>,
    options?: CallOptions,
  ): Promise<RunHandle<Output, Name, Step>>;
}

/** A question of a run, by the name that the author of the workflow gave it. */
export interface RunInterrupt {
  /** The id of the node that asks. */
  readonly name: string;
  /** The question if it is open now, otherwise `undefined`. */
  get(options?: CallOptions): Promise<PendingInterrupt | undefined>;
  /**
   * Waits until the question is open.
   *
   * @throws {InterruptNotPendingError} `interrupt-not-pending`, when the run ends without asking (again).
   */
  wait(options?: RunWaitOptions): Promise<PendingInterrupt>;
  /**
   * Waits until the question is open, and accepts.
   *
   * @throws {InterruptNotPendingError} `interrupt-not-pending`, when the run ends without asking (again).
   * @throws {OpenwopError} 409 `interrupt_already_resolved`, when somebody else was faster.
   */
  accept(
    decision?: Decision,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /** Waits until the question is open, and rejects. Throws as `accept()` does. */
  reject(
    decision?: Decision,
    options?: CallOptions,
  ): Promise<ResolveResponse>;
  /** Waits until the question is open, and answers with `value`. Throws as `accept()` does. */
  resolve(value: JsonValue, options?: CallOptions): Promise<ResolveResponse>;
}

/** What goes with a decision. */
export interface Decision {
  /** Words of the approver, recorded as `feedback`. */
  readonly comment?: string | undefined;
}

/** An open question. */
export interface PendingInterrupt {
  /** The run. */
  readonly runId: string;
  /** The node that asks. */
  readonly nodeId: string;
  /** Of the host, where the log names it. */
  readonly interruptId?: string;
  /** The question, where the log has it. */
  readonly payload?: InterruptPayload;
  /** The sequence of the event that raised it. */
  readonly sequence: number;
}

/** A run that has completed. */
export interface RunResult<Output = JsonObject> {
  /** The run. */
  readonly runId: string;
  /** How it ended. */
  readonly status: "completed";
  /** What it gave. */
  readonly output: Output;
}

/** How long to wait. */
export interface RunWaitOptions {
  /** Ends the wait; the run goes on. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. @default Infinity */
  readonly timeoutMs?: number | undefined;
}

/** Settings of an event stream: `headers`, `trace`, `connectTimeoutMs` and `onAnswer` are those of each connection. */
export interface RunEventsOptions
  extends
    Pick<CallOptions, "headers" | "trace" | "connectTimeoutMs" | "onAnswer"> {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /** Only what comes after this sequence. @default everything */
  readonly afterSequence?: number | undefined;
  /** `debug` is every event; `updates` leaves starts and logs out. @default "debug", or "updates" where there is no other */
  readonly streamMode?: "debug" | "updates" | undefined;
  /** The longest silence before a reconnect, in milliseconds. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Reconnects in a row that fail. @default 10 retries from 250 ms to 10 s */
  readonly retry?: RetryOptions | false | undefined;
  /** `poll` never streams. @default "auto" */
  readonly transport?: "auto" | "poll" | undefined;
}

/** Where and how to fork a run. */
export type ForkAt<Step extends string = string> =
  & (ForkAfter<Step> | ForkAtStep<Step> | ForkFrom)
  & ForkSettings;

/** Right behind a step: it is not done again. */
export interface ForkAfter<Step extends string = string> {
  /** A step that has completed; the last time counts. */
  readonly after: Step;
}

/** Right before a step: it is done again, and a question is asked again. */
export interface ForkAtStep<Step extends string = string> {
  /** A step that has started; the first time counts. */
  readonly at: Step;
}

/** At a place in the log. */
export interface ForkFrom {
  /** The first event that is not history. */
  readonly fromSequence: number;
}

/** How to fork. */
export interface ForkSettings {
  /** `branch` runs on for real, `replay` repeats the recorded outcomes. @default "branch" */
  readonly mode?: "branch" | "replay" | undefined;
  /** Changes to the options of the run; `branch` only. */
  readonly overlay?: RunOptionsOverlay | undefined;
}
