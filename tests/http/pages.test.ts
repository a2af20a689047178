import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  asyncDispose,
  createPages,
  DecodeError,
  HttpError,
} from "@tutti/sdk/http";
import type { FetchPage, Page, Pages, PagesOptions } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";

interface Served {
  readonly fetchPage: FetchPage<number, string>;
  /** What was asked for, in order. */
  readonly keys: (string | undefined)[];
  /** Of each request. */
  readonly signals: AbortSignal[];
}

/** Pages of 0, 1, 2 …, of these sizes; cursors are "p1", "p2" …. */
function serve(...sizes: readonly number[]): Served {
  const keys: (string | undefined)[] = [];
  const signals: AbortSignal[] = [];
  const starts = sizes.map((_, n) =>
    sizes.slice(0, n).reduce((sum, size) => sum + size, 0)
  );
  const fetchPage = async (
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<Page<number, string>> => {
    keys.push(key);
    signals.push(signal);
    await Promise.resolve();
    const n = key === undefined ? 0 : Number(key.slice(1));
    return {
      items: Array.from({ length: sizes[n]! }, (_, i) => starts[n]! + i),
      next: n + 1 < sizes.length ? `p${n + 1}` : undefined,
      total: sizes.reduce((sum, size) => sum + size, 0),
    };
  };
  return { fetchPage, keys, signals };
}

function listOf(
  served: Served,
  options?: PagesOptions<string>,
): Pages<number, string> {
  return createPages(served.fetchPage, options);
}

test("createPages() gives all items of all pages once and in order, empty pages in between", async () => {
  const served = serve(2, 0, 0, 3, 1, 0);
  const seen: number[] = [];
  for await (const item of listOf(served)) seen.push(item);
  assert.deepEqual(seen, [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(served.keys, [undefined, "p1", "p2", "p3", "p4", "p5"]);
});

test("createPages() asks for nothing before the first item is wanted, and for a page when it is needed", async () => {
  const served = serve(2, 2, 2);
  const list = listOf(served);
  await settle();
  assert.equal(served.keys.length, 0);
  await list.next();
  await list.next();
  await settle();
  assert.equal(served.keys.length, 1, "nothing is read ahead by default");
  await list.next();
  assert.equal(served.keys.length, 2);
  await list.close();
});

test("createPages() ends with an empty list, a null cursor and nothing to say of a total", async () => {
  const list = createPages(() => Promise.resolve({ items: [], next: null }));
  assert.equal(list.total, undefined);
  assert.deepEqual(await list.toArray(), []);
  assert.equal(list.total, undefined);
  assert.ok(list.closed);
});

test("createPages() delivers items that are undefined or null", async () => {
  const list = createPages(() =>
    Promise.resolve({ items: [undefined, null, 0], next: undefined })
  );
  assert.deepEqual(await list.toArray(), [undefined, null, 0]);
});

test("createPages() serves calls of next() that do not wait for each other, in order", async () => {
  const list = listOf(serve(1, 2, 1));
  const results = await Promise.all(
    Array.from({ length: 6 }, () => list.next()),
  );
  assert.deepEqual(results.map(({ value }) => value), [
    0,
    1,
    2,
    3,
    undefined,
    undefined,
  ]);
  assert.deepEqual(results.map(({ done }) => done ?? false), [
    false,
    false,
    false,
    false,
    true,
    true,
  ]);
});

test("pages() gives the pages as they are, and what is left of the one in hand", async () => {
  const list = listOf(serve(2, 0, 2));
  const sizes: number[] = [];
  for await (const page of list.pages()) {
    sizes.push(page.items.length);
    assert.equal(page.total, 4);
  }
  assert.deepEqual(sizes, [2, 0, 2]);

  const mixed = listOf(serve(3, 2));
  assert.equal((await mixed.next()).value, 0);
  const pages: Page<number>[] = [];
  for await (const page of mixed.pages()) pages.push(page);
  assert.deepEqual(pages.map(({ items }) => items), [[1, 2], [3, 4]]);
  assert.ok(mixed.closed);
});

test("pages() closes the list when its loop is left", async () => {
  const served = serve(2, 2, 2);
  const list = listOf(served, { prefetch: 2 });
  for await (const page of list.pages()) {
    assert.equal(page.items.length, 2);
    break;
  }
  assert.ok(list.closed);
  assert.ok(served.signals.every((signal) => signal.aborted));
  assert.equal((await list.next()).done, true);
});

test("take() ends the list at once, without a page that is not needed", async () => {
  for (const prefetch of [0, 1, 5]) {
    const served = serve(2, 2, 2, 2);
    const list = listOf(served, { prefetch }).take(4);
    assert.deepEqual(await list.toArray(), [0, 1, 2, 3]);
    assert.equal(served.keys.length, 2, `prefetch ${prefetch}`);
    assert.ok(list.closed);
  }
});

test("take() is closed with its last item, also when nobody asks for one more", async () => {
  const list = listOf(serve(5)).take(1);
  assert.equal((await list.next()).value, 0);
  assert.ok(list.closed);
});

test("take() of nothing asks for nothing, of everything ends with the list", async () => {
  const served = serve(2, 1);
  assert.deepEqual(await listOf(served).take(0).toArray(), []);
  assert.equal(served.keys.length, 0);
  assert.deepEqual(await listOf(served).take(9).toArray(), [0, 1, 2]);
  assert.deepEqual(await listOf(served).take(Infinity).toArray(), [0, 1, 2]);
});

test("take() cuts the last page, counts from where the list stands, and the smallest count wins", async () => {
  const list = listOf(serve(3, 3)).take(4);
  const sizes: number[] = [];
  for await (const page of list.pages()) sizes.push(page.items.length);
  assert.deepEqual(sizes, [3, 1]);

  const begun = listOf(serve(3, 3));
  await begun.next();
  assert.deepEqual(await begun.take(4).take(2).take(3).toArray(), [1, 2]);
});

test("cursor stands behind each item that was delivered, and a list from there goes on", async () => {
  const sizes = [2, 0, 3, 1];
  const wanted = [
    { page: undefined, skip: 0 },
    { page: undefined, skip: 1 },
    { page: "p1", skip: 0 },
    { page: "p2", skip: 1 },
    { page: "p2", skip: 2 },
    { page: "p3", skip: 0 },
    { page: "p3", skip: 1 },
  ];
  for (const [count, cursor] of wanted.entries()) {
    const list = listOf(serve(...sizes));
    await list.take(count).toArray();
    assert.deepEqual(list.cursor, cursor);
    const stored = JSON.parse(JSON.stringify(list.cursor));
    const rest = listOf(serve(...sizes), { cursor: stored });
    assert.deepEqual(await rest.toArray(), [0, 1, 2, 3, 4, 5].slice(count));
  }
});

test("cursor at the end goes on with what the last page has got meanwhile", async () => {
  const list = listOf(serve(2, 1));
  await list.toArray();
  assert.deepEqual(list.cursor, { page: "p1", skip: 1 });
  const grown = listOf(serve(2, 2, 1), { cursor: list.cursor });
  assert.deepEqual(await grown.toArray(), [3, 4]);
});

test("cursor may stand behind more items than its page has now", async () => {
  const list = listOf(serve(2, 2), { cursor: { skip: 7 } });
  assert.deepEqual(await list.toArray(), [2, 3]);
});

test("total is what the page in hand says", async () => {
  const list = listOf(serve(2, 3));
  assert.equal(list.total, undefined);
  await list.next();
  assert.equal(list.total, 5);
});

test("prefetch gets that many pages ahead, one after the other, and no more", async () => {
  const sizes = [1, 1, 1, 1, 1, 1];
  for (const [prefetch, wanted] of [[0, 1], [1, 2], [3, 4], [99, 6]] as const) {
    const served = serve(...sizes);
    const list = listOf(served, { prefetch });
    await list.next();
    await settle();
    assert.equal(served.keys.length, wanted);
    assert.deepEqual(await list.toArray(), [1, 2, 3, 4, 5]);
    assert.equal(served.keys.length, 6, "each page is asked for once");
  }
});

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
    message: "Cannot finish the list: it was aborted by the caller",
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

test("createPages() refuses a prefetch, a skip or a count that is no whole number from 0", () => {
  const fetchPage = serve(1).fetchPage;
  for (const wrong of [-1, 1.5, NaN, Infinity, "2" as never]) {
    assert.throws(() => createPages(fetchPage, { prefetch: wrong }), {
      code: "invalid-argument",
      path: "prefetch",
    });
    assert.throws(() => createPages(fetchPage, { cursor: { skip: wrong } }), {
      code: "invalid-argument",
      path: "cursor.skip",
    });
    if (wrong === Infinity) continue;
    assert.throws(() => createPages(fetchPage).take(wrong), {
      code: "invalid-argument",
      path: "count",
    });
  }
});
