// Web standards only.
import { isTerminalEvent } from "../../openwop/protocol/mod.ts";
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import type { JsonValue } from "../../openwop/protocol/mod.ts";
import type { RunRecord, Store, StoredReply } from "../store.ts";
import { MemoryOutbox } from "./memory_outbox.ts";
import { memoryWorkflows } from "./memory_workflows.ts";
import type { Note } from "./memory_workflows.ts";

/** How long the answer to a key is kept. */
export const KEY_LIFE_MS: number = 24 * 60 * 60 * 1000;

interface KeyEntry {
  readonly digest: string;
  readonly at: number;
  readonly seed: string;
  held: boolean;
  reply?: StoredReply;
  effects?: Record<string, JsonValue>;
}

interface RunEntry {
  readonly record: RunRecord;
  readonly log: RunEvent[];
  held: boolean;
}

/**
 * A store that lives as long as the process. It holds references: nobody may change what was handed in or out.
 *
 * A host that is made on it after another was closed goes on with the runs of that one.
 */
export function memoryStore(): Store {
  const runs = new Map<string, RunEntry>();
  const keys = new Map<string, KeyEntry>();
  /** Runs that may be open, by scope; looked through only when somebody wants to be alone. */
  const scopes = new Map<string, Set<string>>();
  const note: Note = (id, effect) => {
    const key = effect && keys.get(effect.scope);
    if (key) key.effects = { ...key.effects, [id]: effect.answer };
  };
  const outbox = new MemoryOutbox(note);

  const openRun = (scope: string | undefined): string | undefined => {
    const there = scopes.get(scope ?? "");
    for (const runId of there ?? []) {
      const run = runs.get(runId);
      if (run && endOf(run) === undefined) return runId;
      there?.delete(runId);
    }
    scopes.delete(scope ?? "");
    return undefined;
  };

  return {
    ...outbox.methods(),
    ...memoryWorkflows(note),
    isShared: false,

    createRun(record, events, isNews = true, isAlone = false) {
      if (runs.has(record.runId)) return Promise.resolve(false);
      const scope = scopeOf(record);
      if (isAlone && openRun(scope)) return Promise.resolve(false);
      if (scope !== undefined) {
        scopes.set(scope, (scopes.get(scope) ?? new Set()).add(record.runId));
      }
      if (isNews) outbox.announce(record, events);
      runs.set(record.runId, { record, log: [...events], held: true });
      return Promise.resolve(true);
    },

    openRunOf: (tenant, scopeId) =>
      Promise.resolve(openRun(scopeOf({ owner: { tenant }, scopeId }))),

    loadRun(runId): Promise<RunRecord | undefined> {
      return Promise.resolve(runs.get(runId)?.record);
    },

    append(runId, after, events, mustHold = false, _wake, effect) {
      const run = runs.get(runId);
      if (run === undefined) return Promise.resolve("behind");
      if (mustHold && !run.held) return Promise.resolve("taken");
      const { log } = run;
      if (log.length - 1 !== after) return Promise.resolve("behind");
      // Not push(...events): a large batch would overflow the stack.
      for (const event of events) log.push(event);
      outbox.announce(run.record, events);
      note(runId, effect);
      return Promise.resolve("kept");
    },

    readEvents(runId, after, limit): Promise<readonly RunEvent[]> {
      // Sequences start at 0 and have no gaps, so they are indices.
      const log = runs.get(runId)?.log ?? [];
      return Promise.resolve(log.slice(after + 1, after + 1 + limit));
    },

    hold(runId): Promise<boolean> {
      const run = runs.get(runId);
      if (run) run.held = true;
      return Promise.resolve(run !== undefined);
    },

    takeWork(limit, canDo = () => true): Promise<readonly string[]> {
      const found: string[] = [];
      for (const [runId, run] of runs) {
        if (found.length === limit) break;
        if (run.held || endOf(run) !== undefined) continue;
        const { definition, replay } = run.record;
        if (!replay && !canDo(definition, runId)) continue;
        run.held = true;
        found.push(runId);
      }
      return Promise.resolve(found);
    },

    release(): Promise<void> {
      for (const run of runs.values()) run.held = false;
      for (const key of keys.values()) key.held = false;
      outbox.release();
      return Promise.resolve();
    },

    claimKey({ scope, digest, now, seed }) {
      forgetOld(keys, now);
      const known = keys.get(scope);
      if (known === undefined) {
        const fresh = seed();
        keys.set(scope, { digest, at: now, seed: fresh, held: true });
        return Promise.resolve({ state: "claimed", seed: fresh });
      }
      if (known.reply !== undefined) {
        return Promise.resolve({
          state: "done",
          digest: known.digest,
          reply: known.reply,
        });
      }
      if (known.held || known.digest !== digest) {
        return Promise.resolve({ state: "in-flight", digest: known.digest });
      }
      known.held = true;
      const { seed: first, effects } = known;
      return Promise.resolve({
        state: "claimed",
        seed: first,
        ...(effects && { effects: { ...effects } }),
      });
    },

    settleKey(scope, reply): Promise<void> {
      const known = keys.get(scope);
      if (known !== undefined) {
        known.reply = reply;
        delete known.effects;
      }
      return Promise.resolve();
    },

    releaseKey(scope, isOpen = false): Promise<void> {
      const known = keys.get(scope);
      if (isOpen && known) known.held = false;
      else keys.delete(scope);
      return Promise.resolve();
    },

    prune(endedBefore): Promise<number> {
      let count = 0;
      const open = new Set<string | undefined>();
      const read = new Set<string | undefined>();
      for (const [runId, run] of runs) {
        if (endOf(run) !== undefined) continue;
        open.add(runId);
        read.add(run.record.replay?.runId);
        for (const id of run.record.awaits ?? []) read.add(id);
      }
      for (const [runId, run] of runs) {
        const end = endOf(run);
        if (end === undefined || !(Date.parse(end) < endedBefore)) continue;
        if (read.has(runId) || open.has(run.record.caller?.runId)) continue;
        runs.delete(runId);
        const scope = scopeOf(run.record) ?? "";
        const about = scopes.get(scope);
        if (about?.delete(runId) && about.size === 0) scopes.delete(scope);
        outbox.forget(runId);
        count++;
      }
      return Promise.resolve(count);
    },
  };
}

/** What tells the runs of a tenant that are about the same from others. */
export function scopeOf(
  { owner, scopeId }: {
    readonly owner: Pick<RunRecord["owner"], "tenant">;
    readonly scopeId?: string | undefined;
  },
): string | undefined {
  // No tenant holds a line break.
  return scopeId === undefined ? undefined : `${owner.tenant}\n${scopeId}`;
}

/** When the run ended; `undefined` while it has not. */
function endOf({ log }: RunEntry): string | undefined {
  const last = log.at(-1);
  return last && isTerminalEvent(last.type) ? last.timestamp : undefined;
}

/** Entries are in order of age, so this stops at the first young one. */
function forgetOld(keys: Map<string, KeyEntry>, now: number): void {
  for (const [scope, entry] of keys) {
    if (now - entry.at <= KEY_LIFE_MS) return;
    keys.delete(scope);
  }
}
