import assert from "node:assert/strict";
import test from "node:test";
import { createPages } from "@tutti/sdk/http";
import type { FetchPage, PageCursor } from "@tutti/sdk/http";
import fc from "../support/properties.ts";
import { settle } from "../support/fake_clock.ts";

/** A server with pages of random sizes that takes its random time, and counts what is asked of it. */
class PageServer {
  readonly keys: (number | undefined)[] = [];
  inFlight = 0;
  mostInFlight = 0;
  aborted = 0;
  readonly #sizes: readonly number[];
  readonly #turns: readonly number[];

  constructor(sizes: readonly number[], turns: readonly number[]) {
    this.#sizes = sizes;
    this.#turns = turns;
  }

  get all(): readonly number[] {
    const count = this.#sizes.reduce((sum, size) => sum + size, 0);
    return Array.from({ length: count }, (_, n) => n);
  }

  readonly fetchPage: FetchPage<number, number> = async (key, signal) => {
    assert.equal(signal.aborted, false, "nothing is asked for after the end");
    const turns = this.#turns[this.keys.length % this.#turns.length]!;
    this.keys.push(key);
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    signal.addEventListener("abort", () => this.aborted++, { once: true });
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    this.inFlight--;
    const n = key ?? 0;
    const start = this.#sizes.slice(0, n).reduce((sum, size) => sum + size, 0);
    return {
      items: Array.from({ length: this.#sizes[n]! }, (_, i) => start + i),
      next: n + 1 < this.#sizes.length ? n + 1 : undefined,
    };
  };
}

const sizes = fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 8 });
const turns = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 8 });
const prefetch = fc.nat({ max: 5 });

test("createPages() delivers exactly once and in order, reads no further ahead than allowed, and is quiet after the end", async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      turns,
      prefetch,
      fc.nat({ max: 34 }),
      fc.constantFrom("break", "take", "close", "pages", "throw"),
      fc.nat({ max: 4 }),
      async (sizes, turns, prefetch, stop, how, pause) => {
        const server = new PageServer(sizes, turns);
        const list = createPages(server.fetchPage, { prefetch });
        const seen: number[] = [];
        const look = async (): Promise<void> => {
          for (let turn = 0; turn < pause; turn++) await Promise.resolve();
          // The page in hand may be used up, so the cursor may stand on the next one.
          const inHand = list.cursor.page ?? 0;
          assert.ok(server.keys.length <= inHand + 1 + prefetch);
        };
        if (how === "take") {
          for await (const item of list.take(stop)) {
            seen.push(item);
            await look();
          }
          assert.deepEqual(seen, server.all.slice(0, stop));
        } else if (how === "pages") {
          for await (const page of list.pages()) {
            seen.push(...page.items);
            await look();
            if (seen.length > stop) break;
          }
          assert.deepEqual(seen, server.all.slice(0, seen.length));
        } else {
          try {
            for await (const item of list) {
              seen.push(item);
              await look();
              if (seen.length <= stop) continue;
              if (how === "break") break;
              if (how === "close") await list.close();
              else throw new Error("stop");
            }
          } catch (error) {
            assert.equal((error as Error).message, "stop");
          }
          assert.deepEqual(seen, server.all.slice(0, stop + 1));
        }
        const asked = server.keys.length;
        assert.ok(server.mostInFlight <= 1);
        assert.equal(new Set(server.keys).size, asked, "no page twice");
        assert.ok(list.closed);
        assert.equal(server.aborted, asked, "every signal has ended");
        await settle(1);
        assert.equal(server.keys.length, asked, "no request after the stop");
        assert.equal(server.inFlight, 0);
        assert.equal((await list.next()).done, true);
      },
    ),
    { numRuns: 300 },
  );
});

test("createPages() goes on from any cursor, any number of times, without a gap or a repetition", async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      turns,
      prefetch,
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 6 }),
      async (sizes, turns, prefetch, counts) => {
        const seen: number[] = [];
        let cursor: Partial<PageCursor<number>> = {};
        let all: readonly number[] = [];
        for (const count of [...counts, Infinity]) {
          const server = new PageServer(sizes, turns);
          all = server.all;
          const list = createPages(server.fetchPage, { prefetch, cursor });
          seen.push(...await list.take(count).toArray());
          cursor = JSON.parse(JSON.stringify(list.cursor));
        }
        assert.deepEqual(seen, all);
      },
    ),
    { numRuns: 200 },
  );
});

test("createPages() fails at the page that fails and nowhere else, and goes on from there", async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      turns,
      prefetch,
      fc.nat({ max: 7 }),
      async (sizes, turns, prefetch, bad) => {
        const server = new PageServer(sizes, turns);
        const failure = new Error("a bad page");
        let fails = true;
        const fetchPage: FetchPage<number, number> = async (key, signal) => {
          const page = await server.fetchPage(key, signal);
          if (fails && (key ?? 0) === bad) throw failure;
          return page;
        };
        const seen: number[] = [];
        const list = createPages(fetchPage, { prefetch });
        try {
          for await (const item of list) seen.push(item);
          assert.ok(bad >= sizes.length);
        } catch (error) {
          assert.equal(error, failure);
          const before = sizes.slice(0, bad).reduce((sum, n) => sum + n, 0);
          assert.equal(seen.length, before);
        }
        fails = false;
        const rest = createPages(fetchPage, { cursor: list.cursor });
        seen.push(...await rest.toArray());
        assert.deepEqual(seen, server.all);
      },
    ),
    { numRuns: 200 },
  );
});
