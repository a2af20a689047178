// Web standards only.
import type { CallOptions, JsonObject } from "../http/mod.ts";
import type {
  Annotation,
  AnnotationRequest,
  BulkCancelRequest,
  BulkCancelResponse,
  CancelResponse,
  DebugBundle,
  EvalSummary,
  ForkRequest,
  ForkResponse,
  PauseRequest,
  PauseResponse,
  ResumeResponse,
  RunAncestry,
  RunCompensation,
  RunEffects,
  RunSnapshot,
} from "./protocol/mod.ts";

/**
 * What can be done with a run by its id: {@linkcode RunsResource} has it all. Reads are retried; what changes something is
 * sent under an `Idempotency-Key`, made here unless given, and is retried like a read.
 */
export interface RunOperations {
  /**
   * Gets a run as it stands. Retried. Source: v2 §8.3.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found`, 403 `id_tenant_mismatch`.
   */
  get(runId: string, options?: CallOptions): Promise<RunSnapshot>;
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
    request?: { readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<CancelResponse>;
  /**
   * Cancels several runs. The call succeeds when each of them has been looked at; what became of them stands in the
   * results, in the order of the request. Source: v2 §6.3.
   *
   * @param request Which ones, 1 to 100, and why.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for none or more than 100.
   * @throws {OpenwopError} 400 `validation_error` with `details.maxRunIds`, where the host takes fewer.
   * @throws {UnsupportedError} `unsupported`.
   */
  bulkCancel(
    request: BulkCancelRequest,
    options?: CallOptions,
  ): Promise<BulkCancelResponse>;
  /**
   * Pauses a run; the event `run.paused` may come later than the answer. Source: v2 §8.4.
   *
   * @param runId Which one.
   * @param request Why, and whether the node at work may finish.
   * @param options Options of the call.
   * @throws {OpenwopError} 409 `run_state_conflict` with `details.runStatus`, 409 `run_terminal`.
   * @throws {UnsupportedError} `unsupported`, on version 1 hosts without pauses.
   */
  pause(
    runId: string,
    request?: PauseRequest,
    options?: CallOptions,
  ): Promise<PauseResponse>;
  /**
   * Lets a paused run go on. Source: v2 §8.4.
   *
   * @param runId Which one.
   * @param request Why.
   * @param options Options of the call.
   * @throws as `pause()` does.
   */
  resume(
    runId: string,
    request?: { readonly reason?: string | undefined },
    options?: CallOptions,
  ): Promise<ResumeResponse>;
  /**
   * Forks a run at a sequence and gives the answer as it came. Source: v2 §8.5.
   *
   * @param runId Which one.
   * @param request Where and how.
   * @param options Options of the call.
   * @throws {OpenwopError} 422 `fork_point_invalid`, 404 `not_found` for the run.
   * @throws {UnsupportedError} `unsupported`, capability `replay`: the host forks nothing, or not like this.
   */
  fork(
    runId: string,
    request: ForkRequest,
    options?: CallOptions,
  ): Promise<ForkResponse>;
  /**
   * Gets what started a run, across hosts. Retried. Source: v2 §6.2 row 15.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`.
   */
  ancestry(runId: string, options?: CallOptions): Promise<RunAncestry>;
  /**
   * Says something about a run: a rating, a correction, a label, a flag. Source: v1 §5.2.
   *
   * @param runId Which one.
   * @param request What there is to say.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for a rating that is none of 1 to 5.
   * @throws {UnsupportedError} `unsupported`, capability `feedback`.
   */
  createAnnotation(
    runId: string,
    request: AnnotationRequest,
    options?: CallOptions,
  ): Promise<Annotation>;
  /**
   * Gets everything that was said about a run. Retried.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `feedback`.
   */
  listAnnotations(
    runId: string,
    options?: CallOptions,
  ): Promise<{ readonly annotations: readonly Annotation[] }>;
  /**
   * Gets an artifact of a run; its shape belongs to the host. Retried. Source: v2 §6.2 row 18.
   *
   * @param runId Which run.
   * @param artifactId Which artifact.
   * @param options Options of the call.
   * @throws {OpenwopError} 404 `not_found`.
   */
  getArtifact(
    runId: string,
    artifactId: string,
    options?: CallOptions,
  ): Promise<JsonObject>;
  /**
   * Gets the scorecard of an eval run. Retried. Source: v2 §6.2 row 19.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {OpenwopError} 409 while it runs.
   * @throws {UnsupportedError} `unsupported`, capability `agents.evalSuite`.
   */
  evalSummary(runId: string, options?: CallOptions): Promise<EvalSummary>;
  /**
   * Gets how far the effects of a run have been undone. Retried. Source: v2 §6.2 row 20.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `compensation`, and in version 1.
   */
  compensation(
    runId: string,
    options?: CallOptions,
  ): Promise<RunCompensation>;
  /**
   * Gets what a run did to the world outside. Retried. Source: v2 §6.3.
   *
   * @param runId Which one.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `idempotency`, and in version 1.
   */
  effects(runId: string, options?: CallOptions): Promise<RunEffects>;
  /**
   * Gets everything that helps to find out what went wrong. Retried. Version 1 only. Source: v1 §5.2.
   *
   * @param runId Which one.
   * @param query How many events at most.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `debugBundle`, and in version 2.
   */
  debugBundle(
    runId: string,
    query?: { readonly maxEvents?: number | undefined },
    options?: CallOptions,
  ): Promise<DebugBundle>;
}
