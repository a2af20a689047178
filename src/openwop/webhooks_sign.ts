// Web standards only.
import {
  createHeaderSignature,
  createStandardWebhooks,
  isJsonObject,
  readJsonObject,
  refuse,
} from "../http/mod.ts";
import type { Clock, JsonObject } from "../http/mod.ts";
import { familyHeaders } from "./webhooks_families.ts";
import type { WebhookFamily } from "./webhooks_families.ts";

/** What a signed delivery looks like. */
export interface SignWebhookOptions {
  /** Where it goes. @default "https://receiver.test/" */
  readonly url?: string | undefined;
  /** The spellings of the headers, several for a host of both majors. @default ["v2"] */
  readonly families?: readonly WebhookFamily[] | undefined;
  /** The subscription. @default none, and no header for it */
  readonly webhookId?: string | undefined;
  /** The id of the message in the companion scheme. @default "msg_1" */
  readonly messageId?: string | undefined;
  /** Tells when it is signed. @default Date */
  readonly clock?: Pick<Clock, "now"> | undefined;
}

/**
 * Makes the request that a host would send: for tests of what receives it, and of nothing else.
 *
 * @param body What is delivered: text or bytes as they are, an object as JSON.
 * @param secret Of the subscription; for the companion scheme one that starts with `whsec_`.
 * @param options Spelling, subscription, time.
 * @throws {InvalidArgumentError} `invalid-argument`: the secret cannot be right, there is no family, or two want the same
 * header.
 *
 * @example
 * ```ts
 * import { signWebhook, verifyWebhookSignature } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const request = await signWebhook("{}", "s3cret", {
 *   families: ["v2", "v1"],
 *   clock: { now: () => 1_767_225_600_000 },
 * });
 * assert.equal(request.headers.get("openwop-timestamp"), "1767225600");
 * assert.equal(
 *   request.headers.get("openwop-signature"),
 *   request.headers.get("x-openwop-signature"),
 * );
 * ```
 */
export async function signWebhook(
  body: string | Uint8Array | JsonObject | object,
  secret: string,
  options: SignWebhookOptions = {},
): Promise<Request> {
  const bytes = typeof body === "string"
    ? new TextEncoder().encode(body)
    : ArrayBuffer.isView(body)
    ? new Uint8Array(body as Uint8Array)
    : new TextEncoder().encode(JSON.stringify(body));
  const { families = ["v2"], webhookId } = options;
  const type = typeOf(bytes);
  const headers = new Headers({
    "content-type": "application/json",
    "user-agent": "openwop-webhook-dispatcher/test",
  });
  const add = (name: string | undefined, value: string | undefined): void => {
    if (name === undefined || value === undefined) return;
    if ((headers.get(name) ?? value) !== value) {
      refuse(
        "families",
        `two of them want the header "${name}", each with its own value`,
      );
    }
    headers.set(name, value);
  };
  if (families.length === 0) {
    refuse("families", "it is empty");
  }
  for (const family of families) {
    const { id, type: typeHeader, algorithm } = familyHeaders[family];
    add(id, webhookId);
    add(typeHeader, type);
    add(algorithm, "v1");
    const signed = await sign(family, bytes, secret, options);
    for (const [name, value] of Object.entries(signed)) add(name, value);
  }
  return new Request(options.url ?? "https://receiver.test/", {
    method: "POST",
    headers,
    body: bytes,
  });
}

async function sign(
  family: WebhookFamily,
  bytes: Uint8Array,
  secret: string,
  { clock, messageId = "msg_1" }: SignWebhookOptions,
): Promise<Readonly<Record<string, string>>> {
  if (family === "standard-webhooks") {
    return await createStandardWebhooks(secret, { clock })
      .sign(messageId, bytes);
  }
  const { signature, timestamp = "t", prefix = "" } = familyHeaders[family];
  const signed = await createHeaderSignature(new TextEncoder().encode(secret), {
    signatureHeader: signature,
    timestampHeader: timestamp,
    prefix,
  }, { clock }).sign(bytes);
  return family === "reference-app"
    ? { [signature]: `t=${signed[timestamp]},v1=${signed[signature]}` }
    : signed;
}

/** The type of the event, where the bytes are one and a header can hold it. */
function typeOf(bytes: Uint8Array): string | undefined {
  const body = readJsonObject(bytes);
  const event = isJsonObject(body?.event) ? body.event : body;
  const type = event?.type;
  return typeof type === "string" && /^[!-~]+$/.test(type) ? type : undefined;
}
