// Web standards only.
import type { KeyEffect } from "../store.ts";
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

/** A row that nobody alive holds; takes the time. */
export const FREE =
  "(holder IS NULL OR holder NOT IN (SELECT id FROM holders WHERE until > ?))";

/** One connection: its statements, its transactions, its signs of life. */
export class Session {
  /** The connection. */
  readonly db: SqlDatabase;
  /** Of the leases. */
  readonly settings: LeaseSettings;
  /** What holds. */
  readonly me: string = crypto.randomUUID();
  readonly #statements = new Map<string, SqlStatement>();
  #until = 0;

  constructor(db: SqlDatabase, settings: LeaseSettings) {
    this.db = db;
    this.settings = settings;
  }

  /** A statement, prepared once. */
  sql(text: string): SqlStatement {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.db.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  /** Keeps all that `work` writes, or nothing. */
  transaction<T>(work: () => T): T {
    // Takes the write lock at once: a reader that turns writer could be refused without waiting.
    this.sql("BEGIN IMMEDIATE").run();
    const until = this.#until;
    try {
      const result = work();
      this.sql("COMMIT").run();
      return result;
    } catch (error) {
      // A sign of life that was part of it has not been given.
      this.#until = until;
      // A full disk rolls back by itself.
      if (this.db.isTransaction) this.sql("ROLLBACK").run();
      // SQLITE_TOOBIG, whose number not every runtime gives.
      throw /too big/.test(String(error))
        ? new RangeError("Cannot keep it: a row is too large for SQLite", {
          cause: error,
        })
        : error;
    }
  }

  /** Keeps what a request did to something, for its claim; within the transaction of what it did. */
  note(id: string, { scope, answer }: KeyEffect): void {
    const known = this.sql("SELECT effects FROM keys WHERE scope = ?")
      .get(scope);
    const effects = JSON.parse(String(known?.effects ?? "{}"));
    this.sql("UPDATE keys SET effects = ? WHERE scope = ?")
      .run(JSON.stringify({ ...effects, [id]: answer }), scope);
  }

  /** A sign of life, where the last one is old enough. */
  beat(): void {
    const { leaseMs, now } = this.settings;
    const time = now();
    if (time < this.#until - leaseMs * 2 / 3) return;
    const until = time + leaseMs;
    this.sql("INSERT OR REPLACE INTO holders VALUES (?, ?)")
      .run(this.me, until);
    this.#until = until;
    this.sql("DELETE FROM holders WHERE until < ?").run(time - leaseMs * 10);
  }

  /** The last word. */
  leave(): void {
    this.sql("DELETE FROM holders WHERE id = ?").run(this.me);
    this.#until = 0;
  }
}
