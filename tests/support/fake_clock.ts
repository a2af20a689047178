import { settle } from "@tutti/sdk/testing";
export { FakeClock, settle, until } from "@tutti/sdk/testing";

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
  for (const end = performance.now() + 60_000;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= end) throw new Error(what());
    await settle(1);
  }
}
