// Web standards only.
import type { Fetch } from "../../http/mod.ts";
import { CLIENT_VERSION, HEADERS } from "../../openwop/protocol/mod.ts";
import { createScriptedServer } from "../scripted_server.ts";
import { envelope, fault, holds, same, text } from "./expect.ts";
import type { Json } from "./expect.ts";
import { readFrames, readLive } from "./frames.ts";
import type { Frames, LiveFrames } from "./frames.ts";
import { NotChecked } from "./subject.ts";
import type { HostSubject } from "./subject.ts";

/** How long a host may take for one answer, in milliseconds of this machine. */
const ANSWER_MS = 20_000;

/** One request. */
export interface Ask {
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
  /** Added, or with `undefined` left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** @default `subject.apiKey`; `null` for none */
  readonly key?: string | null | undefined;
}

/** One answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `undefined` for what is no JSON. */
  readonly body: Json;
  /** What was asked, for messages. */
  readonly what: string;
}

/** A stranger with one major of the protocol, in front of a host. */
export class Probe {
  readonly subject: HostSubject;
  readonly major: 1 | 2;
  readonly #fetch: Fetch;
  #discovery: Promise<Json> | undefined;

  constructor(subject: HostSubject, major: 1 | 2) {
    this.subject = subject;
    this.major = major;
    this.#fetch = subject.fetch ?? ((request) => fetch(request));
  }

