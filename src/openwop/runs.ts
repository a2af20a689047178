// Web standards only.
import type { CallOptions, EventStream, JsonObject } from "../http/mod.ts";
import { expecting } from "./api.ts";
import type { OpenwopApi } from "./api.ts";
import type { InterruptsResource } from "./interrupts.ts";
import { createRunHandle } from "./live_handle.ts";
import type {
  CancelResponse,
  CreateRunRequest,
  CreateRunResponse,
  ForkRequest,
  ForkResponse,
  PollResponse,
  RunEvent,
  RunSnapshot,
} from "./protocol/mod.ts";
import { pollRun, streamRun } from "./run_events.ts";
import type { PollOptions } from "./run_events.ts";
import { toForkRequest } from "./run_fork.ts";
import type { ForkAt, RunEventsOptions, RunHandle } from "./run_handle.ts";

/**
 * The runs of a host. Every call that changes something is sent under an `Idempotency-Key`, made here unless given, and
 * is therefore retried like a read.
 */
export class RunsResource {
  readonly #api: OpenwopApi;
  readonly #interrupts: InterruptsResource;

  /**
   * Made by the client.
   *
   * @param api The way to the host.
   * @param interrupts For the handles.
   */
  constructor(api: OpenwopApi, interrupts: InterruptsResource) {
    this.#api = api;
    this.#interrupts = interrupts;
  }

  /**
   * Starts a run and gives a handle to it.
   *
   * @param request Which workflow, with which inputs.
   * @param options Options of the call; the same `idempotencyKey` gives the same run.
   * @throws {OpenwopError} 400 `validation_error`, 404 `not_found` for the workflow, 409 `idempotency_key_mismatch`.
   */
  async start<
    Output = JsonObject,
    Name extends string = string,
    Step extends string = string,
  >(
    request: CreateRunRequest,
    options?: CallOptions,
  ): Promise<RunHandle<Output, Name, Step>> {
    const { runId } = await this.create(request, options);
    return this.handle(runId);
  }

  /**
   * Gives a handle to a run that exists. Sends nothing; a wrong id shows with the first call.
   *
   * @param runId `<tenant>/<opaque>`.
   */
  handle<
    Output = JsonObject,
    Name extends string = string,
    Step extends string = string,
  >(runId: string): RunHandle<Output, Name, Step> {
    // Refuses here what no path can hold.
    this.#path(runId);
    return createRunHandle(this.#api, this, this.#interrupts, runId);
  }

  /**
   * Creates a run and gives the answer as it came; `start()` gives a handle. Source: v2 §8.1.
   *
   * @param request Which workflow, with which inputs.
   * @param options Options of the call.
   * @throws {OpenwopError} as `start()` does.
   */
  create(
    request: CreateRunRequest,
    options?: CallOptions,
  ): Promise<CreateRunResponse> {
    const path = this.#api.path`/runs`;
    return this.#post("runs.create", path, request, options);
  }

  /**
   * Gets a run as it stands. Retried. Source: v2 §8.3.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found`, 403 `id_tenant_mismatch`.
   */
  get(runId: string, options?: CallOptions): Promise<RunSnapshot> {
    const path = this.#path(runId);
    return this.#api.call({
      name: "runs.get",
      method: "GET",
      path,
      contract: "safe",
      decode: expecting<RunSnapshot>(`GET ${path}`, {
        runId: "string",
        workflowId: "string",
        status: "string",
      }),
    }, options);
  }

  /**
   * Cancels a run. Source: v2 §8.4.
   *
   * @param runId Which one.
   * @param request Why.
   * @param options Options of the call.
   * @throws {OpenwopError} 409 `run_terminal`, when it has ended before.
   */
  cancel(
    runId: string,
    request: { readonly reason?: string | undefined } = {},
    options?: CallOptions,
  ): Promise<CancelResponse> {
    const path = this.#api.path`/runs/${runId}/cancel`;
    return this.#post("runs.cancel", path, request, options);
  }

  /**
   * Forks a run at a sequence and gives the answer as it came. Source: v2 §8.5.
   *
   * @param runId Which one.
   * @param request Where and how.
   * @param options Options of the call.
   * @throws {OpenwopError} 422 `fork_point_invalid`, 404 where the host offers no forks.
   */
  fork(
    runId: string,
    request: ForkRequest,
    options?: CallOptions,
  ): Promise<ForkResponse> {
    const path = this.#api.path`/runs/${runId}:fork`;
    return this.#post("runs.fork", path, request, options);
  }

  /**
   * Forks a run at a step, reading the place of the step from its log.
   *
   * @param runId Which one.
   * @param request Where and how.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for a step that the log does not have.
   * @throws {OpenwopError} as `fork()` does.
   */
  async forkAt(
    runId: string,
    request: ForkAt,
    options?: CallOptions,
  ): Promise<ForkResponse> {
    const wire = await toForkRequest(
      this.#api,
      runId,
      request,
      options?.signal,
    );
    return await this.fork(runId, wire, options);
  }

  /**
   * Gets the events after a sequence, waiting a moment for new ones. Retried. Source: v2 §7.6.
   *
   * @param runId Which run.
   * @param options Where to begin, how long to wait, and options of the call.
   * @throws {OpenwopError} 404 `not_found`.
   */
  poll(runId: string, options?: PollOptions): Promise<PollResponse> {
    return pollRun(this.#api, runId, options);
  }

  /**
   * Follows the events of a run to its end; see {@linkcode RunHandle.events}. Source: v2 §7.5.
   *
   * @param runId Which run.
   * @param options Where to begin and how to be patient.
   */
  stream(runId: string, options?: RunEventsOptions): EventStream<RunEvent> {
    return streamRun(this.#api, runId, options);
  }

  #path(runId: string): string {
    return this.#api.path`/runs/${runId}`;
  }

  #post<T>(
    name: string,
    path: string,
    json: unknown,
    options: CallOptions | undefined,
  ): Promise<T> {
    return this.#api.call({
      name,
      method: "POST",
      path,
      json,
      contract: "keyed",
      decode: expecting<T>(`POST ${path}`, {
        runId: "string",
        status: "string",
      }),
    }, options);
  }
}
