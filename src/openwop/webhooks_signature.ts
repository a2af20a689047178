// Web standards only.
import {
  createHeaderSignature,
  createStandardWebhooks,
  refuse,
  SignatureError,
} from "../http/mod.ts";
import type { SignatureOptions } from "../http/mod.ts";
import { combined, familyHeaders, pickFamily } from "./webhooks_families.ts";
import type { WebhookFamily } from "./webhooks_families.ts";

/**
 * The secret of a subscription, as the host gave it. While secrets rotate, all that are valid, the newest first.
 *
 * The id of the subscription is not signed. Where several subscriptions share an endpoint, give each its own secret and
 * hand in a function: an id that was tampered with then fails the signature. `undefined` is for an id nobody knows.
 */
export type WebhookSecret =
  | string
  | readonly string[]
  | ((
    webhookId: string | undefined,
  ) =>
    | string
    | readonly string[]
    | undefined
    | Promise<string | readonly string[] | undefined>);

/** How deliveries are verified. */
export interface WebhookSignatureOptions extends SignatureOptions {
  /**
   * Accepts the spellings of older SDKs and of the reference hosts too, with the same signature. Leave it off unless
   * such a host sends to you. @default false
   */
  readonly legacy?: boolean | undefined;
}

/** What the headers of a verified delivery say. */
export interface WebhookSignature {
  /** How the host spelled the headers that were verified. */
  readonly family: WebhookFamily;
  /** The subscription, where the host names it. No signature covers it: see {@linkcode WebhookSecret}. */
  readonly webhookId: string | undefined;
  /** When this attempt was signed, in milliseconds since the epoch. */
  readonly timestampMs: number;
}

/** Verifies deliveries with one secret; its keys are imported once. */
export interface WebhookVerifier {
  /** What can be refused before there is a body. */
  check(headers: Headers): void;
  verify(
    headers: Headers,
    body: string | Uint8Array,
  ): Promise<WebhookSignature>;
}

/**
 * Verifies a delivery of which only headers and bytes are at hand, as in a framework of its own request type; with a web
 * `Request`, use {@linkcode verifyWebhook}.
 *
 * The first family of headers that is complete counts, in the order `v2`, `v1`, `standard-webhooks`. The body must be
 * the bytes as they arrived: parsed and written again, it is another message.
 *
 * It does not remember what it has seen: within the window a copy passes again. Source: v1 §16.4, v2 §11.2.
 *
 * @param headers As they arrived.
 * @param body As it arrived.
 * @param secret Of the subscription.
 * @param options Window, clock, older spellings.
 * @throws {SignatureError} `signature-invalid`; its `check` and `header` say what was wrong.
 * @throws {InvalidArgumentError} `invalid-argument`: the secret or the window cannot be right. The secret is not in the
 * message.
 *
 * @example
 * ```ts
 * import { signWebhook, verifyWebhookSignature } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const { headers } = await signWebhook("{}", "s3cret", { webhookId: "wh_1" });
 * const { family, webhookId } = await verifyWebhookSignature(headers, "{}", "s3cret");
 * assert.deepEqual([family, webhookId], ["v2", "wh_1"]);
 * await assert.rejects(
 *   verifyWebhookSignature(headers, "{ }", "s3cret"),
 *   { code: "signature-invalid", check: "mismatch" },
 * );
 * ```
 */
export async function verifyWebhookSignature(
  headers: Headers,
  body: string | Uint8Array,
  secret: WebhookSecret,
  options: WebhookSignatureOptions = {},
): Promise<WebhookSignature> {
  return await createVerifier(secret, options).verify(headers, body);
}

