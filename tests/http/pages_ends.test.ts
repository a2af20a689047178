import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  asyncDispose,
  createPages,
  DecodeError,
  HttpError,
} from "@tutti/sdk/http";
import type { FetchPage, Page, Pages } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import { countListeners } from "../support/scripted_fetch.ts";
import { listOf, serve } from "../support/page_server.ts";

test("prefetch keeps a failure until the items before it were delivered", async () => {
  const failure = new Error("the third page");
  const served = serve(1, 1, 1);
  const list = createPages<number, string>(
    (key, signal) =>
      key === "p2" ? Promise.reject(failure) : served.fetchPage(key, signal),
    {
      prefetch: 2,
    },
  );
  assert.equal((await list.next()).value, 0);
  await settle();
  assert.equal((await list.next()).value, 1);
  await assert.rejects(list.next(), failure);
  assert.deepEqual(list.cursor, { page: "p2", skip: 0 });
  assert.equal((await list.next()).done, true);
});

test("a failed page comes out as it is, and a list from the cursor goes on", async () => {
  const failure = new HttpError("GET /events", {
    status: 503,
    headers: new Headers(),
  });
  const served = serve(2, 2);
  let fails = true;
  const fetchPage: FetchPage<number, string> = (key, signal) => {
    if (key === "p1" && fails) throw failure;
    return served.fetchPage(key, signal);
  };
  const list = createPages(fetchPage);
  const seen: number[] = [];
  await assert.rejects(async () => {
    for await (const item of list) seen.push(item);
  }, (error) => error === failure);
  assert.ok(list.closed);
  fails = false;
  const rest = createPages(fetchPage, { cursor: list.cursor });
  assert.deepEqual([...seen, ...await rest.toArray()], [0, 1, 2, 3]);
});

test("createPages() stops at a server that leads back, after each item was delivered once", async () => {
  const circles: Record<string, string>[] = [
    { first: "first" },
    { first: "a", a: "a" },
    { first: "a", a: "b", b: "a" },
    { first: "a", a: "b", b: "c", c: "b" },
  ];
  for (const circle of circles) {
    for (const prefetch of [0, 3]) {
      let requests = 0;
      const list = createPages<string, string>((key = "first") => {
        requests++;
        return Promise.resolve({ items: [key], next: circle[key] });
      }, { prefetch, action: "GET /events", cursor: { page: "first" } });
      const seen: string[] = [];
      await assert.rejects(async () => {
        for await (const item of list) seen.push(item);
      }, (error) => {
        assert.ok(DecodeError.is(error));
        assert.match(error.message, /GET \/events/);
        return true;
      });
      assert.deepEqual(seen, Object.keys(circle));
      assert.equal(requests, seen.length);
    }
  }
});

test("leaving the loop aborts the request under way and closes the list", async () => {
  const served = serve(1, 1);
  const pending = createPages<number, string>((key, signal) => {
    const page = served.fetchPage(key, signal);
    return key === undefined ? page : new Promise(() => {});
  }, { prefetch: 1 });
  for await (const _ of pending) {
    await settle();
    assert.equal(served.signals.length, 2);
    assert.equal(served.signals[1]!.aborted, false);
    break;
  }
  assert.ok(pending.closed);
  assert.ok(served.signals[1]!.aborted);
  assert.equal((await pending.next()).done, true);
});

test("close() ends a next() that waits for a server that does not care, without an error", async () => {
  const signals: AbortSignal[] = [];
  const list = createPages<number>((_, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  });
  const pending = list.next();
  await settle();
  await list.close();
  assert.deepEqual(await pending, { done: true, value: undefined });
  assert.ok(signals[0]!.aborted);
  await list.close();
});

test("close() before the first item asks for nothing", async () => {
  const served = serve(1);
  const list = listOf(served);
  await list.close();
  assert.equal((await list.next()).done, true);
  for await (const _ of list.pages()) assert.fail("nothing is left");
  assert.equal(served.keys.length, 0);
});

test("a list is what `await using` wants", async () => {
  const list = listOf(serve(2));
  await list.next();
  const dispose = (list as never)[asyncDispose] as () => Promise<void>;
  await dispose();
  assert.ok(list.closed);
});

test("the caller's signal ends a list that waits, with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("gone");
  const list = createPages<number>(() => new Promise(() => {}), {
    signal: controller.signal,
    action: "GET /events",
  });
  const pending = list.next();
  await settle();
  controller.abort(reason);
  await assert.rejects(pending, (error) => {
    assert.ok(AbortedError.is(error));
    assert.equal(error.cause, reason);
    assert.match(error.message, /GET \/events/);
    return true;
  });
  assert.ok(list.closed);
  assert.equal((await list.next()).done, true);
});

test("the caller's signal ends a list between two items of a page", async () => {
  const controller = new AbortController();
  const served = serve(3);
  const list = listOf(served, { signal: controller.signal });
  await list.next();
  controller.abort();
  await assert.rejects(list.next(), { code: "aborted" });
  assert.deepEqual(list.cursor, { page: undefined, skip: 1 });
});

test("the caller's signal, aborted before, lets nothing be asked for", async () => {
  const served = serve(1);
  const list = listOf(served, { signal: AbortSignal.abort() });
  await assert.rejects(list.next(), {
    code: "aborted",
    message: "Cannot finish the list: the caller aborted it",
  });
  assert.equal(served.keys.length, 0);
});

test("createPages() leaves no listener on the caller's signal, however it ends", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners.add(given[1]);
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners.delete(given[1]);
    remove(...given);
  };
  const make = (): Pages<number, string> => listOf(serve(2, 2), { signal });
  make();
  assert.equal(listeners.size, 0, "a list that nobody iterates holds nothing");
  await make().toArray();
  await make().take(3).toArray();
  for await (const _ of make()) break;
  const failing = createPages(() => Promise.reject(new Error("no")), {
    signal,
  });
  await assert.rejects(failing.next());
  const open = make();
  await open.next();
  assert.equal(listeners.size, 1);
  await open.close();
  assert.equal(listeners.size, 0);
});

test("createPages() leaves no listener on its own signal for each page", async () => {
  let listeners: (() => number) | undefined;
  const most: number[] = [];
  const list = createPages<number, number>((key = 0, signal) => {
    listeners ??= countListeners(signal);
    most.push(listeners());
    return Promise.resolve({ items: [key], next: key < 50 ? key + 1 : null });
  });
  assert.equal((await list.toArray()).length, 51);
  assert.ok(Math.max(...most) <= 1);
  assert.equal(listeners?.(), 0);
});

test("createPages() ends with a typed error when fetchPage gives what is no page", async () => {
  const wrong: unknown[] = [
    undefined,
    null,
    "page",
    {},
    { items: null, next: 1 },
    { items: { length: 1 }, next: null },
    { items: [1], next: { key: 1 } },
    { items: [1], next: true },
  ];
  for (const given of wrong) {
    for (const page of [given, Promise.resolve(given)]) {
      const list = createPages(() => page as Promise<Page<number>>);
      await assert.rejects(list.next(), DecodeError.is, JSON.stringify(given));
      assert.equal(list.closed, true);
    }
  }
});

test("createPages() takes a page that is no promise", async () => {
  const page = { items: [1, 2], next: null };
  const list = createPages(() => page as unknown as Promise<Page<number>>);
  assert.deepEqual(await list.toArray(), [1, 2]);
});
