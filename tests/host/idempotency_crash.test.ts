import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Host, Store } from "@tutti/sdk/host";
import { FakeClock } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { delay, gate, noop, Wire } from "../support/wire.ts";

const KEY = { "idempotency-key": "0123456789abcdef-_.~ABC" };

/** A place for runs: each process opens it, and one may end without a last word. */
interface Place {
  open(): Store;
  kill(): void;
  delete(): void;
}

const places: Record<string, () => Place> = {
  "in memory": () => {
    const store = memoryStore();
    return {
      open: () => ({ ...store }),
      kill: () => void store.release(),
      delete: () => {},
    };
  },
  "on SQLite": () => {
    const file = new StoreFile();
    return {
      open: () => file.open(),
      kill: () => file.outlive(),
      delete: () => file.delete(),
    };
  },
};

/** What a request does, and the state in which it is made. */
const requests: Record<
  string,
  {
    readonly workflowId: string;
    readonly status: string;
    readonly method?: string;
    readonly path: (run: string) => string;
    readonly body: (run: string) => object;
    /** How the run ends after it. */
    readonly ends: (wire: Wire, run: string) => Promise<unknown>;
  }
> = {
  cancel: {
    workflowId: "conformance-cancellable",
    status: "running",
    path: (run) => `${run}/cancel`,
    body: () => ({ reason: "enough" }),
    ends: (wire, run) => wire.reach(run, "cancelled"),
  },
  "bulk cancel": {
    workflowId: "conformance-cancellable",
    status: "running",
    path: () => "/runs:bulk-cancel",
    body: (run) => ({
      runIds: [decodeURIComponent(run.slice("/runs/".length))],
    }),
    ends: (wire, run) => wire.reach(run, "cancelled"),
  },
  pause: {
    workflowId: "conformance-cancellable",
    status: "running",
    path: (run) => `${run}:pause`,
    body: () => ({ drainPolicy: "immediate" }),
    ends: (wire, run) => wire.reach(run, "paused"),
  },
  answer: {
    workflowId: "gated",
    status: "waiting-approval",
    path: (run) => `${run}/interrupts/gate`,
    body: () => ({ resumeValue: { action: "accept" } }),
    ends: (wire, run) => wire.reach(run, "completed"),
  },
};

/** A host whose process dies between what a request does and the keeping of its answer. */
function dying(store: Store, clock: FakeClock, died: () => void): Host {
  return createHost({
    workflows: [noop, delay, gate()],
    store: new Proxy(store, {
      get(target, name) {
        if (name === "settleKey") {
          return () => new Promise<void>(() => died());
        }
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }),
    clock,
    onError: () => {},
  });
}

for (const [where, place] of Object.entries(places)) {
  for (const [what, request] of Object.entries(requests)) {
    test(`a ${what} with a key that was cut off after its effect gets the same answer, ${where}`, async () => {
      if (where === "on SQLite" && !hasSqlite()) {
        return assert.equal(hasSqlite(), false);
      }
      const clock = new FakeClock();
      // What an undisturbed host answers, of a run of its own.
      const calm = new Wire(
        createHost({ workflows: [noop, delay, gate()], clock }),
      );
      const twin = await calm.start(request.workflowId);
      await calm.reach(twin, request.status);
      const wanted = await calm.post(
        request.path(twin),
        request.body(twin),
        KEY,
      );
      const at = place();
      try {
        let died = (): void => {};
        const death = new Promise<void>((resolve) => died = resolve);
        const first = new Wire(dying(at.open(), clock, () => died()));
        const run = await first.start(request.workflowId);
        await first.reach(run, request.status);
        const path = request.path(run);
        const body = request.body(run);
        first.post(path, body, KEY).catch(() => {});
        await death;
        await clock.advance(5);
        at.kill();
        const second = createHost({
          workflows: [noop, delay, gate()],
          store: at.open(),
          clock,
        });
        const wire = new Wire(second);
        const before = (await wire.soFar(run)).length;
        const answer = await wire.post(path, body, KEY);
        assert.equal(answer.status, wanted.status, JSON.stringify(answer.body));
        assert.deepEqual(
          JSON.stringify(answer.body).replaceAll(idOf(run), "RUN"),
          JSON.stringify(wanted.body).replaceAll(idOf(twin), "RUN"),
        );
        await request.ends(wire, run);
        const again = await wire.post(path, body, KEY);
        assert.deepEqual(again.body, answer.body);
        assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
        assert.ok(before >= 2);
        const log = await wire.soFar(run);
        const types = log.map(({ type }) => type);
        for (
          const type of ["run.cancelled", "run.paused", "interrupt.resolved"]
        ) {
          assert.ok(types.filter((one) => one === type).length <= 1, type);
        }
        // Another request under the key is one all the same.
        const other = await wire.post(path, { reason: "other" }, KEY);
        assert.equal(other.body.error, "idempotency_key_mismatch");
        await second.close();
      } finally {
        at.delete();
      }
    });
  }
}

test("a store that loses its reply to an effect makes the request fail, and a repeat gets the answer", async () => {
  const store = memoryStore();
  let isLost = false;
  const host = createHost({
    workflows: [noop, gate()],
    store: {
      ...store,
      append: async (...args) => {
        const end = await store.append(...args);
        if (!isLost) return end;
        isLost = false;
        throw new Error("lost");
      },
      createRun: async (...args) => {
        const end = await store.createRun(...args);
        if (!isLost) return end;
        isLost = false;
        throw new Error("lost");
      },
    },
    onError: () => {},
  });
  const wire = new Wire(host);
  isLost = true;
  const create = { workflowId: "gated" };
  assert.equal((await wire.post("/runs", create, KEY)).status, 500);
  const created = await wire.post("/runs", create, KEY);
  assert.equal(created.status, 201);
  const run = `/runs/${encodeURIComponent(created.body.runId)}`;
  await host.close();
  const next = new Wire(createHost({ workflows: [noop, gate()], store }));
  await next.reach(run, "waiting-approval");
  assert.deepEqual(
    (await next.post("/runs", create, KEY)).body,
    created.body,
  );
  // One run came of it, and nothing else.
  assert.deepEqual(await store.takeWork(9), []);
});

function idOf(run: string): string {
  return decodeURIComponent(run.slice("/runs/".length));
}
