import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "../../../src/host/mod.ts";
import type { Store } from "../../../src/host/mod.ts";
import { memoryStore } from "../../../src/host/stores/memory.ts";
import { openSqlite } from "../../../src/host/stores/sqlite_driver.ts";
import type { SqlDatabase } from "../../../src/host/stores/sqlite_driver.ts";
import { Session } from "../../../src/host/stores/sqlite_session.ts";
import { Sqlite } from "../../../src/host/stores/sqlite_store.ts";
import { ID, lines, read, record } from "../../../src/testing/store_samples.ts";
import { FakeClock, settle } from "../../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../../support/store_file.ts";
import { gate, Wire } from "../../support/wire.ts";

/** A file whose inserts of events are told to somebody. */
function told(file: StoreFile, onInsert: () => void): Sqlite {
  const db = openSqlite(file.path);
  const telling: SqlDatabase = {
    exec: (sql) => db.exec(sql),
    prepare: (sql) => {
      const statement = db.prepare(sql);
      if (!sql.startsWith("INSERT INTO events")) return statement;
      return {
        run: (...values) => {
          onInsert();
          return statement.run(...values);
        },
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
      };
    },
    get isTransaction() {
      return db.isTransaction;
    },
    close: () => db.close(),
  };
  const repeat = () => () => {};
  const settings = { leaseMs: 10_000, pollMs: 100, now: () => 0, repeat };
  return new Sqlite(new Session(telling, settings), true);
}

/** Calls `onTurn` whenever something lets others go first, while `work` is done. */
async function watchingTurns<T>(
  onTurn: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((then: () => void, ms?: number) => {
    if (ms === undefined) onTurn();
    return setTimeout(then, ms);
  }) as typeof setTimeout;
  try {
    return await work();
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}

async function onFile(use: (file: StoreFile) => Promise<void>): Promise<void> {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  const file = new StoreFile();
  try {
    file.open();
    await use(file);
  } finally {
    file.delete();
  }
}

const LENGTH = 30_000;

/** Copies a long log, and gives how many events were read, and how many written, between two turns of others. */
async function copied(
  open: (onInsert: () => void) => Store,
): Promise<{ turns: number; reads: number; writes: number }> {
  const most = { turns: 0, reads: 0, writes: 0 };
  let [reads, writes] = [0, 0];
  const store = open(() => most.writes = Math.max(most.writes, ++writes));
  const readEvents: Store["readEvents"] = async (runId, after, limit) => {
    const page = await store.readEvents(runId, after, limit);
    most.reads = Math.max(most.reads, reads += page.length);
    return page;
  };
  const watched = new Proxy(store, {
    get: (target, name) => {
      if (name === "readEvents") return readEvents;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const clock = new FakeClock();
  const first = createHost({ workflows: [gate()], store: watched, clock });
  const run = await new Wire(first).start("gated");
  await new Wire(first).reach(run, "waiting-approval");
  const runId = decodeURIComponent(run.slice("/runs/".length));
  const log = (await store.readEvents(runId, -1, 10)).length;
  for (let from = log; from < LENGTH; from += 1_000) {
    await store.append(runId, from - 1, lines(from, 1_000));
  }
  await first.close();
  const host = createHost({ workflows: [gate()], store: watched, clock });
  const wire = new Wire(host);
  await wire.reach(run, "waiting-approval");
  const length = Math.ceil((LENGTH - log) / 1_000) * 1_000 + log;
  most.reads =
    most.writes =
    reads =
    writes =
      0;
  const made = await watchingTurns(
    () => {
      most.turns++;
      reads = writes = 0;
    },
    () => wire.post(`${run}:fork`, { mode: "branch", fromSeq: length - 1 }),
  );
  assert.equal(made.status, 201);
  const fork = await store.readEvents(made.body.runId, -1, Infinity);
  assert.deepEqual(fork.map(({ sequence }) => sequence), [...fork.keys()]);
  assert.ok(fork.length >= length - 1);
  assert.equal(made.body.status, "waiting-approval");
  await host.close();
  return most;
}

test("a fork of a long log lets others go first while it is read", async () => {
  const { turns, reads } = await copied(() => memoryStore());
  assert.ok(turns >= 7, `${turns} turns`);
  assert.ok(reads <= 4_096, `${reads} at once`);
});

test("sqliteStore() lets others go first while it writes a long log", async () => {
  await onFile(async (file) => {
    const { turns, writes } = await copied((onInsert) => told(file, onInsert));
    assert.ok(turns >= 14, `${turns} turns`);
    assert.ok(writes <= 4_096 + 10, `${writes} at once`);
  });
});

test("sqliteStore() keeps nothing of a long log whose last part failed, and prunes what was written", async () => {
  await onFile(async (file) => {
    let left = 9_000;
    const store = told(file, () => {
      if (--left === 0) throw new Error("disk I/O error");
    });
    await assert.rejects(store.createRun(record, lines(0, 10_000)), /disk/);
    assert.equal(await store.loadRun(ID), undefined);
    assert.deepEqual(await store.takeWork(10), []);
    assert.equal(await store.createRun(record, lines(0, 10_000)), true);
    assert.equal((await read(store, -1, Infinity)).length, 10_000);
    await store.prune(1);
    assert.equal((await read(store, -1, Infinity)).length, 10_000);
    const db = openSqlite(file.path);
    const { n } = db.prepare("SELECT count(*) AS n FROM events").get()!;
    assert.equal(n, 10_000);
    db.close();
    store.close();
  });
});

test("sqliteStore() keeps a long log whole or not at all, whatever others do meanwhile", async () => {
  await onFile(async (file) => {
    const store = told(file, () => {});
    const other = told(file, () => {});
    // Pruned while it is written: it can be written again.
    const pruned = await watchingTurns(
      () => void other.prune(Infinity),
      () => store.createRun(record, lines(0, 9_000)),
    );
    assert.equal(pruned, false);
    assert.equal(await store.loadRun(ID), undefined);
    // Made by another one while it is written.
    const isLate = await watchingTurns(
      () => void other.createRun(record, lines(0, 5)),
      () => store.createRun(record, lines(0, 9_000)),
    );
    await settle(1);
    assert.equal(isLate, false);
    assert.deepEqual(await read(store, -1, Infinity), [0, 1, 2, 3, 4]);
    assert.equal(await store.createRun(record, lines(0, 9_000)), false);
    store.close();
    other.close();
  });
});
