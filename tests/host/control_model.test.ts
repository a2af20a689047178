import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Host, Store } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { FakeClock, settle } from "../support/fake_clock.ts";
import fc from "../support/properties.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { countingIds, Wire, workflowOf } from "../support/wire.ts";

// deno-lint-ignore no-explicit-any
type Log = any[];

/** What a run is thought to be. */
interface Model {
  readonly path: string;
  readonly runId: string;
  paused: false | "drain" | "cut";
  end: "" | "cancelled" | "completed";
  worked: boolean;
  answered: boolean;
}

/** The code that is under way, by run. */
type Calls = Map<string, Set<() => void>>;

function flow(calls: Calls): RunnableWorkflow {
  return workflowOf("controlled", [
    { id: "work", typeId: "local.test.work" },
    { id: "gate", typeId: "core.approvalGate", config: { title: "Go?" } },
    { id: "end", typeId: "core.noop", after: ["work", "gate"] },
  ], [{
    typeId: "local.test.work",
    run: (_input, { runId, signal }) =>
      new Promise((resolve, reject) => {
        const mine = calls.get(runId) ?? new Set();
        calls.set(runId, mine);
        const done = (): void => {
          mine.delete(done);
          resolve({});
        };
        mine.add(done);
        signal.addEventListener("abort", () => {
          mine.delete(done);
          reject(signal.reason);
        });
      }),
  }]);
}

/** What a log says of a run, read without the engine. */
function modelOf(path: string, runId: string, log: Log): Model {
  const model: Model = {
    path,
    runId,
    paused: false,
    end: "",
    worked: false,
    answered: false,
  };
  for (const { type, nodeId, payload } of log) {
    if (type === "run.paused") {
      model.paused = payload.drainPolicy === "immediate" ? "cut" : "drain";
    } else if (type === "run.resumed") model.paused = false;
    else if (type === "node.completed" && nodeId === "work") {
      model.worked = true;
    } else if (type === "approval.received") model.answered = true;
    else if (type === "run.completed") model.end = "completed";
    else if (type === "run.cancelled") model.end = "cancelled";
  }
  return model;
}

function statusOf({ end, paused, worked }: Model): string {
  return end || (paused ? "paused" : worked ? "waiting-approval" : "running");
}

/** It goes on as far as it can. */
function moveOn(model: Model): void {
  const { paused, worked, answered, end } = model;
  if (!end && !paused && worked && answered) model.end = "completed";
}

function refusalOf(model: Model, isConflict: boolean): string | undefined {
  return model.end
    ? "run_terminal"
    : isConflict
    ? "run_state_conflict"
    : undefined;
}

/** Some hosts, the runs on them, and what those are thought to be. */
class World {
  readonly #clock = new FakeClock();
  readonly #ids = countingIds();
  readonly #calls: Calls = new Map();
  readonly #openStore: () => Store;
  readonly #poll: () => void;
  readonly #hosts: Host[] = [];
  readonly models: Model[] = [];

