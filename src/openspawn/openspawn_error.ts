// Web standards only.
import { brand, HttpError } from "../http/mod.ts";
import type { HttpErrorInit, HttpFailure } from "../http/mod.ts";
import type { OperationMark } from "./protocol/mod.ts";

/** What an {@linkcode OpenSpawnError} is made from. */
export interface OpenSpawnErrorInit extends HttpErrorInit {
  /** Whether it may have taken effect. @default false */
  readonly outcomeUncertain?: boolean | undefined;
}

/**
 * OpenSpawn refused a call. Code: `http-error`.
 *
 * Branch on `status`: the server's own code is the English name of it. `platformMessage` is what the server wrote;
 * for input that it refuses (400, never 422), `details` are its messages one by one. 422 is a task that cannot go from
 * its status to the wanted one. 401 is the same whatever was wrong.
 */
export class OpenSpawnError extends HttpError {
  /**
   * Whether it may have taken effect all the same: the server answers 500 to several operations after it has done
   * them. Read back what was to change before you repeat the call.
   */
  declare readonly outcomeUncertain: boolean;

  /**
   * Makes one; the client does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /api/v1/tasks`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: OpenSpawnErrorInit) {
    super(action, init);
    this.outcomeUncertain = !!init.outcomeUncertain;
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is OpenSpawnError =
    /* @__PURE__ */ brand(this, "OpenSpawnError");
}

/** Reads the error body of the server. */
export function toOpenSpawnError(
  failure: HttpFailure,
  mark: OperationMark = "",
  skewMs = 0,
): OpenSpawnError {
  const { status, body, operation } = failure;
  const { error, code } = Object(body) as Record<string, unknown>;
  const isOpen = status >= 500 || status === 408;
  const outcomeUncertain = isOpen && operation.method !== "GET" &&
    operation.auth !== false;
  // As the client itself does it with this operation.
  const retryable = operation.isRetryable?.(failure as never) ??
    !!failure.retryable;
  let { hint } = failure;
  if (status === 401) hint = hintForCredential(skewMs);
  else if (outcomeUncertain || (isOpen && mark.endsWith("~"))) {
    hint = hintForEffect(mark) +
      (retryable ? ": read it back" : ": read it back, do not repeat it");
  }
  return new OpenSpawnError(failure.action, {
    ...failure,
    platformCode: typeof code === "string" ? code : undefined,
    platformMessage: error ? [error].flat().join("; ") : undefined,
    details: Array.isArray(error) ? error : undefined,
    // What the server blocks a client for; a page of another origin cannot read its Retry-After.
    retryAfterMs: failure.retryAfterMs ??
      (status === 429 ? 60_000 : undefined),
    hint,
    retryable,
    outcomeUncertain,
  });
}

function hintForCredential(skewMs: number): string {
  const seconds = Math.round(skewMs / 1_000);
  return Math.abs(skewMs) > 290_000
    ? `the clock here is off by ${seconds} s: set it, or set correctClock`
    : "check the credential, and that the agent is active";
}

function hintForEffect(mark: OperationMark): string {
  if (mark.endsWith("~")) {
    return "the reference server fails here, often after it took effect";
  }
  return mark === "+"
    ? "it takes effect all the same, agent credentials get an answer"
    : "it may have taken effect";
}
