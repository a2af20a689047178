// Web standards only.
import { contentHash, isTerminalEvent } from "../../openwop/protocol/mod.ts";
import type {
  RunEvent,
  WorkflowDefinition,
} from "../../openwop/protocol/mod.ts";
import type {
  Appended,
  KeyClaim,
  KeyState,
  RunRecord,
  Store,
  StoredReply,
} from "../store.ts";
import { KEY_LIFE_MS } from "./memory.ts";
import type { SqlDatabase, SqlStatement } from "./sqlite_driver.ts";

/** How long leases are, and what they are measured with. */
export interface LeaseSettings {
  /** From a sign of life to a certain death. */
  readonly leaseMs: number;
  /** Between two looks at what others wrote. */
  readonly pollMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Repeats `work` every `ms` until the returned function is called. */
  readonly repeat: (ms: number, work: () => void) => () => void;
}

/** A run without a living holder. */
const FREE =
  "(holder IS NULL OR holder NOT IN (SELECT id FROM holders WHERE until > ?))";

/** A run that ended, and that no other one repeats at the moment. */
const OLD =
  "ended_at < ? AND run_id NOT IN (SELECT source FROM runs WHERE ended_at IS NULL AND source IS NOT NULL)";

/** A store on one connection. */
export class Sqlite implements Store {
  readonly isShared: boolean;
  readonly #db: SqlDatabase;
  readonly #settings: LeaseSettings;
  readonly #me: string = crypto.randomUUID();
  readonly #statements = new Map<string, SqlStatement>();
  /** By hash, so that all runs of a definition share one object. */
  readonly #definitions = new Map<string, WorkflowDefinition>();
  readonly #hashes = new WeakMap<WorkflowDefinition, string>();
  #until = 0;
  #closed = false;

  constructor(
    db: SqlDatabase,
    isShared: boolean,
    settings: LeaseSettings,
  ) {
    this.#db = db;
    this.isShared = isShared;
    this.#settings = settings;
  }

