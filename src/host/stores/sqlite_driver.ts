// Web standards only.
import { TuttiError } from "../../http/mod.ts";

/** A value of a column. */
export type SqlValue = string | number | bigint | null | Uint8Array;

/** A row, by column. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** What the store needs of a prepared statement. */
export interface SqlStatement {
  /** Runs it. */
  run(...values: SqlValue[]): {
    readonly changes: number | bigint;
    readonly lastInsertRowid: number | bigint;
  };
  /** Its first row. */
  get(...values: SqlValue[]): SqlRow | undefined;
  /** All rows. */
  all(...values: SqlValue[]): SqlRow[];
}

/** What the store needs of a connection. */
export interface SqlDatabase {
  /** Runs statements without values. */
  exec(sql: string): void;
  /** Prepares one statement. */
  prepare(sql: string): SqlStatement;
  /** Whether one is open. */
  readonly isTransaction: boolean;
  /** Closes the file. */
  close(): void;
}

/** Opens a file with the SQLite that the runtime brings along. */
export function openSqlite(path: string): SqlDatabase {
  const sqlite = builtin("node:sqlite") as {
    readonly DatabaseSync: new (path: string) => SqlDatabase;
  } | undefined;
  if (sqlite) return new sqlite.DatabaseSync(path);
  throw new TuttiError(
    "unsupported-runtime",
    "Cannot open a SQLite store: this runtime brings no SQLite along",
    {
      hint:
        "use Deno, Bun, or Node 22.13 and newer, or the store in memory, which is the default",
    },
  );
}

/** Repeats `work` every `ms`, without keeping the process alive for it. */
export function repeatQuietly(ms: number, work: () => void): () => void {
  const timers = builtin("node:timers") as {
    setInterval(work: () => void, ms: number): { unref?(): void };
    clearInterval(timer: unknown): void;
  };
  const timer = timers.setInterval(work, ms);
  timer.unref?.();
  return () => timers.clearInterval(timer);
}

/** A module of the runtime itself: loaded when it is wanted, so that a browser never sees its name. */
function builtin(name: string): unknown {
  const { process } = globalThis as {
    readonly process?: { getBuiltinModule?(name: string): unknown };
  };
  return process?.getBuiltinModule?.(name);
}
