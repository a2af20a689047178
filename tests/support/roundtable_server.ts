import { RoundTableLive } from "./roundtable_live.ts";
import { base64Url, Refusal, refusal } from "./roundtable_replies.ts";
import { createContext, firstRoutes } from "./roundtable_routes.ts";
import type { Body } from "./roundtable_rules.ts";
import { secondRoutes } from "./roundtable_sandbox_routes.ts";

/** What a test may change about the server. */
export interface RoundTableServerOptions {
  /** Milliseconds. @default the system's */
  readonly now?: () => number;
  /** How long an access token really lives. @default 30 minutes */
  readonly accessLifeMs?: number;
  /** What a missing token gets: 403 before FastAPI 0.122, 401 since. @default 403 */
  readonly missingToken?: 401 | 403;
}

export interface User extends Body {
  readonly user_id: string;
  readonly email: string;
  readonly password: string;
  is_active: boolean;
}

export interface Token {
  readonly user: User;
  readonly type: "access" | "refresh";
  readonly exp: number;
}

/** A request, as it came. */
export interface Seen {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly token: string | null;
  readonly body: unknown;
}

/** A Round Table server with the paths, answers and mistakes of the real one, in memory. */
export class RoundTableServer {
  readonly requests: Seen[] = [];
  /** Answers before the server does, each used once. */
  readonly first: ((seen: Seen) => Response | undefined)[] = [];
  /** Answers that get lost after the work is done. */
  lostReplies = 0;
  readonly live: RoundTableLive;
  readonly workspaces = new Map<string, Body>();
  readonly sandboxes = new Map<string, Body>();
  readonly messages: Body[] = [];
  readonly collaborations = new Map<string, Body>();
  readonly users: User[] = [];
  readonly tokens = new Map<string, Token>();
  readonly #options: RoundTableServerOptions;
  #count = 0;

  constructor(options: RoundTableServerOptions = {}) {
    this.#options = options;
    this.live = new RoundTableLive(() => this.now());
  }

  now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  /** Requests whose path matches. */
  to(path: RegExp): Seen[] {
    return this.requests.filter((seen) => path.test(seen.path));
  }

  /** Ends all access tokens before their time. */
  forgetAccessTokens(): void {
    for (const [text, { type }] of this.tokens) {
      if (type === "access") this.tokens.delete(text);
    }
  }

  /** As after a restart: what was in memory is gone. */
  restart(): void {
    this.collaborations.clear();
    this.live.restart();
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const text = request.body ? await request.text() : "";
    const [, token = null] = /^Bearer +(\S+)$/i.exec(
      request.headers.get("authorization") ?? "",
    ) ?? [];
    let body: unknown;
    try {
      body = text ? JSON.parse(text) : undefined;
    } catch {
      body = undefined;
    }
    const seen: Seen = {
      method: request.method,
      path: url.pathname + url.search,
      token,
      body,
    };
    this.requests.push(seen);
    const instead = this.first.shift()?.(seen);
    if (instead) return instead;
    const isJson = /^application\/json\b/.test(
      request.headers.get("content-type") ?? "",
    );
    let response: Response;
    try {
      response = this.#route(seen, url, request.headers, isJson);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response = error.response;
    }
    if (this.lostReplies > 0 && request.method !== "GET") {
      this.lostReplies--;
      throw new TypeError("the connection broke");
    }
    return response;
  };

