import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { sqliteStore } from "@tutti/sdk/host";
import type { SqliteStore } from "@tutti/sdk/host";

/** Whether this runtime brings SQLite along; Node 20 does not. */
export function hasSqlite(): boolean {
  return process.getBuiltinModule?.("node:sqlite") !== undefined;
}

/** One file for one test, and the stores of all the processes that the test pretends to be. */
export class StoreFile {
  readonly #folder: string = mkdtempSync(join(tmpdir(), "tutti-store-"));
  readonly #open: SqliteStore[] = [];
  readonly #polls = new Map<() => void, () => boolean>();
  #ahead = 0;

  /** Where it is. */
  get path(): string {
    return join(this.#folder, "runs.db");
  }

  /**
   * One more process.
   *
   * @param isAlive Whether it still gives signs of life.
   */
  open(isAlive: () => boolean = () => true): SqliteStore {
    const store = sqliteStore(this.path, {
      survives: "process",
      now: () => this.#ahead,
      repeat: (_ms, work) => {
        this.#polls.set(work, isAlive);
        return () => this.#polls.delete(work);
      },
    });
    this.#open.push(store);
    return store;
  }

  /** Every process looks at what the others wrote. */
  poll(): void {
    for (const [work, isAlive] of [...this.#polls]) if (isAlive()) work();
  }

  /** All leases are over. */
  outlive(): void {
    this.#ahead += 60_000;
  }

  /** Closes and deletes everything. */
  delete(): void {
    for (const store of this.#open) store.close();
    rmSync(this.#folder, { recursive: true });
  }
}
