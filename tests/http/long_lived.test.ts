import assert from "node:assert/strict";
import test from "node:test";
import { createEventStream } from "@tutti/sdk/http";
import type { Clock, EventStream } from "@tutti/sdk/http";
import { createBody, FakeClock, settle } from "@tutti/sdk/testing";

/** A clock that counts how many timers are cancelled, those that are due long since among them. */
function countingClock(): { clock: Clock; fake: FakeClock; cancels(): number } {
  const fake = new FakeClock();
  let count = 0;
  return {
    fake,
    clock: {
      now: () => fake.now(),
      schedule: (ms, wake) => {
        const cancel = fake.schedule(ms, wake);
        return () => {
          count++;
          cancel();
        };
      },
    },
    cancels: () => count,
  };
}

const eventsOf = (body: ReadableStream<Uint8Array>): Response =>
  new Response(body, { headers: { "content-type": "text/event-stream" } });

/** A comment each time that so much time has passed. */
function humming(clock: FakeClock, ms: number): ReadableStream<Uint8Array> {
  let cancel = (): void => {};
  return new ReadableStream({
    pull: (controller) =>
      new Promise((resolve) => {
        cancel = clock.schedule(ms, () => {
          controller.enqueue(new TextEncoder().encode(":\n"));
          resolve();
        });
      }),
    cancel: () => cancel(),
  }, { highWaterMark: 0 });
}

function streamOf(
  clock: Clock,
  open: () => Response,
  polls = false,
): EventStream<string> {
  return createEventStream<string>({
    action: "GET /events",
    open: () => Promise.resolve(open()),
    decode: ({ data }) => [data],
    sequenceOf: () => undefined,
    isTerminal: () => false,
    ...(polls && {
      poll: () => Promise.resolve({ items: [], isOver: false }),
    }),
  }, { clock, random: () => 1, pollOnly: polls });
}

/** Lets a day pass, then says how many timers the end still had to let go of. */
async function releasedAfterADay(
  open: (clock: FakeClock) => Response,
  polls = false,
): Promise<number> {
  const { clock, fake, cancels } = countingClock();
  const stream = streamOf(clock, () => open(fake), polls);
  const waiting = stream.next();
  for (let minute = 0; minute < 1_440; minute++) {
    await fake.advance(60_000);
    // Without timers at work, nothing would be shown.
    assert.ok(fake.pending > 0);
  }
  const before = cancels();
  await stream.close();
  await settle();
  assert.equal((await waiting).done, true);
  assert.equal(fake.pending, 0);
  return cancels() - before;
}

test("createEventStream() forgets each timer that woke it when one connection lives for a day", async () => {
  const released = await releasedAfterADay((clock) =>
    eventsOf(humming(clock, 25_000))
  );
  assert.ok(released <= 2, `${released} timers were held`);
});

test("createEventStream() forgets each timer that woke it when it reconnects for a day", async () => {
  const released = await releasedAfterADay(() =>
    eventsOf(createBody([":\n"], "stay").stream)
  );
  assert.ok(released <= 2, `${released} timers were held`);
});

test("createEventStream() forgets each timer that woke it when it polls for a day", async () => {
  const released = await releasedAfterADay(() => {
    throw new Error("it never streams");
  }, true);
  assert.ok(released <= 2, `${released} timers were held`);
});
