// Web standards only.

/** How bytes are written as text: lower-case hex, base64 with padding, or base64url without. */
export type BinaryEncoding = "hex" | "base64" | "base64url";

/** Writes bytes as text. */
export function toText(bytes: Uint8Array, encoding: BinaryEncoding): string {
  if (encoding === "hex") {
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
      .join("");
  }
  const text = btoa(String.fromCharCode(...bytes));
  return encoding === "base64" ? text : text.replace(
    /[+/=]/g,
    (char) => ({ "+": "-", "/": "_" })[char] ?? "",
  );
}

/**
 * Reads what {@linkcode toText} wrote, and what others write: hex in capitals, either alphabet of base64, with padding
 * or without.
 *
 * @returns `undefined` for what is none of that.
 */
export function fromText(
  text: string,
  encoding: BinaryEncoding,
): Uint8Array<ArrayBuffer> | undefined {
  if (encoding === "hex") {
    return /^([\da-f]{2})*$/i.test(text)
      ? Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
      : undefined;
  }
  try {
    const bytes = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
