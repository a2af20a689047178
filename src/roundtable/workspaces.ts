// Web standards only.
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type {
  CreateWorkspace,
  PageQuery,
  UpdateWorkspace,
  Workspace,
  WorkspaceSettings,
  WorkspaceSummary,
} from "./protocol/mod.ts";

/** Workspaces: where sandboxes live. */
export interface WorkspacesResource {
  /**
   * Gets some of your workspaces, out of the first 100: the server gives no others. In no promised order. Retried.
   * `listWorkspaces()` of the module goes through all of them.
   *
   * @param query Which part.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for a part that the server would refuse; nothing was sent.
   */
  list(
    query?: PageQuery,
    options?: CallOptions,
  ): Promise<readonly WorkspaceSummary[]>;

  /**
   * Creates a workspace. Never repeated: the server knows no idempotency keys.
   *
   * @param request Its name and what else is known.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for settings out of bounds; nothing was sent.
   * @throws {RoundTableError} `validation`.
   */
  create(
    request: CreateWorkspace,
    options?: OnceCallOptions,
  ): Promise<Workspace>;

  /**
   * Gets a workspace. Retried.
   *
   * @param workspaceId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden` where it is somebody else's.
   */
  get(workspaceId: string, options?: CallOptions): Promise<Workspace>;

  /**
   * Changes a workspace. Retried: it says what shall be, not what shall happen.
   *
   * @param workspaceId Which one.
   * @param request What is to change. `settings` replaces all of them; see `patchConfig()` of the module.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for settings out of bounds; nothing was sent.
   * @throws {RoundTableError} `not-found`, `forbidden`, `validation`.
   */
  update(
    workspaceId: string,
    request: UpdateWorkspace,
    options?: CallOptions,
  ): Promise<Workspace>;

  /**
   * Deletes a workspace. Retried: that it is not there any more after a lost answer is a success. Its sandboxes and
   * messages stay behind, and nobody can reach or delete them any more: `deleteWorkspace()` of the module deletes the
   * sandboxes first.
   *
   * @param workspaceId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  delete(workspaceId: string, options?: CallOptions): Promise<void>;

  /**
   * Gets the settings of a workspace. Retried.
   *
   * @param workspaceId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  getConfig(
    workspaceId: string,
    options?: CallOptions,
  ): Promise<WorkspaceSettings>;

  /**
   * Replaces all settings of a workspace. Retried. What is out of bounds is refused here: the server would answer 500.
   *
   * @param workspaceId Which one.
   * @param settings All of them.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for what is out of bounds; nothing was sent.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  updateConfig(
    workspaceId: string,
    settings: WorkspaceSettings,
    options?: CallOptions,
  ): Promise<WorkspaceSettings>;
}
