// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import { RoundTableError } from "./roundtable_error.ts";
import type { SandboxesResource } from "./sandboxes.ts";
import type { WorkspacesResource } from "./workspaces.ts";

/** Options of {@linkcode deleteWorkspace}. */
export interface DeleteWorkspaceOptions extends CallOptions {
  /**
   * Whether its sandboxes go first. Without it they stay behind, and nobody can reach or delete them any more.
   * @default true
   */
  readonly cascade?: boolean | undefined;
}

/**
 * Deletes a workspace, its sandboxes first, one after the other. The messages of a deleted workspace cannot be reached by
 * anybody any more. Each call is retried; a failure on the way leaves the workspace: call it again.
 *
 * @param client A client.
 * @param workspaceId Which one.
 * @param options Whether the sandboxes go first; the rest holds for each call.
 * @throws {RoundTableError} `not-found`, `forbidden`.
 *
 * @example
 * ```ts
 * import { deleteWorkspace, RoundTableClient } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const rows = [{ sandbox_id: "sb_1" }, { sandbox_id: "sb_2" }];
 * const gone: string[] = [];
 * const client = new RoundTableClient({
 *   baseUrl: "http://localhost:8000/api/v1",
 *   apiKey: "a.b.c",
 *   fetch: ({ method, url }) => {
 *     if (method === "GET") return Response.json({ data: { sandboxes: rows.splice(0) } });
 *     gone.push(new URL(url).pathname.slice(8));
 *     return new Response(null, { status: 204 });
 *   },
 * });
 * await deleteWorkspace(client, "ws_1");
 * assert.deepEqual(gone, ["sandboxes/sb_1", "sandboxes/sb_2", "workspaces/ws_1"]);
 * ```
 */
export async function deleteWorkspace(
  client: {
    readonly workspaces: Pick<WorkspacesResource, "delete">;
    readonly sandboxes: Pick<SandboxesResource, "list" | "delete">;
  },
  workspaceId: string,
  options: DeleteWorkspaceOptions = {},
): Promise<void> {
  const { cascade = true, ...call } = options;
  const gone = new Set<string>();
  // A list reaches 100 of them; a server may go on showing what is deleted.
  for (let isMore = cascade; isMore;) {
    const rows = await client.sandboxes.list(workspaceId, {}, call);
    const ids = rows.map((row) => row.sandbox_id).filter((id) => !gone.has(id));
    for (const id of ids) {
      gone.add(id);
      await client.sandboxes.delete(id, call).catch((error) => {
        // Somebody else was faster.
        if (!RoundTableError.is(error) || error.status !== 404) throw error;
      });
    }
    isMore = ids.length > 0;
  }
  await client.workspaces.delete(workspaceId, call);
}
