// Web standards only.
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import type { KeyState, RunRecord, Store, StoredReply } from "../store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

interface KeyEntry {
  readonly digest: string;
  readonly at: number;
  reply?: StoredReply;
}

interface RunEntry {
  readonly record: RunRecord;
  readonly log: RunEvent[];
}

/** A store that lives as long as the process. It holds references: nobody may change what was handed in or out. */
export function memoryStore(): Store {
  const runs = new Map<string, RunEntry>();
  const keys = new Map<string, KeyEntry>();

  return {
    createRun(record: RunRecord, events: readonly RunEvent[]): Promise<void> {
      runs.set(record.runId, { record, log: [...events] });
      return Promise.resolve();
    },

    loadRun(runId: string): Promise<RunRecord | undefined> {
      return Promise.resolve(runs.get(runId)?.record);
    },

    append(
      runId: string,
      after: number,
      events: readonly RunEvent[],
    ): Promise<boolean> {
      const log = runs.get(runId)?.log;
      if (log === undefined || log.length - 1 !== after) {
        return Promise.resolve(false);
      }
      // Not push(...events): a large batch would overflow the stack.
      for (const event of events) log.push(event);
      return Promise.resolve(true);
    },

    readEvents(
      runId: string,
      after: number,
      limit: number,
    ): Promise<readonly RunEvent[]> {
      // Sequences start at 0 and have no gaps, so they are indices.
      const log = runs.get(runId)?.log ?? [];
      return Promise.resolve(log.slice(after + 1, after + 1 + limit));
    },

    claimKey(scope: string, digest: string, now: number): Promise<KeyState> {
      forgetOld(keys, now);
      const known = keys.get(scope);
      if (known === undefined) {
        keys.set(scope, { digest, at: now });
        return Promise.resolve({ state: "claimed" });
      }
      return Promise.resolve(
        known.reply === undefined
          ? { state: "in-flight", digest: known.digest }
          : { state: "done", digest: known.digest, reply: known.reply },
      );
    },

    settleKey(scope: string, reply: StoredReply): Promise<void> {
      const known = keys.get(scope);
      if (known !== undefined) known.reply = reply;
      return Promise.resolve();
    },

    releaseKey(scope: string): Promise<void> {
      keys.delete(scope);
      return Promise.resolve();
    },
  };
}

/** Entries are in order of age, so this stops at the first young one. */
function forgetOld(keys: Map<string, KeyEntry>, now: number): void {
  for (const [scope, entry] of keys) {
    if (now - entry.at <= DAY_MS) return;
    keys.delete(scope);
  }
}
