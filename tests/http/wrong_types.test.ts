import assert from "node:assert/strict";
import test from "node:test";
import {
  byPageNumber,
  createPages,
  createPulledStream,
  createTransport,
  InvalidArgumentError,
  within,
} from "@tutti/sdk/http";
import { FakeClock } from "../support/fake_clock.ts";
import { bench, read, write } from "../support/transport.ts";
import { logOf, sends, streamNumbers } from "../support/numbers.ts";
import { collect, json } from "../support/scripted_fetch.ts";

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

const noFunctions = ["fetch", 5, 0, true, false, {}, { fetch }, [fetch]];

for (
  const name of ["fetch", "random", "observe", "trace", "sign", "classify"]
) {
  test(`createTransport() refuses ${name} when it is no function`, () => {
    for (const wrong of noFunctions) {
      assert.throws(
        () => createTransport({ baseUrl: "https://api.test", [name]: wrong }),
        isRefusal(name),
      );
    }
  });
}

const noClocks = [5, "now", true, {}, () => 0, { now: 5, schedule: () => {} }];

test("createTransport() refuses a clock when it is none, with the function that it lacks", () => {
  for (const clock of noClocks as readonly unknown[] as never[]) {
    assert.throws(
      () => createTransport({ baseUrl: "https://api.test", clock }),
      isRefusal("clock.now"),
    );
  }
  assert.throws(
    () =>
      createTransport({
        baseUrl: "https://api.test",
        clock: { now: () => 0 } as never,
      }),
    isRefusal("clock.schedule"),
  );
});

for (const name of ["aroundCall", "aroundAttempt"]) {
  test(`createTransport() refuses ${name} when it is no list of functions`, () => {
    for (
      const wrong of [5, true, "ab", {}, () => {}, [5], [() => {}, null], [{}]]
    ) {
      assert.throws(
        () => createTransport({ baseUrl: "https://api.test", [name]: wrong }),
        isRefusal(name),
        String(wrong),
      );
    }
  });
}

test("createTransport() refuses idempotency that makes no keys", () => {
  for (const wrong of [5, true, "key", {}, { keyFor: "key" }] as never[]) {
    assert.throws(
      () =>
        createTransport({ baseUrl: "https://api.test", idempotency: wrong }),
      isRefusal("idempotency.keyFor"),
    );
  }
});

test("createTransport() takes options that are null for options that are left out", async () => {
  const names = ["clock", "random", "observe", "trace", "sign", "classify"];
  const more = ["aroundCall", "aroundAttempt", "idempotency", "retry"];
  const nothing = Object.fromEntries(
    [...names, ...more].map((name) => [name, null]),
  );
  const transport = createTransport({
    ...nothing,
    baseUrl: "https://api.test",
    fetch: () => Response.json(1),
  });
  const reply = await transport.call({
    method: "GET",
    path: "/",
    contract: "safe",
    decode: (body) => body,
  });
  assert.equal(reply.data, 1);
});

test("call() and open() refuse onAnswer when it is no function, before anything is sent or told", async () => {
  for (const onAnswer of noFunctions as never[]) {
    const told: string[] = [];
    const { transport, server, clock } = bench([], {
      observe: (step) => told.push(step),
    });
    await assert.rejects(
      transport.call(read, { onAnswer }),
      isRefusal("onAnswer"),
    );
    await assert.rejects(
      transport.open(read, { onAnswer }),
      isRefusal("onAnswer"),
    );
    assert.equal(server.requests.length, 0);
    assert.deepEqual(told, []);
    assert.equal(clock.pending, 0);
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

/** What a caller without types may take for a record: nothing, or single letters, would be found in it. */
const noRecords = [
  new Headers({ "x-key": "1" }),
  [["x-key", "1"]],
  new Map([["x-key", "1"]]),
  "x-key: 1",
  5,
  true,
  () => ({}),
] as const;

test("createTransport() refuses a retry that is no schedule, with its name", () => {
  for (const retry of [0, 3, true, "", "no"] as never[]) {
    assert.throws(
      () => createTransport({ baseUrl: "https://api.test", retry }),
      isRefusal("retry"),
    );
  }
});

test("call() refuses headers of the client when they are no record, before anything is sent", async () => {
  for (const headers of noRecords as readonly unknown[] as never[]) {
    const { transport, server } = bench([], { headers });
    await assert.rejects(transport.call(read), isRefusal("headers"));
    assert.equal(server.requests.length, 0);
  }
});

test("call() refuses an option of the wrong type, before anything is sent", async () => {
  const wrongs: [string, readonly unknown[]][] = [
    ["headers", noRecords],
    // It is one of the headers.
    ["trace", [
      `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
      ...noRecords,
    ]],
    // Zero is no schedule, and would be three retries.
    ["retry", [0, 3, true, "", "no"]],
    ["idempotencyKey", ["", 0, 7, null, {}, []]],
  ];
  for (const [name, values] of wrongs) {
    for (const value of values) {
      const { transport, server, clock } = bench([]);
      await assert.rejects(
        transport.call(write("keyed"), { [name]: value }),
        isRefusal(name === "trace" ? "headers" : name),
        `${name} ${String(value)}`,
      );
      assert.equal(server.requests.length, 0);
      assert.equal(clock.pending, 0);
    }
  }
  const { transport } = bench([]);
  for (const options of ["x", 5, true] as never[]) {
    await assert.rejects(transport.call(read, options), isRefusal("options"));
  }
});

test("call() takes options that are null for options that are left out, but for a key", async () => {
  const { transport, clock, server } = bench([json(1)]);
  const nothing = {
    headers: null,
    trace: null,
    onAnswer: null,
    retry: null,
    signal: null,
    timeoutMs: null,
  };
  await clock.run(transport.call(read, nothing as never));
  assert.equal(server.requests.length, 1);
});

test("createEventStream() refuses a cursor when it is none, before anything is opened", () => {
  const wrongs = [
    ["cursor", ["7", 5, true, "", 0, false]],
    ["cursor.lastEventId", [7, true, {}, ["7"]]],
    ["cursor.lastSequence", ["7", NaN, true, {}, [7], 7n]],
  ] as const;
  for (const [path, values] of wrongs) {
    const [, name] = path.split(".");
    for (const value of values) {
      const cursor = name === undefined ? value : { [name]: value };
      assert.throws(
        () => streamNumbers(logOf(1), [sends()], { cursor: cursor as never }),
        isRefusal(path),
        `${path} ${String(value)}`,
      );
    }
  }
});

test("createEventStream() begins at the beginning when the cursor says nothing", async () => {
  for (const cursor of [undefined, null, {}, { lastSequence: null }]) {
    const { stream } = streamNumbers(logOf(1), [sends()], {
      cursor: cursor as never,
    });
    assert.deepEqual(await collect(stream), logOf(1));
  }
});

test("byPageNumber() refuses a first page that is no whole number, before anything is asked for", () => {
  for (const first of ["0", NaN, 1.5, Infinity, true, {}] as never[]) {
    assert.throws(
      () => byPageNumber(() => assert.fail("it asked"), { first }),
      isRefusal("first"),
    );
  }
});

test("byPageNumber() takes any whole number for the first page, and 1 when nobody says", async () => {
  for (const first of [undefined, 0, 1, -1]) {
    const asked: number[] = [];
    const list = createPages(byPageNumber((page) => {
      asked.push(page);
      return Promise.resolve({ items: asked.length < 3 ? [page] : [] });
    }, { first }));
    await list.toArray();
    assert.deepEqual(asked, [0, 1, 2].map((step) => step + (first ?? 1)));
  }
});
