// Web standards only.
import { DecodeError, disposable, within } from "../http/mod.ts";
import type { CallOptions, EventStream } from "../http/mod.ts";
import type { InterruptsResource } from "./interrupts.ts";
import type { OpenwopApi } from "./api.ts";
import { wireTypeOf } from "./protocol/mod.ts";
import type {
  ApprovalAction,
  CancelResponse,
  ForkResponse,
  JsonObject,
  JsonValue,
  ResolveResponse,
  RunError,
  RunEvent,
  RunSnapshot,
} from "./protocol/mod.ts";
import {
  InterruptNotPendingError,
  RunCancelledError,
  RunFailedError,
} from "./run_errors.ts";
import type {
  Decision,
  ForkAt,
  PendingInterrupt,
  RunEventsOptions,
  RunHandle,
  RunInterrupt,
  RunResult,
  RunWaitOptions,
} from "./run_handle.ts";
import { RunLog } from "./run_log.ts";

/** The calls that a handle makes. */
export interface RunCalls {
  get(runId: string, options?: CallOptions): Promise<RunSnapshot>;
  cancel(
    runId: string,
    request?: { readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<CancelResponse>;
  forkAt(
    runId: string,
    request: ForkAt,
    options?: CallOptions,
  ): Promise<ForkResponse>;
  stream(runId: string, options?: RunEventsOptions): EventStream<RunEvent>;
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
  const streams = new Set<EventStream<RunEvent>>();
  const { clock } = api.transport;

  async function result(
    options: RunWaitOptions = {},
  ): Promise<RunResult<Output>> {
    const quoted = JSON.stringify(id);
    await within(
      clock,
      `the wait for run ${quoted}`,
      options,
      (signal) => log.follow(() => false, signal),
    );
    const failure = endOf(id, log.end);
    if (failure) throw failure;
    if (log.end) {
      return { runId: id, status: "completed", output: outputOf(log.end) };
    }
    // A stream that ended without an end: the host keeps it only in the snapshot, if anywhere.
    const { status, error } = await runs.get(id, { signal: options.signal });
    if (status === "cancelled") throw new RunCancelledError(id);
    if (status === "failed") {
      throw new RunFailedError(id, error ?? unknownError);
    }
    throw new DecodeError(
      `GET ${api.path`/runs/${id}/events`}`,
      `the log of a run in status ${
        JSON.stringify(status)
      } lacks its terminal event`,
    );
  }

  function interrupt(name: Name): RunInterrupt {
    const quoted = JSON.stringify(name);

    async function get(
      options: CallOptions = {},
    ): Promise<PendingInterrupt | undefined> {
      await within(
        clock,
        `the look at interrupt ${quoted}`,
        options,
        (signal) => log.catchUp(signal),
      );
      return log.end ? undefined : log.pending(name);
    }

    async function untilOpen(signal: AbortSignal): Promise<PendingInterrupt> {
      // Only the whole log says which of its questions are still open.
      await log.catchUp(signal);
      await log.follow(() => log.pending(name) !== undefined, signal);
      const open = log.pending(name);
      if (open && !log.end) return open;
      throw new InterruptNotPendingError(
        id,
        name,
        log.asked,
        endOf(id, log.end),
      );
    }

    function wait(options: RunWaitOptions = {}): Promise<PendingInterrupt> {
      return within(
        clock,
        `the wait for interrupt ${quoted}`,
        options,
        async (signal) => {
          const open = await untilOpen(signal);
          if (open.payload && open.interruptId !== undefined) return open;
          // The other of the two events that tell of it is written together with the first.
          await log.catchUp(signal);
          return log.pending(name) ?? open;
        },
      );
    }

    function answer(
      value: () => JsonValue,
      options: CallOptions = {},
    ): Promise<ResolveResponse> {
      return within(
        clock,
        `the answer to interrupt ${quoted}`,
        options,
        async (signal) => {
          await untilOpen(signal);
          return await interrupts.resolve(id, name, value(), {
            ...options,
            signal,
          });
        },
      );
    }

    const decide =
      (action: ApprovalAction) =>
      (decision: Decision = {}, options?: CallOptions) =>
        answer(() => ({
          action,
          ...(decision.comment === undefined
            ? {}
            : { feedback: decision.comment }),
          decidedAt: new Date(clock.now()).toISOString(),
        }), options);

    return {
      name,
      get,
      wait,
      accept: decide("accept"),
      reject: decide("reject"),
      resolve: (value, options) => answer(() => value, options),
    };
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
    interrupt,
    result,
    cancel: (reason, options) => runs.cancel(id, { reason }, options),
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

const unknownError: RunError = {
  code: "unknown",
  message: "The host does not say why",
};

/** The error to throw for a run that did not end well. */
function endOf(
  id: string,
  end: RunEvent | undefined,
): RunFailedError | RunCancelledError | undefined {
  if (end === undefined) return undefined;
  if (end.type === "run.failed") {
    return new RunFailedError(id, end.payload.error, end.payload.failedNodeId);
  }
  if (end.type === "run.cancelled") {
    return new RunCancelledError(id, end.payload.reason);
  }
  const type = wireTypeOf(end);
  if (type === "run.failed") return new RunFailedError(id, unknownError);
  return type === "run.cancelled" ? new RunCancelledError(id) : undefined;
}

function outputOf<Output>(end: RunEvent): Output {
  const output: JsonObject = end.type === "run.completed"
    ? end.payload.outputs
    : {};
  // The type is the word of whoever typed the handle.
  return output as Output;
}
