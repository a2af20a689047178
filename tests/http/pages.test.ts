import assert from "node:assert/strict";
import test from "node:test";
import { createPages } from "@tutti/sdk/http";
import type { Page } from "@tutti/sdk/http";
import { settle } from "../support/fake_clock.ts";
import { listOf, serve } from "../support/page_server.ts";

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

test("createPages() is closed with its last item, also when nobody asks for one more", async () => {
  const list = listOf(serve(1, 1));
  await list.next();
  assert.equal(list.closed, false);
  await list.next();
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
