import { systemClock } from "@tutti/sdk/http";
import type { Clock } from "@tutti/sdk/http";
import { brokenAgents, endingAgents } from "./flux0_agents.ts";
import type { AgentCode } from "./flux0_agents.ts";
import { runAgent } from "./flux0_run.ts";
import { check, Flux0Store, issues, Refusal } from "./flux0_store.ts";
import type { Row, Session } from "./flux0_store.ts";
import type { Json } from "./json_patch.ts";

/** Settings of {@linkcode Flux0Server}. */
export interface Flux0ServerOptions {
  /** For time stamps and slow agents. */
  readonly clock?: Clock;
  /** Agents beside those of flux0_agents.ts. */
  readonly agents?: Readonly<Record<string, AgentCode>>;
  /** Whether it is of the later revision, whose sessions have a mode. */
  readonly hasModes?: boolean;
}

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Json | undefined;
}

/** A flux0 server in memory, with all its surprises. */
export class Flux0Server {
  readonly requests: Seen[] = [];
  readonly store: Flux0Store;
  readonly #agents: Readonly<Record<string, AgentCode>>;
  readonly #hasModes: boolean;

  constructor(options: Flux0ServerOptions = {}) {
    this.store = new Flux0Store(options.clock ?? systemClock);
    this.#agents = { ...endingAgents, ...brokenAgents, ...options.agents };
    this.#hasModes = options.hasModes ?? false;
  }

  /** Makes an agent and a session with it, and gives the id of the session. */
  session(type: string): string {
    const agent = this.store.nextId();
    this.store.agents.set(agent, {
      id: agent,
      name: `Agent ${type}`,
      type,
      description: null,
      created_at: this.store.now(),
    });
    return String(this.#createSession({ agent_id: agent }, "u").id);
  }

  /** The history of a session. */
  events(sessionId: string): Row[] {
    return this.store.sessions.get(sessionId)!.events.map(({ row }) => row);
  }

  /** Hand it to a client. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { method, url, headers } = request;
    const { pathname, search, searchParams } = new URL(url);
    const text = await request.text();
    let body: Json | undefined;
    try {
      body = text === "" ? undefined : JSON.parse(text);
    } catch {
      return Response.json({ detail: [] }, { status: 422 });
    }
    this.requests.push({ method, path: pathname + search, headers, body });
    try {
      return this.#answer(method, pathname, searchParams, headers, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return Response.json({ detail: error.detail }, { status: error.status });
    }
  };

  #answer(
    method: string,
    path: string,
    query: URLSearchParams,
    headers: Headers,
    body: Json | undefined,
  ): Response {
    const [api, kind, id = "", ...rest] = path.slice(1).split("/")
      .map(decodeURIComponent);
    const route = `${method} ${api}/${kind}${id && "/:"}${
      rest.map((part) => `/${part}`).join("")
    }`;
    if (id && [...id].length !== 10) {
      throw issues(
        ["path", `${kind?.slice(0, -1)}_id`],
        "string_too_short",
        id,
      );
    }
    const user = this.store.userOf(headers);
    switch (route) {
      case "GET openapi.json/undefined":
        return Response.json(this.#description());
      case "GET api/agents":
        return Response.json({ data: [...this.store.agents.values()] });
      case "POST api/agents": {
        const { name, type, description } = check(body ?? null, {
          name: [1, 100],
          type: [1, 100],
          "description?": [0, Infinity],
        });
        const row = {
          id: this.store.nextId(),
          name: name!,
          type: type!,
          description: description || null,
          created_at: this.store.now(),
        };
        this.store.agents.set(row.id, row);
        return Response.json(withoutNulls(row), { status: 201 });
      }
      case "GET api/agents/:":
        return Response.json(
          this.store.agents.get(id) ?? notFound(404, "Agent", id),
        );
      case "GET api/sessions": {
        const agent = query.get("agent_id");
        const rows = this.store.made.map(({ row }) => row).filter((row) =>
          row.user_id === user && (agent === null || row.agent_id === agent)
        );
        return Response.json({ data: rows });
      }
      case "POST api/sessions": {
        const row = check(body ?? null, {
          agent_id: [10, 10],
          "id?": [10, 10],
          "title?": [0, 200],
          ...(this.#hasModes && { "mode?": [0, 100], "metadata?": [0, -1] }),
        });
        return Response.json(withoutNulls(this.#createSession(row, user)), {
          status: 201,
        });
      }
      case "GET api/sessions/:":
        return Response.json(
          withoutNulls(
            this.store.sessions.get(id)?.row ?? notFound(404, "Session", id),
          ),
        );
      case "GET api/sessions/:/events": {
        const events = this.store.list(this.#session(id), query);
        return events
          ? Response.json({ data: events })
          : new Response("Internal Server Error", { status: 500 });
      }
      case "POST api/sessions/:/events/stream":
        return this.#post(id, body ?? null);
      default:
        throw new Refusal(404, "Not Found");
    }
  }

  #session(id: string): Session {
    return this.store.sessions.get(id) ??
      refuse(
        400,
        `Cannot list events for non-existent session with ID ${id}`,
      );
  }

  #createSession(body: Row, user: string): Row {
    const { agent_id, id, title, mode, metadata } = body;
    if (!this.store.agents.has(String(agent_id))) {
      notFound(400, "Agent", String(agent_id));
    }
    const row: Row = {
      id: id ?? this.store.nextId(),
      agent_id: agent_id!,
      user_id: user,
      title: title ?? null,
      consumption_offsets: { client: 0 },
      created_at: this.store.now(),
      ...(this.#hasModes &&
        { mode: mode ?? "auto", metadata: metadata ?? null }),
    };
    const session: Session = { row, events: [] };
    this.store.made.push(session);
    const key = String(row.id);
    // The older one goes on answering.
    if (!this.store.sessions.has(key)) this.store.sessions.set(key, session);
    return row;
  }

  #post(id: string, body: Json): Response {
    const { type, source, content } = check(body, {
      type: [0, 100],
      source: [0, 100],
      "content?": [0, Infinity],
    });
    if (type !== "message") {
      refuse(422, "Only message events can currently be added manually");
    }
    if (source !== "user") {
      refuse(422, 'Only "user" source is supported for direct posting.');
    }
    if (!content) {
      refuse(422, "Missing 'message' field in event parameters");
    }
    const session = this.store.sessions.get(id);
    if (!session) {
      return notFound(400, "Session", id);
    }
    const agent = this.store.agents.get(String(session.row.agent_id))!;
    return runAgent(
      this.store,
      session,
      agent,
      this.#agents[String(agent.type)],
      String(content),
    );
  }

  #description(): Json {
    return {
      openapi: "3.1.0",
      info: { title: "Flux0", version: this.#hasModes ? "0.2.0" : "0.1.0" },
      components: {
        schemas: {
          AgentDTO: { properties: { id: {}, name: {} } },
          SessionDTO: {
            properties: {
              id: {},
              consumption_offsets: {},
              ...(this.#hasModes && { mode: {}, metadata: {} }),
            },
          },
        },
      },
    };
  }
}

function refuse(status: number, detail: string): never {
  throw new Refusal(status, detail);
}

function notFound(status: number, what: string, id: string): never {
  return refuse(status, `${what} with ID ${id} not found`);
}

/** Some answers leave out what has no value; others say null. */
function withoutNulls(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).filter(([, value]) => value !== null),
  );
}
