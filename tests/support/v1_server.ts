import { OpenwopClient } from "@tutti/sdk/openwop";
import type {
  JsonObject,
  JsonValue,
  OpenwopClientOptions,
  RunHandle,
} from "@tutti/sdk/openwop";
import { FakeClock } from "./fake_clock.ts";
import { bodyOf } from "./scripted_fetch.ts";
import type { Recorded } from "./scripted_fetch.ts";
import { admits, ends, writeEvent, writePage } from "./v1_dialects.ts";
import type { Entry, V1HostName } from "./v1_dialects.ts";
import type { Fault } from "./wop_server.ts";

export { v1Hosts } from "./v1_dialects.ts";
export type { V1HostName } from "./v1_dialects.ts";

export const V1_RUN = "run-7d1c";

const modes = ["values", "updates", "messages", "debug"];

/** A host of version 1 with one run, in the dialect of one of the reference hosts as they were seen to behave. */
export class V1Server {
  readonly name: V1HostName;
  readonly requests: Recorded[] = [];
  readonly log: Entry[] = [];
  /** One for each event stream connection; without one the connection is good. */
  readonly faults: Fault[] = [];
  /** Answers before the host does; each is used once. */
  readonly first: ((request: Recorded) => Response | undefined)[] = [];
  /** Set, it refuses every connection, as a host does that is being restarted. */
  isDown = false;
  /** What answers event stream requests instead of the host. */
  noStream: (() => Response) | undefined;
  /** Where the run stands, where that is not for the log to say. */
  status = "running";
  /** What the snapshot shows of the open question. */
  interrupt: JsonObject | undefined;
  /** What an answer does. */
  onResolve: (value: JsonObject) => Response | undefined = () => undefined;
  /** Answers and other changes, in order. */
  readonly effects: { readonly path: string; readonly body: JsonValue }[] = [];
  /** The most events of a page of the app. */
  pageSize = 100;
  readonly #cut = new Set<() => void>();
  #wake: (() => void)[] = [];

  constructor(name: V1HostName) {
    this.name = name;
  }

  append(
    ...entries: [type: string, payload?: JsonValue, nodeId?: string][]
  ): void {
    for (const [type, payload = null, nodeId] of entries) {
      this.log.push({ type, payload, nodeId });
      // The app lets a later end win.
      if (ends.includes(type)) this.status = type.slice("run.".length);
    }
    this.#news();
  }

  /** Breaks every open connection, and takes no new ones until it is up again. */
  restart(): void {
    this.isDown = true;
    for (const cut of [...this.#cut]) cut();
  }

  #news(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }

  /** The number of the first event. */
  get origin(): number {
    return this.name === "app" ? 1 : 0;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const recorded: Recorded = {
      method: request.method,
      url: request.url,
      path: url.pathname + url.search,
      headers: request.headers,
      text: request.body ? await request.text() : "",
      signal: request.signal,
    };
    this.requests.push(recorded);
    if (this.isDown) throw new TypeError("connection refused");
    return this.first.shift()?.(recorded) ?? this.#answer(recorded, url);
  };

  /** The requests to paths that end like this. */
  to(ending: string): Recorded[] {
    return this.requests.filter(({ path }) =>
      path.split("?")[0]?.endsWith(ending)
    );
  }

  #answer(request: Recorded, url: URL): Response {
    const run = `/v1/runs/${V1_RUN}`;
    const path = url.pathname;
    if (path === "/.well-known/openwop") return json(this.#discovery());
    if (request.method === "POST") return this.#change(request, path, run);
    if (path === `${run}/events/poll`) return this.#poll(url.searchParams);
    if (path === `${run}/events`) return this.#stream(request, url);
    return path === run ? json(this.#snapshot()) : refused(404, "not_found");
  }

  /** None of them says that it streams or asks, though they do. */
  #discovery(): JsonObject {
    return {
      protocolVersion: this.name === "app" ? "1.1" : "1.0",
      supportedEnvelopes: [],
      supportedTransports: ["rest"],
      schemaVersions: {},
      limits: { clarificationRounds: 0, schemaRounds: 0, envelopesPerTurn: 0 },
      ...(this.name === "app"
        ? { replay: { supported: true, modes: ["replay"], fork: false } }
        : {}),
    };
  }

  #snapshot(): JsonObject {
    const isOver = ends.includes(`run.${this.status}`);
    const end = isOver ? "2026-01-01T00:00:09.000Z" : null;
    return {
      runId: V1_RUN,
      workflowId: "review",
      status: this.status,
      ...(this.name === "app"
        ? (isOver ? { completedAt: end } : {})
        : { endedAt: end }),
      ...(this.interrupt === undefined ? {} : { interrupt: this.interrupt }),
    };
  }

  #change(request: Recorded, path: string, run: string): Response {
    const body = JSON.parse(request.text || "{}") as JsonObject;
    const token = /^\/v1\/interrupts\/(.*)$/.exec(path)?.[1];
    if (token !== undefined || path.startsWith(`${run}/interrupts/`)) {
      this.effects.push({ path, body: body.resumeValue! });
      return this.onResolve(body.resumeValue as JsonObject) ??
        json({ runId: V1_RUN, status: "running" });
    }
    this.effects.push({ path, body });
    if (path === `${run}/cancel`) {
      const isOver = ends.includes(`run.${this.status}`);
      return json({
        runId: V1_RUN,
        status: isOver ? this.status : "cancelling",
        ...(isOver && this.name !== "app" ? { alreadyTerminal: true } : {}),
      });
    }
    if (path === `${run}:pause`) {
      this.status = "paused";
      return json({ runId: V1_RUN, status: "paused" }, 202);
    }
    if (path === `${run}:fork`) {
      return Number(body.fromSeq) > 0 && body.mode === "replay"
        ? refused(501, "fork_from_seq_unsupported")
        : json({
          runId: "run-child",
          sourceRunId: V1_RUN,
          mode: body.mode!,
          fromSeq: body.fromSeq!,
          status: "pending",
          eventsUrl: "https://elsewhere.test/v1/runs/run-child/events",
        }, 201);
    }
    return refused(404, "not_found");
  }

