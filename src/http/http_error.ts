// Web standards only.
import { brand, hasKind, TuttiError } from "./errors.ts";
import type { TuttiErrorOptions } from "./errors.ts";
import type { JsonValue } from "./json.ts";

/** What an {@linkcode HttpError} is made from. */
export interface HttpErrorInit extends TuttiErrorOptions {
  /** Kebab-case code, where it should be finer than `http-error`. */
  readonly code?: string;
  /** HTTP status. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Headers;
  /** Body of the answer: JSON if it parsed, text if it did not, `undefined` if there was none. Bounded. */
  readonly body?: JsonValue | undefined;
  /** The platform's own code. */
  readonly platformCode?: string | undefined;
  /** The platform's own words. */
  readonly platformMessage?: string | undefined;
  /** Whatever the platform says beside it. */
  readonly details?: JsonValue | undefined;
  /** Id that the server gave the request. */
  readonly requestId?: string | undefined;
  /** W3C trace id. */
  readonly traceId?: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * The server answered, and the answer is not a success. Code: `http-error`, or a finer one in a platform's subclass.
 *
 * The body is kept, bounded, as text where it is not JSON; the message never holds any of it. `platformCode` is the
 * platform's own code: branch on it or on `status`.
 */
export class HttpError extends TuttiError {
  /** Literal, so that it survives a minifier. */
  override name = "HttpError";
  /** HTTP status. */
  readonly status: number;
  /** Headers of the answer. */
  readonly headers: Headers;
  /** Body of the answer: JSON if it parsed, text if it did not, `undefined` if there was none. */
  readonly body: JsonValue | undefined;
  /** The platform's own code, `undefined` where the answer had none. */
  readonly platformCode: string | undefined;
  /** The platform's own words. */
  readonly platformMessage: string | undefined;
  /** Whatever the platform says beside it. */
  readonly details: JsonValue | undefined;
  /** Id that the server gave the request. */
  readonly requestId: string | undefined;
  /** W3C trace id, 32 hex digits. */
  readonly traceId: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /runs`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: HttpErrorInit) {
    const code = init.platformCode === undefined
      ? ""
      : ` with code ${JSON.stringify(clip(init.platformCode, 128))}`;
    super(
      init.code ?? "http-error",
      `Cannot finish ${action}: the server answered ${init.status}${code}`,
      init,
    );
    this.status = init.status;
    this.headers = init.headers;
    this.body = init.body;
    this.platformCode = init.platformCode;
    this.platformMessage = init.platformMessage;
    this.details = init.details;
    this.requestId = init.requestId;
    this.traceId = init.traceId;
    this.retryAfterMs = init.retryAfterMs;
    brand(this, "HttpError");
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is(value: unknown): value is HttpError {
    return hasKind(value, "HttpError");
  }
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text;
}
