import assert from "node:assert/strict";
import type { SignatureError, WebhookError } from "@tutti/sdk/http";
import { receiveWebhook, signWebhook } from "@tutti/sdk/openwop";
import type {
  ReceiveWebhookOptions,
  SignWebhookOptions,
  WebhookDelivery,
} from "@tutti/sdk/openwop";

/** A run event, its delivery, and the time at which it is signed. */
export const now = 1_767_225_600_000;
export const clock = { now: (): number => now };
export const secret = "0123456789abcdef0123456789abcdef";
/** One as the Standard Webhooks companion scheme wants it. */
export const companion = `whsec_${btoa("k".repeat(32))}`;
export const RUN_ID = "acme/run-0123456789abcdef";
export const WEBHOOK_ID = "acme/wh-0123456789abcdef";
export const body = {
  runId: RUN_ID,
  workspaceId: "ws-1",
  event: {
    eventId: "event-7",
    runId: RUN_ID,
    type: "run.completed",
    sequence: 7,
    timestamp: "2026-01-01T00:00:00.000Z",
    schemaVersion: 1,
    payload: { outputs: { ok: true } },
  },
};

/** A POST to an endpoint. */
export function requestOf(
  headers: Headers | Readonly<Record<string, string>>,
  content: BodyInit,
  signal?: AbortSignal,
): Request {
  const init = {
    method: "POST",
    headers,
    body: content,
    // Node wants it for streams, the types of browsers do not know it.
    duplex: "half",
    ...(signal ? { signal } : {}),
  };
  return new Request("https://receiver.test/", init as RequestInit);
}

/** A body that sends `first` and then nothing; `reading` is done when somebody waits for more. */
export function silentBody(
  first?: Uint8Array,
): { content: ReadableStream<Uint8Array>; reading: Promise<void> } {
  let started = (): void => {};
  const reading = new Promise<void>((resolve) => started = resolve);
  const content = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (first) {
        controller.enqueue(first);
        first = undefined;
        return;
      }
      started();
      return new Promise(() => {});
    },
  }, { highWaterMark: 0 });
  return { content, reading };
}

/** A receiver, what it was handed and what it told. */
export function receiver(options: Partial<ReceiveWebhookOptions> = {}): {
  readonly receive: (request: Request) => Promise<Response>;
  readonly handled: WebhookDelivery[];
  readonly errors: unknown[];
  readonly refused: (SignatureError | WebhookError)[];
} {
  const handled: WebhookDelivery[] = [];
  const errors: unknown[] = [];
  const refused: (SignatureError | WebhookError)[] = [];
  const receive = receiveWebhook({
    secret,
    clock,
    onEvent: (delivery) => void handled.push(delivery),
    onError: (error) => void errors.push(error),
    onRefused: (error) => void refused.push(error),
    ...options,
  });
  return { receive, handled, errors, refused };
}

export function delivery(
  sequence = 7,
  options: SignWebhookOptions = {},
  key = secret,
): Promise<Request> {
  const content = { ...body, event: { ...body.event, sequence } };
  return signWebhook(content, key, {
    clock,
    webhookId: WEBHOOK_ID,
    ...options,
  });
}

/** The status of an answer that says nothing else. */
export async function bare(answer: Promise<Response>): Promise<number> {
  const response = await answer;
  assert.equal(await response.text(), "");
  assert.deepEqual([...response.headers], []);
  return response.status;
}