  #route(seen: Seen, url: URL, headers: Headers, isJson: boolean): Response {
    const { pathname } = url;
    const isPlain = /^\/(health|ws\/.*)?$/.test(pathname);
    const prefix = "/api/v1";
    if (!isPlain && !pathname.startsWith(prefix)) return refusal(404);
    const path = isPlain ? pathname : pathname.slice(prefix.length) || "/api";
    const context = createContext(this, seen, url, headers, isJson);
    const operation = { ...firstRoutes(context), ...secondRoutes(context) };
    const methods: string[] = [];
    for (const [line, answer] of Object.entries(operation)) {
      const [method, pattern] = line.split(" ") as [string, string];
      const match = new RegExp(
        `^${pattern.replaceAll("*", "([^/]+)")}$`,
      ).exec(path);
      if (!match) continue;
      methods.push(method);
      if (method === seen.method) {
        return answer(...match.slice(1).map(decodeURIComponent));
      }
    }
    if (methods.length === 0) return refusal(404);
    return refusal(405, "Method Not Allowed", { allow: methods.join(", ") });
  }

  /** Stores a message, as if a sandbox had sent it. */
  store(message: Body): Body {
    const row = {
      message_id: this.id("msg"),
      message_type: "request",
      content: {},
      ...message,
      status: {
        status: "pending",
        sent_at: this.time(),
        delivered_at: null,
        failed_at: null,
        error_message: null,
      },
      created_at: this.time(),
      updated_at: this.time(),
    };
    this.messages.push(row);
    return row;
  }

  /** A fresh id. */
  id(prefix: string): string {
    return `${prefix}_${(++this.#count).toString(16).padStart(10, "0")}`;
  }

  /** UTC without saying so, in whole seconds. */
  time(): string {
    return new Date(this.now()).toISOString().slice(0, 19);
  }

  /** Tokens for a user. */
  pair(user: User): Body {
    const make = (type: Token["type"], lifeMs: number): string => {
      const now = this.now() / 1000;
      const claims = {
        sub: user.user_id,
        exp: Math.floor(now + lifeMs / 1000),
        iat: now,
        type,
      };
      const text = [{ alg: "HS256", typ: "JWT" }, claims, ++this.#count]
        .map((part) => base64Url(JSON.stringify(part))).join(".");
      this.tokens.set(text, { user, type, exp: claims.exp });
      return text;
    };
    return {
      access_token: make("access", this.#options.accessLifeMs ?? 1_800_000),
      token_type: "bearer",
      // What is configured, whatever the token says.
      expires_in: 1800,
      refresh_token: make("refresh", 7 * 86_400_000),
    };
  }

  /** Whose access token it is. */
  known(token: string): User | undefined {
    const known = this.tokens.get(token);
    return known?.type === "access" && known.exp * 1000 > this.now()
      ? known.user
      : undefined;
  }

  /** Who asks, or a refusal. */
  user(token: string | null, headers: Headers): User {
    if (token === null) {
      const { missingToken = 403 } = this.#options;
      throw new Refusal(refusal(
        missingToken,
        headers.has("authorization") && missingToken === 403 &&
          !/^Bearer\s*$/i.test(headers.get("authorization")!)
          ? "Invalid authentication credentials"
          : "Not authenticated",
      ));
    }
    const user = this.known(token);
    if (!user) {
      throw new Refusal(refusal(401, "Could not validate credentials", {
        "www-authenticate": "Bearer",
      }));
    }
    if (!user.is_active) throw new Refusal(refusal(403, "Inactive user"));
    return user;
  }

  /** One of the user, or a refusal. */
  workspace(id: string, user: User, missing = 404): Body {
    const found = this.workspaces.get(id);
    if (!found && missing === 404) {
      throw new Refusal(refusal(404, `Workspace ${id} not found`));
    }
    if (found?.user_id !== user.user_id) {
      throw new Refusal(refusal(403, "Access denied"));
    }
    return found;
  }

  /** Where the server hides that there is one. */
  hidden(id: string, user: User): Body {
    const found = this.workspaces.get(id);
    if (found?.user_id === user.user_id) return found;
    throw new Refusal(refusal(404, `Workspace ${id} not found`));
  }

  /** One of the user, or a refusal. */
  sandbox(id: string, user: User): Body {
    const found = this.sandboxes.get(id);
    if (!found) throw new Refusal(refusal(404, `Sandbox ${id} not found`));
    this.workspace(String(found.workspace_id), user, 403);
    return found;
  }

  /** The sandboxes of a workspace. */
  in({ workspace_id }: Body): Body[] {
    return [...this.sandboxes.values()].filter((sandbox) =>
      sandbox.workspace_id === workspace_id
    );
  }
}
