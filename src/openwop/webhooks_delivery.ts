// Web standards only.
import { isJsonObject, readJsonObject, WebhookError } from "../http/mod.ts";
import { readV1Event } from "./protocol/mod.ts";
import type { RunEvent } from "./protocol/mod.ts";
import type { WebhookSignature } from "./webhooks_signature.ts";

/** An event of a run, as a host delivered it, verified. */
export interface WebhookDelivery extends WebhookSignature {
  /** The run, as the body names it. */
  readonly runId: string;
  /** Only where the run has a workspace. */
  readonly workspaceId?: string;
  /** The event, in the vocabulary of version 2, whichever major it came in. No order is promised: go by its `sequence`. */
  readonly event: RunEvent;
  /**
   * The same for each attempt to deliver this event to this subscription, and for nothing else: made of subscription, run
   * and sequence. Source: v2 §11.2.
   */
  readonly dedupKey: string;
}

// Twice what the grammar of version 2 allows; version 1 sets no limit, and keys are kept.
const LONGEST_ID = 512;

/**
 * Reads the body of a delivery whose signature was verified: the wrapper `{runId, workspaceId?, event}`, the bare event,
 * or both in one. Source: v2 §11.2, v1 §16.2.
 *
 * @throws {WebhookError} `webhook-invalid`, `malformed`.
 */
export function readDelivery(
  bytes: Uint8Array,
  signature: WebhookSignature,
): WebhookDelivery {
  const body = readJsonObject(bytes);
  if (!body) throw malformed("a JSON object is wanted");
  const wire = isJsonObject(body.event) ? body.event : body;
  const runId = body.runId ?? wire.runId;
  if (typeof runId !== "string" || !isId(runId)) {
    throw malformed(`"runId" of 1 to ${LONGEST_ID} characters is wanted`);
  }
  const { webhookId } = signature;
  if (webhookId !== undefined && !isId(webhookId)) {
    throw malformed(`a webhook id of 1 to ${LONGEST_ID} characters is wanted`);
  }
  // Neither headers nor body tell the major. Hosts of version 1 leave the run out where the wrapper has it.
  const event = readV1Event({ ...wire, runId: wire.runId ?? runId });
  if (!event) {
    throw malformed('an event with "type" and a whole "sequence" is wanted');
  }
  const { workspaceId } = body;
  return {
    ...signature,
    runId,
    ...(typeof workspaceId === "string" && { workspaceId }),
    event,
    // Ids may hold any separator.
    dedupKey: JSON.stringify([webhookId ?? null, runId, event.sequence]),
  };
}

function isId(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST_ID;
}

function malformed(detail: string): WebhookError {
  return new WebhookError("malformed", detail);
}
