// Web standards only.
import {
  checkWhole,
  createPulledStream,
  createSeen,
  sleep,
} from "../http/mod.ts";
import type { PulledStream, RetriedCallOptions } from "../http/mod.ts";
import type { RoundTableClient } from "./client.ts";
import { parseDate } from "./protocol/mod.ts";
import type { AgentMessage } from "./protocol/mod.ts";

/** How to watch. The rest holds for each call. */
export interface WatchMessagesOptions extends RetriedCallOptions {
  /** From one look to the next, in milliseconds. @default 2_000 */
  readonly pollIntervalMs?: number | undefined;
  /** Whether messages that are there at the start are given too. @default true */
  readonly existing?: boolean | undefined;
  /**
   * Told when more than 100 messages came between two looks, so that some may be lost: the server shows the newest 100
   * only. Look more often.
   */
  readonly onGap?: (() => void) | undefined;
}

/**
 * Follows the messages of a sandbox, sent or got over REST, by looking every now and then: oldest first, each once.
 *
 * It goes on until the loop is left, or `close()` or `signal` ends it. Those of one second come in no promised order.
 *
 * @param client Whose.
 * @param sandboxId Which one.
 * @param options How.
 * @throws {RoundTableError} from the loop: `not-found`, `forbidden`.
 * @throws {AbortedError} `aborted`, from the loop: the caller's signal.
 *
 * @example
 * ```ts
 * import { RoundTableClient, watchMessages } from "@tutti/sdk/roundtable";
 * import assert from "node:assert/strict";
 *
 * const message = (id: string, second: number) => ({
 *   message_id: id,
 *   content: { n: second },
 *   created_at: `2026-01-11T10:00:0${second}`,
 * });
 * const looks = [
 *   [message("msg_1", 1)],
 *   [message("msg_2", 2), message("msg_1", 1)],
 * ];
 * const client = new RoundTableClient({
 *   baseUrl: "http://localhost:8000/api/v1",
 *   apiKey: "a.b.c",
 *   fetch: () => Response.json({ success: true, data: { messages: looks.shift() } }),
 * });
 * const seen: string[] = [];
 * for await (const { message_id } of watchMessages(client, "sb_1", { pollIntervalMs: 1 })) {
 *   seen.push(message_id);
 *   if (seen.length === 2) break;
 * }
 * assert.deepEqual(seen, ["msg_1", "msg_2"]);
 * ```
 */
export function watchMessages(
  client: RoundTableClient,
  sandboxId: string,
  options: WatchMessagesOptions = {},
): PulledStream<AgentMessage> {
  const { pollIntervalMs = 2_000, existing = true, onGap, signal, ...call } =
    options;
  checkWhole("pollIntervalMs", pollIntervalMs, 0, Infinity);
  const { clock, observe } = client.transport;
  return createPulledStream(
    { action: "the watch for messages", clock, observe, signal },
    (signal) => {
      const seen = createSeen("limit", 1_000);
      let looks = 0;
      return async () => {
        if (looks++ > 0) await sleep(clock, pollIntervalMs, signal);
        const page = await client.messages.list(sandboxId, {}, {
          ...call,
          signal,
        });
        const fresh = page
          .filter(({ message_id }) => !seen.add(message_id)).reverse();
        if (looks > 1 && fresh.length >= 100) onGap?.();
        // Sorting is stable: those of one second stay as the server has them, the other way round.
        fresh.sort((a, b) => time(a) - time(b));
        return looks > 1 || existing ? fresh : [];
      };
    },
  );
}

function time({ created_at }: AgentMessage): number {
  return parseDate(created_at)?.getTime() ?? 0;
}
