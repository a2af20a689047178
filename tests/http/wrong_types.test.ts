import assert from "node:assert/strict";
import test from "node:test";
import {
  createPages,
  createPulledStream,
  createTransport,
  InvalidArgumentError,
  within,
} from "@tutti/sdk/http";
import { FakeClock } from "../support/fake_clock.ts";
import { bench, read } from "../support/transport.ts";
import { logOf, sends, streamNumbers } from "../support/numbers.ts";
import { collect } from "../support/scripted_fetch.ts";

/** What a caller without types may take for a signal: its controller first of all. */
const noSignals: readonly unknown[] = [
  new AbortController(),
  "abort",
  5,
  true,
  false,
  0,
  "",
  {},
  { aborted: false },
  () => {},
];

function isRefusal(path: string): (error: unknown) => boolean {
  return (error) => InvalidArgumentError.is(error) && error.path === path;
}

test("call() and open() refuse a signal when it is none, before anything is sent or told", async () => {
  for (const wrong of noSignals) {
    const told: string[] = [];
    const { transport, server, clock } = bench([], {
      observe: (step) => told.push(step),
    });
    const options = { signal: wrong as AbortSignal };
    await assert.rejects(transport.call(read, options), isRefusal("signal"));
    await assert.rejects(transport.open(read, options), isRefusal("signal"));
    assert.equal(server.requests.length, 0);
    assert.deepEqual(told, []);
    assert.equal(clock.pending, 0);
  }
});

test("within() refuses a signal when it is none, before anything is done", async () => {
  for (const signal of noSignals as AbortSignal[]) {
    await assert.rejects(
      within(
        new FakeClock(),
        "the wait",
        { signal },
        () => assert.fail("it began"),
      ),
      isRefusal("signal"),
    );
  }
});

test("every stream and list refuses a signal when it is none, before anything is asked for", async () => {
  for (const signal of noSignals as AbortSignal[]) {
    const asked = (): never => assert.fail("it asked");
    const { stream, cursors } = streamNumbers(logOf(1), [sends()], { signal });
    await assert.rejects(collect(stream), isRefusal("signal"));
    assert.ok(stream.closed);
    assert.equal(cursors.length, 0);
    const list = createPages(asked, { signal });
    await assert.rejects(list.next(), isRefusal("signal"));
    assert.ok(list.closed);
    const pulled = createPulledStream(
      { action: "GET /numbers", clock: new FakeClock(), signal },
      asked,
    );
    await assert.rejects(pulled.next(), isRefusal("signal"));
    assert.ok(pulled.closed);
  }
});

test("a signal that is null is none, as it is for fetch", async () => {
  const { stream } = streamNumbers(logOf(1), [sends()], {
    signal: null as never,
  });
  assert.deepEqual(await collect(stream), logOf(1));
});

test("createTransport() refuses a fetch when it is no function", () => {
  for (const wrong of ["fetch", 5, true, {}, { fetch }, [fetch]]) {
    assert.throws(
      () =>
        createTransport({
          baseUrl: "https://api.test",
          fetch: wrong as never,
        }),
      isRefusal("fetch"),
    );
  }
});

test("createPages() refuses a cursor when it is none, before anything is asked for", () => {
  const asked = (): never => assert.fail("it asked");
  for (const page of [true, {}, ["p1"], () => {}, 7n]) {
    assert.throws(
      () => createPages(asked, { cursor: { page: page as never } }),
      isRefusal("cursor.page"),
    );
  }
  // Its key alone, which would begin anew.
  for (const cursor of ["p1", 5, 0, "", true, false]) {
    assert.throws(
      () => createPages(asked, { cursor: cursor as never }),
      isRefusal("cursor.page"),
    );
  }
});

test("createPages() begins at the first page when the cursor says nothing, also as JSON has it", async () => {
  for (const cursor of [undefined, null, {}, { page: null }, { skip: 0 }]) {
    const keys: unknown[] = [];
    const list = createPages((key) => {
      keys.push(key);
      return Promise.resolve({ items: [1], next: undefined });
    }, { cursor: cursor as never });
    assert.deepEqual(await list.toArray(), [1]);
    assert.equal(keys[0] ?? undefined, undefined);
  }
});
