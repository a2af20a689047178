// What a run costs on the embedded host, each beside the bare thing that it stands on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { hostRates } from "./host_rates.mjs";
import { head } from "./lib/table.mjs";
// Read once the runtime is known to understand it.
let createHost, memoryStore, serve, sqliteStore;

const noop = {
  definition: {
    id: "noop",
    name: "noop",
    version: "1.0.0",
    nodes: [{
      id: "noop",
      typeId: "core.noop",
      name: "noop",
      position: { x: 0, y: 0 },
      config: {},
      inputs: {},
    }],
    edges: [],
    triggers: [],
    variables: [],
    metadata: {},
    settings: {},
  },
  nodes: [],
};
const BODY = JSON.stringify({ workflowId: "noop" });
const POST = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: BODY,
};

/** Measures all, and prints tables. `rounds` pairs of slices make a ratio. */
export async function hostRuns({ rounds, only }) {
  ({ createHost, memoryStore, serve, sqliteStore } = await import(
    "../src/host/mod.ts"
  ));
  const rows = [
    ["loopback: run / bare HTTP request", () => loopback(told), 3],
    ["loopback: run and its stream / the same", () => loopback(life), 3],
    ["in process: run / JSON round trip", () => inProcess(told), 15],
    ["in process: run and its stream / the same", () => inProcess(life), 15],
    ["SQLite: run / bare inserts of its rows", () => onSqlite(false), 3],
    ["SQLite: run and its stream / the same", () => onSqlite(true), 3],
  ].filter(([name]) => name.includes(only));
  if (rows.length > 0) {
    head("what", "ratio [quartiles]", "run", "bare", "bound", "control");
  }
  let doubtful = 0;
  for (const [name, open, bound] of rows) {
    const { run, bare, close } = await open();
    const one = await compare(run, bare, rounds);
    const control = await compare(bare, bare, rounds);
    await close();
    const isCalm = Math.abs(control.median - 1) <= 0.05;
    if (!isCalm || one.median > (bound ?? Infinity)) doubtful++;
    console.log(
      `| ${name} | ${one.median.toFixed(2)} [${one.low.toFixed(2)}..${
        one.high.toFixed(2)
      }] | ${us(one.ours)} | ${us(one.theirs)} | ${bound ?? "-"} | ${
        control.median.toFixed(2)
      } |`,
    );
  }
  if ("rates".includes(only) || only === "") await rates();
  if ("readers".includes(only) || only === "") await readers();
  // The rest looks at the heap, as Node lets it.
  if (globalThis.Deno || globalThis.Bun) return doubtful;
  if ("memory".includes(only) || only === "") await memory();
  if ("waiting".includes(only) || only === "") await waiting();
  return doubtful;
}

const us = (ms) => `${(ms * 1_000).toFixed(0)} µs`;

/** Slices of both in alternating order, one ratio from each pair. */
async function compare(run, bare, rounds) {
  const slice = async (work) => {
    const from = performance.now();
    for (let n = 0; n < 20; n++) await work();
    return (performance.now() - from) / 20;
  };
  for (let n = 0; n < 5; n++) await slice(run), await slice(bare);
  const ratios = [];
  const [ours, theirs] = [[], []];
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 ? [bare, run] : [run, bare];
    const first = await slice(order[0]);
    const second = await slice(order[1]);
    const [a, b] = round % 2 ? [second, first] : [first, second];
    ours.push(a);
    theirs.push(b);
    ratios.push(a / b);
  }
  const at = (list, part) =>
    [...list].sort((a, b) => a - b)[Math.floor(list.length * part)];
  return {
    median: at(ratios, 0.5),
    low: at(ratios, 0.25),
    high: at(ratios, 0.75),
    ours: at(ours, 0.5),
    theirs: at(theirs, 0.5),
  };
}

