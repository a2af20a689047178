import assert from "node:assert/strict";
import test from "node:test";
import { openSqlite } from "../../../src/host/stores/sqlite_driver.ts";
import type {
  SqlDatabase,
  SqlStatement,
} from "../../../src/host/stores/sqlite_driver.ts";
import { Session } from "../../../src/host/stores/sqlite_session.ts";
import { Sqlite } from "../../../src/host/stores/sqlite_store.ts";
import { ID, lines, read, record } from "../../../src/testing/store_samples.ts";
import { hasSqlite, StoreFile } from "../../support/store_file.ts";

/** A store on a file whose connection fails where it is told to, and what its timer does. */
function faulty(
  file: StoreFile,
  fails: (sql: string) => boolean,
): { store: Sqlite; poll: () => void; ahead: (ms: number) => void } {
  file.open();
  const db = openSqlite(file.path);
  let time = 0;
  let poll = (): void => {};
  const failing: SqlDatabase = {
    exec: (sql) => db.exec(sql),
    prepare: (sql) => {
      const statement = db.prepare(sql);
      const check = <T>(work: () => T): T => {
        if (fails(sql)) throw new Error("disk I/O error");
        return work();
      };
      const guarded: SqlStatement = {
        run: (...values) => check(() => statement.run(...values)),
        get: (...values) => check(() => statement.get(...values)),
        all: (...values) => check(() => statement.all(...values)),
      };
      return guarded;
    },
    get isTransaction() {
      return db.isTransaction;
    },
    close: () => db.close(),
  };
  const session = new Session(failing, {
    leaseMs: 10_000,
    pollMs: 100,
    now: () => time,
    repeat: (_, work) => {
      poll = work;
      return () => poll = () => {};
    },
  });
  const store = new Sqlite(session, true);
  return { store, poll: () => poll(), ahead: (ms) => time += ms };
}

async function onFile(use: (file: StoreFile) => Promise<void>): Promise<void> {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    await use(file);
  } finally {
    file.delete();
  }
}

test("sqliteStore() holds a run also when the transaction of its first sign of life failed", async () => {
  await onFile(async (file) => {
    let failures = 1;
    const { store } = faulty(
      file,
      (sql) => sql.startsWith("INSERT INTO events") && failures-- > 0,
    );
    await assert.rejects(store.createRun(record, lines(0, 1)), /disk I\/O/);
    assert.equal(await store.createRun(record, lines(0, 1)), true);
    // Another process, to which a run is free whose holder gave no sign of life.
    const other = file.open();
    assert.deepEqual(await other.takeWork(10), []);
    assert.equal(await other.hold(ID), false);
    assert.equal(await store.append(ID, 0, lines(1, 1), true), "kept");
    store.close();
  });
});

test("sqliteStore() gives a sign of life again that could not be written, and its timer never throws", async () => {
  await onFile(async (file) => {
    let isDown = false;
    const { store, poll, ahead } = faulty(file, () => isDown);
    await store.createRun(record, lines(0, 1));
    let looks = 0;
    const unwatch = store.watch(() => looks++);
    isDown = true;
    // Now and then somebody looks all the same, and meets the failure.
    for (let n = 0; n < 80; n++) {
      ahead(100);
      poll();
    }
    assert.ok(looks >= 1 && looks <= 4, `${looks}`);
    isDown = false;
    poll();
    ahead(3_000);
    // The clock of the other one: its store takes the same time for now.
    const { store: other, ahead: later } = faulty(file, () => false);
    later(11_000);
    assert.deepEqual(await other.takeWork(10), []);
    unwatch();
    store.close();
    other.close();
  });
});

test("sqliteStore() keeps nothing of a transaction that failed, whichever of its statements it was", async () => {
  await onFile(async (file) => {
    let countdown = Infinity;
    const { store } = faulty(
      file,
      (sql) => !/^(BEGIN|ROLLBACK)/.test(sql) && --countdown === 0,
    );
    await store.createRun(record, lines(0, 1));
    let failed = 0;
    for (let n = 1; n < 12; n++) {
      countdown = n;
      const end = await store.append(ID, 0, lines(1, 2), true, [`${ID}9`])
        .catch(() => "failed");
      countdown = Infinity;
      if (end !== "failed") break;
      failed++;
      assert.deepEqual(await read(store), [0], `statement ${n}`);
      assert.equal(await store.append(ID, 1, lines(2, 1)), "behind");
    }
    assert.ok(failed >= 4, `${failed}`);
    assert.deepEqual(await read(store), [0, 1, 2]);
    store.close();
  });
});
