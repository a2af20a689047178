import assert from "node:assert/strict";
import test from "node:test";
import { receiveWebhook, signWebhook } from "@tutti/sdk/openwop";
import type {
  ReceiveWebhookOptions,
  WebhookDelivery,
  WebhookFamily,
} from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";
import { now, secret } from "../support/webhooks.ts";

const RUN_ID = "run-0123456789abcdef";

/** How a host was seen to deliver. */
interface Sender {
  readonly name: string;
  readonly families: readonly WebhookFamily[];
  /** Whether the receiver must ask for older spellings. */
  readonly legacy: boolean;
  /** How often it tries. */
  readonly attempts: number;
  /** What it sends of an event. */
  body(event: WireEvent): object;
  /** What the event becomes in the shared model. */
  readonly type: string;
}

interface WireEvent {
  readonly type: string;
  readonly sequence: number;
  readonly [name: string]: unknown;
}

const wrapped = (event: WireEvent): object => ({
  runId: RUN_ID,
  workspaceId: "ws-1",
  event,
});

// Source: v2 §11.2, v1 §16.2, and section 11 of the record of five hosts.
const senders: readonly Sender[] = [
  {
    name: "a host of version 2",
    families: ["v2"],
    legacy: false,
    attempts: 4,
    body: wrapped,
    type: "run.paused",
  },
  {
    name: "a host of both majors",
    families: ["v2", "v1"],
    legacy: false,
    attempts: 4,
    body: (event) => ({ ...event, workspaceId: "ws-1", event }),
    type: "run.paused",
  },
  {
    name: "a host of version 1",
    families: ["v1"],
    legacy: false,
    attempts: 1,
    body: wrapped,
    type: "run.paused",
  },
  {
    name: "the sqlite, pg and python hosts",
    families: ["reference-hosts"],
    legacy: true,
    attempts: 1,
    // The payload is removed.
    body: ({ payload: _, ...event }) => event,
    type: "run.paused",
  },
  {
    name: "the reference app",
    families: ["reference-app"],
    legacy: true,
    attempts: 4,
    body: (event) => event,
    type: "run.paused",
  },
];

/** Delivers one event as the host does: signed anew for each try, until it is acknowledged or given up. */
async function deliver(
  sender: Sender,
  sequence: number,
  receive: (request: Request) => Promise<Response>,
): Promise<readonly number[]> {
  const event = {
    eventId: `event-${sequence}`,
    runId: RUN_ID,
    type: "run.paused",
    sequence,
    timestamp: "2026-01-01T00:00:00.000Z",
    payload: { reason: "lunch" },
  };
  const answers: number[] = [];
  for (let attempt = 0; attempt < sender.attempts; attempt++) {
    const request = await signWebhook(sender.body(event), secret, {
      families: sender.families,
      webhookId: "wh-1",
      clock: { now: () => now + attempt * 1_000 },
    });
    const { status } = await receive(request);
    answers.push(status);
    if (status >= 200 && status < 300) break;
  }
  return answers;
}

function receiver(
  sender: Sender,
  onEvent: ReceiveWebhookOptions["onEvent"],
): (request: Request) => Promise<Response> {
  return receiveWebhook({
    secret,
    clock: { now: () => now },
    legacy: sender.legacy,
    onEvent,
    onError: () => {},
  });
}

test("receiveWebhook() takes the deliveries of every host that is known", async () => {
  for (const sender of senders) {
    const handled: WebhookDelivery[] = [];
    const receive = receiver(sender, (delivery) => void handled.push(delivery));
    assert.deepEqual(await deliver(sender, 5, receive), [204], sender.name);
    const [delivery] = handled;
    assert.equal(handled.length, 1);
    assert.equal(delivery?.family, sender.families[0]);
    assert.equal(delivery?.runId, RUN_ID);
    assert.equal(delivery?.event.sequence, 5);
    const { event } = delivery!;
    const type = event.type === "unknown" ? event.wireType : event.type;
    assert.equal(type, sender.type, sender.name);
  }
});

test("receiveWebhook() makes a host that tries again deliver in the end, and one that does not lose the event", async () => {
  for (const sender of senders) {
    let calls = 0;
    const receive = receiver(sender, () => {
      if (++calls <= 2) throw new Error("not yet");
    });
    const answers = await deliver(sender, 5, receive);
    assert.deepEqual(
      answers,
      sender.attempts === 1 ? [500] : [500, 500, 204],
      sender.name,
    );
  }
});

test("receiveWebhook() handles each event once, whatever order, repetition and failures the deliveries come with", async () => {
  const [sender] = senders;
  await fc.assert(
    fc.asyncProperty(
      // The sequences that are delivered, several at once in each round.
      fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }), {
        maxLength: 6,
      }),
      // How often the handler of each sequence fails before it works.
      fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }),
      async (rounds, failures) => {
        const left = [...failures];
        const done: number[] = [];
        const running = new Set<number>();
        let overlaps = false;
        const receive = receiver(sender!, async ({ event: { sequence } }) => {
          overlaps ||= running.has(sequence);
          running.add(sequence);
          await Promise.resolve();
          running.delete(sequence);
          if (left[sequence]!-- > 0) throw new Error("not yet");
          done.push(sequence);
        });
        for (const round of rounds) {
          const answers = await Promise.all(
            round.map((sequence) => deliver(sender!, sequence, receive)),
          );
          // Four tries outlast three failures.
          for (const statuses of answers) assert.equal(statuses.at(-1), 204);
        }
        assert.equal(overlaps, false);
        assert.deepEqual(
          [...done].sort(),
          [...new Set(rounds.flat())].sort(),
        );
      },
    ),
    { numRuns: 60 },
  );
});
