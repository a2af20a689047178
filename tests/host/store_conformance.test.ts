import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import process from "node:process";
import test from "node:test";
import { memoryStore, sqliteStore } from "@tutti/sdk/host";
import type { SqliteStoreOptions, Store } from "@tutti/sdk/host";
import { storeConformance } from "@tutti/sdk/testing";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { definitionOf } from "../support/wire.ts";

const definition = definitionOf("d", []);

for (const check of storeConformance({ open: () => memoryStore() })) {
  test(`memoryStore(): ${check.name}`, () => check.run());
}

let file: StoreFile;
const onDisk = storeConformance({
  open: () => file.open(),
  share: { again: () => file.open(), kill: () => file.outlive() },
});
for (const check of onDisk) {
  test(`sqliteStore(): ${check.name}`, async () => {
    if (!hasSqlite()) {
      return assert.throws(() => sqliteStore(":memory:"), {
        code: "unsupported-runtime",
      });
    }
    file = new StoreFile();
    try {
      await check.run();
    } finally {
      file.delete();
    }
  });
}

/** Breaks one promise at a time. */
const broken: [promise: RegExp, store: (good: Store) => Partial<Store>][] = [
  [/id is used once/, () => ({ createRun: () => Promise.resolve(true) })],
  [/right behind/, () => ({ append: () => Promise.resolve("kept") })],
  [/up to a limit/, (good) => ({
    readEvents: (runId, after) => good.readEvents(runId, after, 100),
  })],
  [/one claim until/, () => ({
    claimKey: ({ seed }) => Promise.resolve({ state: "claimed", seed: seed() }),
  })],
  [/nobody's work/, () => ({ takeWork: () => Promise.resolve([]) })],
  [/left for another/, (good) => ({ takeWork: (n) => good.takeWork(n) })],
  [/pruned/, () => ({ prune: () => Promise.resolve(0) })],
];

for (const [promise, change] of broken) {
  test(`storeConformance() sees a store that breaks ${promise.source}`, async () => {
    const checks = storeConformance({
      open: () => {
        const good = memoryStore();
        return { ...good, ...change(good) };
      },
    });
    const check = checks.find(({ name }) => promise.test(name));
    await assert.rejects(check!.run(), /^Error: found .*, wanted /);
  });
}

test("sqliteStore() refuses a file of another program, and leaves it as it is", () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  file = new StoreFile();
  try {
    for (const sql of ["CREATE TABLE t (a)", "PRAGMA user_version = 99"]) {
      rmSync(file.path, { force: true });
      const { DatabaseSync } = process.getBuiltinModule("node:sqlite")!;
      const db = new DatabaseSync(file.path);
      db.exec(sql);
      assert.throws(() => file.open(), { code: "store-format" });
      assert.equal(
        db.prepare("SELECT count(*) AS n FROM sqlite_master").get()?.n,
        sql.startsWith("CREATE") ? 1 : 0,
      );
      db.close();
    }
  } finally {
    file.delete();
  }
});

test("sqliteStore() takes the workflows of a file over that has the format from before", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  file = new StoreFile();
  try {
    const first = file.open();
    await first.putWorkflow({ tenant: "acme", definition });
    first.close();
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite")!;
    const db = new DatabaseSync(file.path);
    db.exec(`
      ALTER TABLE workflows RENAME TO newer;
      CREATE TABLE workflows (
        id TEXT PRIMARY KEY,
        tenant TEXT NOT NULL,
        definition TEXT NOT NULL
      ) WITHOUT ROWID;
      INSERT INTO workflows SELECT id, tenant, definition FROM newer;
      DROP TABLE newer;
      PRAGMA user_version = 2;
    `);
    db.close();
    for (const tenant of ["beta", "gamma"]) {
      const store = file.open();
      assert.deepEqual(await store.loadWorkflow("d", "acme"), definition);
      assert.equal(await store.putWorkflow({ tenant, definition }), "created");
      store.close();
    }
  } finally {
    file.delete();
  }
});

test("sqliteStore() refuses a lease that is not longer than its polls", () => {
  const odd: SqliteStoreOptions[] = [
    { leaseMs: 300 },
    { pollMs: 0 },
    { pollMs: NaN },
    { leaseMs: 30_000, pollMs: 10_000 },
  ];
  for (const options of odd) {
    assert.throws(() => sqliteStore(":memory:", options), {
      code: "invalid-argument",
    });
  }
});
