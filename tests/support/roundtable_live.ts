import { isObject } from "./roundtable_rules.ts";
import type { Body } from "./roundtable_rules.ts";

/** One end of a socket, whatever carries it. */
export interface LiveEnd {
  send(text: string): void;
  /** Breaks the connection. */
  destroy(): void;
}

/** A connection, as the server keeps it. */
export interface LiveConnection {
  readonly info: Body & { readonly connection_id: string; state: string };
  readonly end: LiveEnd;
  /** After a malformed frame nothing is answered any more. */
  isMute: boolean;
  /** Dropped from the registry without a word: no pings, and answers without effect. */
  isForgotten: boolean;
  /** What the client sent. */
  readonly received: Body[];
  pongAt: number | undefined;
}

/** The socket side of the server: queues for agents, never emptied, and commands that are answered in order. */
export class RoundTableLive {
  readonly connections: LiveConnection[] = [];
  /** Every connection that there ever was. */
  readonly all: LiveConnection[] = [];
  /** As when Redis was down at the start: every handshake gets 403. */
  isRefusing = false;
  readonly #backlogs = new Map<string, Body[]>();
  readonly #now: () => number;
  #count = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A message waits for an agent until it connects, and for ever after. */
  enqueue(to: string, message: Body = {}): Body {
    const data = {
      from_agent: "editor",
      to_agent: to,
      workspace_id: null,
      content: {},
      message_type: "request",
      message_id: `msg_${(++this.#count).toString(16).padStart(16, "0")}`,
      timestamp: this.#now() / 1000 + this.#count / 1e6,
      priority: 0,
      metadata: {},
      ...message,
    };
    this.#backlogs.set(to, [...this.#backlogs.get(to) ?? [], data]);
    return data;
  }

  /** What an agent gets: 100 at most, by priority and then by text. */
  backlog(agent: string): Body[] {
    return [...this.#backlogs.get(agent) ?? []].sort((a, b) =>
      Number(b.priority) - Number(a.priority) ||
      (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
    ).slice(0, 100);
  }

  /** A handshake that went well; `undefined` for one that is refused. */
  connect(query: URLSearchParams, end: LiveEnd): LiveConnection | undefined {
    if (this.isRefusing) return undefined;
    const id = (++this.#count).toString(16).padStart(16, "0");
    const connection: LiveConnection = {
      info: {
        connection_id: `conn_${id}`,
        user_id: query.get("user_id"),
        workspace_id: query.get("workspace_id"),
        agent_id: query.get("agent_id"),
        subscriptions: [],
        state: "connected",
        connected_at: this.#now() / 1000,
      },
      end,
      isMute: false,
      isForgotten: false,
      received: [],
      pongAt: undefined,
    };
    this.connections.push(connection);
    this.all.push(connection);
    this.#say(connection, {
      type: "connected",
      connection_id: connection.info.connection_id,
      timestamp: this.#now() / 1000,
    });
    const agent = query.get("agent_id");
    for (const data of agent === null ? [] : this.backlog(agent)) {
      this.#say(connection, { type: "message", data, queued: true });
    }
    return connection;
  }

  /** The client is gone. */
  leave(connection: LiveConnection): void {
    const at = this.connections.indexOf(connection);
    if (at >= 0) this.connections.splice(at, 1);
  }

  /** A frame of the client. */
  receive(connection: LiveConnection, text: string | undefined): void {
    let frame: unknown;
    try {
      frame = JSON.parse(text ?? "");
    } catch {
      // Said below.
    }
    if (connection.isMute) return;
    if (!isObject(frame)) {
      this.#say(connection, { type: "error", message: "Invalid message" });
      connection.isMute = true;
      return;
    }
    connection.received.push(frame);
    const reply = this.#answer(connection, frame);
    if (reply) this.#say(connection, reply);
  }

  /** The timer of the server: pings everybody it knows, and forgets who has not answered for long. */
  ping(): void {
    for (const connection of [...this.connections]) {
      const { pongAt } = connection;
      if (pongAt !== undefined && this.#now() - pongAt > 60_000) {
        connection.isForgotten = true;
        this.leave(connection);
      } else {
        this.#say(connection, { type: "ping", timestamp: this.#now() / 1000 });
      }
    }
  }

  /** The process ends and begins again; what waits for agents stays. */
  restart(): void {
    for (const { end } of this.connections.splice(0)) end.destroy();
  }

  stats(): Body {
    return {
      total_connections: this.connections.length,
      unique_users: this.#different("user_id"),
      unique_workspaces: this.#different("workspace_id"),
      unique_agents: this.#different("agent_id"),
      active_topics: 0,
    };
  }

  list(): Body {
    return {
      total_connections: this.connections.length,
      connections: this.connections.map((one) => this.#show(one)),
    };
  }

  info(id: string): Response | undefined {
    const found = this.connections.find(({ info }) =>
      info.connection_id === id
    );
    return found && Response.json(this.#show(found));
  }

  #show({ info }: LiveConnection): Body {
    const age = this.#now() / 1000 - Number(info.connected_at);
    return { ...info, duration_seconds: age };
  }

  #different(name: string): number {
    return new Set(
      this.connections.map(({ info }) => info[name]).filter((one) =>
        one !== null
      ),
    ).size;
  }

  #say(connection: LiveConnection, frame: Body): void {
    if (!connection.isMute) connection.end.send(JSON.stringify(frame));
  }

  #answer(connection: LiveConnection, frame: Body): Body | undefined {
    const { info } = connection;
    const error = (message: string): Body => ({ type: "error", message });
    switch (frame.type) {
      case "pong":
        connection.pongAt = this.#now();
        return undefined;
      case "subscribe": {
        // A text is taken letter by letter.
        const topics = [...frame.topics as string[] ?? []];
        if (topics.length === 0) return error("No topics specified");
        info.subscriptions = [
          ...new Set([...info.subscriptions as string[], ...topics]),
        ];
        return { type: "subscribed", topics };
      }
      case "unsubscribe": {
        const topics = frame.topics as string[] | undefined;
        info.subscriptions = topics
          ? (info.subscriptions as string[]).filter((one) =>
            !topics.includes(one)
          )
          : [];
        return { type: "unsubscribed", topics: topics ?? "all" };
      }
      case "send": {
        if (!frame.to_agent) return error("Missing to_agent");
        if (info.agent_id === null) {
          return error("Not authenticated as an agent");
        }
        const { to_agent, content = {}, message_type = "request" } = frame;
        if (
          !["request", "response", "notification", "command"].includes(
            String(message_type),
          )
        ) return error(`'${message_type}' is not a valid MessageType`);
        const message_id = `msg_${
          (++this.#count).toString(16).padStart(16, "0")
        }`;
        if (!connection.isForgotten) {
          this.enqueue(String(to_agent), {
            from_agent: info.agent_id,
            content,
            message_type,
            message_id,
            priority: frame.priority ?? 0,
          });
        }
        return { type: "sent", message_id };
      }
      case "broadcast": {
        const workspace = frame.workspace_id ?? info.workspace_id;
        if (!workspace) return error("Missing workspace_id");
        return {
          type: "broadcast",
          workspace_id: workspace,
          recipient_count: 0,
        };
      }
      default:
        return error(`Unknown message type: ${frame.type}`);
    }
  }
}
