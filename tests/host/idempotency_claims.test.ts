import assert from "node:assert/strict";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { countingIds, noop, Wire } from "../support/wire.ts";

const KEY = { "idempotency-key": "0123456789abcdef-_.~ABC" };
const create = { workflowId: "conformance-noop", inputs: { a: 1 } };

type Fault = "refuse" | "lose-reply";

/** A host whose store does with each call of a method what its plan says, and keeps the last for ever. */
async function withFaults(
  plans: { readonly [method: string]: readonly (Fault | undefined)[] },
  use: (
    host: {
      wire: Wire;
      clock: FakeClock;
      minted: () => number;
      calls: Map<string, number>;
    },
  ) => Promise<void>,
): Promise<void> {
  const file = hasSqlite() ? new StoreFile() : undefined;
  const stores: (Store | undefined)[] = [memoryStore(), file?.open()];
  try {
    for (const store of stores) {
      if (store === undefined) continue;
      const clock = new FakeClock();
      const ids = countingIds();
      let minted = 0;
      const calls = new Map<string, number>();
      const faulty = new Proxy(store, {
        get(target, name: string) {
          const value = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          return name === "watch"
            ? value.bind(target)
            : async (...given: unknown[]) => {
              const call = calls.get(name) ?? 0;
              calls.set(name, call + 1);
              const fault = plans[name]?.[call];
              if (fault === "refuse") throw new Error(`${name} refused`);
              const end = await value.apply(target, given);
              if (fault === "lose-reply") throw new Error(`${name} lost`);
              return end;
            };
        },
      });
      const host = createHost({
        workflows: [noop],
        store: faulty,
        clock,
        ids: () => (minted++, ids()),
        onError: () => {},
      });
      const wire = new Wire(host);
      await use({ wire, clock, minted: () => minted, calls });
      await host.close();
      assert.equal(clock.pending, 0);
    }
  } finally {
    file?.delete();
  }
}

test("a claim that the store made without saying so is given back, however long that fails", async () => {
  const plans = {
    claimKey: ["lose-reply"],
    releaseKey: ["refuse", "refuse", "lose-reply"],
  } as const;
  await withFaults(plans, async ({ wire, clock, minted, calls }) => {
    assert.equal((await wire.post("/runs", create, KEY)).status, 500);
    for (const ms of [100, 200, 400]) {
      // Whoever asks meanwhile is to come again, also with another body: nobody knows whose the claim is.
      for (const body of [create, { ...create, inputs: { a: 2 } }]) {
        const { status, body: said } = await wire.post("/runs", body, KEY);
        assert.equal(status, 409);
        assert.equal(said.error, "idempotency_in_flight");
      }
      await clock.advance(ms);
      await settle(5);
    }
    assert.equal(calls.get("claimKey"), 1);
    const answer = await wire.post("/runs", create, KEY);
    assert.equal(answer.status, 201);
    const again = await wire.post("/runs", create, KEY);
    assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
    assert.deepEqual(again.body, answer.body);
    // The seed of the first claim.
    assert.equal(minted(), 1);
  });
});

test("a claim that the store gave back without saying so is nobody else's before it has said so", async () => {
  const plans = { releaseKey: ["lose-reply"] } as const;
  await withFaults(plans, async ({ wire, clock, minted }) => {
    const wrong = { ...create, tags: [""] };
    assert.equal((await wire.post("/runs", wrong, KEY)).status, 400);
    assert.equal((await wire.post("/runs", wrong, KEY)).status, 409);
    await clock.advance(100);
    await settle(5);
    const answer = await wire.post("/runs", create, KEY);
    assert.equal(answer.status, 201);
    const before = minted();
    // What gave the first claim back has not given this one back too.
    await clock.advance(60_000);
    await settle(5);
    const again = await wire.post("/runs", create, KEY);
    assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
    assert.deepEqual(again.body, answer.body);
    assert.equal(minted(), before);
  });
});

test("repeats of a request that come at once all get the first answer", async () => {
  await withFaults({}, async ({ wire }) => {
    const first = await wire.post("/runs", create, KEY);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => wire.post("/runs", create, KEY)),
    );
    for (const { status, body, headers } of answers) {
      assert.equal(status, 201);
      assert.deepEqual(body, first.body);
      assert.equal(headers.get("openwop-idempotent-replay"), "true");
    }
    const other = { ...create, inputs: { a: 2 } };
    const mixed = await Promise.all(
      [create, other, create].map((body) => wire.post("/runs", body, KEY)),
    );
    assert.deepEqual(mixed.map(({ status }) => status), [201, 409, 201]);
    assert.equal(mixed[1]!.body.error, "idempotency_key_mismatch");
  });
});
