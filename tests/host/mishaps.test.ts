import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { NodeImplementation, RunnableWorkflow } from "@tutti/sdk/openwop";
import type { StoreFault } from "@tutti/sdk/testing";
import { FakeClock, patience, settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { countingIds, stepOf, Wire, workflowOf } from "../support/wire.ts";
import type { Answer } from "../support/wire.ts";

/** What happens at one call of the store: it fails, or the process dies before it hears of it. */
type Mishap = StoreFault | "die";

/** A step that logs, emits, asks and gives; a delay; and a child. */
function busy(calls: string[]): readonly RunnableWorkflow[] {
  const { definition } = workflowOf("busy", [
    { id: "step", typeId: "local.test.asks" },
    {
      id: "wait",
      typeId: "core.delay",
      config: { ms: 60_000 },
      after: ["step"],
    },
    {
      id: "call",
      typeId: "core.subWorkflow",
      config: { workflowId: "one-step", waitForCompletion: true },
      after: ["wait"],
    },
  ]);
  const asks: NodeImplementation = {
    typeId: "local.test.asks",
    run: async (_, { emit, log, interrupt, idempotencyKey }) => {
      calls.push(idempotencyKey);
      log("info", "begun");
      await emit("acme.half-way", { n: 1 });
      const { action } = await interrupt<{ action: string }>({
        kind: "approval",
        data: { title: "Go?" },
      });
      log("info", "ended");
      return { action };
    },
  };
  return [
    { definition, nodes: [asks] },
    stepOf((_, { idempotencyKey }) => {
      calls.push(idempotencyKey);
      return { done: true };
    }),
  ];
}

/** What happened to the run and its child, told without times. */
interface Story {
  readonly events: readonly string[];
  /** The keys of the steps that were run. */
  readonly calls: readonly string[];
  readonly errors: number;
  /** Whether anything went wrong. */
  readonly isMet: boolean;
}

const KEY = { "idempotency-key": "k".repeat(22) };
const never = new Promise<never>(() => {});

/** Where processes live, one after the other. */
interface Place {
  /** Opens its store for one more; what a dead one holds is free by then. */
  open(isAlive: () => boolean): Store;
  /** Time passes: what nobody alive holds becomes free, and those who live look. */
  pass(): void;
}

/** A process on a place on which something happens at one call; `left` says how many come before it. */
function processOn(
  place: Place,
  at: { left: number },
  how: Mishap,
): { store: Store; death: Promise<undefined> } {
  let isDead = false;
  let died = (_?: undefined): void => {};
  const death = new Promise<undefined>((resolve) => died = resolve);
  const proxy = new Proxy(place.open(() => !isDead), {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === "watch") return value.bind(target);
      return async (...given: unknown[]) => {
        if (isDead) return await never;
        const isNow = at.left-- === 0;
        if (isNow && how === "refuse") throw new Error(String(name));
        const end = await value.apply(target, given);
        if (isNow && how === "lose-reply") throw new Error(String(name));
        if (isNow) died();
        isDead ||= isNow;
        return isNow ? await never : end;
      };
    },
  });
  return { store: proxy, death };
}

/**
 * Runs it to its end, whatever happens. Each request is made until it is answered.
 *
 * @param place When a process dies, the next one goes on there.
 */
