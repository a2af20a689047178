import type { Fetch } from "@tutti/sdk/http";

/** A request as it arrived. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly headers: Headers;
  readonly text: string;
  readonly signal: AbortSignal;
}

/** What the server does next: answer, or throw for a connection that breaks. */
export type Step = (request: Recorded) => Response | Promise<Response>;

/** A server whose every answer is written down beforehand. An unexpected request fails the call that made it. */
export class ScriptedFetch {
  readonly requests: Recorded[] = [];
  readonly #steps: Step[];
  readonly #rest: Step | undefined;

  constructor(steps: readonly Step[], rest?: Step) {
    this.#steps = [...steps];
    this.#rest = rest;
  }

  readonly fetch: Fetch = async (request) => {
    const url = new URL(request.url);
    const recorded = {
      method: request.method,
      url: request.url,
      path: url.pathname + url.search,
      headers: request.headers,
      text: request.body ? await request.text() : "",
      signal: request.signal,
    };
    this.requests.push(recorded);
    const step = this.#steps.shift() ?? this.#rest;
    if (!step) {
      throw new RangeError(`unexpected ${recorded.method} ${recorded.path}`);
    }
    return await step(recorded);
  };

  /** Steps that nobody came for. */
  get left(): number {
    return this.#steps.length;
  }
}

/** Answers with JSON. */
export function json(
  body: unknown,
  init: ResponseInit = {},
): Step {
  return () => Response.json(body, init);
}

/** Answers with text. */
export function text(body: string | null, init: ResponseInit = {}): Step {
  return () => new Response(body, init);
}

/** The connection breaks before an answer. */
export function broken(): Response {
  throw new TypeError("connection reset by peer");
}

/** Never answers, until the request is aborted. */
export function silent({ signal }: Recorded): Promise<Response> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), {
      once: true,
    });
  });
}

/** How a body made by {@linkcode bodyOf} ends. */
export type BodyEnd = "close" | "cut" | "stay";

/** A body under control: what it brings, how it ends, and whether its reader has let go of it. */
export interface ControlledBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly cancelled: boolean;
  /** How many chunks were taken. */
  readonly taken: number;
}

/** Makes a body of these chunks that closes, breaks, or stays open and silent. */
export function bodyOf(
  chunks: readonly (string | Uint8Array)[],
  end: BodyEnd = "close",
): ControlledBody {
  const encoder = new TextEncoder();
  let taken = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = chunks[taken];
      if (chunk !== undefined) {
        taken++;
        controller.enqueue(
          typeof chunk === "string" ? encoder.encode(chunk) : chunk,
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

/** Answers with an event stream. */
export function sse(
  chunks: readonly (string | Uint8Array)[],
  end: BodyEnd = "close",
  headers: Record<string, string> = {},
): Step {
  return () =>
    new Response(bodyOf(chunks, end).stream, {
      headers: { "content-type": "text/event-stream", ...headers },
    });
}

/** Counts the abort listeners that are on `signal` from now on. */
export function countListeners(signal: AbortSignal): () => number {
  let count = 0;
  const known = new Set<unknown>();
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: AddEventListenerOptions | boolean,
  ) => {
    known.add(listener);
    count = known.size;
    add(type, listener, options);
  };
  signal.removeEventListener = (
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: EventListenerOptions | boolean,
  ) => {
    known.delete(listener);
    count = known.size;
    remove(type, listener, options);
  };
  return () => count;
}

/** Collects everything that an iterable gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
