import { createHmac, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { agentRoutes } from "./openspawn_server_agents.ts";
import { consensusRoutes } from "./openspawn_server_consensus.ts";
import { creditRoutes } from "./openspawn_server_credits.ts";
import { messageRoutes } from "./openspawn_server_messages.ts";
import { isUuid, Refusal, State } from "./openspawn_server_state.ts";
import type { Actor, Any, Handler, Route } from "./openspawn_server_state.ts";
import { taskRoutes } from "./openspawn_server_tasks.ts";
import { trustRoutes } from "./openspawn_server_trust.ts";
import { USER_TOKEN, userRoutes } from "./openspawn_server_users.ts";

/** A request as its bytes came. */
export interface Received {
  readonly method: string;
  /** Path and query, untouched. */
  readonly target: string;
  readonly headers: Headers;
  readonly text: string;
}

interface Sent {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const codes: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "UNAUTHORIZED",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  422: "Unprocessable Entity",
  429: "TOO_MANY_REQUESTS",
};

/** Routes without authentication. */
const open = /^\/(health$|api\/v1\/auth\/(login|refresh)$)/;

/**
 * Behaves as the reference server does, its defects included: what it signs, what it limits, what it leaks, and where
 * it answers 500 after it has done the work. It verifies signatures by another implementation than ours.
 */
export class OpenSpawnServer {
  readonly state: State = new State();
  readonly received: Received[] = [];
  readonly apiKey: string = `osp_${randomBytes(32).toString("hex")}`;
  readonly userToken: string = USER_TOKEN;
  /** Requests for each route and minute. */
  limit = 100;
  /** Called with what was decided, before it is sent: `drop` cuts the connection then. */
  fault: (request: Received, sent: Sent) => "drop" | Sent | undefined = () =>
    undefined;
  readonly #nonces = new Set<string>();
  readonly #replies = new Map<string, Sent>();
  readonly #counters = new Map<string, { start: number; count: number }>();
  readonly #routes: readonly Route[];

  constructor(prefix = "/api/v1") {
    this.#routes = [
      ["GET", "/health", () => ({
        status: "ok",
        timestamp: this.state.date(),
      })],
      ...[
        ...agentRoutes,
        ...trustRoutes,
        ...taskRoutes,
        ...consensusRoutes,
        ...creditRoutes,
        ...messageRoutes,
        ...userRoutes,
      ].map((
        [method, path, handler],
      ): Route => [method, prefix + path, handler]),
    ];
    const { state } = this;
    const founder = state.addAgent({
      agentId: "founder",
      name: "Founder",
      role: "founder",
      level: 10,
      currentBalance: 1_000,
    });
    const lead = state.addAgent({
      agentId: "lead",
      name: "Lead",
      level: 5,
      parentId: founder.id,
      currentBalance: 200,
    });
    state.addAgent({ agentId: "hr", name: "Pearl", role: "hr", level: 9 });
    state.addAgent({
      agentId: "worker1",
      name: "Worker One",
      level: 3,
      parentId: lead.id,
      currentBalance: 75,
    });
    state.apiKeys.push(
      state.row({
        name: "ci",
        keyPrefix: this.apiKey.slice(0, 12),
        scopes: ["read"],
      }),
    );
  }

  /** The agent of that slug. */
  agent(agentId: string): Any {
    return this.state.agents.find((agent) => agent.agentId === agentId);
  }

  /** What it signs with. */
  identity(agentId: string): { agentId: string; secret: string } {
    const secret = this.state.secrets.get(this.agent(agentId).id)!;
    return { agentId, secret };
  }

  /** In this process, as a `fetch`. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { method, headers, url } = request;
    const { pathname, search } = new URL(url);
    const text = await request.text();
    const sent = this.answer({
      method,
      target: pathname + search,
      headers,
      text,
    });
    if (sent === "drop") throw new TypeError("the connection was cut");
    return new Response(
      method === "HEAD" ? null : JSON.stringify(sent.body),
      { status: sent.status, headers: sent.headers },
    );
  };

  answer(request: Received): Sent | "drop" {
    this.received.push(request);
    const sent = this.#decide(request);
    const { status, body, headers } = sent;
    const full = {
      status,
      // As it would be written: no two parts of the state are shared with the client.
      body: JSON.parse(JSON.stringify(body)),
      headers: {
        "content-type": "application/json; charset=utf-8",
        "access-control-allow-origin": "*",
        date: new Date(this.state.now()).toUTCString(),
        ...headers,
      },
    };
    return this.fault(request, full) ?? full;
  }

  #decide(request: Received): Sent {
    const headers: Record<string, string> = {};
    try {
      const { method, target, text } = request;
      const path = target.replace(/\?.*/s, "");
      const query = new URLSearchParams(target.slice(path.length));
      // Express makes an array of what comes twice, and no handler can do with one.
      if (new Set(query.keys()).size < [...query].length) throw new Error();
      // The body is read before anything else.
      if (new TextEncoder().encode(text).length > 102_400) throw new Error();
      const body = parseBody(request);
      const route = this.#find(method, path);
      if (!route) throw new Refusal(404, `Cannot ${method} ${path}`);
      this.#throttle(route.handler, headers);
      const actor = open.test(path)
        ? { kind: "nobody", id: "" } as const
        : this.#authenticate(request, path, body);
      const mutates = !/^(GET|HEAD|OPTIONS)$/.test(method);
      const key = mutates && request.headers.get("x-idempotency-key");
      if (key && !isUuid(key)) throw new Error();
      const known = key &&
        this.#replies.get(key.replaceAll("-", "").toLowerCase());
      if (known) return { ...known, headers };
      const answer = route.handler(
        { actor, params: route.params, query, body },
        this.state,
      );
      const sent = {
        status: method === "POST" ? 201 : 200,
        body: answer,
        headers,
      };
      // Kept after the work is done, and for agents alone.
      if (key && actor.kind === "agent") {
        this.#replies.set(key.replaceAll("-", "").toLowerCase(), {
          ...sent,
          body: JSON.parse(JSON.stringify(answer)),
        });
      }
      return sent;
    } catch (error) {
      const [status, words] = error instanceof Refusal
        ? [error.status, error.error]
        : [500, "Internal server error"];
      const code = codes[status] ?? "INTERNAL_ERROR";
      return { status, body: { error: words, code }, headers };
    }
  }

  #find(
    method: string,
    path: string,
  ): { handler: Handler; params: Record<string, string> } | undefined {
    const parts = path.replace(/(?<=.)\/$/, "").split("/");
    for (const [verb, pattern, handler] of this.#routes) {
      const wanted = pattern.split("/");
      const fits = (verb === method || (method === "HEAD" && verb === "GET")) &&
        wanted.length === parts.length &&
        wanted.every((part, n) =>
          part.startsWith(":")
            ? parts[n] !== ""
            : part.toLowerCase() === parts[n]!.toLowerCase()
        );
      if (!fits) continue;
      const params = Object.fromEntries(
        wanted.flatMap((part, n) =>
          part.startsWith(":")
            ? [[part.slice(1), decodeURIComponent(parts[n]!)]]
            : []
        ),
      );
      return { handler, params };
    }
  }

  /** Counts before anything is looked at; a block lasts for the whole window. */
  #throttle(handler: Handler, headers: Record<string, string>): void {
    const now = this.state.now();
    const key = String(this.#routes.findIndex((route) => route[2] === handler));
    let counter = this.#counters.get(key);
    if (!counter || now - counter.start >= 60_000) {
      this.#counters.set(key, counter = { start: now, count: 0 });
    }
    if (++counter.count > this.limit) {
      if (counter.count === this.limit + 1) counter.start = now;
      headers["retry-after"] = "60";
      throw new Refusal(429, "ThrottlerException: Too Many Requests");
    }
    headers["x-ratelimit-limit"] = String(this.limit);
    headers["x-ratelimit-remaining"] = String(this.limit - counter.count);
    headers["x-ratelimit-reset"] = String(
      Math.ceil((counter.start + 60_000 - now) / 1_000),
    );
  }

  #authenticate(request: Received, path: string, body: Any): Actor {
    const { headers, method } = request;
    const refused = new Refusal(401, "Unauthorized");
    const { userId } = this.state;
    const bearer = headers.get("authorization");
    if (bearer?.startsWith("Bearer osp_")) {
      if (bearer !== `Bearer ${this.apiKey}`) throw refused;
      return { kind: "apiKey", id: userId };
    }
    const [slug, time, nonce, signature] = [
      "x-agent-id",
      "x-timestamp",
      "x-nonce",
      "x-signature",
    ].map((name) => headers.get(name) ?? "") as [
      string,
      string,
      string,
      string,
    ];
    if (slug || signature) {
      if (!slug || !time || !nonce || !signature) throw refused;
      const seconds = Math.floor(this.state.now() / 1_000);
      if (Math.abs(seconds - parseInt(time, 10)) > 300) throw refused;
      const agent = this.agent(slug);
      if (agent?.status !== "active") throw refused;
      const signed = /^(GET|DELETE)$/.test(method)
        ? ""
        : JSON.stringify(body ?? {});
      const wanted = createHmac(
        "sha256",
        // Not as text: the bytes that the digits stand for.
        hexBytes(this.state.secrets.get(agent.id)!),
      ).update(method + path + time + nonce + signed).digest("hex");
      if (signature !== wanted) throw refused;
      if (nonce.length > 64) throw new Error();
      if (this.#nonces.has(nonce)) throw refused;
      this.#nonces.add(nonce);
      return { kind: "agent", id: agent.id, agent };
    }
    if (bearer === `Bearer ${this.userToken}`) {
      return { kind: "user", id: userId };
    }
    throw refused;
  }
}

function hexBytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** What the body parser leaves: nothing for another content type, 400 for what is no JSON. */
function parseBody({ headers, text }: Received): Any {
  if (!/^application\/json\b/.test(headers.get("content-type") ?? "")) {
    return undefined;
  }
  if (text === "") return undefined;
  try {
    const body = JSON.parse(text);
    if (typeof body === "object" && body) return body;
  } catch {
    // Said below.
  }
  throw new Refusal(400, "Unexpected end of JSON input");
}

/** Serves on a real socket for the length of `use`. */
export async function servingOpenSpawn(
  use: (server: OpenSpawnServer, url: string) => Promise<void>,
  server: OpenSpawnServer = new OpenSpawnServer(),
): Promise<void> {
  const socket = createServer((incoming, outgoing) => {
    const parts: Uint8Array[] = [];
    incoming.on("data", (part: Uint8Array) => parts.push(part));
    incoming.on("end", () => {
      const headers = new Headers();
      for (let n = 0; n < incoming.rawHeaders.length; n += 2) {
        headers.append(incoming.rawHeaders[n]!, incoming.rawHeaders[n + 1]!);
      }
      const decoder = new TextDecoder();
      const text = parts.map((part) => decoder.decode(part, { stream: true }))
        .join("") + decoder.decode();
      const sent = server.answer({
        method: incoming.method!,
        target: incoming.url!,
        headers,
        text,
      });
      if (sent === "drop") return incoming.socket.destroy();
      outgoing.writeHead(sent.status, sent.headers);
      outgoing.end(JSON.stringify(sent.body));
    });
  });
  await new Promise<void>((resolve) =>
    socket.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = socket.address() as AddressInfo;
  try {
    await use(server, `http://127.0.0.1:${port}`);
  } finally {
    socket.closeAllConnections();
    await new Promise((resolve) => socket.close(resolve));
  }
}
