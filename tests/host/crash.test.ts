import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { createHost, sqliteStore } from "@tutti/sdk/host";
import type { RunEvent } from "@tutti/sdk/openwop";
import { delivered, randomNumbers, receive } from "../support/crash_world.ts";
import { WAIT_MS } from "../support/life_clock.ts";
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
function live(
  path: string,
  receiver: string,
  moments: number,
): Promise<string | null> {
  const run = "Deno" in globalThis ? ["run", "--quiet", "-A"] : [];
  return new Promise((resolve, reject) => {
    const journal = `${path}.journal`;
    const args = [...run, child, path, journal, receiver, RUNS, moments];
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
  for (const node of ["a", "b", "c", "call", "wait", "gate", "d"]) {
    assert.equal(of("node.completed", node).length, 1, node);
  }
  assert.equal(log.at(-1)?.type, "run.completed");
  for (const type of ["run.started", "run.completed", "interrupt.resolved"]) {
    assert.equal(of(type).length, 1, type);
  }
  const [begun] = of("node.started", "wait");
  const [over] = of("node.completed", "wait");
  const waited = Date.parse(over!.timestamp) - Date.parse(begun!.timestamp);
  assert.ok(waited >= WAIT_MS, `the delay took ${waited} ms`);
}

/** Lets processes live and die until they have died often enough, and looks at what they leave behind. */
async function check(
  file: StoreFile,
  receiver: string,
  heard: ReadonlySet<string>,
): Promise<void> {
  const random = randomNumbers(7);
  let kills = 0;
  for (let world = 0; kills < KILLS; world++) {
    const path = `${file.path}.${world}`;
    // Each life gets a little longer, so that in the end one is long enough.
    let signal: string | null = "SIGKILL";
    for (let n = 0; signal !== null; n++) {
      const moments = Math.floor(random.next().value * 80 * (1 + n / 2));
      signal = await live(path, receiver, moments);
      if (signal !== null) kills++;
    }
    const runs = checkWorld(path);
    const store = sqliteStore(path);
    assert.deepEqual(await store.takeWork(10), []);
    const told = new Set(["run.started", "node.completed", "run.completed"]);
    const wanted: string[] = [];
    for (const runId of runs) {
      const log = await store.readEvents(runId, -1, 10_000);
      checkLog(log);
      for (const { type, sequence } of log) {
        if (told.has(type)) wanted.push(`${runId} ${sequence}`);
      }
    }
    // What the last life had no time to deliver, the next one does.
    const webhooks = { allowPrivate: true };
    const host = createHost({ workflows: [], store, webhooks });
    await delivered(wanted, heard);
    await host.close();
    store.close();
  }
}

/** What must hold of what the processes told the world outside. @returns the ids of the runs. */
function checkWorld(path: string): string[] {
  const journal = readFileSync(`${path}.journal`, "utf8").trim().split("\n");
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
  // One run for each key of a request, one child for each run, one key for each execution of a step.
  assert.equal(runs.size, RUNS);
  assert.equal(keys.size, RUNS * 5);
  for (const ids of [...runs.values(), ...keys.values()]) {
    assert.equal(ids.size, 1);
  }
  return [...runs.values()].flatMap((ids) => [...ids]);
}

test(
  "a process that is killed at any moment leaves nothing undone, and nothing done twice",
  {
    timeout: 600_000,
  },
  async () => {
    if (!hasSqlite()) return assert.throws(() => sqliteStore(":memory:"));
    const file = new StoreFile();
    try {
      await receive((receiver, heard) => check(file, receiver, heard));
    } finally {
      file.delete();
    }
  },
);
