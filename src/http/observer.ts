// Web standards only.
import type { Answer } from "./answer.ts";
import type { TuttiError } from "./errors.ts";
import type {
  CallStep,
  Observe,
  ObservedContext,
  StreamNote,
} from "./observe.ts";
import type { HttpRequest } from "./operation.ts";
import type { StreamCursor } from "./stream_cursor.ts";

/**
 * One thing that happened to a call or a stream, for logs, metrics and traces.
 *
 * Its fields are safe to write anywhere: no header, query, body, credential, cause or word of a server is among them.
 * What may hold a secret is behind functions, which neither `JSON.stringify` nor an inspector calls.
 */
export interface CallEvent {
  /** What happened. */
  readonly type: CallStep;
  /** The same for all events of one call or stream, another for each that this observer sees. */
  readonly callId: number;
  /** `GET /runs/r-1`, or the label of the operation where its path is a secret. */
  readonly action: string;
  /** Number of the try, of a stream that of the connection; 0 before the first; at the end, how many there were. */
  readonly attempt: number;
  /** Milliseconds since the epoch, of the transport's clock. */
  readonly at: number;
  /** The key of a keyed call. */
  readonly idempotencyKey: string | undefined;
  /** `answer`, `end`, `stream-close`: how long the try, the call or the stream took, in milliseconds. */
  readonly elapsedMs?: number | undefined;
  /**
   * `retry`, `stream-reconnect`: how long until the next try; `stream-silence`: how long it was. In milliseconds.
   */
  readonly waitMs?: number | undefined;
  /** `answer`, `end`: HTTP status, where the server answered. */
  readonly status?: number | undefined;
  /**
   * `answer`, `end`: code of the error, `undefined` for a success. `stream-reconnect`, `stream-poll`: of what ended the
   * connection, `undefined` for a clean end; `stream-close`: of what ended the stream, `undefined` where it was over or
   * closed by its reader.
   */
  readonly code?: string | undefined;
  /** Of a stream: the sequence of the last item that was delivered. */
  readonly lastSequence?: number | undefined;
  /** `stream-gap`: how many sequences are missing. */
  readonly missing?: number | undefined;
  /** `answer`, `end`: id that the server gave the request. */
  readonly requestId?: string | undefined;
  /** `answer`, `end`: W3C trace id that the server answered with. */
  readonly traceId?: string | undefined;
  /** `attempt`: the request before it is signed, secrets included; not to be changed. */
  readonly request?: () => HttpRequest;
  /** `answer`, `end`: the answer, of a success; secrets included. */
  readonly answer?: () => Answer;
  /** Where there is a `code`: what was thrown; secrets included. */
  readonly error?: () => unknown;
  /** Of a stream: how far it was delivered; the id in it is the server's. */
  readonly cursor?: () => StreamCursor;
}

/**
 * Makes the option `observe` of a transport or client out of a function that takes events.
 *
 * The listener is called synchronously; what it throws, or rejects with, is dropped: it has no say in the call. A
 * stream that is given the same observer tells its own events (`stream-…`), beside the call of each connection.
 *
 * @param listener Told of every step of every call and stream.
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
  const calls = new WeakMap<ObservedContext, [number, number, number]>();
  // Asynchronous, so that neither a throw nor a rejection of the listener gets out of it.
  return async (step, context, detail) => {
    const { action, attempt, idempotencyKey, clock } = context;
    const at = clock.now();
    let [callId, started, begun] = calls.get(context) ?? [++count, at, at];
    if (step === "attempt") begun = at;
    calls.set(context, [callId, started, begun]);
    const isOver = step === "answer" || step === "end";
    const { error, ...note } = (/^s.*-/.test(step) ? detail : {}) as StreamNote;
    try {
      await listener({
        type: step,
        callId,
        action,
        attempt,
        at,
        idempotencyKey,
        ...(step === "attempt" && { request: () => detail as HttpRequest }),
        ...(step === "retry" && { waitMs: detail as number }),
        ...note,
        ...((isOver || error !== undefined) && outcome(error ?? detail)),
        ...((isOver || step === "stream-close") &&
          { elapsedMs: at - (step === "answer" ? begun : started) }),
      });
    } catch {
      // Whoever watches has no say.
    }
  };
}

function outcome(detail: unknown): Partial<CallEvent> {
  const isAnswer = !(detail instanceof Error) &&
    (detail as Partial<Answer> | undefined)?.headers instanceof Headers;
  const { status, requestId, traceId, code = "unexpected" }:
    & Partial<Answer>
    & Partial<TuttiError> =
    // The fields of an error from elsewhere could be anything. Its class would come along with `is()`; its brand does not.
    isAnswer || Symbol.for("@tutti/sdk/TuttiError") in Object(detail)
      ? detail as Answer
      : {};
  return {
    status,
    requestId,
    traceId,
    ...(isAnswer
      ? { answer: () => detail as Answer }
      : { code, error: () => detail }),
  };
}