/** Creates a run whose end is in the answer already: it needs nobody, and is kept together with its end. */
function told(fetch, url) {
  return async () => {
    const created = await fetch(`${url}/runs`, POST);
    const { status } = await created.json();
    if (status !== "completed") throw new Error("the run did not end");
  };
}

/** Creates a run and reads its stream to the end, all that happened in it. */
function life(fetch, url) {
  return async () => {
    const created = await fetch(`${url}/runs`, POST);
    const { runId } = await created.json();
    const path = encodeURIComponent(runId);
    const stream = await fetch(`${url}/runs/${path}/events`);
    const text = await stream.text();
    if (!text.includes("run.completed")) throw new Error("the run did not end");
  };
}

async function rates() {
  const server = await serve(createHost({ workflows: [noop] }), { port: 0 });
  await hostRates({ url: server.url, create: POST });
  await server.close();
}

async function loopback(way) {
  const server = await serve(createHost({ workflows: [noop] }), { port: 0 });
  return {
    run: way(fetch, server.url),
    bare: async () => {
      const response = await fetch(`${server.url}/.well-known/openwop`);
      await response.text();
    },
    close: () => server.close(),
  };
}

function inProcess(way) {
  const host = createHost({ workflows: [noop] });
  const answer = async (request) => Response.json(await request.json());
  return {
    run: way(host.fetch, host.url),
    bare: async () => {
      const response = await answer(new Request(host.url, POST));
      await response.json();
    },
    close: () => host.close(),
  };
}

