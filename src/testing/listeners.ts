// Web standards only.

/**
 * Counts the listeners that are on `signal` from now on, for tests that look for leaks.
 *
 * It watches `addEventListener` and `removeEventListener`; what a runtime follows inside of itself is not seen, and a
 * listener counts until it is removed, also when it has fired.
 *
 * @param signal Is changed: its two methods are replaced.
 * @returns the number at the moment.
 *
 * @example
 * ```ts
 * import { sleep, systemClock } from "@tutti/sdk/http";
 * import { countListeners } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const { signal } = new AbortController();
 * const listeners = countListeners(signal);
 * const waiting = sleep(systemClock, 1, signal);
 * assert.equal(listeners(), 1);
 * await waiting;
 * assert.equal(listeners(), 0);
 * ```
 */
export function countListeners(signal: AbortSignal): () => number {
  const known = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: AddEventListenerOptions | boolean,
  ) => {
    known.add(listener);
    add(type, listener, options);
  };
  signal.removeEventListener = (
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: EventListenerOptions | boolean,
  ) => {
    known.delete(listener);
    remove(type, listener, options);
  };
  return () => known.size;
}
