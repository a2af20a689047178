// Web standards only.
import { TuttiError } from "../../http/mod.ts";
import type { SqlDatabase } from "./sqlite_driver.ts";

/** Raised when the tables change. */
const VERSION = 3;

const WORKFLOWS = `
CREATE TABLE workflows (
  id TEXT NOT NULL,
  tenant TEXT NOT NULL,
  definition TEXT NOT NULL,
  PRIMARY KEY (tenant, id)
) WITHOUT ROWID;`;

/** Before, an id was one tenant's alone. */
const FROM_2 = `
ALTER TABLE workflows RENAME TO workflows_2;${WORKFLOWS}
INSERT INTO workflows SELECT id, tenant, definition FROM workflows_2;
DROP TABLE workflows_2;
`;

const TABLES = `
CREATE TABLE definitions (
  hash TEXT PRIMARY KEY,
  json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  source TEXT,
  scope TEXT,
  record TEXT NOT NULL,
  definition TEXT NOT NULL,
  last INTEGER NOT NULL,
  ended_at INTEGER,
  holder TEXT,
  news INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX runs_open ON runs (holder) WHERE ended_at IS NULL;
CREATE INDEX runs_news ON runs (holder) WHERE news = 1;
CREATE INDEX runs_ended ON runs (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX runs_scope ON runs (scope) WHERE scope IS NOT NULL AND ended_at IS NULL;
${WORKFLOWS}
CREATE TABLE events (
  run INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (run, sequence)
) WITHOUT ROWID;
CREATE TABLE keys (
  scope TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  at INTEGER NOT NULL,
  seed TEXT NOT NULL,
  holder TEXT,
  effects TEXT,
  reply TEXT
) WITHOUT ROWID;
CREATE INDEX keys_at ON keys (at);
CREATE TABLE subscriptions (
  id TEXT PRIMARY KEY,
  json TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE deliveries (
  id INTEGER PRIMARY KEY,
  webhook TEXT NOT NULL,
  run INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL,
  holder TEXT,
  dead_at INTEGER
);
CREATE INDEX deliveries_due ON deliveries (due) WHERE dead_at IS NULL;
CREATE INDEX deliveries_webhook ON deliveries (webhook, id);
CREATE INDEX deliveries_run ON deliveries (run);
CREATE TABLE holders (
  id TEXT PRIMARY KEY,
  until INTEGER NOT NULL
) WITHOUT ROWID;
`;

/** Makes the tables in a new file, and refuses a file of another version or of something else. */
export function prepareSchema(db: SqlDatabase, path: string): void {
  const found = versionOf(db);
  if (found === VERSION) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have made them just now.
    const version = versionOf(db);
    if (version === 0 && isEmpty(db)) {
      db.exec(`${TABLES}PRAGMA user_version = ${VERSION};`);
    } else if (version === 2) {
      db.exec(`${FROM_2}PRAGMA user_version = ${VERSION};`);
    } else if (version !== VERSION) {
      throw new TuttiError(
        "store-format",
        `Cannot open the SQLite store ${path}: it has the format ${version}, the format ${VERSION} is wanted`,
        {
          hint: version > VERSION
            ? "it was written by a newer version of this library; update, or use another file"
            : "use a file that holds nothing else",
        },
      );
    }
    db.exec("COMMIT");
  } catch (error) {
    db.exec("ROLLBACK");
    throw error;
  }
}

function versionOf(db: SqlDatabase): number {
  return Number(db.prepare("PRAGMA user_version").get()?.user_version);
}

function isEmpty(db: SqlDatabase): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() === undefined;
}
