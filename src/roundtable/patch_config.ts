// Web standards only.
import { isJsonObject, within } from "../http/mod.ts";
import type { CallOptions, JsonObject } from "../http/mod.ts";
import type { RoundTableClient } from "./client.ts";
import type { WorkspaceSettings } from "./protocol/mod.ts";

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

/** The last patch of each client, done or not. */
const patches = new WeakMap<object, Promise<unknown>>();

/**
 * Changes some settings of a workspace and keeps the others, which the server would reset: gets them, merges (RFC 7396),
 * and puts them. Patches of one client wait for each other. Another program that writes
 * between the two calls is overwritten: the server has no means against it. Both calls are retried.
 *
 * @param client A client.
 * @param workspaceId Which one.
 * @param patch What is to change.
 * @param options Of each call; `timeoutMs` is for all of it, the wait included.
 * @throws {InvalidArgumentError} `invalid-argument`, for what is out of bounds; nothing was changed.
 * @throws {RoundTableError} `not-found`, `forbidden`.
 * @throws {TimeoutError} `timeout`, budget `total`.
 * @throws {AbortedError} `aborted`, the caller's signal.
 *
 * @example
 * ```ts
 * import { patchConfig, RoundTableClient } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * let settings: unknown = { max_sandboxes: 25, auto_cleanup: true, retention_days: 30 };
 * const client = new RoundTableClient({
 *   baseUrl: "http://localhost:8000/api/v1",
 *   apiKey: "a.b.c",
 *   fetch: async (request) => {
 *     if (request.method === "PUT") settings = await request.json();
 *     return Response.json({ success: true, data: settings });
 *   },
 * });
 * const { max_sandboxes } = await patchConfig(client, "ws_1", { retention_days: 7 });
 * assert.equal(max_sandboxes, 25);
 * assert.deepEqual(settings, { max_sandboxes: 25, auto_cleanup: true, retention_days: 7 });
 * ```
 */
export function patchConfig(
  client: RoundTableClient,
  workspaceId: string,
  patch: WorkspaceSettingsPatch,
  options: CallOptions = {},
): Promise<WorkspaceSettings> {
  const { transport: { clock }, workspaces } = client;
  const before = patches.get(client);
  const done = within(
    clock,
    "the patch of the settings",
    options,
    async (signal) => {
      const call = { ...options, signal };
      await before;
      const settings: object = await workspaces.getConfig(workspaceId, call);
      return await workspaces.updateConfig(
        workspaceId,
        merge(settings, patch) as WorkspaceSettings,
        call,
      );
    },
  );
  // One that was given up while it waited must not let the next one past those before it.
  patches.set(client, Promise.allSettled([before, done]).then(() => {}));
  return done;
}

function merge(target: object, patch: object): object {
  const merged: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name];
    if (value === null) delete merged[name];
    else if (value !== undefined) {
      merged[name] = isJsonObject(value)
        ? merge(isJsonObject(old) ? old : {}, value)
        : value;
    }
  }
  return merged;
}
