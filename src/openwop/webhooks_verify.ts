// Web standards only.
import { bodyLimit, readDeliveryBytes } from "../http/mod.ts";
import type { BodyLimit } from "../http/mod.ts";
import { readDelivery } from "./webhooks_delivery.ts";
import type { WebhookDelivery } from "./webhooks_delivery.ts";
import { createVerifier } from "./webhooks_signature.ts";
import type {
  WebhookSecret,
  WebhookSignatureOptions,
} from "./webhooks_signature.ts";

/** How deliveries are verified and read. */
export interface WebhookOptions extends WebhookSignatureOptions, BodyLimit {}

/**
 * Verifies a webhook delivery of any OpenWOP host and reads the event in it. Works wherever there is Web Crypto, in
 * browsers too.
 *
 * The headers of version 2 count first, then those of version 1, then the Standard Webhooks companion scheme; an
 * algorithm that is not known is refused. The timestamp must lie within the window, 300 seconds both ways by default.
 * The signature is over the bytes of the body, so hand the request on before anything reads it. Nothing of the body is
 * looked at before its signature fits.
 *
 * It does not remember what it has seen, and a host delivers an event at least once: drop those whose `dedupKey` you
 * have handled, or let {@linkcode receiveWebhook} do it. Which subscription it was is not signed: see
 * {@linkcode WebhookSecret}. Source: v2 §11.2, v1 §16.4.
 *
 * @param request As it arrived, its body unread.
 * @param secret Of the subscription.
 * @param options Window, clock, older spellings, size.
 * @throws {SignatureError} `signature-invalid`; its `check` and `header` say what was wrong. Answer 401.
 * @throws {WebhookError} `webhook-invalid`; its `problem` says what was wrong. Answer 413 or 400.
 * @throws {InvalidArgumentError} `invalid-argument`: the body was read before, or the secret, the window or the size
 * cannot be right. The secret is not in the message.
 *
 * @example
 * ```ts
 * import { signWebhook, verifyWebhook } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * // What a host would send.
 * const request = await signWebhook({
 *   runId: "acme/3f9c1c52b8d04f52",
 *   event: { type: "run.completed", sequence: 7, payload: { outputs: { ok: true } } },
 * }, "s3cret", { webhookId: "acme/wh-5d0c7a14e2b9" });
 *
 * const { runId, event } = await verifyWebhook(request, "s3cret");
 * assert.equal(runId, "acme/3f9c1c52b8d04f52");
 * assert.ok(event.type === "run.completed" && event.payload.outputs.ok);
 * ```
 */
export async function verifyWebhook(
  request: Request,
  secret: WebhookSecret,
  options: WebhookOptions = {},
): Promise<WebhookDelivery> {
  const limit = bodyLimit(options);
  const verifier = createVerifier(secret, options);
  const { headers } = request;
  verifier.check(headers);
  const bytes = await readDeliveryBytes(request, limit);
  return readDelivery(bytes, await verifier.verify(headers, bytes));
}