  #events(isStream: boolean): JsonObject[] {
    return this.log.map((entry, index) =>
      writeEvent(this.name, V1_RUN, entry, this.origin + index, isStream)
    );
  }

  #poll(query: URLSearchParams): Response {
    const page = writePage(this.name, query, {
      runId: V1_RUN,
      events: this.#events(false),
      last: this.origin + this.log.length - 1,
      status: this.status,
      isOver: ends.includes(`run.${this.status}`),
      pageSize: this.pageSize,
    });
    return page ? json(page) : refused(400, "validation_error");
  }

  #stream(request: Recorded, url: URL): Response {
    const { name } = this;
    if (this.noStream) return this.noStream();
    const mode = url.searchParams.get("streamMode") ?? "updates";
    const buffer = url.searchParams.get("bufferMs");
    const isKnown = mode.split(",").every((one) => modes.includes(one));
    if (name !== "memory" && !isKnown) {
      return refused(400, "unsupported_stream_mode", { supported: modes });
    }
    if (name === "app" && buffer === "0") {
      return refused(400, "invalid_request");
    }
    if (!request.headers.get("accept")?.includes("event-stream")) {
      return json({ events: this.#events(true) });
    }
    const given = request.headers.get("last-event-id");
    if (given !== null && !/^\d+$/.test(given)) {
      return refused(400, "invalid_request");
    }
    let next = given === null ? 0 : Number(given) + 1 - this.origin;
    const isBatched = name !== "memory" && buffer !== null;
    const take = (): string => {
      const all = this.#events(true);
      const fresh = all.slice(next).filter(({ type }) =>
        admits(name, mode, String(type))
      );
      next = all.length;
      if (isBatched && fresh.length > 0) {
        // No host gives a batch an id.
        return `event: batch\ndata: ${JSON.stringify(fresh)}\n\n`;
      }
      return fresh.map((event) =>
        `id: ${event.sequence ?? event.seq}\nevent: ${event.type}\ndata: ${
          JSON.stringify(event)
        }\n\n`
      ).join("");
    };
    const fault = this.faults.shift();
    if (fault) {
      const bytes = new TextEncoder().encode(take()).subarray(0, fault.bytes);
      return sse(bodyOf([bytes], fault.end).stream);
    }
    // The one that says something while it waits says it at once.
    let greeting = name === "app" ? ": open\n\n" : "";
    let cut: () => void = () => {};
    return sse(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          cut = () => {
            this.#cut.delete(cut);
            controller.error(new TypeError("connection reset"));
          };
          this.#cut.add(cut);
        },
        pull: async (controller) => {
          const encoder = new TextEncoder();
          if (greeting !== "") {
            controller.enqueue(encoder.encode(greeting));
            greeting = "";
            return;
          }
          for (;;) {
            const text = take();
            if (text !== "") {
              // Three pieces for a frame: nobody may take a piece for one.
              for (const piece of text.split(/(?<=\n)(?=event|data)/)) {
                controller.enqueue(encoder.encode(piece));
              }
              return;
            }
            if (this.log.some(({ type }) => ends.includes(type))) {
              this.#cut.delete(cut);
              return controller.close();
            }
            await new Promise<void>((resolve) => this.#wake.push(resolve));
            if (!this.#cut.has(cut)) return;
          }
        },
        cancel: () => void this.#cut.delete(cut),
      }, { highWaterMark: 0 }),
    );
  }
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

/** A refusal as version 1 has it: no header names the version. */
export function refused(
  status: number,
  error: string,
  details?: JsonObject,
): Response {
  return json(
    { error, message: `words about ${error}`, ...(details ? { details } : {}) },
    status,
  );
}

function sse(body: BodyInit): Response {
  return new Response(body, {
    headers: { "content-type": "text/event-stream" },
  });
}

/** A client on a host of version 1, with the time in hand. */
export interface V1Bench {
  readonly server: V1Server;
  readonly clock: FakeClock;
  readonly client: OpenwopClient;
  readonly run: RunHandle;
}

export function v1Bench(
  name: V1HostName,
  options: Partial<OpenwopClientOptions> = {},
): V1Bench {
  const server = new V1Server(name);
  const clock = new FakeClock();
  const client = new OpenwopClient({
    baseUrl: "https://v1.test",
    apiKey: "key-1",
    major: 1,
    fetch: server.fetch,
    clock,
    random: () => 1,
    ...options,
  });
  return { server, clock, client, run: client.runs.handle(V1_RUN) };
}

/** One step, then the end: what every host can do. */
export function writeNoop(server: V1Server): void {
  server.append(
    ["run.started", { workflowId: "review" }],
    ["node.started", { nodeId: "a", typeId: "core.noop" }, "a"],
    ["node.completed", { nodeId: "a" }, "a"],
    ["run.completed", { outputs: { ok: true } }],
  );
}
