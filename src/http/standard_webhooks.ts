// Web standards only.
import { parseBase64, toBase64 } from "./binary_text.ts";
import { refuse } from "./failures.ts";
import { signHmac } from "./hmac.ts";
import { SignatureError } from "./signature_error.ts";
import {
  checkSignatures,
  fillSignatureOptions,
  prepend,
  readHeader,
  readTimestamp,
  secondsOf,
} from "./signed_headers.ts";
import type { SignatureOptions } from "./signed_headers.ts";

/** The headers of a signed webhook. */
export interface StandardWebhookHeaders
  extends Readonly<Record<string, string>> {
  /** Names the message, the same for each attempt to deliver it. */
  readonly "webhook-id": string;
  /** When this attempt was signed, in seconds since the epoch. */
  readonly "webhook-timestamp": string;
  /** `v1,<base64>` for each secret, separated by spaces. */
  readonly "webhook-signature": string;
}

/** What a webhook that was verified says about itself. */
export interface VerifiedWebhook {
  /** Names the message. Keep it as long as the window is, to run a message that arrives twice only once. */
  readonly id: string;
  /** When it was signed, in milliseconds since the epoch. */
  readonly timestampMs: number;
}

/** Signs and verifies webhooks. */
export interface StandardWebhooks {
  /**
   * Signs one attempt to deliver a message, with every secret, so that a receiver may have either while they rotate.
   *
   * @param id Names the message: visible ASCII, the same for each attempt.
   * @param body Exactly what will be sent; text goes as UTF-8.
   * @returns the headers to send along.
   * @throws {InvalidArgumentError} `invalid-argument`: no header can carry the id, or it could be taken for an id and a
   * timestamp.
   */
  sign(
    id: string,
    body: string | Uint8Array,
  ): Promise<StandardWebhookHeaders>;
  /**
   * Verifies a message that arrived. One fitting signature is enough; entries of other versions are passed over.
   *
   * It does not remember what it has seen: within the window a copied message passes again, so keep the ids.
   *
   * @param headers As they arrived.
   * @param body As it arrived, before it is parsed.
   * @throws {SignatureError} `signature-invalid`; its `check` says what was wrong.
   */
  verify(
    headers: Headers,
    body: string | Uint8Array,
  ): Promise<VerifiedWebhook>;
}

const ID = "webhook-id";
const TIMESTAMP = "webhook-timestamp";
const SIGNATURE = "webhook-signature";

/**
 * Signs and verifies webhooks as the Standard Webhooks specification has it, symmetric signatures (`v1`): HMAC-SHA256
 * over `<id>.<timestamp>.<body>`, with the timestamp in a window around now.
 *
 * Source: Standard Webhooks specification 1.0.0, "Signature scheme".
 *
 * @param secrets `whsec_` and 24 to 64 bytes in base64. While secrets rotate, all that are valid, the newest first.
 * @param options The clock and the window.
 * @throws {InvalidArgumentError} `invalid-argument`: there is no secret, or one is not of that form. It is not in the
 * message.
 *
 * @example
 * ```ts
 * import { createStandardWebhooks } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const webhooks = createStandardWebhooks("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 * const headers = await webhooks.sign("msg_1", '{"type":"invoice.paid"}');
 *
 * const { id } = await webhooks.verify(new Headers({ ...headers }), '{"type":"invoice.paid"}');
 * assert.equal(id, "msg_1");
 * await assert.rejects(
 *   webhooks.verify(new Headers({ ...headers }), '{"type":"invoice.void"}'),
 *   { code: "signature-invalid", check: "mismatch" },
 * );
 * ```
 */
export function createStandardWebhooks(
  secrets: string | readonly string[],
  options: SignatureOptions = {},
): StandardWebhooks {
  const filled = fillSignatureOptions(options);
  const keys = [secrets].flat().map(readSecret);
  if (keys.length === 0) {
    refuse("secrets", "at least one is wanted");
  }
  return {
    async sign(id, body) {
      if (!isId(id)) {
        refuse(
          "id",
          "visible ASCII is wanted, without a part between full stops that could be a timestamp",
        );
      }
      const timestamp = String(secondsOf(filled.clock));
      const message = prepend(`${id}.${timestamp}.`, body);
      const entries = await Promise.all(
        keys.map(async (key) => `v1,${toBase64(await signHmac(key, message))}`),
      );
      return {
        [ID]: id,
        [TIMESTAMP]: timestamp,
        [SIGNATURE]: entries.join(" "),
      };
    },
    async verify(headers, body) {
      const id = readHeader(headers, ID);
      if (!isId(id)) throw new SignatureError("malformed", ID);
      const timestamp = readTimestamp(headers, TIMESTAMP, filled);
      const given = readHeader(headers, SIGNATURE).split(" ")
        .filter((entry) => entry.startsWith("v1,"))
        .map((entry) => parseBase64(entry.slice(3)))
        .filter((bytes) => bytes !== undefined);
      if (given.length === 0) throw new SignatureError("malformed", SIGNATURE);
      const message = prepend(`${id}.${timestamp}.`, body);
      await checkSignatures(keys, message, given, SIGNATURE);
      return { id, timestampMs: Number(timestamp) * 1_000 };
    },
  };
}

/**
 * What is signed is joined by full stops, so an id `a.1700000000` with its timestamp could as well be the id `a` with a
 * body that begins with the rest, signed for another message.
 */
function isId(id: string): boolean {
  return /^[!-~]+$/.test(id) && !/\.\d{9,}(\.|$)/.test(id);
}

function readSecret(text: string, index: number): Uint8Array {
  // Also of the wrong type: an environment variable that is not set.
  const bytes = /^whsec_/.test(text) ? parseBase64(text.slice(6)) : undefined;
  return bytes && bytes.length >= 24 && bytes.length <= 64 ? bytes : refuse(
    `secrets[${index}]`,
    '"whsec_" and 24 to 64 bytes in base64 are wanted',
  );
}
