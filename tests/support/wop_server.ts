import { OpenwopClient } from "@tutti/sdk/openwop";
import type {
  JsonValue,
  OpenwopClientOptions,
  RunHandle,
} from "@tutti/sdk/openwop";
import { FakeClock } from "./fake_clock.ts";
import { bodyOf } from "./scripted_fetch.ts";
import type { BodyEnd, Recorded } from "./scripted_fetch.ts";

export const RUN_ID = "acme/run-0123456789abcdef";
export const CHILD_ID = "acme/run-fedcba9876543210";

/** An event as the wire has it. */
export interface WireEvent {
  readonly type: string;
  readonly sequence: number;
  readonly [field: string]: JsonValue;
}

/** How one event stream connection goes wrong. */
export interface Fault {
  /** Sends no more than this many bytes of what there is. */
  readonly bytes: number;
  /** And then. */
  readonly end: BodyEnd;
}

/** An OpenWOP 2 host of one run whose log is what the test writes, with faults to order. */
export class WopServer {
  readonly requests: Recorded[] = [];
  readonly log: WireEvent[] = [];
  status = "running";
  /** One for each connection; without one the connection is good. */
  readonly faults: Fault[] = [];
  /** Answers before the host does; each is used once. */
  readonly first: ((request: Recorded) => Response | undefined)[] = [];
  /** Replies of calls that change something that get lost on the way back. */
  lostReplies = 0;
  /** What becomes of the replies of calls that change something, once the host has done its work. */
  fate: ((reply: Response) => Promise<Response>) | undefined;
  /** What answers event stream requests instead of the host. */
  noStream: (() => Response) | undefined;
  /** What an answer to an interrupt does to the log. */
  onResolve: (nodeId: string, value: JsonValue) => void = () => {};
  /** Effects of calls that change something, in order. */
  readonly effects: { readonly path: string; readonly body: JsonValue }[] = [];
  /** The most events that a poll gives at once. */
  pageSize = Infinity;
  /** Set, it refuses every connection, as a host does that is being restarted. */
  isDown = false;
  readonly #cut = new Set<() => void>();
  readonly #replies = new Map<string, Response>();
  #wake: (() => void)[] = [];

  /** Appends events; the rest of the envelope is filled in. */
  append(
    ...events: [type: string, payload: JsonValue, nodeId?: string][]
  ): void {
    for (const [type, payload, nodeId] of events) {
      const sequence = this.log.length;
      this.log.push({
        eventId: `event-${sequence}-0123456789`,
        runId: RUN_ID,
        type,
        payload,
        timestamp: "2026-01-01T00:00:00.000Z",
        sequence,
        schemaVersion: 1,
        ...(nodeId === undefined ? {} : { nodeId }),
      });
      const [domain, verb] = type.split(".");
      if (
        domain === "run" && ["completed", "failed", "cancelled"].includes(verb!)
      ) {
        this.status = verb!;
      }
    }
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }

  /** Breaks every open connection, and takes no new ones until it is up again. */
  restart(): void {
    this.isDown = true;
    for (const cut of [...this.#cut]) cut();
  }

  /** Open connections that wait for more. */
  get waiting(): number {
    return this.#wake.length;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const recorded: Recorded = {
      method: request.method,
      url: request.url,
      path: decodeURIComponent(url.pathname.replaceAll("~", "%")) + url.search,
      headers: request.headers,
      text: request.body ? await request.text() : "",
      signal: request.signal,
    };
    this.requests.push(recorded);
    if (this.isDown) throw new TypeError("connection refused");
    const instead = this.first.shift()?.(recorded);
    const answer = instead ?? this.#answer(recorded, url);
    return recorded.method === "POST" && this.fate
      ? await this.fate(answer)
      : answer;
  };

  /** The requests to paths that end like this. */
  to(ending: string): Recorded[] {
    return this.requests.filter(({ path }) =>
      path.split("?")[0]?.endsWith(ending)
    );
  }

  #answer(request: Recorded, url: URL): Response {
    const path = request.path.split("?")[0]!;
    if (request.method === "POST") return this.#change(request, path);
    if (path === `/runs/${RUN_ID}/events/poll`) return this.#poll(url);
    if (path === `/runs/${RUN_ID}/events`) return this.#stream(request);
    if (path === `/runs/${RUN_ID}`) {
      return reply({
        runId: RUN_ID,
        workflowId: "review",
        status: this.status,
        owner: { tenant: "acme" },
        eventLogSchemaVersion: 3,
      });
    }
    return refusal(404, "not_found");
  }

