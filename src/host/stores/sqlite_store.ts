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
import { SqliteOutbox } from "./sqlite_outbox.ts";
import { FREE } from "./sqlite_session.ts";
import type { Session } from "./sqlite_session.ts";

/** A run that ended, and that no other one repeats at the moment. */
const OLD =
  "ended_at < ? AND run_id NOT IN (SELECT source FROM runs WHERE ended_at IS NULL AND source IS NOT NULL)";

/** A store on one connection. */
export class Sqlite extends SqliteOutbox implements Store {
  readonly isShared: boolean;
  /** By hash, so that all runs of a definition share one object. */
  readonly #definitions = new Map<string, WorkflowDefinition>();
  readonly #hashes = new WeakMap<WorkflowDefinition, string>();
  #closed = false;

  constructor(session: Session, isShared: boolean) {
    super(session);
    this.isShared = isShared;
  }

  async createRun(
    record: RunRecord,
    events: readonly RunEvent[],
    isNews: boolean = true,
  ): Promise<boolean> {
    const { definition, ...rest } = record;
    let hash = this.#hashes.get(definition);
    if (hash === undefined) {
      hash = await contentHash(definition);
      this.#hashes.set(definition, hash);
    }
    const known = hash;
    return this.session.transaction(() => {
      this.session.beat();
      this.session.sql("INSERT OR IGNORE INTO definitions VALUES (?, ?)")
        .run(known, JSON.stringify(definition));
      const { changes } = this.session.sql(
        "INSERT OR IGNORE INTO runs (run_id, source, record, definition, last, ended_at, holder) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ).run(
        record.runId,
        record.replay?.runId ?? null,
        JSON.stringify(rest),
        known,
        events.length - 1,
        endOf(events),
        this.session.me,
      );
      if (Number(changes) === 0) return false;
      const id = this.#idOf(record.runId);
      this.#insert(id, events);
      if (isNews) this.announce(id, record, events);
      return true;
    });
  }

  // deno-lint-ignore require-await
  async loadRun(runId: string): Promise<RunRecord | undefined> {
    const row = this.session.sql(
      "SELECT record, definition FROM runs WHERE run_id = ?",
    ).get(runId);
    if (row === undefined) return undefined;
    const hash = String(row.definition);
    let definition = this.#definitions.get(hash);
    if (definition === undefined) {
      const { json } = this.session.sql(
        "SELECT json FROM definitions WHERE hash = ?",
      )
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
    wake: readonly string[] = [],
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
  async takeWork(limit: number): Promise<readonly string[]> {
    // Most of the time there is nothing, and a read disturbs nobody.
    const look = (): string[] =>
      this.session.sql(
        `SELECT run_id FROM runs WHERE holder = ? AND news = 1 UNION SELECT run_id FROM runs WHERE ended_at IS NULL AND ${FREE} LIMIT ?`,
      ).all(this.session.me, this.session.settings.now(), limit)
        .map((row) => String(row.run_id));
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
      this.session.beat();
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
      return Number(changes) === 1
        ? { state: "claimed", seed: String(known.seed) }
        : { state: "in-flight", digest: first };
    });
  }

  // deno-lint-ignore require-await
  async settleKey(scope: string, reply: StoredReply): Promise<void> {
    this.session.sql("UPDATE keys SET reply = ?, holder = NULL WHERE scope = ?")
      .run(JSON.stringify(reply), scope);
  }

  // deno-lint-ignore require-await
  async releaseKey(scope: string): Promise<void> {
    this.session.sql("DELETE FROM keys WHERE scope = ?").run(scope);
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
      this.session.sql(
        "DELETE FROM definitions WHERE hash NOT IN (SELECT definition FROM runs)",
      ).run();
      this.#definitions.clear();
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

  #idOf(runId: string): number {
    return Number(
      this.session.sql("SELECT id FROM runs WHERE run_id = ?").get(runId)?.id,
    );
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
