// Web standards only.
import type {
  CallOptions,
  JsonObject,
  JsonValue,
  OnceCallOptions,
} from "../http/mod.ts";
import type {
  CreateSandbox,
  PageQuery,
  Sandbox,
  SandboxMetrics,
  SandboxStatusReport,
  SandboxSummary,
} from "./protocol/mod.ts";

/** Sandboxes: the agents of a workspace. */
export interface SandboxesResource {
  /**
   * Gets some of the sandboxes of a workspace, out of the first 100: the server gives no others. In no promised order.
   * Retried. `listSandboxes()` of the module goes through all of them.
   *
   * @param workspaceId Whose.
   * @param query Which part.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for a part that the server would refuse; nothing was sent.
   * @throws {RoundTableError} `not-found`, also where the workspace is somebody else's.
   */
  list(
    workspaceId: string,
    query?: PageQuery,
    options?: CallOptions,
  ): Promise<readonly SandboxSummary[]>;

  /**
   * Creates a sandbox. Never repeated: two with the same name are two.
   *
   * @param workspaceId Where.
   * @param request Its name and its agent.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found` for the workspace, also where it is somebody else's; `validation`.
   */
  create(
    workspaceId: string,
    request: CreateSandbox,
    options?: OnceCallOptions,
  ): Promise<Sandbox>;

  /**
   * Gets a sandbox. Retried.
   *
   * @param sandboxId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`; `forbidden` where it is somebody else's, or its workspace is deleted.
   */
  get(sandboxId: string, options?: CallOptions): Promise<Sandbox>;

  /**
   * Starts a sandbox; one that runs goes on. Retried.
   *
   * @param sandboxId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  start(sandboxId: string, options?: CallOptions): Promise<Sandbox>;

  /**
   * Stops a sandbox; one that is stopped stays so. Retried.
   *
   * @param sandboxId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  stop(sandboxId: string, options?: CallOptions): Promise<Sandbox>;

  /**
   * Deletes a sandbox. Retried: that it is not there any more after a lost answer is a success.
   *
   * @param sandboxId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  delete(sandboxId: string, options?: CallOptions): Promise<void>;

  /**
   * Tells where a sandbox stands. Retried.
   *
   * @param sandboxId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  status(
    sandboxId: string,
    options?: CallOptions,
  ): Promise<SandboxStatusReport>;

  /**
   * Gets some of what a sandbox has logged; nothing, on today's server. Retried. `listLogs()` of the module goes through
   * all of it.
   *
   * @param sandboxId Which one.
   * @param query Which part, up to 1000 items.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for a part that the server would refuse; nothing was sent.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  logs(
    sandboxId: string,
    query?: PageQuery,
    options?: CallOptions,
  ): Promise<readonly JsonValue[]>;

  /**
   * Gets the figures of a sandbox. Retried.
   *
   * @param sandboxId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  metrics(sandboxId: string, options?: CallOptions): Promise<SandboxMetrics>;

  /**
   * Sends a configuration to a sandbox, and gets it back. Today's server stores nothing of it, and has no other way to
   * change a sandbox. Retried.
   *
   * @param sandboxId Which one.
   * @param config Any object.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  updateConfig(
    sandboxId: string,
    config: JsonObject,
    options?: CallOptions,
  ): Promise<JsonObject>;
}