  #change(request: Recorded, path: string): Response {
    const key = request.headers.get("idempotency-key");
    if (!key || !/^[A-Za-z0-9._~-]{22,128}$/.test(key)) {
      return refusal(400, "idempotency_key_invalid");
    }
    const known = this.#replies.get(`${path} ${key}`);
    if (known) {
      const again = known.clone();
      again.headers.set("OpenWOP-Idempotent-Replay", "true");
      return again;
    }
    const body = JSON.parse(request.text) as Record<string, JsonValue>;
    this.effects.push({ path, body });
    const answer = this.#perform(path, body);
    this.#replies.set(`${path} ${key}`, answer.clone());
    if (this.lostReplies > 0) {
      this.lostReplies--;
      throw new TypeError("connection reset after the host has done its work");
    }
    return answer;
  }

  #perform(path: string, body: Record<string, JsonValue>): Response {
    if (path === "/runs") {
      return reply({ runId: RUN_ID, status: "pending", eventsUrl: "/x" }, 201);
    }
    if (path === `/runs/${RUN_ID}/cancel`) {
      if (this.status === "completed") return refusal(409, "run_terminal");
      return reply({ runId: RUN_ID, status: "cancelling" });
    }
    if (path === `/runs/${RUN_ID}:fork`) {
      return reply({
        runId: CHILD_ID,
        sourceRunId: RUN_ID,
        mode: body.mode!,
        fromSeq: body.fromSeq!,
        status: "pending",
        eventsUrl: "/y",
      }, 201);
    }
    const [, nodeId] = /\/interrupts\/(.*)$/.exec(path) ?? [];
    if (nodeId === undefined) return refusal(404, "not_found");
    this.onResolve(nodeId, body.resumeValue!);
    return reply({ runId: RUN_ID, nodeId, status: "running" });
  }

  #poll(url: URL): Response {
    const after = Number(url.searchParams.get("afterSequence") ?? -1);
    return reply({
      runId: RUN_ID,
      events: this.log.filter(({ sequence }) => sequence > after)
        .slice(0, this.pageSize),
      lastSequence: this.log.at(-1)?.sequence ?? -1,
      status: this.status,
      isTerminal: this.#isOver,
    });
  }

  #stream(request: Recorded): Response {
    if (this.noStream) return this.noStream();
    const cursor = request.headers.get("last-event-id");
    let next = cursor === null ? 0 : Number(cursor) + 1;
    const fault = this.faults.shift();
    const take = (): string => {
      const frames = this.log.slice(next).map(frameOf).join("");
      next = Math.max(next, this.log.length);
      return frames;
    };
    if (fault) {
      const bytes = new TextEncoder().encode(take()).subarray(0, fault.bytes);
      return events(bodyOf([bytes], fault.end).stream);
    }
    let cut: () => void = () => {};
    return events(
      new ReadableStream<Uint8Array>({
        start: (controller) => {
          cut = () => {
            this.#cut.delete(cut);
            controller.error(new TypeError("connection reset"));
          };
          this.#cut.add(cut);
        },
        pull: async (controller) => {
          while (next >= this.log.length) {
            if (this.#isOver) {
              this.#cut.delete(cut);
              return controller.close();
            }
            await new Promise<void>((resolve) => this.#wake.push(resolve));
            if (!this.#cut.has(cut)) return;
          }
          controller.enqueue(new TextEncoder().encode(take()));
        },
        cancel: () => void this.#cut.delete(cut),
      }, { highWaterMark: 0 }),
    );
  }

  get #isOver(): boolean {
    return ["completed", "failed", "cancelled"].includes(this.status);
  }
}

/** One event as a stream frame. */
export function frameOf(event: WireEvent): string {
  return `id: ${event.sequence}\nevent: ${event.type}\ndata: ${
    JSON.stringify(event)
  }\n\n`;
}

/** A JSON answer of a version 2 host. */
export function reply(body: unknown, status = 200): Response {
  return Response.json(body, {
    status,
    headers: { "OpenWOP-Version": "2.0" },
  });
}

/** A refusal in the envelope of the protocol. */
export function refusal(
  status: number,
  error: string,
  headers: Record<string, string> = {},
  details?: JsonValue,
): Response {
  return Response.json(
    { error, message: `words about ${error}`, ...(details ? { details } : {}) },
    { status, headers: { "OpenWOP-Version": "2.0", ...headers } },
  );
}

/** An event stream of a version 2 host. */
export function events(body: BodyInit): Response {
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "OpenWOP-Version": "2.0",
    },
  });
}

/** A client of a scripted host, with the time in hand. */
export interface WopBench {
  readonly server: WopServer;
  readonly clock: FakeClock;
  readonly client: OpenwopClient;
  readonly run: RunHandle;
}

/** Sets a client up on a scripted host. */
export function wopBench(
  options: Partial<OpenwopClientOptions> = {},
): WopBench {
  const server = new WopServer();
  const clock = new FakeClock();
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    apiKey: "key-1",
    // No discovery request, so that tests count what they ask for; negotiation has tests of its own.
    major: 2,
    fetch: server.fetch,
    clock,
    random: () => 1,
    ...options,
  });
  return { server, clock, client, run: client.runs.handle(RUN_ID) };
}

/** The approval question that tests ask. */
export const question: JsonValue = {
  kind: "approval",
  key: "gate:1",
  data: {
    artifactId: "gate",
    artifactType: "data",
    title: "Merge?",
    actions: ["accept", "reject"],
  },
};
