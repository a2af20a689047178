// Web standards only.
import type { Clock } from "./clock.ts";
import { signHmac } from "./hmac.ts";
import { checkDuration } from "./options.ts";
import { SignatureError } from "./signature_error.ts";
import { timingSafeEqual } from "./timing_safe.ts";

/** How the age of a signed message is judged. */
export interface SignatureOptions {
  /** Tells the time, for signing and for verifying. @default Date */
  readonly clock?: Pick<Clock, "now"> | undefined;
  /**
   * How far the timestamp of a message may lie in the past or in the future, in milliseconds; whole seconds count.
   * `Infinity` accepts any age, and with that every repetition. @default 300_000
   */
  readonly toleranceMs?: number | undefined;
}

/** {@linkcode SignatureOptions}, all filled in and checked. */
export type FilledSignatureOptions = Required<SignatureOptions> & {
  readonly clock: Pick<Clock, "now">;
  readonly toleranceMs: number;
};

/** Fills in the defaults. */
export function fillSignatureOptions(
  { clock = Date, toleranceMs = 300_000 }: SignatureOptions,
): FilledSignatureOptions {
  return { clock, toleranceMs: checkDuration("toleranceMs", toleranceMs) };
}

/** The header, which must be there. */
export function readHeader(headers: Headers, name: string): string {
  const value = headers.get(name);
  if (!value) throw new SignatureError("missing", name);
  return value;
}

/** The timestamp in whole seconds, as the header has it, once it lies within the window. */
export function readTimestamp(
  headers: Headers,
  name: string,
  { clock, toleranceMs }: FilledSignatureOptions,
): string {
  const text = readHeader(headers, name);
  if (!/^\d{1,12}$/.test(text)) throw new SignatureError("malformed", name);
  const ageMs = (secondsOf(clock) - Number(text)) * 1_000;
  if (Math.abs(ageMs) > toleranceMs) {
    throw new SignatureError(ageMs > 0 ? "expired" : "early", name, {
      hint:
        "check the clocks on both sides; a message held back for long must be signed anew",
    });
  }
  return text;
}

/** What timestamps are made of. */
export function secondsOf(clock: Pick<Clock, "now">): number {
  return Math.floor(clock.now() / 1_000);
}

/**
 * Refuses a message that none of the given signatures fits, under any of the secrets. One digest is computed for each
 * secret, however many signatures were sent.
 */
export async function checkSignatures(
  secrets: readonly Uint8Array[],
  message: Uint8Array,
  given: readonly Uint8Array[],
  header: string,
): Promise<void> {
  let fits = false;
  for (const secret of secrets) {
    const wanted = await signHmac(secret, message);
    for (const one of given) fits = timingSafeEqual(one, wanted) || fits;
  }
  if (!fits) {
    throw new SignatureError("mismatch", header, {
      hint:
        "verify the bytes of the body before they are parsed, with the secret of this very endpoint",
    });
  }
}

/** The bytes that are signed: a prefix, then the body as it travels. */
export function prepend(
  prefix: string,
  body: string | Uint8Array,
): Uint8Array {
  const encoder = new TextEncoder();
  if (typeof body === "string") return encoder.encode(prefix + body);
  const start = encoder.encode(prefix);
  const bytes = new Uint8Array(start.length + body.length);
  bytes.set(start);
  bytes.set(body, start.length);
  return bytes;
}
