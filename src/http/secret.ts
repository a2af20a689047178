// Web standards only.
import { parseBase64, parseHex } from "./binary_text.ts";
import { refuse } from "./failures.ts";

/**
 * How a shared secret is written. There is no default: the same 64 characters are one secret as hex and another one as
 * text, and only the platform knows which.
 */
export type WrittenSecret =
  | {
    /** The secret is the UTF-8 bytes of this text. */
    readonly text: string;
  }
  | {
    /** The secret is what these hex digits stand for. */
    readonly hex: string;
  }
  | {
    /** The secret is what this base64 or base64url text stands for. */
    readonly base64: string;
  };

/**
 * The bytes of a shared secret, for `signHmac` and whatever else takes one. Read it once, at the start of the program,
 * so that a missing variable is noticed there and the imported key is kept.
 *
 * @param written The secret and how it is written.
 * @throws {InvalidArgumentError} `invalid-argument`: it is empty or not written as it says. It is not in the message.
 *
 * @example
 * ```ts
 * import { parseSecret } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseSecret({ hex: "6b6579" }), parseSecret({ text: "key" }));
 * assert.throws(() => parseSecret({ hex: "key" }), { code: "invalid-argument" });
 * ```
 */
export function parseSecret(written: WrittenSecret): Uint8Array {
  const { text, hex, base64 = "" } = Object(written) as Partial<
    Record<string, string>
  >;
  const bytes = text
    ? new TextEncoder().encode(text)
    : hex
    ? parseHex(hex)
    : parseBase64(base64);
  return bytes?.length
    ? bytes
    : refuse("secret", "{ text }, { hex } or { base64 } is wanted");
}
