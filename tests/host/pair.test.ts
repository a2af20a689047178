import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import process from "node:process";
import test from "node:test";
import { createHost, sqliteStore } from "@tutti/sdk/host";
import type { RunEvent } from "@tutti/sdk/openwop";
import { delivered, randomNumbers, receive } from "../support/crash_world.ts";
import { patience } from "../support/fake_clock.ts";
import { Pair } from "../support/pair.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";

/** Deaths of processes; PAIR_KILLS asks for more. */
const KILLS = Number(process.env.PAIR_KILLS ?? 3);
/** Runs that are under way at once. */
const WIDTH = 8;
/** Every so many-th run is cancelled. */
const CANCEL = 6;

const TOLD = ["run.started", "node.completed", "run.completed"];

/** What was seen of a run while processes lived and died. */
interface Seen {
  readonly runId: string;
  childId: string | undefined;
  /** Events that any process has shown, by sequence. */
  readonly events: Map<number, string>;
  readonly isCancelled: boolean;
}

const pathOf = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;

/** The life of one run, each step of it through whichever process there is. */
async function drive(pair: Pair, n: number): Promise<Seen> {
  const key = `pair-test-key-of-run-${String(n).padStart(6, "0")}`;
  const created = await pair.ask((wire) =>
    wire.post("/runs", { workflowId: "pair" }, { "idempotency-key": key })
  );
  assert.equal(created.status, 201, JSON.stringify(created.body));
  const { runId } = created.body;
  const isCancelled = n % CANCEL === CANCEL - 1;
  const seen: Seen = {
    runId,
    childId: undefined,
    events: new Map(),
    isCancelled,
  };
  const answered = new Set<string>();
  const isPatient = patience(300_000);
  for (let turn = 0;; turn++) {
    assert.ok(isPatient(), `run ${runId} never ended`);
    const run = pathOf(runId);
    const log = await pair.ask((wire) =>
      wire.get(`${run}/events/poll?timeout=1`)
    );
    assert.equal(log.status, 200);
    for (const { sequence, eventId, type, payload } of log.body.events) {
      // Whoever shows it, an event stays what it was.
      assert.equal(seen.events.get(sequence) ?? eventId, eventId);
      seen.events.set(sequence, eventId);
      if (type === "node.dispatched") seen.childId = payload.childRunId;
    }
    if (log.body.isTerminal) return seen;
    if (isCancelled && turn > 6 && seen.childId) {
      const { status, body } = await pair.ask((wire) =>
        wire.post(`${run}/cancel`, {}, { "idempotency-key": `${key}-cancel` })
      );
      assert.ok(status === 200 || status === 409, JSON.stringify(body));
    }
    for (const path of [run, seen.childId && pathOf(seen.childId)]) {
      if (!path || answered.has(path)) continue;
      const { body } = await pair.ask((wire) => wire.get(path));
      if (body.nodeStates?.gate?.status !== "suspended") continue;
      const answer = await pair.ask((wire) =>
        wire.post(`${path}/interrupts/gate`, {
          resumeValue: { action: "accept" },
        }, { "idempotency-key": `${key}-${path === run ? "own" : "child"}` })
      );
      // Refused where it was cancelled meanwhile, or where the process that took the answer died over it.
      assert.ok(answer.status < 500, JSON.stringify(answer.body));
      answered.add(path);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What must hold of the log of a finished run, whoever wrote which part of it. */
function checkLog(
  log: readonly RunEvent[],
  nodes: readonly string[],
  isCancelled: boolean,
): void {
  assert.deepEqual(
    log.map(({ sequence }) => sequence),
    log.map((_, index) => index),
  );
  assert.equal(new Set(log.map(({ eventId }) => eventId)).size, log.length);
  const count = (type: string, node?: string): number =>
    log.filter((event) =>
      event.type === type && (node === undefined || event.nodeId === node)
    ).length;
  const end = log.at(-1)?.type;
  if (isCancelled && end === "run.cancelled") {
    for (const node of nodes) assert.ok(count("node.completed", node) <= 1);
    return;
  }
  assert.equal(end, "run.completed");
  assert.equal(count("run.started"), 1);
  assert.equal(count("interrupt.resolved"), 1);
  for (const node of nodes) {
    assert.equal(count("node.completed", node), 1, node);
  }
}

/** Steps run in one process at a time, each with one key, and not again once they are over. */
function checkJournal(lines: readonly string[]): void {
  assert.deepEqual(lines.filter((line) => /^(AGAIN|ERROR)/.test(line)), []);
  const dead = new Set<string>();
  const running = new Map<string, string>();
  const keys = new Map<string, string>();
  for (const line of lines) {
    const [what, runId = "", node = "", label = "", key = ""] = line.split(" ");
    if (what === "killed") {
      dead.add(runId);
      continue;
    }
    const step = `${runId} ${node}`;
    if (what === "end") {
      assert.equal(running.get(step), label, line);
      running.delete(step);
      continue;
    }
    const by = running.get(step);
    assert.ok(
      by === undefined || dead.has(by),
      `${line}, while ${by} is at it`,
    );
    running.set(step, label);
    assert.equal(keys.get(step) ?? key, key, line);
    keys.set(step, key);
  }
}

async function check(
  file: StoreFile,
  receiver: string,
  heard: ReadonlySet<string>,
): Promise<void> {
  const random = randomNumbers(11);
  const pair = new Pair(file.path, () => random.next().value);
  const seen: Seen[] = [];
  try {
    await Promise.all([pair.start(), pair.start()]);
    const hook = await pair.ask((wire) =>
      wire.post("/webhooks", {
        url: receiver,
        events: TOLD,
        secret: "a-secret-of-the-test",
      }, { "idempotency-key": "pair-test-webhook-key-1" })
    );
    assert.equal(hook.status, 201);
    let kills = 0;
    let next = 0;
    const work = async (): Promise<void> => {
      do seen.push(await drive(pair, next++)); while (kills < KILLS);
    };
    const deaths = async (): Promise<void> => {
      for (; kills < KILLS; kills++) {
        await pair.answered(30 + Math.floor(110 * random.next().value));
        await pair.killOne();
        await pair.start();
        await pair.outlive();
      }
    };
    await Promise.all([deaths(), ...Array.from({ length: WIDTH }, work)]);
  } finally {
    await pair.killAll();
  }

  checkJournal(readFileSync(pair.journal, "utf8").trim().split("\n"));
  const store = sqliteStore(file.path);
  const wanted: string[] = [];
  const collect = (log: readonly RunEvent[]): void => {
    for (const { runId, type, sequence } of log) {
      if (TOLD.includes(type)) wanted.push(`${runId} ${sequence}`);
    }
  };
  assert.equal(new Set(seen.map(({ runId }) => runId)).size, seen.length);
  for (const { runId, childId, events, isCancelled } of seen) {
    const log = await store.readEvents(runId, -1, 10_000);
    checkLog(log, ["a", "b", "c", "call", "wait", "gate", "d"], isCancelled);
    // What was shown once is there for good.
    for (const [sequence, eventId] of events) {
      assert.equal(log[sequence]?.eventId, eventId);
    }
    collect(log);
    if (childId === undefined) continue;
    const inner = await store.readEvents(childId, -1, 10_000);
    const ended = log.at(-1)?.type === "run.cancelled";
    checkLog(inner, ["e", "gate", "f"], ended);
    collect(inner);
  }
  // What the last lives had no time to deliver, the next one does.
  const host = createHost({
    workflows: [],
    store,
    webhooks: { allowPrivate: true },
  });
  await delivered(wanted, heard);
  await host.close();
  // Nothing is left to be done.
  assert.deepEqual(await store.takeWork(10), []);
  store.close();
  assert.ok(seen.length >= WIDTH && pair.answers > 10 * WIDTH);
}

test(
  "two processes on one file do the work of both, and die without a trace of it",
  { timeout: 600_000 },
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