/** Checks the secret, where it is at hand, and makes the verifier. */
export function createVerifier(
  secret: WebhookSecret,
  options: WebhookSignatureOptions,
): WebhookVerifier {
  const { legacy = false } = options;
  const fixed = typeof secret === "function" ? undefined : toSecrets(secret);
  // Made for its checks: the window is wrong now, not at the first delivery.
  createHeaderSignature(new Uint8Array(1), { signatureHeader: "-" }, options);
  const secretsFor = async (
    webhookId: string | undefined,
    header: string,
  ): Promise<readonly Secret[]> => {
    if (typeof secret !== "function") return fixed!;
    const found = await secret(webhookId);
    if (found === undefined) throw new SignatureError("mismatch", header);
    return toSecrets(found);
  };

  function pick(headers: Headers): WebhookFamily {
    const family = pickFamily(headers, legacy);
    const { algorithm } = familyHeaders[family];
    // One that is absent counts as v1. Source: v1 §16.4 rule 3.
    if (algorithm && (headers.get(algorithm) ?? "v1") !== "v1") {
      throw new SignatureError("unsupported", algorithm);
    }
    return family;
  }

  return {
    check: (headers) => void pick(headers),
    async verify(headers, body) {
      const family = pick(headers);
      const { id, signature } = familyHeaders[family];
      const webhookId = id ? headers.get(id) ?? undefined : undefined;
      const secrets = await secretsFor(webhookId, id ?? signature);
      const timestampMs = family === "standard-webhooks"
        ? await verifyStandard(secrets, headers, body, options)
        : family === "reference-app"
        ? await verifyCombined(secrets, headers, body, options)
        : await verifyPair(secrets, family, headers, body, options);
      return { family, webhookId, timestampMs };
    },
  };
}

/** The secret of an OpenWOP host is text, whatever it looks like. Source: v1 §16.4. */
interface Secret {
  readonly text: string;
  readonly bytes: Uint8Array;
}

function toSecrets(secret: string | readonly string[]): readonly Secret[] {
  const list = [secret].flat();
  // Also of the wrong type: an environment variable that is not set.
  if (
    list.length === 0 ||
    list.some((text) => typeof text !== "string" || text === "")
  ) {
    refuse(
      "secret",
      "a text that is not empty is wanted, or several",
    );
  }
  const encoder = new TextEncoder();
  return list.map((text) => ({ text, bytes: encoder.encode(text) }));
}

async function verifyPair(
  secrets: readonly Secret[],
  family: WebhookFamily,
  headers: Headers,
  body: string | Uint8Array,
  options: WebhookSignatureOptions,
): Promise<number> {
  const { signature, timestamp, prefix = "" } = familyHeaders[family];
  const keys = secrets.map(({ bytes }) => bytes);
  const verified = await createHeaderSignature(keys, {
    signatureHeader: signature,
    timestampHeader: timestamp,
    // Hosts were seen to mix the spellings of name and value. Source: v2 §11.2.
    prefix: options.legacy ? ["sha256=", "v1=", ""] : prefix,
  }, options).verify(headers, body);
  // There is a timestamp header, so there is a time.
  return verified as number;
}

async function verifyCombined(
  secrets: readonly Secret[],
  headers: Headers,
  body: string | Uint8Array,
  options: WebhookSignatureOptions,
): Promise<number> {
  const { signature } = familyHeaders["reference-app"];
  const [, timestamp, hex] = combined.exec(headers.get(signature) ?? "") ?? [];
  if (!timestamp || !hex) throw new SignatureError("malformed", signature);
  const { signature: name, timestamp: time = "" } = familyHeaders.v1;
  const apart = new Headers({ [time]: timestamp, [name]: `sha256=${hex}` });
  try {
    return await verifyPair(secrets, "v1", apart, body, options);
  } catch (error) {
    if (!SignatureError.is(error)) throw error;
    throw new SignatureError(
      error.check,
      signature,
      error.hint === undefined ? {} : { hint: error.hint },
    );
  }
}

/** The secret of the companion scheme is written as that scheme writes it. Source: v2 §11.1. */
async function verifyStandard(
  secrets: readonly Secret[],
  headers: Headers,
  body: string | Uint8Array,
  options: WebhookSignatureOptions,
): Promise<number> {
  const fitting = secrets.map(({ text }) => text)
    .filter((text) => text.startsWith("whsec_"));
  if (fitting.length === 0) {
    throw new SignatureError("mismatch", "webhook-signature", {
      hint: 'this scheme wants the secret that starts with "whsec_"',
    });
  }
  const { timestampMs } = await createStandardWebhooks(fitting, options)
    .verify(headers, body);
  return timestampMs;
}
