// Web standards only.
import type {
  CallOptions,
  JsonObject,
  OnceCallOptions,
  Pages,
} from "../http/mod.ts";
import { checkWhole } from "./lists.ts";
import type { ListOptions } from "./lists.ts";
import { createResource } from "./resource.ts";
import type { RoundTableApi } from "./api.ts";
import type {
  CreateWorkspace,
  UpdateWorkspace,
  Workspace,
  WorkspaceSettings,
  WorkspaceSummary,
} from "./protocol/mod.ts";
import { isRecord, RoundTableError } from "./roundtable_error.ts";
import type { SandboxesResource } from "./sandboxes.ts";

/** Options of {@linkcode WorkspacesResource.delete}. */
export interface DeleteWorkspaceOptions extends CallOptions {
  /**
   * Whether its sandboxes go first. Without it they stay behind, and nobody can reach or delete them any more.
   * @default false
   */
  readonly cascade?: boolean | undefined;
}

/** Some settings. `null` resets one to the server's default, and takes one out of `collaboration_policy`. */
export interface WorkspaceSettingsPatch {
  /** 1 to 100. */
  readonly max_sandboxes?: number | null | undefined;
  /** Without effect. */
  readonly auto_cleanup?: boolean | null | undefined;
  /** 1 to 365. */
  readonly retention_days?: number | null | undefined;
  /** Merged, too. */
  readonly collaboration_policy?: JsonObject | null | undefined;
}

/** Workspaces: where sandboxes live. */
export interface WorkspacesResource {
  /**
   * Lists your workspaces, at most the first 100: the server gives no others. In no promised order. Retried.
   *
   * @param options Of the list and of each call.
   * @throws {RoundTableError} from the loop.
   */
  list(options?: ListOptions): Pages<WorkspaceSummary, number>;

  /**
   * Creates a workspace. Never repeated: the server knows no idempotency keys.
   *
   * @param request Its name and what else is known.
   * @param options Of the call.
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
   * @param options Of the call.
   * @throws {RoundTableError} `not-found`, `forbidden` where it is somebody else's.
   */
  get(workspaceId: string, options?: CallOptions): Promise<Workspace>;

  /**
   * Changes a workspace. Retried: it says what shall be, not what shall happen.
   *
   * @param workspaceId Which one.
   * @param request What is to change. `settings` replaces all of them; see `patchConfig()`.
   * @param options Of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for settings out of bounds; nothing was sent.
   * @throws {RoundTableError} `not-found`, `forbidden`, `validation`.
   */
  update(
    workspaceId: string,
    request: UpdateWorkspace,
    options?: CallOptions,
  ): Promise<Workspace>;

  /**
   * Deletes a workspace, with `cascade` its sandboxes first, one after the other. Retried. The messages of a deleted
   * workspace cannot be reached by anybody any more. A failure on the way leaves the workspace; call it again.
   *
   * @param workspaceId Which one.
   * @param options Whether the sandboxes go first; the rest holds for each call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  delete(
    workspaceId: string,
    options?: DeleteWorkspaceOptions,
  ): Promise<void>;

  /**
   * Gets the settings of a workspace. Retried.
   *
   * @param workspaceId Which one.
   * @param options Of the call.
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
   * @param options Of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for what is out of bounds; nothing was sent.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  updateConfig(
    workspaceId: string,
    settings: WorkspaceSettings,
    options?: CallOptions,
  ): Promise<WorkspaceSettings>;

  /**
   * Changes some settings and keeps the others: gets them, merges (RFC 7396), and puts them. Patches of one client wait
   * for each other. Another program that writes between the two calls is overwritten: the server has no means
   * against it.
   *
   * @param workspaceId Which one.
   * @param patch What is to change.
   * @param options Of each call.
   * @throws {InvalidArgumentError} `invalid-argument`, for what is out of bounds; nothing was changed.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  patchConfig(
    workspaceId: string,
    patch: WorkspaceSettingsPatch,
    options?: CallOptions,
  ): Promise<WorkspaceSettings>;
}

/** The operations, and what the server leaves to do. */
export function createWorkspaces(
  api: RoundTableApi,
  sandboxes: SandboxesResource,
): WorkspacesResource {
  const raw = createResource<WorkspacesResource>(api, "workspaces");
  let patching: Promise<unknown> = Promise.resolve();

  async function updateConfig(
    workspaceId: string,
    settings: WorkspaceSettings,
    options?: CallOptions,
  ): Promise<WorkspaceSettings> {
    checkSettings(settings);
    return await raw.updateConfig(workspaceId, settings, options);
  }

  return {
    ...raw,
    updateConfig,
    async create(request, options): Promise<Workspace> {
      checkSettings(request.settings);
      return await raw.create(request, options);
    },
    async update(workspaceId, request, options): Promise<Workspace> {
      checkSettings(request.settings);
      return await raw.update(workspaceId, request, options);
    },
    async delete(workspaceId, options = {}): Promise<void> {
      const gone = new Set<string>();
      const more = async (): Promise<string[]> =>
        (await sandboxes.list(workspaceId, options).toArray())
          .map(({ sandbox_id }) => sandbox_id).filter((id) => !gone.has(id));
      let ids: string[];
      // A list reaches 100 of them.
      while (options.cascade && (ids = await more()).length > 0) {
        for (const id of ids) {
          gone.add(id);
          await sandboxes.delete(id, options).catch((error) => {
            // Somebody else was faster.
            if (!RoundTableError.is(error) || error.status !== 404) throw error;
          });
        }
      }
      await raw.delete(workspaceId, options);
    },
    patchConfig(workspaceId, patch, options): Promise<WorkspaceSettings> {
      const work = async (): Promise<WorkspaceSettings> =>
        await updateConfig(
          workspaceId,
          merge(
            { ...await raw.getConfig(workspaceId, options) },
            patch,
          ) as never,
          options,
        );
      const done = patching.then(work, work);
      patching = done;
      return done;
    },
  };
}

function merge(target: JsonObject, patch: object): JsonObject {
  const merged: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name];
    if (value === null) delete merged[name];
    else if (value !== undefined) {
      merged[name] = isRecord(value)
        ? merge(isRecord(old) ? old : {}, value)
        : value;
    }
  }
  return merged as JsonObject;
}

/** The server answers 500 where these are out of bounds. */
function checkSettings(
  settings: Partial<WorkspaceSettings> | null | undefined,
): void {
  checkWhole("max_sandboxes", settings?.max_sandboxes ?? 1, 1, 100);
  checkWhole("retention_days", settings?.retention_days ?? 1, 1, 365);
}
