// Web standards only.
import { InvalidArgumentError, readBytes } from "../http/mod.ts";
import { WebhookError } from "./webhooks_error.ts";

/**
 * Reads the bytes of a delivery.
 *
 * @throws {WebhookError} `webhook-invalid`: it is too large, or ended early.
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