  /** Sends a request and reads the answer. Whatever fails is answered in the envelope and names its major. */
  async send(method: string, path: string, ask: Ask = {}): Promise<Answer> {
    const what = `${method} ${path}`;
    const controller = new AbortController();
    const timer = setTimeout(
      () => controller.abort(new Error(`${what}: no answer in 20 s`)),
      ANSWER_MS,
    );
    try {
      const response = await this.open(method, path, ask, controller.signal);
      const content = await response.text();
      const type = response.headers.get("content-type") ?? "";
      const isJson = /^application\/([a-z0-9.-]+\+)?json\b/i.test(type);
      const answer = {
        status: response.status,
        headers: response.headers,
        text: content,
        body: isJson ? parse(content, what) : undefined,
        what,
      };
      if (this.major === 2) named(answer);
      if (answer.status >= 400) envelope(answer.body, what);
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a request whose answer is not read here. */
  async open(
    method: string,
    path: string,
    { body, headers = {}, key = this.subject.apiKey }: Ask,
    signal?: AbortSignal,
  ): Promise<Response> {
    const sent = new Headers({ accept: "application/json" });
    if (this.major === 2) {
      sent.set(HEADERS.version, "2.0");
      sent.set(HEADERS.clientVersion, CLIENT_VERSION);
    }
    if (key) sent.set("authorization", `Bearer ${key}`);
    if (body !== undefined) sent.set("content-type", "application/json");
    for (const [name, value] of Object.entries(headers)) {
      if (value === undefined) sent.delete(name);
      else sent.set(name, value);
    }
    const prefix = this.major === 1 && !path.startsWith("/.well-known/")
      ? "/v1"
      : "";
    const request = new Request(this.subject.baseUrl + prefix + path, {
      method,
      headers: sent,
      redirect: "manual",
      ...(signal && { signal }),
      ...(body !== undefined && {
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    });
    return await this.#fetch(request);
  }

  /** `GET`. */
  get(path: string, ask?: Ask): Promise<Answer> {
    return this.send("GET", path, ask);
  }

  /** `POST` of JSON. */
  post(path: string, body: unknown, ask: Ask = {}): Promise<Answer> {
    return this.send("POST", path, { ...ask, body });
  }

  /** The discovery document of this major. */
  discovery(): Promise<Json> {
    return this.#discovery ??= this.#readDiscovery();
  }

  async #readDiscovery(): Promise<Json> {
    const answer = await this.get("/.well-known/openwop", { key: null });
    if (this.major === 2 && answer.status === 406) {
      throw new NotChecked("inapplicable", "the host does not speak version 2");
    }
    status(answer, 200);
    const versions = answer.body?.protocolVersions ??
      [answer.body?.protocolVersion];
    const speaks = (versions as unknown[]).some((version) =>
      String(version).startsWith(`${this.major}.`)
    );
    if (!speaks) {
      throw new NotChecked(
        "inapplicable",
        `the host does not speak version ${this.major}`,
      );
    }
    return answer.body;
  }

  /** Goes on only with a family of version 2, and gives its record. */
  async family(name: string): Promise<Json> {
    const record = (await this.discovery())[name];
    if (record === undefined) {
      throw new NotChecked("inapplicable", `${name} is not advertised`);
    }
    return record;
  }

  /** Goes on only with a fixture. */
  async needs(workflowId: string): Promise<void> {
    const document = await this.discovery();
    const fixtures = this.subject.fixtures ?? document.fixtures ?? [];
    if (fixtures.includes(workflowId)) return;
    throw new NotChecked("inapplicable", `there is no fixture ${workflowId}`);
  }

  /** Creates a run of a fixture. */
  async start(
    workflowId = "conformance-noop",
    body: object = {},
    ask: Ask = {},
  ): Promise<{ readonly runId: string; readonly path: string }> {
    await this.needs(workflowId);
    const answer = await this.post("/runs", { workflowId, ...body }, ask);
    status(answer, 201);
    const { runId } = answer.body;
    holds(typeof runId === "string", `${answer.what}: no runId`);
    return { runId, path: `/runs/${encodeURIComponent(runId)}` };
  }

  /** Creates a run of `conformance-noop` and waits for its end. */
  async settled(body: object = {}): Promise<{ runId: string; path: string }> {
    const run = await this.start("conformance-noop", body);
    same(await this.end(run.path), "completed", "status of conformance-noop");
    return run;
  }

  /** Waits until a run is over, and gives its status. */
  async end(path: string, limitMs = 10_000): Promise<string> {
    return await this.reach(
      path,
      ["completed", "failed", "cancelled"],
      limitMs,
    );
  }

  /** Waits until a run has one of these statuses. */
  async reach(
    path: string,
    wanted: readonly string[],
    limitMs = 5_000,
  ): Promise<string> {
    let found = "";
    const isThere = await this.until(async () => {
      const answer = await this.get(path);
      status(answer, 200);
      found = answer.body.status;
      return wanted.includes(found);
    }, limitMs);
    if (!isThere) {
      fault(
        `${path}: ${found} after ${limitMs} ms, wanted ${wanted.join(" or ")}`,
      );
    }
    return found;
  }

  /** Looks again and again, for so long at most. */
  async until(
    condition: () => boolean | Promise<boolean>,
    limitMs: number,
    stepMs = 50,
  ): Promise<boolean> {
    const end = this.now() + limitMs;
    while (!await condition()) {
      if (this.now() >= end) return false;
      await this.wait(stepMs);
    }
    return true;
  }

  /** Milliseconds since the epoch, by the time of the host. */
  now(): number {
    return this.subject.time?.now() ?? Date.now();
  }

  /** Lets time pass. */
  async wait(ms: number): Promise<void> {
    if (this.subject.time) return await this.subject.time.wait(ms);
    await new Promise<void>((resolve) => setTimeout(resolve, ms));
  }

  /** All events of a run that are there, page by page; of version 1 only once the run is over. */
  async log(path: string, cursor?: string): Promise<Json[]> {
    const name = cursor ??
      (this.major === 2 ? "afterSequence" : "lastSequence");
    const events: Json[] = [];
    for (;;) {
      const last = events.at(-1)?.sequence;
      const after = last === undefined ? "" : `&${name}=${last}`;
      const answer = await this.get(`${path}/events/poll?timeout=1${after}`);
      status(answer, 200);
      if (answer.body.events.length === 0) return events;
      events.push(...answer.body.events);
      const { lastSequence, isTerminal, isComplete } = answer.body;
      const isAll = this.major === 2
        ? events.at(-1).sequence >= lastSequence
        : isTerminal ?? isComplete;
      if (isAll) return events;
    }
  }

  /** Reads an event stream until the server closes it, in 8 s at most. */
  async frames(
    path: string,
    query: string,
    headers: Record<string, string> = {},
  ): Promise<Frames> {
    const what = `${path}/events?${query}`;
    const response = await this.open("GET", what, {
      headers: { accept: "text/event-stream", ...headers },
    });
    return await readFrames(response, what);
  }

  /** Follows an event stream that stays open. */
  async live(path: string, query: string): Promise<LiveFrames> {
    const what = `${path}/events?${query}`;
    const response = await this.open("GET", what, {
      headers: { accept: "text/event-stream" },
    });
    return readLive(response, what);
  }

  /** Opens an address for webhooks. */
  async receive(
    answer: (request: Request) => Response | Promise<Response>,
  ): Promise<{ readonly url: string; close(): Promise<void> }> {
    if (this.subject.receive) return await this.subject.receive(answer);
    return await createScriptedServer({
      otherwise: ({ method, url, headers, text }) =>
        answer(
          new Request(url, {
            method,
            headers,
            ...(text !== "" && { body: text }),
          }),
        ),
    });
  }
}

/** Holds when the answer has one of these statuses. */
export function status(answer: Answer, ...wanted: number[]): void {
  if (wanted.includes(answer.status)) return;
  fault(
    `${answer.what}: found ${answer.status} ${text(answer.body)}, wanted ${
      wanted.join(" or ")
    }`,
  );
}

/** Holds when the answer is this refusal. */
export function refused(answer: Answer, wanted: number, code: string): void {
  status(answer, wanted);
  same(answer.body.error, code, `${answer.what}, code`);
}

/** Every answer names the contract that produced it. Source: v2 §2.3. */
function named({ headers, what, status }: Answer): void {
  const version = headers.get(HEADERS.version);
  const wants = what.endsWith("/.well-known/openwop") || status === 406
    ? /^\d+\.\d+$/
    : /^2\.\d+$/;
  holds(
    version !== null && wants.test(version),
    `${what}: the answer names version ${version}`,
  );
}

function parse(content: string, what: string): Json {
  try {
    return JSON.parse(content);
  } catch {
    fault(`${what}: the answer says that it is JSON, and is not`);
  }
}
