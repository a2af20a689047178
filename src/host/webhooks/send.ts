// Web standards only.
import { signHmac, toHex, within } from "../../http/mod.ts";
import type { Clock, Fetch } from "../../http/mod.ts";
import type { RunEvent } from "../../openwop/protocol/mod.ts";
import {
  hostCodecV1,
  hostCodecV2,
  wireTypeOf,
} from "../../openwop/protocol/mod.ts";
import { leadsInside, refusalOf } from "./egress.ts";
import type { Resolve } from "./egress.ts";
import type { Subscription } from "./subscription.ts";

/** How deliveries leave the host. */
export interface Sender {
  /** What sends. */
  readonly fetch: Fetch;
  /** Names to addresses. */
  readonly resolve: Resolve;
  /** Whether private addresses are sent to. */
  readonly allowPrivate: boolean;
  /** Whether the headers go out in the names of version 1, too. Source: v2 §11.2. */
  readonly withV1?: boolean;
  /** How long one attempt may take. */
  readonly timeoutMs: number;
  /** Time. */
  readonly clock: Clock;
}

/**
 * Delivers one event once. The signature covers exactly the bytes that are sent, and the time of this attempt.
 *
 * @returns whether the receiver took it: any 2xx. Redirects are not followed, they could lead anywhere.
 * Source: v2 §11.2, §11.3.
 */
export async function send(
  sender: Sender,
  { url, webhookId, secret }: Subscription,
  runId: string,
  event: RunEvent,
  signal: AbortSignal,
): Promise<boolean> {
  const { allowPrivate, resolve, clock, timeoutMs } = sender;
  if (refusalOf(url, allowPrivate) !== undefined) return false;
  const body = JSON.stringify({ runId, event });
  const timestamp = String(Math.floor(clock.now() / 1_000));
  const mac = await signHmac(
    new TextEncoder().encode(secret),
    `${timestamp}.${body}`,
  );
  const values = [
    webhookId,
    wireTypeOf(event),
    timestamp,
    `sha256=${toHex(mac)}`,
    "v1",
  ];
  const families = [hostCodecV2, ...(sender.withV1 ? [hostCodecV1] : [])];
  const headers = new Headers({
    "content-type": "application/json",
    "user-agent": "tutti-webhooks",
  });
  for (const { webhookHeaders } of families) {
    webhookHeaders.forEach((name, at) => headers.set(name, values[at]!));
  }
  try {
    return await within(
      clock,
      "the delivery",
      { signal, timeoutMs },
      async (signal) => {
        // Looked up for each attempt: a name may move inside after it was registered.
        if (!allowPrivate && await leadsInside(url, resolve)) return false;
        const response = await sender.fetch(
          new Request(url, {
            method: "POST",
            headers,
            body,
            redirect: "manual",
            signal,
          }),
        );
        // Nobody reads what a receiver says.
        await response.body?.cancel();
        return response.ok;
      },
    );
  } catch {
    // An unreachable receiver is an ordinary failed attempt; the retry policy is what answers it.
    return false;
  }
}
