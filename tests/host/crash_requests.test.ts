import assert from "node:assert/strict";
import test from "node:test";
import { memoryStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { settle } from "../support/fake_clock.ts";
import {
  asks,
  hosting,
  prepare,
  shape,
  storyOf,
} from "../support/keyed_requests.ts";
import type { KeyedRequest } from "../support/keyed_requests.ts";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { Wire } from "../support/wire.ts";
import type { Answer } from "../support/wire.ts";

/** More calls than any request leads to: webhooks that are tried again make some forty, depending on how far they come. */
const MANY = 200;

/** What the answer was, what became of it all, and whether anything went wrong on the way. */
interface End {
  readonly answer: Answer;
  readonly story: unknown;
  readonly isCalm: boolean;
}

/** A store whose process dies when it has kept what its call `last` from now on was about, before it hears of it. */
function mortal(store: Store): {
  store: Store;
  dieAfter: (last: number) => void;
  death: Promise<void>;
} {
  let left = Infinity;
  let died = (): void => {};
  const death = new Promise<void>((resolve) => died = resolve);
  const never = new Promise<never>(() => {});
  const proxy = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name === "watch") return value.bind(target);
      return async (...given: unknown[]) => {
        if (left <= 0) return await never;
        const isLast = --left === 0;
        const end = await value.apply(target, given);
        if (isLast) died();
        return isLast ? await never : end;
      };
    },
  });
  return { store: proxy, dieAfter: (last) => left = last, death };
}

/** Makes a request of a process that dies after so many calls of its store, and again of the next one. */
async function cutOff(
  { ask, ends }: KeyedRequest,
  last: number,
): Promise<End> {
  const file = hasSqlite() ? new StoreFile() : undefined;
  const memory = memoryStore();
  const { open, errors } = hosting();
  try {
    const first = mortal(file?.open() ?? memory);
    const wire = new Wire(open(first.store));
    const before = await prepare(wire);
    first.dieAfter(last);
    const answered = ask(wire, before);
    const isCalm = await Promise.race([
      answered.then(() => true),
      first.death.then(() => false),
    ]);
    first.dieAfter(0);
    file?.outlive();
    if (!file) await memory.release();
    const second = open(file?.open() ?? memory);
    const next = new Wire(second);
    const answer = await ask(next, before);
    if (ends !== undefined) await next.reach(before.run, ends);
    await settle(5);
    const story = await storyOf(next, before.run);
    const again = await ask(next, before);
    assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
    assert.deepEqual(again.body, answer.body);
    await second.close();
    assert.deepEqual(errors, []);
    return { answer, story, isCalm };
  } finally {
    file?.delete();
  }
}

/** Makes a request of a host whose store fails at one call, until it is answered. */
async function disturbed(
  { ask, ends }: KeyedRequest,
  call: number,
  how: "refuse" | "lose-reply",
): Promise<End> {
  const file = hasSqlite() ? new StoreFile() : undefined;
  const { open, clock, errors } = hosting();
  const store = file?.open() ?? memoryStore();
  try {
    let left = Infinity;
    const host = open(
      new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name);
          if (typeof value !== "function") return value;
          if (name === "watch") return value.bind(target);
          return async (...given: unknown[]) => {
            const isFaulty = left-- === 0;
            if (isFaulty && how === "refuse") throw new Error("as planned");
            const end = await value.apply(target, given);
            if (isFaulty) throw new Error("as planned");
            return end;
          };
        },
      }),
    );
    const wire = new Wire(host);
    const before = await prepare(wire);
    left = call;
    let answer = await ask(wire, before);
    for (let times = 0; times < 4 && answer.status >= 409; times++) {
      await settle(5);
      await clock.advance(500);
      answer = await ask(wire, before);
    }
    // What is left to do is tried again after a while.
    for (let times = 0; times < 4; times++) {
      await settle(5);
      await clock.advance(500);
    }
    const isCalm = left >= 0;
    // How often the test itself looks depends on how busy the machine is.
    left = Infinity;
    if (ends !== undefined) await wire.reach(before.run, ends);
    const story = await storyOf(wire, before.run);
    const again = await ask(wire, before);
    assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
    assert.deepEqual(again.body, answer.body);
    await host.close();
    assert.ok(errors.length <= 2, errors.join());
    assert.equal(clock.pending, 0);
    return { answer, story, isCalm };
  } finally {
    file?.delete();
  }
}

for (const [what, one] of Object.entries(asks)) {
  test(`a ${what} whose process dies, after whatever it kept, is answered by the next as if nothing had been`, async () => {
    const calm = await cutOff(one, Infinity);
    assert.ok(calm.answer.status < 300);
    let cuts = 0;
    for (let last = 1; last < MANY; last++) {
      const { answer, story, isCalm } = await cutOff(one, last);
      assert.deepEqual(shape(answer), shape(calm.answer), `after ${last}`);
      assert.deepEqual(story, calm.story, `after ${last}`);
      if (isCalm) break;
      cuts++;
    }
    assert.ok(cuts >= 3 && cuts < MANY - 1, `${cuts}`);
  });

  for (const how of ["refuse", "lose-reply"] as const) {
    test(`a ${what} whose store fails once (${how}), at whatever call, is answered in the end as if nothing had been`, async () => {
      const calm = await disturbed(one, Infinity, how);
      assert.ok(calm.answer.status < 300);
      let faults = 0;
      for (let call = 0; call < MANY; call++) {
        const { answer, story, isCalm } = await disturbed(one, call, how);
        assert.deepEqual(shape(answer), shape(calm.answer), `call ${call}`);
        assert.deepEqual(story, calm.story, `call ${call}`);
        if (isCalm) break;
        faults++;
      }
      assert.ok(faults >= 2 && faults < MANY, `${faults}`);
    });
  }
}
