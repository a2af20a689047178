import assert from "node:assert/strict";
import test from "node:test";
import { byOffset, byPageNumber, createPages } from "@tutti/sdk/http";
import type { CountedPage } from "@tutti/sdk/http";
import fc from "../support/properties.ts";

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

const list = fc.nat({ max: 12 });
const size = fc.integer({ min: 1, max: 5 });
const told = fc.constantFrom("total", "limit", "both", "nothing");

/** How many requests a list takes that ends as soon as it can be seen. */
function requestsFor(count: number, size: number, told: string): number {
  const full = Math.floor(count / size);
  if (told === "nothing") return Math.ceil(count / size) + 1;
  if (told === "limit") return full + 1;
  return Math.max(1, Math.ceil(count / size));
}

test("byOffset() gives a list of any length in pages of any size, and stops as soon as the end can be seen", async () => {
  await fc.assert(
    fc.asyncProperty(list, size, told, async (count, size, told) => {
      const offsets: number[] = [];
      const items = await createPages(
        byOffset(
          (offset): Promise<CountedPage<number>> => {
            offsets.push(offset);
            return Promise.resolve({
              items: numbers(count).slice(offset, offset + size),
              ...(told === "total" || told === "both" ? { total: count } : {}),
            });
          },
          told === "limit" || told === "both" ? { limit: size } : {},
        ),
      ).toArray();
      assert.deepEqual(items, numbers(count));
      assert.deepEqual(offsets[0], 0);
      assert.equal(offsets.length, requestsFor(count, size, told));
    }),
  );
});

test("byPageNumber() gives a list of any length in pages of any size, from 1 or from 0", async () => {
  await fc.assert(
    fc.asyncProperty(
      list,
      size,
      told,
      fc.constantFrom(undefined, 0, 1, 7),
      async (count, size, told, first) => {
        const asked: number[] = [];
        const limit = told === "limit" || told === "both";
        const items = await createPages(
          byPageNumber(
            (page): Promise<CountedPage<number>> => {
              asked.push(page);
              const start = (page - (first ?? 1)) * size;
              return Promise.resolve({
                items: numbers(count).slice(start, start + size),
                ...(told === "total" || told === "both"
                  ? { total: count }
                  : {}),
              });
            },
            { first, ...(limit ? { limit: size } : {}) },
          ),
        ).toArray();
        assert.deepEqual(items, numbers(count));
        assert.equal(asked[0], first ?? 1);
        // A total alone does not say how many pages there are.
        const known = told === "total" ? "nothing" : told;
        const requests = requestsFor(count, size, known);
        // An empty page is the end, whatever else is known.
        const extra = count === 0 ? 1 : requests;
        assert.equal(asked.length, extra);
      },
    ),
  );
});

test("byOffset() counts what came, so that a server that gives fewer than asked loses nothing", async () => {
  const items = await createPages(
    byOffset((offset) =>
      Promise.resolve({ items: numbers(7).slice(offset, offset + 2), total: 7 })
    ),
  ).toArray();
  assert.deepEqual(items, numbers(7));
});

test("byOffset() ends at an empty page, however large the total is said to be", async () => {
  let requests = 0;
  const pages = createPages(byOffset((offset) => {
    requests++;
    return Promise.resolve({
      items: numbers(2).slice(offset),
      total: 1_000,
    });
  }));
  assert.deepEqual(await pages.toArray(), [0, 1]);
  assert.equal(requests, 2);
  assert.equal(pages.total, 1_000);
});

test("byOffset() and byPageNumber() go on from a cursor", async () => {
  const offsets = createPages(
    byOffset((offset) =>
      Promise.resolve({ items: numbers(9).slice(offset, offset + 4) })
    ),
    { cursor: { page: 4, skip: 1 } },
  );
  assert.deepEqual(await offsets.toArray(), [5, 6, 7, 8]);
  const numbered = createPages(
    byPageNumber(
      (page) =>
        Promise.resolve({ items: numbers(9).slice((page - 1) * 4, page * 4) }),
      {
        limit: 4,
      },
    ),
    { cursor: { page: 2, skip: 3 } },
  );
  assert.deepEqual(await numbered.toArray(), [7, 8]);
});

test("byOffset() hands the signal on", async () => {
  const signals: AbortSignal[] = [];
  const pages = createPages(byOffset((_, signal) => {
    signals.push(signal);
    return Promise.resolve({ items: [1], total: 2 });
  }));
  for await (const _ of pages) break;
  assert.equal(signals.length, 1);
  assert.ok(signals[0]!.aborted);
});

test("byOffset() and byPageNumber() take a limit that is no whole number for unknown", async () => {
  const stored = [1, 2, 3, 4, 5];
  for (const total of [undefined, 5]) {
    for (const limit of [undefined, NaN, Infinity, 2.5, -1, "2" as never]) {
      const byOffsets = createPages(
        byOffset(
          (offset) =>
            Promise.resolve({ items: stored.slice(offset, offset + 2), total }),
          {
            limit,
          },
        ),
      );
      assert.deepEqual(await byOffsets.toArray(), stored, `${limit} ${total}`);
      const byNumbers = createPages(
        byPageNumber((page) =>
          Promise.resolve({
            items: stored.slice(2 * page - 2, 2 * page),
            total,
          }), {
          limit,
        }),
      );
      assert.deepEqual(await byNumbers.toArray(), stored, `${limit} ${total}`);
    }
  }
});
