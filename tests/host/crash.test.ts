import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { sqliteStore } from "@tutti/sdk/host";
import type { RunEvent } from "@tutti/sdk/openwop";
import { hasSqlite, StoreFile } from "../support/store_file.ts";

const RUNS = 4;
/** Lives of a process; CRASH_KILLS asks for more. */
const KILLS = Number(process.env.CRASH_KILLS ?? 12);

// Beside the compiled test it is compiled too.
const child = fileURLToPath(
  new URL(
    `../support/crash_child${import.meta.url.endsWith(".ts") ? ".ts" : ".js"}`,
    import.meta.url,
  ),
);

/** Starts the process and gives the signal that ended it, `null` when it came to its end. */
function live(path: string, moments: number): Promise<string | null> {
  const run = "Deno" in globalThis ? ["run", "--quiet", "-A"] : [];
  return new Promise((resolve, reject) => {
    const args = [...run, child, path, `${path}.journal`, RUNS, moments];
    const started = spawn(process.execPath, args.map(String), {
      cwd: dirname(child),
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    started.stderr.on("data", (bytes) => said += bytes);
    started.on("error", reject);
    started.on("close", (code, signal) => {
      if (code === 0 || signal !== null) return resolve(signal);
      reject(new Error(`the process ended with ${code}: ${said}`));
    });
  });
}

/** Numbers that look random and are the same each time. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223 >>> 0;
    yield state / 2 ** 32;
  }
}

/** What must hold of a finished run, whatever happened to the process. */
function checkLog(log: readonly RunEvent[]): void {
  assert.deepEqual(
    log.map(({ sequence }) => sequence),
    log.map((_, index) => index),
  );
  assert.equal(new Set(log.map(({ eventId }) => eventId)).size, log.length);
  const of = (type: string, node?: string) =>
    log.filter((event) =>
      event.type === type &&
      (node === undefined || event.nodeId === node)
    );
  for (const node of ["a", "b", "c", "wait", "gate", "d"]) {
    assert.equal(of("node.completed", node).length, 1, node);
  }
  assert.equal(log.at(-1)?.type, "run.completed");
  for (const type of ["run.started", "run.completed", "interrupt.resolved"]) {
    assert.equal(of(type).length, 1, type);
  }
  const [begun] = of("node.started", "wait");
  const [over] = of("node.completed", "wait");
  const waited = Date.parse(over!.timestamp) - Date.parse(begun!.timestamp);
  assert.ok(waited >= 20, `the delay took ${waited} ms`);
}

test(
  "a process that is killed at any moment leaves nothing undone, and nothing done twice",
  { timeout: 600_000 },
  async () => {
    if (!hasSqlite()) return assert.throws(() => sqliteStore(":memory:"));
    const file = new StoreFile();
    try {
      const random = numbers(7);
      let kills = 0;
      for (let life = 0; kills < KILLS; life++) {
        const path = `${file.path}.${life}`;
        // Each life gets a little longer, so that in the end one is long enough.
        let signal: string | null = "SIGKILL";
        for (let n = 0; signal !== null; n++) {
          signal = await live(
            path,
            Math.floor(random.next().value * 60 * (1 + n / 2)),
          );
          if (signal !== null) kills++;
        }
        const journal = readFileSync(`${path}.journal`, "utf8").trim().split(
          "\n",
        );
        assert.deepEqual(
          journal.filter((line) => /^(AGAIN|ERROR)/.test(line)),
          [],
        );
        const runs = new Map<string, Set<string>>();
        const keys = new Map<string, Set<string>>();
        for (const line of journal) {
          const [what, runId = "", name = "", key = ""] = line.split(" ");
          const into = what === "run" ? runs : keys;
          const id = what === "run" ? name : `${runId} ${name}`;
          into.set(id, (into.get(id) ?? new Set()).add(key || runId));
        }
        // One run for each key of a request, one key for each execution of a step.
        assert.equal(runs.size, RUNS);
        assert.equal(keys.size, RUNS * 4);
        for (const ids of [...runs.values(), ...keys.values()]) {
          assert.equal(ids.size, 1);
        }
        const store = sqliteStore(path);
        for (const [runId] of [...runs.values()].map((ids) => [...ids])) {
          checkLog(await store.readEvents(runId!, -1, 10_000));
        }
        assert.deepEqual(await store.takeWork(10), []);
        store.close();
      }
    } finally {
      file.delete();
    }
  },
);
