// Web standards only.
import type { ErrorEnvelope, JsonObject } from "../openwop/protocol/mod.ts";

/** An answer that a route gives: JSON, or an event stream. */
export interface Reply {
  /** HTTP status. */
  readonly status: number;
  /** What to send as JSON; nothing when absent. */
  readonly body?: unknown;
  /** Beside those that the edge adds. */
  readonly headers?: Readonly<Record<string, string>>;
  /** In place of `body`; a text where all of the stream is at hand. */
  readonly stream?: ReadableStream<Uint8Array> | string;
}

/** A request that is refused, with the answer that says why. Thrown by routes, caught at the edge. */
export class Refusal extends Error {
  override name = "Refusal";
  /** HTTP status. */
  readonly status: number;
  /** A code of the registry (v2 §12.2). */
  readonly code: string;
  /** Whatever belongs to the code. */
  readonly details: JsonObject | undefined;
  /** For example `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details?: JsonObject,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  /** The answer: the closed envelope of v2 §12.1. */
  reply(): Reply {
    const body: ErrorEnvelope = {
      error: this.code,
      message: this.message,
      ...(this.details && { details: this.details }),
    };
    return { status: this.status, body, headers: this.headers };
  }
}

/** `400 validation_error`, with the place of the fault as a JSON pointer. */
export function invalid(
  message: string,
  pointer: string,
  details: JsonObject = {},
): Refusal {
  return new Refusal(400, "validation_error", message, { ...details, pointer });
}

/** `404 not_found`. */
export function notFound(message: string): Refusal {
  return new Refusal(404, "not_found", message);
}

/** `409 run_already_active`. Source: v2 §8.1, v1 §13.3. */
export function alreadyActive(runId: string): Refusal {
  return new Refusal(
    409,
    "run_already_active",
    "Cannot create the run: another one with its scopeId is active",
    { activeRunId: runId, activeHost: "cloud" },
    { "retry-after": "30" },
  );
}

/** `503 service_unavailable`, for a host that was closed. */
export function hostClosed(): Refusal {
  return new Refusal(
    503,
    "service_unavailable",
    "Cannot answer: the host was closed",
    undefined,
    { "retry-after": "1" },
  );
}