/** The same rows under the same keys in as many transactions, without the host and without its other indexes. */
async function onSqlite(isToEnd) {
  const folder = mkdtempSync(join(tmpdir(), "tutti-bench-"));
  const store = sqliteStore(join(folder, "host.db"));
  const batches = [];
  let record;
  const watched = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (name === "createRun") {
        return (given, events) => {
          record ??= given;
          if (record === given) batches.push(events);
          return target.createRun(given, events);
        };
      }
      if (name === "append") {
        return (runId, after, events, ...rest) => {
          if (runId === record.runId) batches.push(events);
          return target.append(runId, after, events, ...rest);
        };
      }
      return value.bind(target);
    },
  });
  const probe = createHost({ workflows: [noop], store: watched });
  await life(probe.fetch, probe.url)();
  await probe.close();
  const host = createHost({
    workflows: [noop],
    store: sqliteStore(join(folder, "runs.db")),
  });
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(join(folder, "bare.db"));
  db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
  db.exec(
    "CREATE TABLE runs (id INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, record TEXT NOT NULL) STRICT",
  );
  db.exec(
    "CREATE TABLE events (run INTEGER, sequence INTEGER, event TEXT NOT NULL, PRIMARY KEY (run, sequence)) STRICT, WITHOUT ROWID",
  );
  const addRun = db.prepare("INSERT INTO runs (run_id, record) VALUES (?, ?)");
  const addEvent = db.prepare("INSERT INTO events VALUES (?, ?, ?)");
  const { definition: _kept, ...rest } = record;
  const recordText = JSON.stringify(rest);
  const texts = batches.map((events) =>
    events.map((event) => JSON.stringify(event))
  );
  const run = isToEnd ? life : told;
  return {
    run: run(host.fetch, host.url),
    bare: () => {
      let id;
      let sequence = 0;
      texts.forEach((events, index) => {
        db.exec("BEGIN IMMEDIATE");
        if (index === 0) {
          const runId = `local/${crypto.randomUUID()}`;
          id = addRun.run(runId, recordText).lastInsertRowid;
        }
        for (const text of events) addEvent.run(id, sequence++, text);
        db.exec("COMMIT");
      });
    },
    async close() {
      await host.close();
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One run, a thousand readers of its stream at once. */
async function readers() {
  const { host, store, runId } = await longRun(1_000);
  const url = `${host.url}/runs/${
    encodeURIComponent(runId)
  }/events?streamMode=debug`;
  const from = performance.now();
  const sizes = await Promise.all(
    Array.from({ length: 1_000 }, async () => {
      const response = await host.fetch(url);
      return (await response.text()).split("\n\n").length;
    }),
  );
  const ms = performance.now() - from;
  const all = (await store.readEvents(runId, -1, Infinity)).length;
  if (sizes.some((size) => size < all)) throw new Error("a reader lost events");
  console.log(
    `\n1,000 readers of one log of ${all} events: ${ms.toFixed(0)} ms, ${
      (1_000 * all / ms / 1_000).toFixed(2)
    } million events a second`,
  );
  await host.close();
}

/** The heap while a long log is streamed; the log itself is in memory before. */
async function memory() {
  const events = Number(process.env.EVENTS ?? 1_000_000);
  const { host, runId } = await longRun(events);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  collect();
  const before = process.memoryUsage().heapUsed;
  let most = 0;
  let bytes = 0;
  let chunks = 0;
  const response = await host.fetch(
    `${host.url}/runs/${encodeURIComponent(runId)}/events?streamMode=debug`,
  );
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (++chunks % 20 === 0) {
      collect();
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
  }
  console.log(
    `\na log of ${events} events, ${
      (bytes / 1e6).toFixed(0)
    } MB: the heap grew by ${(most / 1e6).toFixed(1)} MB at most`,
  );
  await host.close();
}

/** Runs that wait for a person, on SQLite: the bound is 2 kB of memory for each, and no timer. */
async function waiting() {
  const folder = mkdtempSync(join(tmpdir(), "tutti-bench-"));
  const store = sqliteStore(join(folder, "waiting.db"), {
    survives: "process",
  });
  const gate = structuredClone(noop);
  Object.assign(gate.definition.nodes[0], {
    typeId: "core.approvalGate",
    config: { title: "Go?" },
  });
  const host = createHost({ workflows: [gate], store });
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc");
  const at = [];
  let started = 0;
  for (const count of [0, 1_000, 10_000]) {
    for (; started < count; started++) {
      const created = await host.fetch(`${host.url}/runs`, POST);
      await created.text();
    }
    for (let turn = 0; turn < 5; turn++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const timers = process.getActiveResourcesInfo()
      .filter((what) => what === "Timeout").length;
    at.push({ count, timers, heap: process.memoryUsage().heapUsed });
  }
  const [, some, many] = at;
  const each = (many.heap - some.heap) / (many.count - some.count);
  console.log(
    `\n${
      at.map(({ count, heap, timers }) =>
        `${count} waiting runs: ${(heap / 1e6).toFixed(1)} MB, ${timers} timers`
      ).join("; ")
    }: ${each.toFixed(0)} bytes for each (at most 2,000)`,
  );
  await host.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A finished run with so many events. */
async function longRun(events) {
  const store = memoryStore();
  const first = createHost({ workflows: [noop], store });
  const created = await first.fetch(`${first.url}/runs`, POST);
  const { runId } = await created.json();
  const path = encodeURIComponent(runId);
  await (await first.fetch(`${first.url}/runs/${path}/events`)).text();
  const record = await store.loadRun(runId);
  const log = await store.readEvents(runId, -1, Infinity);
  await first.close();
  const long = memoryStore();
  await long.createRun(record, log.slice(0, 1));
  const line = { level: "info", message: "x".repeat(40) };
  for (let sequence = 1; sequence <= events;) {
    const batch = [];
    for (; batch.length < 10_000 && sequence <= events; sequence++) {
      const eventId = `event-${String(sequence).padStart(12, "0")}`;
      const type = "log.appended";
      batch.push({ ...log[0], eventId, type, sequence, payload: line });
    }
    await long.append(runId, batch[0].sequence - 1, batch);
  }
  const rest = log.slice(1).map((event, index) => ({
    ...event,
    sequence: events + 1 + index,
  }));
  await long.append(runId, events, rest);
  return {
    host: createHost({ workflows: [noop], store: long }),
    store: long,
    runId,
  };
}
