// Web standards only.
import { checkWhole, sleep, within } from "../http/mod.ts";
import type { RetriedCallOptions } from "../http/mod.ts";
import type { RoundTableClient } from "./client.ts";
import type { Collaboration } from "./protocol/mod.ts";

/** How to wait. What is not named here holds for each call. */
export interface WaitForCollaborationOptions extends RetriedCallOptions {
  /** From one look to the next, in milliseconds. @default 2_000 */
  readonly pollIntervalMs?: number | undefined;
  /** For the whole wait, in milliseconds. @default 300_000 */
  readonly timeoutMs?: number | undefined;
  /** Told of the collaboration, first as it is and then whenever its status or its progress has changed. */
  readonly onProgress?: ((collaboration: Collaboration) => void) | undefined;
  /** Whether it is over. @default it has a result or an error, is at 100 percent, or has another status than those of one under way */
  readonly isOver?: ((collaboration: Collaboration) => boolean) | undefined;
}

/**
 * Waits until a collaboration is over, and tells of its progress.
 *
 * Today's server starts collaborations and never goes on with them: they stay `running` at 10 percent, and the wait ends
 * with its budget. It does not stop the collaboration: the server has no means for that.
 *
 * @param client Whose.
 * @param collaborationId Which one.
 * @param options How.
 * @returns how it stands in the end; look at `error`.
 * @throws {TimeoutError} `timeout`, budget `total`: it is still under way.
 * @throws {RoundTableError} `not-found`: the server has forgotten it, as it does when it starts again.
 * @throws {AbortedError} `aborted`, the caller's signal.
 *
 * @example
 * ```ts
 * import { RoundTableClient, waitForCollaboration } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const at = (percentage: number, status: string) => ({
 *   collaboration_id: "col_c0ffee1234",
 *   status,
 *   progress: { percentage },
 *   result: null,
 *   error: null,
 * });
 * const looks = [at(10, "running"), at(10, "running"), at(100, "completed")];
 * const client = new RoundTableClient({
 *   baseUrl: "http://localhost:8000/api/v1",
 *   apiKey: "a.b.c",
 *   fetch: () => Response.json({ success: true, data: looks.shift() }),
 * });
 * const told: number[] = [];
 * const done = await waitForCollaboration(client, "col_c0ffee1234", {
 *   pollIntervalMs: 1,
 *   onProgress: ({ progress }) => told.push(progress.percentage),
 * });
 * assert.equal(done.status, "completed");
 * assert.deepEqual(told, [10, 100]);
 * ```
 */
export function waitForCollaboration(
  client: RoundTableClient,
  collaborationId: string,
  options: WaitForCollaborationOptions = {},
): Promise<Collaboration> {
  const { pollIntervalMs = 2_000, timeoutMs = 300_000, onProgress } = options;
  const { isOver = isDone, signal: outer, ...call } = options;
  const { clock } = client.transport;
  return within(
    clock,
    "the wait for a collaboration",
    { signal: outer, timeoutMs },
    async (signal) => {
      checkWhole("pollIntervalMs", pollIntervalMs, 0, Infinity);
      for (let before = "";;) {
        const now = await client.collaborations.get(collaborationId, {
          ...call,
          signal,
        });
        const state = JSON.stringify([now.status, now.progress]);
        if (state !== before) onProgress?.(now);
        before = state;
        if (isOver(now)) return now;
        await sleep(clock, pollIntervalMs, signal);
      }
    },
  );
}

/** What the server and the documents of the SDKs call one that is under way. */
const UNDER_WAY = /^(initializing|pending|running|in_progress)$/;

function isDone({ status, progress, result, error }: Collaboration): boolean {
  return !UNDER_WAY.test(status) || result != null || error != null ||
    progress?.percentage >= 100;
}
