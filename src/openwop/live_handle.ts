// Web standards only.
import { DecodeError, disposable, within } from "../http/mod.ts";
import type { CallOptions, EventStream } from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import type { InterruptsResource } from "./interrupts.ts";
import { createRunInterrupts } from "./live_interrupt.ts";
import { isTerminalStatus } from "./protocol/mod.ts";
import type {
  ForkResponse,
  RunDiff,
  RunEvent,
  RunSnapshot,
  RunStatus,
} from "./protocol/mod.ts";
import { endAt, endOf } from "./run_end.ts";
import { RunEndedError } from "./run_errors.ts";
import type { ForkAt, RunHandle, RunResult } from "./run_handle.ts";
import type { RunWaitOptions } from "./run_interrupt.ts";
import { RunLog } from "./run_log.ts";
import type { RunOperations } from "./run_operations.ts";
import type {
  RunEventsOptions,
  StreamItem,
  StreamModes,
} from "./run_stream.ts";

/** The calls that a handle makes. */
export interface RunCalls
  extends Pick<RunOperations, "get" | "cancel" | "pause" | "resume"> {
  diff(
    runId: string,
    against: string,
    options?: CallOptions,
  ): Promise<RunDiff>;
  forkAt(
    runId: string,
    request: ForkAt,
    options?: CallOptions,
  ): Promise<ForkResponse>;
  stream<const Modes extends StreamModes = "debug">(
    runId: string,
    options?: RunEventsOptions<Modes>,
  ): EventStream<StreamItem<Modes>>;
}

/** Makes a handle. Sends nothing. */
export function createRunHandle<
  Output,
  Name extends string,
  Step extends string,
>(
  api: OpenwopApi,
  runs: RunCalls,
  interrupts: InterruptsResource,
  id: string,
): RunHandle<Output, Name, Step> {
  const log = new RunLog(api, id);
  const streams = new Set<EventStream<unknown>>();
  const { clock } = api.transport;
  const questions = createRunInterrupts(
    api,
    (options) => runs.get(id, options),
    interrupts,
    id,
    log,
  );
  const quoted = JSON.stringify(id);

  const result = (options: RunWaitOptions = {}): Promise<RunResult<Output>> =>
    within(clock, `the wait for run ${quoted}`, options, async (signal) => {
      await log.follow(() => false, signal);
      const { end } = log;
      // A stream that ended without an end: the host keeps it only in the snapshot, if anywhere.
      const at = end ? undefined : await runs.get(id, { signal });
      const failure = at ? endAt(id, at) : endOf(id, end);
      if (failure) throw failure;
      if (at) {
        throw new DecodeError(
          `the events of run ${quoted}`,
          `the log of a run in status ${
            JSON.stringify(at.status)
          } lacks its terminal event`,
        );
      }
      const output = end?.type === "run.completed" ? end.payload.outputs : {};
      // The type is the word of whoever typed the handle.
      return { runId: id, status: "completed", output: output as Output };
    });

  /** The first event that `isIt`. */
  async function untilEvent(
    isIt: (event: RunEvent) => boolean,
    signal: AbortSignal,
  ): Promise<RunEvent> {
    let last: RunEvent | undefined;
    for await (const event of runs.stream(id, { signal })) {
      if (isIt(event)) return event;
      last = event;
    }
    throw new RunEndedError(id, "an event", endOf(id, last));
  }

  /** The run, as soon as it stands at one of these. */
  async function untilStatus(
    wanted: readonly RunStatus[],
    signal: AbortSignal,
  ): Promise<RunSnapshot> {
    await log.catchUp(signal);
    const afterSequence = log.lastSequence;
    let run = await runs.get(id, { signal });
    if (!wanted.includes(run.status) && !isTerminalStatus(run.status)) {
      const { major } = await api.codec({ signal });
      const states = runs.stream(id, {
        signal,
        afterSequence,
        streamMode: "values",
        // No host of version 1 sends snapshots, and not all tell of a pause.
        transport: major > 1 ? "auto" : "poll",
      });
      for await (const { payload } of states) {
        run = payload;
        if (wanted.includes(run.status)) break;
      }
    }
    if (wanted.includes(run.status)) return run;
    throw new RunEndedError(id, `status ${wanted.join(", ")}`, endAt(id, run));
  }

  function waitFor(
    what:
      | string
      | readonly string[]
      | { readonly interrupt: string }
      | ((event: RunEvent) => boolean),
    options: RunWaitOptions = {},
  ): Promise<unknown> {
    if (what === "interrupt") return questions.next(options);
    if (typeof what === "object" && "interrupt" in what) {
      return questions.at(what.interrupt).wait(options);
    }
    return within<unknown>(
      clock,
      `the wait for run ${quoted}`,
      options,
      (signal) =>
        typeof what === "function"
          ? untilEvent(what, signal)
          : untilStatus([what].flat() as readonly RunStatus[], signal),
    );
  }

  const handle = {
    id,
    snapshot: (options) => runs.get(id, options),
    status: async (options) => (await runs.get(id, options)).status,
    events(options) {
      for (const old of streams) if (old.closed) streams.delete(old);
      const stream = runs.stream(id, options);
      streams.add(stream);
      return stream;
    },
    interrupt: questions.at,
    interrupts: questions.list,
    // The overloads say what comes of what.
    waitFor: waitFor as RunHandle<Output, Name, Step>["waitFor"],
    result,
    cancel: (reason, options) => runs.cancel(id, { reason }, options),
    pause: (request, options) => runs.pause(id, request, options),
    resume: (reason, options) => runs.resume(id, { reason }, options),
    diff: (other, options) =>
      runs.diff(id, typeof other === "string" ? other : other.id, options),
    async fork(request, options) {
      const child = await runs.forkAt(id, request, options);
      return createRunHandle(api, runs, interrupts, child.runId);
    },
  } satisfies Omit<RunHandle<Output, Name, Step>, symbol>;
  return disposable(handle, async () => {
    const open = [...streams];
    streams.clear();
    await Promise.all(open.map((stream) => stream.close()));
  });
}