  constructor(size: number, openStore: () => Store, poll: () => void) {
    this.#openStore = openStore;
    this.#poll = poll;
    while (this.#hosts.length < size) this.#hosts.push(this.#open());
  }

  #open(): Host {
    return createHost({
      workflows: [flow(this.#calls)],
      store: this.#openStore(),
      clock: this.#clock,
      ids: this.#ids,
      onError: (error) => assert.fail(String(error)),
    });
  }

  wire(n: number): Wire {
    return new Wire(this.#hosts[n % this.#hosts.length]!);
  }

  async rest(): Promise<void> {
    for (let n = 0; n < 3; n++) {
      await settle(10);
      this.#poll();
    }
    await settle(10);
  }

  async start(host: number): Promise<void> {
    const path = await this.wire(host).start("controlled");
    const runId = decodeURIComponent(path.slice("/runs/".length));
    this.models.push(modelOf(path, runId, []));
  }

  /** Another process takes the place of one of them. */
  async restart(host: number): Promise<void> {
    const at = host % this.#hosts.length;
    await this.#hosts[at]!.close();
    this.#hosts[at] = this.#open();
  }

  release({ runId }: Model): void {
    for (const done of [...this.#calls.get(runId) ?? []]) done();
  }

  async pause(host: number, model: Model, isCut: boolean): Promise<void> {
    const { status, body } = await this.wire(host).post(
      `${model.path}:pause`,
      isCut ? { drainPolicy: "immediate" } : {},
    );
    const refusal = refusalOf(model, model.paused !== false);
    assert.equal(status, refusal ? 409 : 202, JSON.stringify(body));
    assert.equal(body.error, refusal);
    if (!refusal) model.paused = isCut ? "cut" : "drain";
  }

  async resume(host: number, model: Model): Promise<void> {
    const { status, body } = await this.wire(host).post(`${model.path}:resume`);
    const refusal = refusalOf(model, model.paused === false);
    assert.equal(status, refusal ? 409 : 202, JSON.stringify(body));
    assert.equal(body.error, refusal);
    if (refusal) return;
    model.paused = false;
    moveOn(model);
  }

  async cancel(host: number, model: Model): Promise<void> {
    const { status, body } = await this.wire(host).post(
      `${model.path}/cancel`,
      { reason: "enough" },
    );
    const refusal = refusalOf(model, false);
    assert.equal(status, refusal ? 409 : 200, JSON.stringify(body));
    assert.equal(refusal ? body.error : body.status, refusal ?? "cancelled");
    if (!refusal) model.end = "cancelled";
  }

  async cancelAll(host: number, models: readonly Model[]): Promise<void> {
    const { status, body } = await this.wire(host).post("/runs:bulk-cancel", {
      runIds: models.map(({ runId }) => runId),
    });
    assert.equal(status, 200);
    for (const [index, model] of models.entries()) {
      const { ok, error } = body.results[index];
      const refusal = refusalOf(model, false);
      assert.equal(ok, refusal === undefined);
      assert.equal(error?.error, refusal);
      if (ok) model.end = "cancelled";
    }
  }

  async answer(host: number, model: Model): Promise<void> {
    const { status, body } = await this.wire(host).accept(model.path);
    const isOpen = !model.end && !model.answered;
    assert.equal(status, isOpen ? 200 : 409, JSON.stringify(body));
    if (!isOpen) {
      return assert.equal(body.error, "interrupt_already_resolved");
    }
    model.answered = true;
    moveOn(model);
  }

  work(model: Model): void {
    const { size = 0 } = this.#calls.get(model.runId) ?? {};
    this.release(model);
    // Of a step that is cut or cancelled it is too late, also where its process has not heard of that.
    if (size > 0 && !model.end && model.paused !== "cut") model.worked = true;
    moveOn(model);
  }

  async fork(
    host: number,
    model: Model,
    at: number,
    mode: string,
  ): Promise<void> {
    const wire = this.wire(host);
    const log = await wire.soFar(model.path);
    const fromSeq = at % log.length;
    // In the middle of one decision.
    if (log[fromSeq - 1]?.type === "approval.received") return;
    const { status, body } = await wire.post(`${model.path}:fork`, {
      mode,
      fromSeq,
    });
    assert.equal(status, 201, JSON.stringify(body));
    const path = `/runs/${encodeURIComponent(body.runId)}`;
    const fork = modelOf(path, body.runId, log.slice(0, fromSeq));
    if (mode === "replay") return;
    moveOn(fork);
    // Half a cancel is completed.
    if (log.slice(0, fromSeq).some(({ type }) => type === "node.cancelled")) {
      fork.end = "cancelled";
    }
    this.models.push(fork);
  }

  /** Every host says of every run what it is thought to be. */
  async check(): Promise<void> {
    for (const model of this.models) {
      for (let n = 0; n < this.#hosts.length; n++) {
        const { body } = await this.wire(n).get(model.path);
        assert.equal(body.status, statusOf(model), model.runId);
      }
      const log = await this.wire(0).soFar(model.path);
      assert.deepEqual(log.map(({ sequence }) => sequence), [...log.keys()]);
      const told = modelOf(model.path, model.runId, log);
      // The last word of a pause is not told twice.
      assert.deepEqual({ ...told, paused: statusOf(told) }, {
        ...model,
        paused: statusOf(model),
      });
      const ends = log.filter(({ type }) =>
        /^run\.(comp|canc|fail)/.test(type)
      );
      assert.equal(ends.length, model.end ? 1 : 0);
      if (model.end) assert.equal(ends[0], log.at(-1));
      const { size = 0 } = this.#calls.get(model.runId) ?? {};
      const isBusy = !model.end && !model.worked && model.paused !== "cut";
      assert.equal(size, isBusy ? 1 : 0, `${model.runId}: ${size} calls`);
    }
  }

  /** All that can end does. */
  async finish(): Promise<void> {
    for (const model of this.models) {
      if (!model.end && model.paused) await this.resume(0, model);
    }
    await this.rest();
    for (const model of this.models) {
      this.work(model);
      if (!model.end && !model.answered) {
        await this.rest();
        await this.answer(1, model);
      }
    }
    await this.rest();
    await this.check();
    for (const { end } of this.models) assert.notEqual(end, "");
    assert.equal(this.#clock.pending, 0);
    for (const host of this.#hosts) await host.close();
  }
}

const acts = fc.array(
  fc.record({
    what: fc.constantFrom(
      "start",
      "pause",
      "cut",
      "resume",
      "cancel",
      "cancel all",
      "work",
      "answer",
      "fork",
      "replay",
      "restart",
    ),
    host: fc.nat(1),
    run: fc.nat(7),
    at: fc.nat(20),
    isAtOnce: fc.boolean(),
  }),
  { minLength: 3, maxLength: 14 },
);
type Act = typeof acts extends fc.Arbitrary<(infer One)[]> ? One : never;

async function play(world: World, script: readonly Act[]): Promise<void> {
  await world.start(0);
  await world.start(1);
  await world.rest();
  for (const { what, host, run, at, isAtOnce } of script) {
    const model = world.models[run % world.models.length]!;
    if (what === "start") await world.start(host);
    else if (what === "pause") await world.pause(host, model, false);
    else if (what === "cut") await world.pause(host, model, true);
    else if (what === "resume") await world.resume(host, model);
    else if (what === "cancel") await world.cancel(host, model);
    else if (what === "cancel all") {
      await world.cancelAll(host, [
        model,
        ...world.models.slice(0, at % 3),
        model,
      ]);
    } else if (what === "work") {
      world.work(model);
      await world.rest();
    } else if (what === "answer") await world.answer(host, model);
    else if (what === "restart") await world.restart(host);
    else {await world.fork(
        host,
        model,
        at,
        what === "fork" ? "branch" : "replay",
      );}
    // The next request may come before anything has settled: what ends or stops a run holds at once.
    if (isAtOnce && /^(pause|cut|cancel)/.test(what)) continue;
    await world.rest();
    await world.check();
  }
  await world.rest();
  await world.finish();
}

test("runs are what was done to them, in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      const store = memoryStore();
      await play(new World(1, () => store, () => {}), script);
    }),
    { numRuns: 40 },
  );
});

test("runs are what was done to them, through whichever of two hosts on one file", async () => {
  if (!hasSqlite()) return assert.equal(hasSqlite(), false);
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      const file = new StoreFile();
      try {
        await play(new World(2, () => file.open(), () => file.poll()), script);
      } finally {
        file.delete();
      }
    }),
    { numRuns: 12 },
  );
});
