import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { patience } from "./fake_clock.ts";

/** Numbers that look random and are the same each time. */
export function* randomNumbers(seed: number): Generator<number, never> {
  for (let state = seed;;) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223 >>> 0;
    yield state / 2 ** 32;
  }
}

/** Hears of events, and forgets none. */
export async function receive(
  use: (url: string, heard: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const heard = new Set<string>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => body += bytes);
    request.on("end", () => {
      const { runId, event } = JSON.parse(body);
      heard.add(`${runId} ${event.sequence}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await use(`http://127.0.0.1:${port}/`, heard);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Waits for what a dead process had begun to deliver: it is tried again only after a while. A minute without any is too long. */
export async function delivered(
  wanted: readonly string[],
  heard: ReadonlySet<string>,
): Promise<void> {
  const lacking = (): string[] => wanted.filter((one) => !heard.has(one));
  for (let left = lacking().length, isPatient = patience(60_000); left > 0;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const now = lacking().length;
    if (now < left) isPatient = patience(60_000);
    else if (!isPatient()) break;
    left = now;
  }
  assert.deepEqual(lacking(), []);
}
