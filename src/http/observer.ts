// Web standards only.
import type { Answer } from "./answer.ts";
import { hasKind } from "./errors.ts";
import type { TuttiError } from "./errors.ts";
import type { CallStep, Observe } from "./observe.ts";
import type { CallContext, HttpRequest } from "./operation.ts";

/**
 * One thing that happened to a call, for logs, metrics and traces.
 *
 * Its fields are safe to write anywhere: no header, query, body, credential, cause or word of a server is among them.
 * What may hold a secret is behind functions, which neither `JSON.stringify` nor an inspector calls.
 */
export interface CallEvent {
  /** What happened. */
  readonly type: CallStep;
  /** The same for all events of one call, another for each call that this observer sees. */
  readonly callId: number;
  /** `GET /runs/r-1`, or the label of the operation where its path is a secret. */
  readonly action: string;
  /** Number of the try, 0 before the first; for `end`, how many there were. */
  readonly attempt: number;
  /** Milliseconds since the epoch, of the transport's clock. */
  readonly at: number;
  /** The key of a keyed call. */
  readonly idempotencyKey: string | undefined;
  /** `answer`, `end`: how long the try or the call took, in milliseconds. */
  readonly elapsedMs?: number | undefined;
  /** `retry`: how long until the next try, in milliseconds. */
  readonly waitMs?: number | undefined;
  /** `answer`, `end`: HTTP status, where the server answered. */
  readonly status?: number | undefined;
  /** `answer`, `end`: code of the error, `undefined` for a success. */
  readonly code?: string | undefined;
  /** `answer`, `end`: id that the server gave the request. */
  readonly requestId?: string | undefined;
  /** `answer`, `end`: W3C trace id that the server answered with. */
  readonly traceId?: string | undefined;
  /** `attempt`: the request before it is signed, secrets included; not to be changed. */
  readonly request?: () => HttpRequest;
  /** `answer`, `end`: the answer, of a success; secrets included. */
  readonly answer?: () => Answer;
  /** `answer`, `end`: what was thrown, of a failure; secrets included. */
  readonly error?: () => unknown;
}

/**
 * Makes the option `observe` of a transport or client out of a function that takes events.
 *
 * The listener is called synchronously; what it throws, or rejects with, is dropped: it has no say in the call. An
 * event stream shows as one call for each connection it makes.
 *
 * @param listener Told of every step of every call.
 *
 * @example
 * ```ts
 * import { createTransport, observer } from "@tutti/sdk/http";
 * import assert from "node:assert/strict";
 *
 * const seen: string[] = [];
 * const transport = createTransport({
 *   baseUrl: "https://api.example.com",
 *   fetch: () => Response.json(1),
 *   observe: observer(({ type, action, status }) =>
 *     seen.push(`${type} ${action} ${status ?? ""}`.trim())
 *   ),
 * });
 * await transport.call({
 *   method: "GET",
 *   path: "/things",
 *   contract: "safe",
 *   decode: (body) => body,
 * });
 * assert.deepEqual(seen, [
 *   "start GET /things",
 *   "attempt GET /things",
 *   "answer GET /things 200",
 *   "end GET /things 200",
 * ]);
 * ```
 */
export function observer(listener: (event: CallEvent) => unknown): Observe {
  let count = 0;
  const calls = new WeakMap<
    CallContext,
    { readonly callId: number; readonly started: number; begun: number }
  >();
  // Asynchronous, so that neither a throw nor a rejection of the listener gets out of it.
  return async (step, context, detail) => {
    const at = context.clock.now();
    const call = calls.get(context) ??
      { callId: ++count, started: at, begun: at };
    calls.set(context, call);
    if (step === "attempt") call.begun = at;
    const isOver = step === "answer" || step === "end";
    try {
      await listener({
        type: step,
        callId: call.callId,
        action: context.action,
        attempt: context.attempt,
        at,
        idempotencyKey: context.idempotencyKey,
        ...(step === "attempt" && { request: () => detail as HttpRequest }),
        ...(step === "retry" && { waitMs: detail as number }),
        ...(isOver && outcome(detail)),
        ...(isOver &&
          { elapsedMs: at - (step === "end" ? call.started : call.begun) }),
      });
    } catch {
      // Whoever watches has no say.
    }
  };
}

function outcome(detail: unknown): Partial<CallEvent> {
  if (hasKind(detail, "TuttiError")) {
    const { status, requestId, traceId, code } = detail as
      & Partial<Answer>
      & TuttiError;
    return { status, requestId, traceId, code, error: () => detail };
  }
  const answer = detail as Answer;
  if (detail instanceof Error || !(answer?.headers instanceof Headers)) {
    // A code of its own could be anything.
    return { code: "unexpected", error: () => detail };
  }
  const { status, requestId, traceId } = answer;
  return { status, requestId, traceId, answer: () => answer };
}
