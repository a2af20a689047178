// Web standards only.

/**
 * Lets everything that is ready to happen happen: microtasks, and what they queue. No time of any clock passes.
 *
 * For tests that look at a program between two steps. It does not wait for timers, sockets or Web Crypto.
 *
 * @param turns How often the event loop goes round. @default 3
 *
 * @example
 * ```ts
 * import { settle } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * let done = false;
 * Promise.resolve().then(() => {}).then(() => done = true);
 * assert.equal(done, false);
 * await settle();
 * assert.equal(done, true);
 * ```
 */
export async function settle(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await nextTurn();
}

/**
 * Turns the event loop until `condition` holds.
 *
 * For what happens in real time, such as a socket that closes. Under a {@linkcode FakeClock} prefer its `run`.
 *
 * @param condition Looked at once a turn.
 * @param turns After so many it gives up. @default as many as fit into a minute, however busy the machine is
 * @throws {Error} the condition never came true.
 */
export async function until(
  condition: () => boolean,
  turns?: number,
): Promise<void> {
  let left = turns ?? 0;
  const isPatient = turns === undefined ? patience(60_000) : () => left-- > 0;
  while (isPatient()) {
    if (condition()) return;
    await nextTurn();
  }
  throw new Error("the awaited condition never came true");
}

/**
 * Whether there is patience left, each time it is asked. Only running uses it up: however long the machine makes the
 * process wait between two looks, that is no more than a moment.
 */
export function patience(ms: number): () => boolean {
  let left = ms;
  let last = performance.now();
  return () => {
    const now = performance.now();
    left -= Math.min(now - last, 25);
    last = now;
    return left > 0;
  };
}

/** What a scripted server is reading. */
const reading = new Set<Promise<string>>();

/** Reads the body of a request, and lets whoever settles know. */
export async function readBody(request: Request): Promise<string> {
  const text = request.text();
  reading.add(text);
  try {
    return await text;
  } finally {
    reading.delete(text);
  }
}

function nextTurn(): Promise<unknown> {
  const { setImmediate } = globalThis as unknown as {
    readonly setImmediate?: (wake: () => void) => void;
  };
  if (setImmediate) return new Promise<void>((wake) => setImmediate(wake));
  // A browser reads the body of a request in another process, and a Blob as well: that takes no less time.
  if (reading.size > 0) return new Blob(["."]).text();
  return new Promise<void>((wake) => {
    // setTimeout would cost milliseconds a turn.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      wake();
    };
    port2.postMessage(undefined);
  });
}
