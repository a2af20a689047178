// Web standards only.
import { isTerminalEvent } from "../../openwop/protocol/mod.ts";
import type {
  RunEvent,
  WorkflowDefinition,
} from "../../openwop/protocol/mod.ts";
import { nextTurn } from "../again.ts";
import type {
  Appended,
  KeyClaim,
  KeyEffect,
  KeyState,
  RunRecord,
  Store,
  StoredReply,
} from "../store.ts";
import { KEY_LIFE_MS, scopeOf } from "./memory.ts";
import { FREE } from "./sqlite_session.ts";
import type { Session } from "./sqlite_session.ts";
import { SqliteWorkflows } from "./sqlite_workflows.ts";

/** So many events are written at once. */
const PART = 4_096;

/** A run that ended, and that no other one repeats at the moment, nor may wait for. */
const OLD =
  "ended_at < ? AND run_id NOT IN (SELECT source FROM runs WHERE ended_at IS NULL AND source IS NOT NULL UNION SELECT value FROM runs AS fork, json_each(fork.record, '$.awaits') WHERE fork.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM runs AS parent WHERE parent.run_id = runs.record ->> '$.caller.runId' AND parent.ended_at IS NULL)";

/** A store on one connection. */
export class Sqlite extends SqliteWorkflows implements Store {
  readonly isShared: boolean;
  #closed = false;

  constructor(session: Session, isShared: boolean) {
    super(session);
    this.isShared = isShared;
  }

  async createRun(
    record: RunRecord,
    events: readonly RunEvent[],
    isNews: boolean = true,
    isAlone: boolean = false,
  ): Promise<boolean> {
    const { definition, ...rest } = record;
    const hash = await this.hashOf(definition);
    const scope = scopeOf(record);
    const staged = await this.#stage(record.runId, events);
    if (staged === undefined) return false;
    const { name, next } = staged;
    return this.session.transaction(() => {
      if (isAlone && this.#openRun(scope)) return false;
      const id = name ? this.#idOf(name) : null;
      if (id === undefined) return false;
      this.session.beat();
      this.keepDefinition(hash, definition);
      const { changes, lastInsertRowid } = this.session.sql(
        id === null
          ? "INSERT OR IGNORE INTO runs (run_id, source, scope, record, definition, last, ended_at, holder, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
          : "UPDATE OR IGNORE runs SET run_id = ?, source = ?, scope = ?, record = ?, definition = ?, last = ?, ended_at = ?, holder = ? WHERE id = ?",
      ).run(
        record.runId,
        record.replay?.runId ?? null,
        scope ?? null,
        JSON.stringify(rest),
        hash,
        events.length - 1,
        endOf(events),
        this.session.me,
        id,
      );
      if (Number(changes) === 0) return false;
      const run = id ?? Number(lastInsertRowid);
      this.#insert(run, events.slice(next), next);
      if (isNews) this.announce(run, record, events);
      return true;
    });
  }

  /**
   * Writes the first parts of a long log before the transaction that keeps it, so that others have their turn. Until then
   * they belong to a run of another name, which counts as over: where this process dies, it is pruned.
   *
   * @returns that name, and where the rest begins; `undefined` where the run is there, or what was written is not.
   */
  async #stage(
    runId: string,
    events: readonly RunEvent[],
  ): Promise<{ readonly name: string; readonly next: number } | undefined> {
    if (events.length <= PART) return { name: "", next: 0 };
    if (this.#idOf(runId) !== undefined) return undefined;
    const name = crypto.randomUUID();
    this.session.sql(
      "INSERT INTO runs (run_id, record, definition, last, ended_at) VALUES (?, '{}', '', -1, ?)",
    ).run(name, this.session.settings.now());
    let next = 0;
    for (; events.length - next > PART; next += PART) {
      const part = events.slice(next, next + PART);
      const isThere = this.session.transaction(() => {
        // The row of one that was pruned may be that of another run by now.
        const id = this.#idOf(name);
        if (id !== undefined) this.#insert(id, part, next);
        return id !== undefined;
      });
      if (!isThere) return undefined;
      await nextTurn();
    }
    return { name, next };
  }

  #idOf(runId: string): number | undefined {
    const row = this.session.sql("SELECT id FROM runs WHERE run_id = ?")
      .get(runId);
    return row && Number(row.id);
  }

  // deno-lint-ignore require-await
  async openRunOf(
    tenant: string,
    scopeId: string,
  ): Promise<string | undefined> {
    return this.#openRun(scopeOf({ owner: { tenant }, scopeId }));
  }

