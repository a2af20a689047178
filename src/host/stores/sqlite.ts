// Web standards only.
import { refuse } from "../../http/mod.ts";
import { checkKind, checkMembers } from "../check_options.ts";
import type { Store } from "../store.ts";
import { openSqlite, repeatQuietly } from "./sqlite_driver.ts";
import { prepareSchema } from "./sqlite_schema.ts";
import { Session } from "./sqlite_session.ts";
import { Sqlite } from "./sqlite_store.ts";

/** How a file is used. */
export interface SqliteStoreOptions {
  /**
   * What a transaction has to survive: `"power"` waits for the disk each time; `"process"` is several times faster, loses
   * nothing when the process is killed, and may lose the last moments, but never consistency, when the power fails.
   *
   * @default "power"
   */
  readonly survives?: "power" | "process";
  /**
   * How long after its last sign of life, in milliseconds, a process counts as dead, so that others on the same file take
   * its runs over. A process that is stopped for longer and then goes on cannot write to what others took. @default 10000
   */
  readonly leaseMs?: number;
  /** How often to look for what other processes wrote, in milliseconds. @default 100 */
  readonly pollMs?: number;
  /** The time that leases are measured with, the same for all processes on a file. @default Date.now */
  readonly now?: () => number;
  /** Repeats `work` every `ms` until the returned function is called. @default a timer that does not keep the process alive */
  readonly repeat?: (ms: number, work: () => void) => () => void;
}

/** A store in a file. */
export interface SqliteStore extends Store {
  /** Closes the file. Close the host before. Calling it again does nothing. */
  close(): void;
}

/**
 * Keeps runs in one SQLite file, so that they survive the process: whatever a host answered is in the file by then.
 *
 * Give each host a store object of its own. Several processes of one machine may use the same file; a run is moved on
 * by one of them at a time, and when that one dies, another takes its runs over within `leaseMs`. The file must not be on
 * a network drive. It uses the SQLite that the runtime brings along.
 *
 * @param path Of the file, made if it is not there; beside it SQLite puts files ending in `-wal` and `-shm`. Deno asks
 * for permission to read and write it. `":memory:"` keeps nothing.
 * @param options Durability and leases.
 * @throws {TuttiError} `unsupported-runtime` on a runtime without SQLite (Node 20, browsers); `store-format` for a file of
 * another program or of a newer version.
 * @throws {InvalidArgumentError} `invalid-argument` for a lease that is not longer than three polls.
 *
 * @example
 * ```ts
 * import { createHost, sqliteStore } from "@tutti/sdk/host";
 * import assert from "node:assert/strict";
 *
 * const store = sqliteStore(":memory:");
 * const host = createHost({ workflows: [], store });
 * const answer = await host.fetch(`${host.url}/.well-known/openwop`);
 * assert.equal(answer.status, 200);
 * await host.close();
 * store.close();
 * ```
 */
export function sqliteStore(
  path: string,
  options: SqliteStoreOptions = {},
): SqliteStore {
  checkKind("path", path, "string");
  checkMembers("options", options, {
    survives: "string?",
    leaseMs: "number?",
    pollMs: "number?",
    now: "function?",
    repeat: "function?",
  });
  const { leaseMs = 10_000, pollMs = 100, survives = "power" } = options;
  if (survives !== "power" && survives !== "process") {
    refuse("options.survives", '"power" or "process" is wanted');
  }
  if (!(pollMs >= 1 && leaseMs > 3 * pollMs && leaseMs < 2 ** 31)) {
    refuse(
      "options.leaseMs",
      "more than three times pollMs is wanted, at least 1 ms for that, and less than 25 days",
    );
  }
  const db = openSqlite(path);
  try {
    // Waits instead of failing while another process writes.
    db.exec(`
      PRAGMA busy_timeout = 10000;
      PRAGMA auto_vacuum = INCREMENTAL;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = ${survives === "process" ? "NORMAL" : "FULL"};
    `);
    prepareSchema(db, path);
    const session = new Session(db, {
      leaseMs,
      pollMs,
      now: options.now ?? Date.now,
      repeat: options.repeat ?? repeatQuietly,
    });
    return new Sqlite(session, path !== ":memory:" && path !== "");
  } catch (error) {
    db.close();
    throw error;
  }
}