  async createRun(
    record: RunRecord,
    events: readonly RunEvent[],
  ): Promise<boolean> {
    const { definition, ...rest } = record;
    let hash = this.#hashes.get(definition);
    if (hash === undefined) {
      hash = await contentHash(definition);
      this.#hashes.set(definition, hash);
    }
    const known = hash;
    return this.#transaction(() => {
      this.#beat();
      this.#sql("INSERT OR IGNORE INTO definitions VALUES (?, ?)")
        .run(known, JSON.stringify(definition));
      const { changes } = this.#sql(
        "INSERT OR IGNORE INTO runs (run_id, source, record, definition, last, ended_at, holder) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ).run(
        record.runId,
        record.replay?.runId ?? null,
        JSON.stringify(rest),
        known,
        events.length - 1,
        endOf(events),
        this.#me,
      );
      if (Number(changes) === 0) return false;
      this.#insert(this.#idOf(record.runId), events);
      return true;
    });
  }

  // deno-lint-ignore require-await
  async loadRun(runId: string): Promise<RunRecord | undefined> {
    const row = this.#sql(
      "SELECT record, definition FROM runs WHERE run_id = ?",
    ).get(runId);
    if (row === undefined) return undefined;
    const hash = String(row.definition);
    let definition = this.#definitions.get(hash);
    if (definition === undefined) {
      const { json } = this.#sql("SELECT json FROM definitions WHERE hash = ?")
        .get(hash)!;
      definition = JSON.parse(String(json)) as WorkflowDefinition;
      this.#definitions.set(hash, definition);
      this.#hashes.set(definition, hash);
    }
    return { ...JSON.parse(String(row.record)), definition };
  }

  // deno-lint-ignore require-await
  async append(
    runId: string,
    after: number,
    events: readonly RunEvent[],
    mustHold = false,
  ): Promise<Appended> {
    return this.#transaction(() => {
      const run = this.#sql(
        "SELECT id, last, holder FROM runs WHERE run_id = ?",
      ).get(runId);
      if (run === undefined) return "behind";
      const isMine = run.holder === this.#me;
      if (mustHold && !isMine) return "taken";
      if (run.last !== after) return "behind";
      const id = Number(run.id);
      this.#sql(
        "UPDATE runs SET last = ?, ended_at = ?, news = max(news, ?) WHERE id = ?",
      ).run(after + events.length, endOf(events), isMine ? 0 : 1, id);
      this.#insert(id, events, after + 1);
      return "kept";
    });
  }

  // deno-lint-ignore require-await
  async readEvents(
    runId: string,
    after: number,
    limit: number,
  ): Promise<readonly RunEvent[]> {
    return this.#sql(
      "SELECT json FROM events WHERE run = (SELECT id FROM runs WHERE run_id = ?) AND sequence > ? ORDER BY sequence LIMIT ?",
    ).all(runId, after, Math.min(limit, Number.MAX_SAFE_INTEGER))
      .map(({ json }) => JSON.parse(String(json)) as RunEvent);
  }

  // deno-lint-ignore require-await
  async hold(runId: string): Promise<boolean> {
    const run = this.#sql("SELECT holder FROM runs WHERE run_id = ?").get(
      runId,
    );
    if (run === undefined) return false;
    if (run.holder === this.#me) return true;
    return this.#transaction(() => {
      this.#beat();
      const { changes } = this.#sql(
        `UPDATE runs SET holder = ? WHERE run_id = ? AND ${FREE}`,
      ).run(this.#me, runId, this.#settings.now());
      return Number(changes) === 1;
    });
  }

  // deno-lint-ignore require-await
  async takeWork(limit: number): Promise<readonly string[]> {
    // Most of the time there is nothing, and a read disturbs nobody.
    const look = (): string[] =>
      this.#sql(
        `SELECT run_id FROM runs WHERE ended_at IS NULL AND (holder = ? AND news = 1 OR ${FREE}) LIMIT ?`,
      ).all(this.#me, this.#settings.now(), limit)
        .map((row) => String(row.run_id));
    if (look().length === 0) return [];
    return this.#transaction(() => {
      this.#beat();
      const found = look();
      for (const runId of found) {
        this.#sql("UPDATE runs SET holder = ?, news = 0 WHERE run_id = ?")
          .run(this.#me, runId);
      }
      return found;
    });
  }

  // deno-lint-ignore require-await
  async release(): Promise<void> {
    this.#transaction(() => {
      for (const table of ["runs", "keys"]) {
        this.#sql(`UPDATE ${table} SET holder = NULL WHERE holder = ?`)
          .run(this.#me);
      }
      this.#sql("DELETE FROM holders WHERE id = ?").run(this.#me);
      this.#until = 0;
    });
  }

  watch(onChange: () => void): () => void {
    const { leaseMs, pollMs, now, repeat } = this.#settings;
    let seen = this.#version();
    let looked = now();
    return repeat(pollMs, () => {
      if (this.#closed) return;
      this.#beat();
      const version = this.#version();
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
    return this.#transaction((): KeyState => {
      this.#beat();
      this.#sql("DELETE FROM keys WHERE at < ?").run(now - KEY_LIFE_MS);
      const known = this.#sql("SELECT * FROM keys WHERE scope = ?").get(scope);
      if (known === undefined) {
        const fresh = seed();
        this.#sql(
          "INSERT INTO keys (scope, digest, at, seed, holder) VALUES (?, ?, ?, ?, ?)",
        ).run(scope, digest, now, fresh, this.#me);
        return { state: "claimed", seed: fresh };
      }
      const first = String(known.digest);
      if (known.reply !== null) {
        const reply: StoredReply = JSON.parse(String(known.reply));
        return { state: "done", digest: first, reply };
      }
      const { changes } = this.#sql(
        `UPDATE keys SET holder = ? WHERE scope = ? AND digest = ? AND ${FREE}`,
      ).run(this.#me, scope, digest, this.#settings.now());
      return Number(changes) === 1
        ? { state: "claimed", seed: String(known.seed) }
        : { state: "in-flight", digest: first };
    });
  }

  // deno-lint-ignore require-await
  async settleKey(scope: string, reply: StoredReply): Promise<void> {
    this.#sql("UPDATE keys SET reply = ?, holder = NULL WHERE scope = ?")
      .run(JSON.stringify(reply), scope);
  }

  // deno-lint-ignore require-await
  async releaseKey(scope: string): Promise<void> {
    this.#sql("DELETE FROM keys WHERE scope = ?").run(scope);
  }

  // deno-lint-ignore require-await
  async prune(endedBefore: number): Promise<number> {
    const count = this.#transaction(() => {
      this.#sql(
        `DELETE FROM events WHERE run IN (SELECT id FROM runs WHERE ${OLD})`,
      ).run(endedBefore);
      const { changes } = this.#sql(`DELETE FROM runs WHERE ${OLD}`)
        .run(endedBefore);
      this.#sql(
        "DELETE FROM definitions WHERE hash NOT IN (SELECT definition FROM runs)",
      ).run();
      this.#definitions.clear();
      return Number(changes);
    });
    // Gives the room back to the disk.
    this.#db.exec(
      "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);",
    );
    return count;
  }

  /** Closes the connection. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#db.close();
  }

  /** A sign of life, where the last one is old enough. */
  #beat(): void {
    const { leaseMs, now } = this.#settings;
    const time = now();
    if (time < this.#until - leaseMs * 2 / 3) return;
    this.#until = time + leaseMs;
    this.#sql("INSERT OR REPLACE INTO holders VALUES (?, ?)")
      .run(this.#me, this.#until);
    this.#sql("DELETE FROM holders WHERE until < ?").run(time - leaseMs * 10);
  }

  /** Changes when another connection has written. */
  #version(): unknown {
    return this.#sql("PRAGMA data_version").get()?.data_version;
  }

  #idOf(runId: string): number {
    return Number(
      this.#sql("SELECT id FROM runs WHERE run_id = ?").get(runId)?.id,
    );
  }

  #insert(run: number, events: readonly RunEvent[], from = 0): void {
    const insert = this.#sql("INSERT INTO events VALUES (?, ?, ?)");
    events.forEach((event, index) =>
      insert.run(run, from + index, JSON.stringify(event))
    );
  }

  #sql(text: string): SqlStatement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #transaction<T>(work: () => T): T {
    // Takes the write lock at once: a reader that turns writer could be refused without waiting.
    this.#sql("BEGIN IMMEDIATE").run();
    try {
      const result = work();
      this.#sql("COMMIT").run();
      return result;
    } catch (error) {
      // A full disk rolls back by itself.
      if (this.#db.isTransaction) this.#sql("ROLLBACK").run();
      throw error;
    }
  }
}

/** When the run ends with these events, in milliseconds since the epoch; `null` while it goes on. */
function endOf(events: readonly RunEvent[]): number | null {
  const last = events.at(-1);
  return last && isTerminalEvent(last.type) ? Date.parse(last.timestamp) : null;
}
