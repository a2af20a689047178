// Web standards only.
import { encodeId, within } from "../http/mod.ts";
import type {
  CallOptions,
  EventStream,
  JsonObject,
  Pages,
} from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { underOneKey } from "./idempotency.ts";
import type { InterruptsResource } from "./interrupts.ts";
import { createMethods, invoke } from "./invoke.ts";
import { listPages } from "./pages.ts";
import type { ListOptions } from "./pages.ts";
import { createRunHandle } from "./live_handle.ts";
import { HEADERS } from "./protocol/mod.ts";
import type {
  CreateRunRequest,
  CreateRunResponse,
  ForkResponse,
  PollResponse,
  RunDiff,
  RunSnapshot,
  RunStatus,
  RunSummary,
} from "./protocol/mod.ts";
import { pollRun, streamRun } from "./run_events.ts";
import type { PollOptions } from "./run_events.ts";
import { toForkRequest } from "./run_fork.ts";
import type { ForkAt, RunHandle } from "./run_handle.ts";
import type { RunOperations } from "./run_operations.ts";
import type {
  RunEventsOptions,
  StreamItem,
  StreamModes,
} from "./run_stream.ts";

/** Options of a call that creates a run. */
export interface CreateRunOptions extends CallOptions {
  /**
   * `enforce` asks for a single active run per tenant and `scopeId`: while there is one, the answer is 409
   * `run_already_active`. Hosts may ignore it. Source: v1 §13.3, v2 §8.1.
   */
  readonly dedup?: "enforce" | undefined;
  /** Engine to run on; for test keys. */
  readonly forceEngineVersion?: number | undefined;
}

/** Which runs to list; a filter that the host does not know is ignored by it. */
export interface RunListQuery {
  /** Only those of this workflow. */
  readonly workflowId?: string | undefined;
  /** Only those that stand here. */
  readonly status?: RunStatus | undefined;
  /** The most per page. */
  readonly limit?: number | undefined;
}

/**
 * The runs of a host, with what {@linkcode RunOperations} adds. Every call that changes something is sent under an
 * `Idempotency-Key`, made here unless given, and is therefore retried like a read.
 */
export interface RunsResource extends RunOperations {
  /**
   * Starts a run and gives a handle to it.
   *
   * @param request Which workflow, with which inputs.
   * @param options Options of the call; the same `idempotencyKey` gives the same run.
   * @throws {InvalidArgumentError} `invalid-argument`, for a field that no host takes, or too many or too long tags.
   * @throws {OpenwopError} 400 `validation_error`, 404 `not_found` for the workflow, 409 `idempotency_key_mismatch`.
   */
  start<
    Output = JsonObject,
    Name extends string = string,
    Step extends string = string,
  >(
    request: CreateRunRequest,
    options?: CreateRunOptions,
  ): Promise<RunHandle<Output, Name, Step>>;

  /**
   * Gives a handle to a run that exists. Sends nothing; a wrong id shows with the first call.
   *
   * @param runId `<tenant>/<opaque>`.
   */
  handle<
    Output = JsonObject,
    Name extends string = string,
    Step extends string = string,
  >(runId: string): RunHandle<Output, Name, Step>;

  /**
   * Creates a run and gives the answer as it came; `start()` gives a handle. Source: v2 §8.1.
   *
   * @param request Which workflow, with which inputs.
   * @param options Options of the call.
   * @throws as `start()` does.
   */
  create(
    request: CreateRunRequest,
    options?: CreateRunOptions,
  ): Promise<CreateRunResponse>;

  /**
   * Lists the runs of the tenant, newest first, page by page as the loop goes on. Each page is retried. Source: v2 §6.4.
   *
   * @param query Which ones.
   * @param options Where to begin, and options of each call.
   * @throws {UnsupportedError} `unsupported`, from the loop: the host has no list of runs.
   */
  list(
    query?: RunListQuery,
    options?: ListOptions,
  ): Pages<RunSummary, string>;

  /**
   * Gets a run if it has changed. Retried. Hosts that know no tags always send it. Source: v2 §8.3, v1 §6.6.
   *
   * @param runId Which one.
   * @param etag The `ETag` header of an earlier answer, which `onAnswer` shows.
   * @param options Options of the call.
   * @returns `undefined` when it is as it was.
   * @throws as `get()` does.
   */
  getIfChanged(
    runId: string,
    etag: string,
    options?: CallOptions,
  ): Promise<RunSnapshot | undefined>;

  /**
   * Forks a run at a step, reading the place of the step from its log.
   *
   * @param runId Which one.
   * @param request Where and how.
   * @param options Options of the call; the budgets and the signal hold for the reading, too.
   * @throws {InvalidArgumentError} `invalid-argument`, for a step that the log does not have.
   * @throws as `fork()` does.
   */
  forkAt(
    runId: string,
    request: ForkAt,
    options?: CallOptions,
  ): Promise<ForkResponse>;

  /**
   * Compares two runs. Retried. Source: v2 §6.3.
   *
   * @param runId The one.
   * @param against The other.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found` for a run, and where the host compares none.
   */
  diff(
    runId: string,
    against: string,
    options?: CallOptions,
  ): Promise<RunDiff>;

  /**
   * Gets the events after a sequence, waiting a moment for new ones. Retried. Source: v2 §7.6.
   *
   * @param runId Which run.
   * @param options Where to begin, how long to wait, and options of the call.
   * @throws {OpenwopError} 404 `not_found`.
   * @throws {UnsupportedError} `unsupported`, when the host answers 405 or 501.
   */
  poll(runId: string, options?: PollOptions): Promise<PollResponse>;

  /**
   * Follows a run to its end; see {@linkcode RunHandle.events}. Source: v2 §7.5.
   *
   * @param runId Which run.
   * @param options What to show, where to begin and how to be patient.
   */
  stream<const Modes extends StreamModes = "debug">(
    runId: string,
    options?: RunEventsOptions<Modes>,
  ): EventStream<StreamItem<Modes>>;
}

/** Makes the resource. Sends nothing. */
export function createRuns(
  api: OpenwopApi,
  interrupts: InterruptsResource,
): RunsResource {
  const runs: RunsResource = createMethods<RunsResource>(api, "runs", {
    start: async (request, options) =>
      runs.handle((await runs.create(request, options)).runId),
    handle(runId) {
      // Refuses here what no path can hold.
      encodeId("runId", runId);
      return createRunHandle(api, runs, interrupts, runId);
    },
    create(request, options = {}) {
      const { dedup, forceEngineVersion, ...call } = options;
      return invoke(api, "runs.create", [], {
        body: request,
        headers: {
          [HEADERS.dedup]: dedup,
          [HEADERS.forceEngineVersion]: forceEngineVersion?.toString(),
        },
      }, call);
    },
    list: (query = {}, options) =>
      listPages(api, "runs.list", [], query, "runs", options),
    getIfChanged: (runId, etag, options) =>
      invoke(api, "runs.get", [runId], {
        headers: { "if-none-match": etag },
        allow: [304],
      }, options),
    forkAt(runId, request, options = {}) {
      const action = `the fork of run ${JSON.stringify(runId)}`;
      return underOneKey(
        options,
        (options) =>
          within(api.transport.clock, action, options, async (signal) => {
            const wire = await toForkRequest(api, runId, request, signal);
            return await runs.fork(runId, wire, { ...options, signal });
          }),
      );
    },
    diff: (runId, against, options) =>
      invoke(api, "runs.diff", [runId], { query: { against } }, options),
    poll: (runId, options) => pollRun(api, runId, options),
    stream: (runId, options) => streamRun(api, runId, options),
  });
  return runs;
}
