import { settle } from "@tutti/sdk/testing";
export { FakeClock, settle, until } from "@tutti/sdk/testing";

/**
 * Whether there is patience left, each time it is asked. It is used up by running only: however long the machine stops the
 * process, or makes it wait for its turn, that counts as a moment.
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

/**
 * Asks once a turn until there is an answer. What takes real time, Web Crypto and sockets, has a minute for it: turns
 * say nothing about that.
 *
 * @param what Said when there is none.
 */
export async function found<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  what: () => string,
): Promise<T> {
  for (const isPatient = patience(60_000);;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (!isPatient()) throw new Error(what());
    await settle(1);
  }
}

/** Lets the time of the runtime itself stand still for the length of `use`. */
export async function atTime(
  ms: number,
  use: () => void | Promise<void>,
): Promise<void> {
  const { now } = Date;
  Date.now = () => ms;
  try {
    await use();
  } finally {
    Date.now = now;
  }
}
