// Web standards only.
import { readPlan } from "./faults.ts";
import type { Fault } from "./faults.ts";

/** A request as it arrived. */
export interface RecordedRequest {
  /** Upper case. */
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Path and query. */
  readonly path: string;
  /** As they were sent. */
  readonly headers: Headers;
  /** The body; empty when there was none. */
  readonly text: string;
  /** Aborts when the client gives up. */
  readonly signal: AbortSignal;
}

/**
 * What a scripted server does with one request: it answers, or throws for a connection that breaks. A body that fails
 * breaks the connection within.
 */
export interface ScriptedReply {
  /** Does the work of the server. */
  (request: RecordedRequest): Response | Promise<Response>;
  /** What goes wrong with it, beside what the plan of the script says. */
  readonly faults?: readonly Fault[] | undefined;
}

/** One event of {@linkcode eventReply}; several lines of data are one `data` field each. */
export interface ScriptedEvent {
  /** Its `id`. */
  readonly id?: string | number | undefined;
  /** Its `event`. */
  readonly event?: string | undefined;
  /** Its `data`; what is no text is written as JSON. */
  readonly data: unknown;
}

/** How a body ends: complete, cut off, or not at all. */
export type BodyEnd = "close" | "cut" | "stay";

/**
 * Answers with JSON.
 *
 * @param body What `JSON.stringify` takes.
 * @param init Status and headers. @default 200
 *
 * @example
 * ```ts
 * import { createScriptedFetch, jsonReply } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const server = createScriptedFetch({ replies: [jsonReply({ id: 7 }, { status: 201 })] });
 * const response = await server.fetch("https://api.test/tasks", { method: "POST" });
 * assert.equal(response.status, 201);
 * assert.deepEqual(await response.json(), { id: 7 });
 * ```
 */
export function jsonReply(
  body: unknown,
  init: ResponseInit = {},
): ScriptedReply {
  return () => Response.json(body, init);
}

/**
 * Answers with text, or without a body.
 *
 * @param body `null` for none.
 * @param init Status and headers. @default 200
 */
export function textReply(
  body: string | null,
  init: ResponseInit = {},
): ScriptedReply {
  return () => new Response(body, init);
}

/**
 * Answers with an event stream.
 *
 * @param events Each is a chunk of its own: an event, or text and bytes as they go over the wire.
 * @param end What comes after the last. @default "close"
 * @param headers Beside the content type.
 *
 * @example
 * ```ts
 * import { createScriptedFetch, eventReply } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const server = createScriptedFetch({
 *   replies: [eventReply([": hello\n\n", { id: 0, event: "tick", data: { n: 1 } }])],
 * });
 * const response = await server.fetch("https://api.test/events");
 * assert.equal(
 *   await response.text(),
 *   ': hello\n\nid: 0\nevent: tick\ndata: {"n":1}\n\n',
 * );
 * ```
 */
export function eventReply(
  events: readonly (ScriptedEvent | string | Uint8Array)[],
  end: BodyEnd = "close",
  headers: Record<string, string> = {},
): ScriptedReply {
  const chunks = events.map((event) =>
    typeof event === "string" || event instanceof Uint8Array
      ? event
      : toEventText(event)
  );
  return () =>
    new Response(createBody(chunks, end).stream, {
      headers: { "content-type": "text/event-stream", ...headers },
    });
}

/** One event as a server writes it. */
export function toEventText({ id, event, data }: ScriptedEvent): string {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  return (id === undefined ? "" : `id: ${id}\n`) +
    (event === undefined ? "" : `event: ${event}\n`) +
    text.split("\n").map((line) => `data: ${line}\n`).join("") + "\n";
}

/** The connection breaks before an answer. */
export function brokenReply(): Response {
  throw new TypeError("connection reset by peer");
}

/** Never answers, until the client gives up. */
export function silentReply({ signal }: RecordedRequest): Promise<Response> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), {
      once: true,
    });
  });
}

/**
 * The same reply with faults of its own, which strike after those of the plan.
 *
 * @param reply Does its work unless a fault says otherwise.
 * @param faults In the order in which they strike.
 * @throws {RangeError} a kind is none.
 *
 * @example
 * ```ts
 * import { createScriptedFetch, jsonReply, withFaults } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const server = createScriptedFetch({
 *   replies: [withFaults(jsonReply({ ok: true }), { kind: "drop", afterBytes: 4 })],
 * });
 * const response = await server.fetch("https://api.test/");
 * await assert.rejects(response.json(), TypeError);
 * ```
 */
export function withFaults(
  reply: ScriptedReply,
  ...faults: readonly Fault[]
): ScriptedReply {
  return Object.assign((request: RecordedRequest) => reply(request), {
    faults: [...reply.faults ?? [], ...readPlan([faults]).flat()],
  });
}

/** A body under control: what it brings, how it ends, and whether its reader has let go of it. */
export interface ControlledBody {
  /** For a `Response`. */
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Whether it was cancelled. */
  readonly cancelled: boolean;
  /** How many chunks were taken. */
  readonly taken: number;
}

/**
 * Makes a body that can be watched. It gives a chunk when it is asked for one, and never reads ahead.
 *
 * @param chunks Its content.
 * @param end What comes after the last. @default "close"
 */
export function createBody(
  chunks: readonly (string | Uint8Array)[],
  end: BodyEnd = "close",
): ControlledBody {
  const encoder = new TextEncoder();
  let taken = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      const chunk = chunks[taken];
      if (chunk !== undefined) {
        taken++;
        controller.enqueue(
          typeof chunk === "string"
            ? encoder.encode(chunk)
            : new Uint8Array(chunk),
        );
      } else if (end === "close") controller.close();
      else if (end === "cut") controller.error(new TypeError("terminated"));
      else await new Promise(() => {});
    },
    cancel() {
      cancelled = true;
    },
  }, { highWaterMark: 0 });
  return {
    stream,
    get cancelled(): boolean {
      return cancelled;
    },
    get taken(): number {
      return taken;
    },
  };
}