  #openRun(scope: string | undefined): string | undefined {
    const row = this.session.sql(
      "SELECT run_id FROM runs WHERE scope = ? AND ended_at IS NULL LIMIT 1",
    ).get(scope ?? null);
    return row && String(row.run_id);
  }

  // deno-lint-ignore require-await
  async loadRun(runId: string): Promise<RunRecord | undefined> {
    const row = this.session.sql(
      "SELECT record, definition FROM runs WHERE run_id = ?",
    ).get(runId);
    if (row === undefined) return undefined;
    const definition = this.definitionAt(String(row.definition));
    return { ...JSON.parse(String(row.record)), definition };
  }

  // deno-lint-ignore require-await
  async append(
    runId: string,
    after: number,
    events: readonly RunEvent[],
    mustHold = false,
    wake: readonly string[] = [],
    effect?: KeyEffect,
  ): Promise<Appended> {
    return this.session.transaction(() => {
      const run = this.session.sql(
        "SELECT id, last, holder FROM runs WHERE run_id = ?",
      ).get(runId);
      if (run === undefined) return "behind";
      const isMine = run.holder === this.session.me;
      if (mustHold && !isMine) return "taken";
      if (run.last !== after) return "behind";
      const id = Number(run.id);
      this.session.sql(
        "UPDATE runs SET last = ?, ended_at = ?, news = max(news, ?) WHERE id = ?",
      ).run(after + events.length, endOf(events), isMine ? 0 : 1, id);
      this.#insert(id, events, after + 1);
      for (const other of wake) {
        this.session.sql(
          "UPDATE runs SET news = 1 WHERE run_id = ? AND ended_at IS NULL AND holder <> ?",
        ).run(other, this.session.me);
      }
      if (this.isHeard()) {
        const { record } = this.session
          .sql("SELECT record FROM runs WHERE id = ?").get(id)!;
        this.announce(id, JSON.parse(String(record)), events);
      }
      if (effect) this.session.note(runId, effect);
      return "kept";
    });
  }

  // deno-lint-ignore require-await
  async readEvents(
    runId: string,
    after: number,
    limit: number,
  ): Promise<readonly RunEvent[]> {
    return this.session.sql(
      "SELECT json FROM events WHERE run = (SELECT id FROM runs WHERE run_id = ?) AND sequence > ? ORDER BY sequence LIMIT ?",
    ).all(runId, after, Math.min(limit, Number.MAX_SAFE_INTEGER))
      .map(({ json }) => JSON.parse(String(json)) as RunEvent);
  }

  // deno-lint-ignore require-await
  async hold(runId: string): Promise<boolean> {
    const run = this.session.sql("SELECT holder FROM runs WHERE run_id = ?")
      .get(
        runId,
      );
    if (run === undefined) return false;
    if (run.holder === this.session.me) return true;
    return this.session.transaction(() => {
      this.session.beat();
      const { changes } = this.session.sql(
        `UPDATE runs SET holder = ?, news = (ended_at IS NULL) WHERE run_id = ? AND ${FREE}`,
      ).run(this.session.me, runId, this.session.settings.now());
      return Number(changes) === 1;
    });
  }

  // deno-lint-ignore require-await
  async takeWork(
    limit: number,
    canDo: (definition: WorkflowDefinition, runId: string) => boolean = () =>
      true,
  ): Promise<readonly string[]> {
    // Most of the time there is nothing, and a read disturbs nobody.
    const look = (): string[] =>
      this.session.sql(
        `SELECT run_id FROM runs WHERE holder = ? AND news = 1 UNION SELECT run_id FROM runs WHERE ended_at IS NULL AND ${FREE} AND (source IS NOT NULL OR definition NOT IN (SELECT value FROM json_each(?))) LIMIT ?`,
      ).all(
        this.session.me,
        this.session.settings.now(),
        JSON.stringify(this.#refused(canDo)),
        limit,
      ).map((row) => String(row.run_id));
    if (look().length === 0) return [];
    return this.session.transaction(() => {
      this.session.beat();
      const found = look();
      for (const runId of found) {
        this.session.sql(
          "UPDATE runs SET holder = ?, news = 0 WHERE run_id = ?",
        )
          .run(this.session.me, runId);
      }
      return found;
    });
  }

  /** The hashes of the definitions of runs that nobody holds, and that are not to be taken. */
  #refused(
    canDo: (definition: WorkflowDefinition, runId: string) => boolean,
  ): readonly string[] {
    return this.session.sql(
      `SELECT definition, min(run_id) AS run_id FROM runs WHERE ended_at IS NULL AND source IS NULL AND ${FREE} GROUP BY definition`,
    ).all(this.session.settings.now())
      .filter(({ definition, run_id }) =>
        !canDo(this.definitionAt(String(definition)), String(run_id))
      )
      .map(({ definition }) => String(definition));
  }

  // deno-lint-ignore require-await
  async release(): Promise<void> {
    this.session.transaction(() => {
      for (const table of ["runs", "keys", "deliveries"]) {
        this.session.sql(`UPDATE ${table} SET holder = NULL WHERE holder = ?`)
          .run(this.session.me);
      }
      this.session.leave();
    });
  }

  watch(onChange: () => void): () => void {
    const { leaseMs, pollMs, now, repeat } = this.session.settings;
    let seen = this.#version();
    let looked = now();
    return repeat(pollMs, () => {
      if (this.#closed) return;
      let version = seen;
      try {
        this.session.beat();
        version = this.#version();
      } catch {
        // Thrown out of a timer it would end the process. The host meets the failure when it looks, and tells it.
      }
      // Runs of a dead process become free without anybody writing it.
      if (version === seen && now() - looked < leaseMs / 3) return;
      seen = version;
      looked = now();
      onChange();
    });
  }

  // deno-lint-ignore require-await
  async claimKey(
    { scope, digest, now, seed }: KeyClaim,
  ): Promise<KeyState> {
    return this.session.transaction((): KeyState => {
      this.session.beat();
      this.session.sql("DELETE FROM keys WHERE at < ?").run(now - KEY_LIFE_MS);
      const known = this.session.sql("SELECT * FROM keys WHERE scope = ?").get(
        scope,
      );
      if (known === undefined) {
        const fresh = seed();
        this.session.sql(
          "INSERT INTO keys (scope, digest, at, seed, holder) VALUES (?, ?, ?, ?, ?)",
        ).run(scope, digest, now, fresh, this.session.me);
        return { state: "claimed", seed: fresh };
      }
      const first = String(known.digest);
      if (known.reply !== null) {
        const reply: StoredReply = JSON.parse(String(known.reply));
        return { state: "done", digest: first, reply };
      }
      const { changes } = this.session.sql(
        `UPDATE keys SET holder = ? WHERE scope = ? AND digest = ? AND ${FREE}`,
      ).run(this.session.me, scope, digest, this.session.settings.now());
      if (Number(changes) !== 1) return { state: "in-flight", digest: first };
      const { effects } = known;
      return {
        state: "claimed",
        seed: String(known.seed),
        ...(effects !== null && { effects: JSON.parse(String(effects)) }),
      };
    });
  }

  // deno-lint-ignore require-await
  async settleKey(scope: string, reply: StoredReply): Promise<void> {
    this.session.sql(
      "UPDATE keys SET reply = ?, holder = NULL, effects = NULL WHERE scope = ? AND holder = ?",
    ).run(JSON.stringify(reply), scope, this.session.me);
  }

  // deno-lint-ignore require-await
  async releaseKey(scope: string, isOpen: boolean = false): Promise<void> {
    this.session.sql(
      isOpen
        ? "UPDATE keys SET holder = NULL WHERE scope = ? AND holder = ?"
        : "DELETE FROM keys WHERE scope = ? AND holder = ?",
    ).run(scope, this.session.me);
  }

  // deno-lint-ignore require-await
  async prune(endedBefore: number): Promise<number> {
    const count = this.session.transaction(() => {
      for (const table of ["events", "deliveries"]) {
        this.session.sql(
          `DELETE FROM ${table} WHERE run IN (SELECT id FROM runs WHERE ${OLD})`,
        ).run(endedBefore);
      }
      const { changes } = this.session.sql(`DELETE FROM runs WHERE ${OLD}`)
        .run(endedBefore);
      this.dropDefinitions();
      return Number(changes);
    });
    // Gives the room back to the disk.
    this.session.db.exec(
      "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);",
    );
    return count;
  }

  /** Closes the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.session.db.close();
  }

  /** Changes when another connection has written. */
  #version(): unknown {
    return this.session.sql("PRAGMA data_version").get()?.data_version;
  }

  #insert(run: number, events: readonly RunEvent[], from = 0): void {
    const insert = this.session.sql("INSERT INTO events VALUES (?, ?, ?)");
    events.forEach((event, index) =>
      insert.run(run, from + index, JSON.stringify(event))
    );
  }
}

/** When the run ends with these events, in milliseconds since the epoch; `null` while it goes on. */
function endOf(events: readonly RunEvent[]): number | null {
  const last = events.at(-1);
  return last && isTerminalEvent(last.type) ? Date.parse(last.timestamp) : null;
}
