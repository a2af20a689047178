// Web standards only.
import {
  bodyLimit,
  readDeliveryBytes,
  readJsonObject,
  SignatureError,
  WebhookError,
} from "../http/mod.ts";
import { readDelivery } from "./webhooks_delivery.ts";
import type { WebhookDelivery } from "./webhooks_delivery.ts";
import { isSigned } from "./webhooks_families.ts";
import { createWebhookSeen } from "./webhooks_seen.ts";
import type { WebhookSeen } from "./webhooks_seen.ts";
import { createVerifier } from "./webhooks_signature.ts";
import type { WebhookSecret } from "./webhooks_signature.ts";
import type { WebhookOptions } from "./webhooks_verify.ts";

/** What a receiver is made of. */
export interface ReceiveWebhookOptions extends WebhookOptions {
  /** Of the subscription. */
  readonly secret: WebhookSecret;
  /**
   * Handles one event; the delivery is acknowledged when it is done, and asked for again when it throws or rejects.
   *
   * A host of version 1 waits 5 seconds for the answer: put longer work into a queue of your own. Source: v1 §16.2.
   */
  readonly onEvent: (delivery: WebhookDelivery) => unknown;
  /** Remembers what was handled. @default the last 10,000, in memory */
  readonly seen?: WebhookSeen | undefined;
  /**
   * Whether to echo the challenge by which a host verifies the endpoint before it subscribes it. It comes unsigned, from
   * whoever asks. @default true
   */
  readonly answerChallenges?: boolean | undefined;
  /**
   * Is told what `onEvent`, `seen` or the secret's function threw; the sender learns nothing of it.
   *
   * @default writes it to `console.error`
   */
  readonly onError?:
    | ((error: unknown, delivery: WebhookDelivery | undefined) => void)
    | undefined;
  /** Is told why a delivery was refused; the sender learns only the status. Anybody can cause it. @default nothing */
  readonly onRefused?:
    | ((error: SignatureError | WebhookError) => void)
    | undefined;
}

// A challenge is one short member; more is not read from somebody who has not signed.
const CHALLENGE_BYTES = 4_096;

/**
 * Makes the handler of a webhook endpoint, for `Deno.serve`, `Bun.serve`, a worker's `fetch`, or a route of any framework
 * that knows web requests.
 *
 * Each event is handed to `onEvent` once, however often it is delivered: what was handled is remembered under subscription,
 * run and sequence, and of deliveries that arrive at the same time the later ones wait for the first. Across processes
 * that holds as far as `seen` is shared, and two at the same instant may both run. No order is promised: go by
 * `event.sequence`.
 *
 * | answer | when |
 * | --- | --- |
 * | 204 | the event was handled, now or before |
 * | 200 | a challenge, echoed as `{"challenge": …}` |
 * | 400 | signed, and no event of a run; or the body broke off |
 * | 401 | the signature cannot be trusted |
 * | 405, 415, 413 | no POST, no JSON, or too large |
 * | 500 | `onEvent` or `seen` failed: the host shall deliver again |
 *
 * Answers other than the challenge have no body. Hosts of version 1 try once, so there a 500 is a lost event.
 * Source: v2 §11, v1 §16.
 *
 * @param options Secret and handler.
 * @returns the handler; it never rejects.
 * @throws {InvalidArgumentError} `invalid-argument`: the secret, the window or the size cannot be right.
 *
 * @example
 * ```ts
 * import { receiveWebhook, signWebhook } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const ended: string[] = [];
 * const receive = receiveWebhook({
 *   secret: "s3cret",
 *   onEvent({ runId, event }) {
 *     if (event.type === "run.completed") ended.push(runId);
 *   },
 * });
 * // Deno.serve(receive), Bun.serve({ fetch: receive })
 *
 * const body = {
 *   runId: "acme/3f9c1c52b8d04f52",
 *   event: { type: "run.completed", sequence: 7, payload: { outputs: {} } },
 * };
 * assert.equal((await receive(await signWebhook(body, "s3cret"))).status, 204);
 * assert.equal((await receive(await signWebhook(body, "s3cret"))).status, 204);
 * assert.deepEqual(ended, ["acme/3f9c1c52b8d04f52"]);
 * assert.equal((await receive(await signWebhook(body, "guess"))).status, 401);
 * ```
 */
