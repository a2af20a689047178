// Web standards only.
import {
  createHeaderSignature,
  createStandardWebhooks,
  parseJson,
  parseSecret,
  toBase64Url,
} from "../../http/mod.ts";
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import {
  hostCodecV1,
  hostCodecV2,
  isJsonObject,
  wireTypeOf,
} from "../../openwop/protocol/mod.ts";
import { CHALLENGE_MS } from "./policy.ts";
import { post } from "./post.ts";
import type { Sender } from "./post.ts";
import type { Delivery, Subscription } from "./subscription.ts";

export type { Sender } from "./post.ts";

/** The most of an answer to a challenge that is read. */
const CHALLENGE_BYTES = 4_096;

/**
 * Delivers one event once. The signatures cover exactly the bytes that are sent, and the time of this attempt.
 *
 * @returns whether the receiver took it: any 2xx. Source: v2 §11.2, §11.3.
 */
export async function send(
  sender: Sender,
  subscription: Subscription,
  delivery: Delivery,
  event: RunEvent,
  signal: AbortSignal,
): Promise<boolean> {
  const body = JSON.stringify({ runId: delivery.runId, event });
  const headers = await signed(sender, subscription, delivery, event, body);
  const { url } = subscription;
  const { timeoutMs } = sender;
  const said = await post(sender, { url, headers, body, timeoutMs }, signal);
  return said !== undefined;
}

/**
 * Asks an endpoint whether it wants to be one: it has to send back what it is sent. Source: v2 §11.1.
 *
 * @returns whether it did.
 */
export async function challenge(
  sender: Sender,
  url: string,
  signal: AbortSignal,
): Promise<boolean> {
  const word = toBase64Url(crypto.getRandomValues(new Uint8Array(24)));
  const said = await post(sender, {
    url,
    headers: plainHeaders(),
    body: JSON.stringify({
      type: "openwop.webhook.verification",
      challenge: word,
    }),
    timeoutMs: CHALLENGE_MS,
    most: CHALLENGE_BYTES,
  }, signal);
  try {
    const answer = parseJson(said ?? "");
    return isJsonObject(answer) && answer["challenge"] === word;
  } catch {
    return false;
  }
}

function plainHeaders(): Headers {
  return new Headers({
    "content-type": "application/json",
    "user-agent": "tutti-webhooks",
  });
}

async function signed(
  { clock, withV1 = false }: Sender,
  { webhookId, secret, previous, isStandard }: Subscription,
  { runId, sequence, attempts }: Delivery,
  event: RunEvent,
  body: string,
): Promise<Headers> {
  const headers = plainHeaders();
  const now = clock.now();
  const at = { clock: { now: () => now } };
  const secrets = [
    secret,
    ...(previous && previous.until > now ? [previous.secret] : []),
  ];
  // The header holds one signature: while secrets rotate, the attempts take turns, so that a receiver with either is told.
  const turn = secrets[attempts % secrets.length]!;
  const [id, type, timestamp, signature, algorithm] =
    hostCodecV2.webhookHeaders;
  const values = await createHeaderSignature(parseSecret({ text: turn }), {
    signatureHeader: signature,
    timestampHeader: timestamp,
  }, at).sign(body);
  const all: Record<string, string> = {
    ...values,
    [id]: webhookId,
    [type]: wireTypeOf(event),
    [algorithm]: "v1",
  };
  const families = [hostCodecV2, ...(withV1 ? [hostCodecV1] : [])];
  for (const { webhookHeaders } of families) {
    webhookHeaders.forEach((name, index) =>
      headers.set(name, all[hostCodecV2.webhookHeaders[index]!]!)
    );
  }
  if (isStandard) {
    const message = await messageId(webhookId, runId, sequence);
    const standard = createStandardWebhooks(secrets, at);
    const more = await standard.sign(message, body);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
  }
  return headers;
}

/** The same for each attempt, and another for each event of each run at each subscription. */
async function messageId(...parts: (string | number)[]): Promise<string> {
  const bytes = new TextEncoder().encode(parts.join("\n"));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `msg_${toBase64Url(new Uint8Array(digest))}`;
}
