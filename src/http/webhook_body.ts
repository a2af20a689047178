// Web standards only.
import { readBytes } from "./body.ts";
import { isJsonObject } from "./check.ts";
import { InvalidArgumentError, refuse } from "./failures.ts";
import type { JsonObject } from "./json.ts";
import { parseJson } from "./parse_json.ts";
import { WebhookError } from "./webhook_error.ts";

/** How much of a delivery is read. */
export interface BodyLimit {
  /** The most bytes that a body may have. @default 1_048_576 */
  readonly maxBodyBytes?: number | undefined;
}

/**
 * Gives the limit of a delivery's body.
 *
 * @param options How it is read.
 * @throws {InvalidArgumentError} `invalid-argument`, for what cannot be a limit.
 */
export function bodyLimit(
  { maxBodyBytes = 1_048_576 }: BodyLimit,
): number {
  return maxBodyBytes > 0 ? maxBodyBytes : refuse(
    "maxBodyBytes",
    "a positive number is wanted",
  );
}

/**
 * Reads the bytes of a delivery, for whoever verifies its signature.
 *
 * @param request As it arrived, its body unread.
 * @param limit In bytes.
 * @throws {WebhookError} `webhook-invalid`: it is `too-large`, or ended early (`unreadable`).
 * @throws {InvalidArgumentError} `invalid-argument`: somebody has read it.
 */
export async function readDeliveryBytes(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  try {
    bytes = await readBytes(request, limit);
  } catch (error) {
    if (InvalidArgumentError.is(error)) throw error;
    throw new WebhookError("unreadable", "its body ended early", {
      cause: error,
    });
  }
  if (bytes) return bytes;
  throw new WebhookError("too-large", `its body has more than ${limit} bytes`);
}

/**
 * Reads the body of a delivery as a JSON object.
 *
 * @param bytes As they came.
 * @returns `undefined` for what is none.
 */
export function readJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = parseJson(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    );
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