export function receiveWebhook(
  options: ReceiveWebhookOptions,
): (request: Request) => Promise<Response> {
  const {
    onEvent,
    seen = createWebhookSeen(),
    answerChallenges = true,
    onError = printError,
    onRefused,
  } = options;
  const limit = bodyLimit(options);
  const verifier = createVerifier(options.secret, options);
  const underWay = new Map<string, Promise<number>>();

  /** The status; never rejects. */
  async function handle(delivery: WebhookDelivery): Promise<number> {
    const { dedupKey } = delivery;
    try {
      if (await seen.has(dedupKey)) return 204;
      await onEvent(delivery);
    } catch (error) {
      tell(() => onError(error, delivery));
      return 500;
    }
    try {
      await seen.add(dedupKey);
    } catch (error) {
      // It was handled: to ask for it again would surely handle it twice.
      tell(() => onError(error, delivery));
    }
    return 204;
  }

  function handleOnce(delivery: WebhookDelivery): Promise<number> {
    const { dedupKey } = delivery;
    const earlier = underWay.get(dedupKey);
    if (earlier) return earlier;
    const handling = handle(delivery)
      .finally(() => underWay.delete(dedupKey));
    underWay.set(dedupKey, handling);
    return handling;
  }

  async function answer(request: Request): Promise<Response> {
    const { headers, method } = request;
    if (method !== "POST") return turnAway(request, 405, { allow: "POST" });
    if (!isJson(headers.get("content-type"))) return turnAway(request, 415);
    const open = answerChallenges && !isSigned(headers);
    if (!open) verifier.check(headers);
    const bytes = open
      ? await readDeliveryBytes(request, Math.min(limit, CHALLENGE_BYTES))
        // Of what is no challenge, only the missing signature is worth telling.
        .catch((error) => (verifier.check(headers), Promise.reject(error)))
      : await readDeliveryBytes(request, limit);
    const challenge = challengeOf(bytes);
    if (open) {
      if (challenge !== undefined) return Response.json({ challenge });
      // Throws: there is no signature.
      verifier.check(headers);
    }
    const signature = await verifier.verify(headers, bytes);
    if (challenge !== undefined && answerChallenges) {
      return Response.json({ challenge });
    }
    const status = await handleOnce(readDelivery(bytes, signature));
    return new Response(null, { status });
  }

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      if (SignatureError.is(error) || WebhookError.is(error)) {
        tell(() => onRefused?.(error));
        return turnAway(request, statusOf(error));
      }
      tell(() => onError(error, undefined));
      return turnAway(request, 500);
    }
  };
}

function statusOf(error: SignatureError | WebhookError): number {
  if (SignatureError.is(error)) return 401;
  return error.problem === "too-large" ? 413 : 400;
}

/** Answers without a word, and gives the connection back that nobody has read from. */
function turnAway(
  request: Request,
  status: number,
  headers: Record<string, string> = {},
): Response {
  if (!request.bodyUsed) request.body?.cancel().catch(() => {});
  return new Response(null, { status, headers });
}

function isJson(contentType: string | null): boolean {
  return /^application\/([\w.+-]+\+)?json\s*(;|$)/i.test(contentType ?? "");
}

/** What a host wants echoed before it subscribes the endpoint. Source: v2 §11.1. */
function challengeOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > CHALLENGE_BYTES) return undefined;
  const { type, challenge } = readJsonObject(bytes) ?? {};
  return type === "openwop.webhook.verification" &&
      typeof challenge === "string"
    ? challenge
    : undefined;
}

function printError(error: unknown): void {
  console.error("A webhook could not be handled:", error);
}

/** Whoever is told may throw; the sender still gets its answer. */
function tell(listener: () => void): void {
  try {
    listener();
  } catch {
    // There is nobody left to tell.
  }
}
