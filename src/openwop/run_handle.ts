// Web standards only.
import type {
  AsyncCloseable,
  CallOptions,
  EventStream,
  JsonObject,
} from "../http/mod.ts";
import type {
  CancelResponse,
  PauseRequest,
  PauseResponse,
  ResumeResponse,
  RunDiff,
  RunEvent,
  RunOptionsOverlay,
  RunSnapshot,
  RunStatus,
} from "./protocol/mod.ts";
import type {
  PendingInterrupt,
  RunInterrupt,
  RunWaitOptions,
} from "./run_interrupt.ts";
import type {
  RunEventsOptions,
  StreamItem,
  StreamModes,
} from "./run_stream.ts";

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
> extends HeldRun<Output, Name> {
  /** The question that the run asks under `name`; sends nothing yet. */
  interrupt(name: Name): RunInterrupt;
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

/** What can be done with every run that is held, whatever is known of its questions: follow it, wait for it, steer it. */
export interface HeldRun<Output, Name extends string> extends AsyncCloseable {
  /** `<tenant>/<opaque>`. */
  readonly id: string;
  /** The run as it stands. */
  snapshot(options?: CallOptions): Promise<RunSnapshot>;
  /** Where the run stands. */
  status(options?: CallOptions): Promise<RunStatus>;
  /**
   * Everything that happens in the run, once and in order, until it ends: every event, or what `streamMode` asks for.
   *
   * Resumes by itself after a cut and polls where the host has no event stream, without a seam. Iterate it once; leaving
   * the loop closes the connection.
   *
   * @throws {InvalidArgumentError} `invalid-argument`, for modes that do not go together and a `bufferMs` that is too long.
   * @throws {OpenwopError} from the loop: an answer that will not pass, for example 401 or 404, or 400
   * `unsupported_stream_mode` with `details.supported`.
   * @throws {StreamInterruptedError} from the loop: too many reconnects in a row failed.
   */
  events<const Modes extends StreamModes = "debug">(
    options?: RunEventsOptions<Modes>,
  ): EventStream<StreamItem<Modes>>;
  /** The questions that are open now, the oldest first. */
  interrupts(options?: CallOptions): Promise<readonly PendingInterrupt[]>;
  /**
   * Waits until the run asks: whatever it is, or by its name.
   *
   * @throws {InterruptNotPendingError} `interrupt-not-pending`, when the run ends without asking (again).
   * @throws {TimeoutError} `timeout`, when `timeoutMs` pass first; the run goes on.
   */
  waitFor(
    what: "interrupt" | { readonly interrupt: Name },
    options?: RunWaitOptions,
  ): Promise<PendingInterrupt>;
  /**
   * Waits until the run stands at a status, or one of several. A status that passes quickly may be missed.
   *
   * @throws {RunEndedError} `run-ended`, when the run ends elsewhere.
   * @throws {TimeoutError} `timeout`, when `timeoutMs` pass first; the run goes on.
   */
  waitFor(
    what: RunStatus | readonly RunStatus[],
    options?: RunWaitOptions,
  ): Promise<RunSnapshot>;
  /**
   * Waits for the first event that `what` says yes to, among those that have happened and those that will.
   *
   * @throws {RunEndedError} `run-ended`, when the run ends without one.
   * @throws {TimeoutError} `timeout`, when `timeoutMs` pass first; the run goes on.
   */
  waitFor<Event extends RunEvent>(
    what: (event: RunEvent) => event is Event,
    options?: RunWaitOptions,
  ): Promise<Event>;
  /** Waits for the first event that `what` says yes to; throws as above. */
  waitFor(
    what: (event: RunEvent) => boolean,
    options?: RunWaitOptions,
  ): Promise<RunEvent>;
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
   * Pauses the run; the event `run.paused` may come later than the answer.
   *
   * @throws {OpenwopError} 409 `run_state_conflict` with `details.runStatus`, 409 `run_terminal`.
   * @throws {UnsupportedError} `unsupported`, on version 1 hosts without pauses.
   */
  pause(request?: PauseRequest, options?: CallOptions): Promise<PauseResponse>;
  /**
   * Lets a paused run go on.
   *
   * @throws as `pause()` does.
   */
  resume(reason?: string, options?: CallOptions): Promise<ResumeResponse>;
  /**
   * Compares the run with another one, for example a fork with its source.
   *
   * @throws {OpenwopError} 404 `not_found` for a run, and where the host compares none.
   */
  diff(
    other: string | { readonly id: string },
    options?: CallOptions,
  ): Promise<RunDiff>;
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

/** Where and how to fork a run. */
export type ForkAt<Step = string> =
  & (ForkAfter<Step> | ForkAtStep<Step> | ForkFrom)
  & ForkSettings;

/** Right behind a step: it is not done again. */
export interface ForkAfter<Step = string> {
  /** A step that has completed; the last time counts. */
  readonly after: Step;
}

/** Right before a step: it is done again, and a question is asked again. */
export interface ForkAtStep<Step = string> {
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