async function tell(
  place: Place,
  at: { left: number },
  how: Mishap,
): Promise<Story> {
  const clock = new FakeClock();
  const calls: string[] = [];
  const errors: unknown[] = [];
  const ids = countingIds();
  const start = () => {
    const { store, death } = processOn(place, at, how);
    const onError = (error: unknown): void => void errors.push(error);
    const workflows = busy(calls);
    const host = createHost({ workflows, store, clock, ids, onError });
    return { host, wire: new Wire(host), death };
  };
  let here = start();
  const ask = async (...given: Parameters<Wire["send"]>): Promise<Answer> => {
    for (let times = 0; times < 5; times++) {
      const { wire, death } = here;
      const answer = await Promise.race([wire.send(...given), death]);
      if (answer === undefined) here = start();
      else if (answer.status < 500) return answer;
      await settle(10);
      await clock.advance(1_000);
    }
    throw new Error("never answered");
  };
  const reach = async (run: string, wanted: string): Promise<void> => {
    const isPatient = patience(60_000);
    for (let times = 0; isPatient(); times++) {
      const { body } = await ask("GET", run);
      if (body.status === wanted) return;
      assert.ok(!/failed|cancelled/.test(body.status), JSON.stringify(body));
      await settle(3);
      const [next] = clock.waits;
      if (times % 10 !== 9) continue;
      // A call that was under way when its process died may have ended after the next one had looked.
      if (how === "die") place.pass();
      if (next !== undefined) await clock.advance(next);
    }
    throw new Error(`the run never became ${wanted}`);
  };
  const created = await ask("POST", "/runs", { workflowId: "busy" }, KEY);
  const run = `/runs/${encodeURIComponent(created.body.runId)}`;
  await reach(run, "waiting-approval");
  const path = `${run}/interrupts/step`;
  const answer = { resumeValue: { action: "accept" } };
  assert.equal((await ask("POST", path, answer, KEY)).status, 200);
  await reach(run, "completed");
  const isMet = at.left < 0;
  at.left = Infinity;
  // One that died with its last breath has nothing left to say.
  const { wire, host } = how === "die" ? start() : here;
  const log = await wire.log(run);
  const { childRunId } = log.find(({ type }) => type === "node.dispatched")
    .payload;
  const child = await wire.log(`/runs/${encodeURIComponent(childRunId)}`);
  for (const events of [log, child]) {
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      events.map((_, index) => index),
    );
  }
  await host.close();
  if (how !== "die") assert.equal(clock.pending, 0);
  const told = [...log, ...child].map(({ type, nodeId = "" }) =>
    `${type} ${nodeId}`
  );
  return { events: told, calls, errors: errors.length, isMet };
}

for (const where of ["in memory", "on SQLite"]) {
  for (const how of ["refuse", "lose-reply", "die"] as const) {
    const what = how === "die"
      ? "a process that dies"
      : `a store that fails once (${how})`;
    test(`${what}, at whatever call of the store, changes nothing about a run, ${where}`, async () => {
      if (where === "on SQLite" && !hasSqlite()) {
        return assert.equal(hasSqlite(), false);
      }
      const on = async (left: number): Promise<Story> => {
        if (where === "in memory") {
          const store = memoryStore();
          const place = {
            open: () => (store.release(), store),
            pass: () => {},
          };
          return await tell(place, { left }, how);
        }
        const file = new StoreFile();
        try {
          const place = {
            open: (isAlive: () => boolean) => (
              file.outlive(), file.open(isAlive)
            ),
            pass: () => (file.outlive(), file.poll()),
          };
          return await tell(place, { left }, how);
        } finally {
          file.delete();
        }
      };
      const calm = await on(Infinity);
      assert.equal(calm.errors, 0);
      assert.equal(calm.calls.length, 3);
      let mishaps = 0;
      for (let call = 0; call < 200; call++) {
        const story = await on(call);
        const at = `${how} at call ${call}`;
        if (how === "die") {
          // A step that was cut off is run again, and says again what it said.
          assert.deepEqual(essence(story), essence(calm), at);
          assert.equal(story.errors, 0, at);
        } else {
          assert.deepEqual(story.events, calm.events, at);
          assert.deepEqual(story.calls, calm.calls, at);
          assert.ok(story.errors <= 2, at);
        }
        if (!story.isMet) break;
        mishaps++;
      }
      assert.ok(mishaps >= 20 && mishaps < 200, `${mishaps}`);
    });
  }
}

/** Without what a step that is run again says again. */
function essence({ events, calls }: Story): unknown {
  return [
    events.filter((event) => !/^(log\.appended|acme\.)/.test(event)),
    [...new Set(calls)],
  ];
}
