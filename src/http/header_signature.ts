// Web standards only.
import { parseBase64, parseHex, toBase64, toHex } from "./binary_text.ts";
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

/** How a platform puts a signature into headers. */
export interface HeaderSignatureScheme {
  /** The header with the signature. */
  readonly signatureHeader: string;
  /**
   * The header with the time of signing, in seconds since the epoch. With it, `<timestamp>.<body>` is signed and its age
   * is checked. Without it, the body alone is signed, and a copy of a message passes for ever.
   */
  readonly timestampHeader?: string | undefined;
  /**
   * What stands before the signature. Of several, the first is written and each is accepted; `""` is none, and belongs
   * at the end. @default "sha256="
   */
  readonly prefix?: string | readonly string[] | undefined;
  /** How the signature is written. @default "hex" */
  readonly encoding?: "hex" | "base64" | undefined;
}

/** Signs and verifies bodies by headers of their own. */
export interface HeaderSignature {
  /**
   * Signs a body, with the first secret.
   *
   * @param body Exactly what will be sent; text goes as UTF-8.
   * @returns the headers to send along.
   */
  sign(body: string | Uint8Array): Promise<Readonly<Record<string, string>>>;
  /**
   * Verifies a body that arrived, under each of the secrets.
   *
   * It does not remember what it has seen: within the window a copied message passes again.
   *
   * @param headers As they arrived.
   * @param body As it arrived, before it is parsed.
   * @returns when it was signed, in milliseconds since the epoch; `undefined` where the scheme does not say.
   * @throws {SignatureError} `signature-invalid`; its `check` says what was wrong.
   */
  verify(
    headers: Headers,
    body: string | Uint8Array,
  ): Promise<number | undefined>;
}

/**
 * Signs and verifies bodies in the way that many platforms share and spell differently: HMAC-SHA256 over
 * `<timestamp>.<body>` or the body alone, written with a prefix into one header and the timestamp into another.
 *
 * @param secrets While secrets rotate, all that are valid, the newest first.
 * @param scheme How this platform spells it.
 * @param options The clock and the window.
 * @throws {InvalidArgumentError} `invalid-argument`: there is no secret, one is not made of bytes, or the tolerance is no
 * duration.
 *
 * @example
 * ```ts
 * import { createHeaderSignature, parseSecret } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const signature = createHeaderSignature(parseSecret({ text: "s3cret" }), {
 *   signatureHeader: "x-signature",
 *   timestampHeader: "x-timestamp",
 * }, { clock: { now: () => 1_700_000_000_000 } });
 *
 * const headers = new Headers(await signature.sign("{}"));
 * assert.match(headers.get("x-signature") ?? "", /^sha256=[0-9a-f]{64}$/);
 * assert.equal(await signature.verify(headers, "{}"), 1_700_000_000_000);
 * ```
 */
export function createHeaderSignature(
  secrets: Uint8Array | readonly Uint8Array[],
  scheme: HeaderSignatureScheme,
  options: SignatureOptions = {},
): HeaderSignature {
  const filled = fillSignatureOptions(options);
  const { signatureHeader, timestampHeader } = scheme;
  const [write, read] = scheme.encoding === "base64"
    ? [toBase64, parseBase64]
    : [toHex, parseHex];
  const prefixes = [scheme.prefix ?? "sha256="].flat();
  const keys = [secrets].flat();
  const [newest] = keys;
  if (!newest || !keys.every((key) => ArrayBuffer.isView(key) && key.length)) {
    refuse(
      "secrets",
      "bytes are wanted, and at least one secret",
    );
  }
  return {
    async sign(body) {
      const timestamp = String(secondsOf(filled.clock));
      const message = prepend(timestampHeader ? `${timestamp}.` : "", body);
      const digest = await signHmac(newest, message);
      return {
        ...(timestampHeader ? { [timestampHeader]: timestamp } : {}),
        [signatureHeader]: `${prefixes[0] ?? ""}${write(digest)}`,
      };
    },
    async verify(headers, body) {
      const value = readHeader(headers, signatureHeader);
      const timestamp = timestampHeader &&
        readTimestamp(headers, timestampHeader, filled);
      const prefix = prefixes.find((start) => value.startsWith(start));
      const given = prefix === undefined
        ? undefined
        : read(value.slice(prefix.length));
      if (!given) throw new SignatureError("malformed", signatureHeader);
      const message = prepend(timestamp ? `${timestamp}.` : "", body);
      await checkSignatures(keys, message, [given], signatureHeader);
      return timestamp ? Number(timestamp) * 1_000 : undefined;
    },
  };
}
