// Web standards only.
import { brand, TuttiError } from "./errors.ts";
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
 * platform's own code: branch on it or on `status`. What the server wrote (`headers`, `body`, `platformMessage`,
 * `details`) is not enumerable, so that logging the error or writing it as JSON does not spread it.
 */
export class HttpError extends TuttiError {
  /** HTTP status. */
  declare readonly status: number;
  /** Headers of the answer. */
  declare readonly headers: Headers;
  /** Body of the answer: JSON if it parsed, text if it did not, `undefined` if there was none. */
  declare readonly body: JsonValue | undefined;
  /** The platform's own code, `undefined` where the answer had none. */
  declare readonly platformCode: string | undefined;
  /** The platform's own words. */
  declare readonly platformMessage: string | undefined;
  /** Whatever the platform says beside it. */
  declare readonly details: JsonValue | undefined;
  /** Id that the server gave the request. */
  declare readonly requestId: string | undefined;
  /** W3C trace id, 32 hex digits. */
  declare readonly traceId: string | undefined;
  /** How long the server asks to wait, in milliseconds. */
  declare readonly retryAfterMs: number | undefined;

  /**
   * Makes one; the library does, callers rarely need to.
   *
   * @param action What was under way, for example `POST /runs`.
   * @param init Everything about the answer.
   */
  constructor(action: string, init: HttpErrorInit) {
    const { platformCode: code = "" } = init;
    super(
      init.code ?? "http-error",
      `Cannot finish ${action}: the server answered ${init.status}${
        code && ` with code ${JSON.stringify(code.slice(0, 128))}`
      }`,
      {
        ...init,
        // The words themselves are not for logs; that there are some is worth knowing.
        hint: init.hint ??
          (init.platformMessage && "`platformMessage` says more"),
      },
    );
    // What the server wrote may hold anything: the last four are there to be read, but no dump or JSON of the error shows them.
    [
      "status",
      "requestId",
      "traceId",
      "retryAfterMs",
      "platformCode",
      "platformMessage",
      "headers",
      "body",
      "details",
    ].forEach((name, index) =>
      Object.defineProperty(this, name, {
        value: init[name as keyof HttpErrorInit],
        enumerable: index < 5,
      })
    );
  }

  /** Whether `value` is one, of this or of another copy of the module. */
  static override is: (value: unknown) => value is HttpError =
    /* @__PURE__ */ brand(this, "HttpError");
}
