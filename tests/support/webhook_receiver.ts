import assert from "node:assert/strict";
import { createHost } from "@tutti/sdk/host";
import type { HostOptions, WebhookDelivery } from "@tutti/sdk/host";
import { cryptoDone } from "./crypto_work.ts";
import { FakeClock, found, settle, until } from "./fake_clock.ts";
import { countingIds, gate, noop, Wire } from "./wire.ts";

export const SECRET = "a-secret-of-the-test";
export const URL_OF_ADA = "https://hooks.example.com/ada";

/** A receiver that answers as it is told to, and what came to it. */
export class Receiver {
  readonly came: Request[] = [];
  readonly at: number[] = [];
  answer: (request: Request, count: number) => Response | Promise<Response> =
    () => new Response();
  clock: FakeClock;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  options(more: WebhookDelivery = {}): WebhookDelivery {
    return {
      resolve: () => Promise.resolve(["93.184.216.34"]),
      fetch: async (request) => {
        this.came.push(request.clone());
        this.at.push(this.clock.now());
        const signal = request.signal;
        const answer = this.answer(request, this.came.length);
        return await new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          Promise.resolve(answer).then(resolve, reject);
        });
      },
      ...more,
    };
  }

  async types(): Promise<string[]> {
    const bodies = await Promise.all(
      this.came.map((one) => one.clone().json()),
    );
    return bodies.map(({ event }) => `${event.sequence} ${event.type}`);
  }
}

export function openWithReceiver(more: Partial<HostOptions> = {}) {
  const clock = new FakeClock();
  const receiver = new Receiver(clock);
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [noop, gate()],
    clock,
    ids: countingIds(),
    webhooks: receiver.options(),
    onError: (error) => errors.push(error),
    ...more,
  });
  return { clock, receiver, errors, host, wire: new Wire(host) };
}

export async function register(wire: Wire, more: object = {}) {
  const { status, body } = await wire.post("/webhooks", {
    url: URL_OF_ADA,
    events: ["run.started", "run.completed"],
    secret: SECRET,
    ...more,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/** Waits until so many have come, and not more. */
export async function arrived(
  receiver: Receiver,
  count: number,
): Promise<void> {
  await until(() => receiver.came.length >= count);
  assert.equal(receiver.came.length, count);
}

/** Lets attempts be repeated when they are due, until `isEnough`; one that is under way keeps its ten seconds. */
export async function repeated(
  clock: FakeClock,
  isEnough: () => boolean,
): Promise<void> {
  await found(async () => {
    const [next = Infinity] = clock.waits;
    if (isEnough()) return true;
    if (next < 10_000) await clock.advance(next);
    return undefined;
  }, () => "there were not enough attempts");
}

export async function quiet(): Promise<void> {
  await settle(300);
  await cryptoDone();
}
