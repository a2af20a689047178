import {
  crash,
  invalid,
  json,
  list,
  lowerDomain,
  Refusal,
  refusal,
  wrap,
} from "./roundtable_replies.ts";
import { defaults, isObject, keep, Rules } from "./roundtable_rules.ts";
import type { Body } from "./roundtable_rules.ts";
import type { RoundTableServer, Seen, User } from "./roundtable_server.ts";

/** What routes answer with. */
export type Routes = Record<string, (...ids: string[]) => Response>;

/** What routes work with. */
export interface Context {
  readonly server: RoundTableServer;
  readonly token: string | null;
  /** Who asks, or a refusal. */
  me(): User;
  /** An object, or a refusal. */
  body(): Body;
  /** Offset and limit, or a refusal. */
  page(most?: number, preset?: number): [number, number];
  /** A body that keeps the rules, or a refusal. */
  checked(check: (rules: Rules, body: Body) => void): Body;
}

/** One for each request. */
export function createContext(
  server: RoundTableServer,
  { token, body: raw }: Seen,
  url: URL,
  headers: Headers,
  isJson: boolean,
): Context {
  const me = (): User => server.user(token, headers);
  const body = (): Body => {
    if (!isJson || !isObject(raw)) {
      throw new Refusal(invalid([{
        type: "model_attributes_type",
        loc: ["body"],
        msg: "Input should be a valid dictionary",
        input: raw ?? null,
      }]));
    }
    return raw;
  };
  const page = (most = 100, preset = 100): [number, number] => {
    const query = Object.fromEntries(
      [...url.searchParams].map(([name, value]) => [name, Number(value)]),
    );
    const rules = new Rules();
    rules.number(query, "query.offset", 0, Infinity);
    rules.number(query, "query.limit", 1, most);
    if (rules.issues.length > 0) throw new Refusal(invalid(rules.issues));
    return [query.offset ?? 0, query.limit ?? preset];
  };
  const checked = (check: (rules: Rules, body: Body) => void): Body => {
    const given = body();
    const rules = new Rules();
    check(rules, given);
    if (rules.issues.length > 0) throw new Refusal(invalid(rules.issues));
    return given;
  };
  return { server, token, me, body, page, checked };
}

/** Service, users, system and workspaces. */
export function firstRoutes(
  { server, token, me, body, page, checked }: Context,
): Routes {
  return {
    "GET /": () =>
      json({
        name: "Round Table API",
        version: "0.1.0",
        status: "running",
        docs: "/docs",
      }),
    "GET /api": () =>
      json({ message: "Round Table API", version: "0.1.0", docs: "/docs" }),
    "GET /health": () => json({ status: "healthy", version: "0.1.0" }),
    "GET /ws/stats": () => json(server.live.stats()),
    "GET /ws/connections": () => json(server.live.list()),
    "GET /ws/connections/*": (id) =>
      server.live.info(id!) ?? refusal(404, "Connection not found"),
    "POST /auth/register": () => {
      const given = checked((rules, body) => {
        rules.text(body, "body.email", 3, 255);
        rules.that(
          !/\.(test|local|invalid)$|localhost$/.test(String(body.email)),
          "body.email",
          "value is not a valid email address",
          body.email,
        );
        rules.text(body, "body.password", 8, 100);
        rules.text(body, "body.full_name", 0, 255, "null");
      });
      const email = lowerDomain(String(given.email));
      if (server.users.some((user) => user.email === email)) {
        return refusal(400, "Email already registered");
      }
      const user: User = {
        user_id: server.id("usr"),
        email,
        password: String(given.password),
        full_name: given.full_name ?? null,
        is_active: true,
      };
      server.users.push(user);
      return wrap(server.pair(user));
    },
    "POST /auth/login": () => {
      const given = checked((rules, body) => {
        rules.text(body, "body.email", 3, 255);
        rules.text(body, "body.password", 1, 100);
      });
      const user = server.users.find(({ email, password }) =>
        email === lowerDomain(String(given.email)) &&
        password === given.password
      );
      if (!user) return refusal(401, "Incorrect email or password");
      if (!user.is_active) return refusal(403, "Inactive user");
      return wrap(server.pair(user));
    },
    "POST /auth/refresh": () => {
      const given = checked((rules, body) =>
        rules.text(body, "body.refresh_token", 1, 9999)
      );
      const known = server.tokens.get(String(given.refresh_token));
      if (known?.type !== "refresh" || known.exp * 1000 <= server.now()) {
        return refusal(401, "Invalid refresh token");
      }
      if (!known.user.is_active) return refusal(403, "Inactive user");
      const { refresh_token: _, ...access } = server.pair(known.user);
      return wrap(access);
    },
    "POST /auth/logout": () => {
      me();
      return wrap({ message: "Successfully logged out" });
    },
    "GET /auth/me": () => {
      const { password: _, ...user } = me();
      return wrap(user);
    },
    "GET /system/health": () =>
      wrap({
        status: "degraded",
        timestamp: `${server.time()}.120000`,
        version: "0.1.0-alpha",
        database: "connected",
        message_bus: "disconnected",
      }),
    "GET /system/info": () => {
      const known = token === null ? undefined : server.known(token);
      return wrap({
        name: "Round Table Collaboration Bus",
        version: "0.1.0-alpha",
        description: "",
        environment: "development",
        python_version: "3.11.9",
        platform: "Linux",
        authenticated: known !== undefined,
        ...(known && { user_id: known.user_id, email: known.email }),
      });
    },
    "GET /system/workspaces/*/metrics/aggregate": (id) => {
      const user = token === null ? undefined : server.known(token);
      if (!user) return refusal(401, "Not authenticated");
      const workspace = server.hidden(id!, user);
      const sandboxes = server.in(workspace).slice(0, 100);
      const messages = server.messages.filter(({ workspace_id }) =>
        workspace_id === id
      ).slice(-100);
      return wrap({
        workspace_id: id,
        sandboxes: {
          total: sandboxes.length,
          by_status: {
            running: 0,
            stopped: 0,
            provisioning: 0,
            error: 0,
            ...count(sandboxes, ({ status }) => String(status)),
          },
        },
        messages: {
          total: messages.length,
          by_type: count(messages, ({ message_type }) => String(message_type)),
          by_status: count(messages, () => "pending"),
        },
        collaborations: { active: 0, completed: 0, failed: 0 },
        timestamp: `${server.time()}.500000`,
      });
    },
    "GET /workspaces": () => {
      const user = me();
      const [offset, limit] = page();
      const mine = [...server.workspaces.values()].filter(({ user_id }) =>
        user_id === user.user_id
      ).map((workspace) => ({
        workspace_id: workspace.workspace_id,
        name: workspace.name,
        description: workspace.description,
        sandbox_count: server.in(workspace).length,
        created_at: workspace.created_at,
      }));
      return list("workspaces", mine.slice(0, 100), offset, limit);
    },
    "POST /workspaces": () => {
      const user = me();
      const given = checked((rules, body) => {
        rules.text(body, "body.name", 1, 100);
        rules.text(body, "body.description", 0, 1000, "null");
        if (rules.object(body, "body.settings", "null")) {
          settings(rules, body, "body.settings");
        }
      });
      const workspace = {
        workspace_id: server.id("ws"),
        user_id: user.user_id,
        name: given.name,
        description: given.description ?? null,
        settings: keep(defaults.settings, given.settings),
        is_active: true,
        created_at: server.time(),
        updated_at: server.time(),
      };
      server.workspaces.set(workspace.workspace_id, workspace);
      return wrap(workspace, 201);
    },
    "GET /workspaces/*": (id) => wrap(server.workspace(id!, me())),
    "PUT /workspaces/*": (id) => {
      const workspace = server.workspace(id!, me());
      const given = checked((rules, body) => {
        rules.text(body, "body.name", 1, 100, "null");
        rules.text(body, "body.description", 0, 1000, "null");
        if (rules.object(body, "body.settings", "null")) {
          settings(rules, body, "body.settings");
        }
      });
      for (const name of ["name", "description", "is_active"]) {
        if (given[name] != null) workspace[name] = given[name];
      }
      // Replaced, not merged.
      if (given.settings != null) {
        workspace.settings = keep(defaults.settings, given.settings);
      }
      workspace.updated_at = server.time();
      return wrap(workspace);
    },
    "DELETE /workspaces/*": (id) => {
      server.workspace(id!, me());
      // Its sandboxes stay behind.
      server.workspaces.delete(id!);
      return new Response(null, { status: 204 });
    },
    "GET /workspaces/*/config": (id) =>
      wrap(server.workspace(id!, me()).settings),
    "PUT /workspaces/*/config": (id) => {
      const workspace = server.workspace(id!, me());
      const given = body();
      const rules = new Rules();
      settings(rules, { settings: given }, "body.settings");
      if (rules.issues.length > 0) return crash();
      workspace.settings = keep(defaults.settings, given);
      return wrap(workspace.settings);
    },
  };
}

function settings(rules: Rules, body: Body, path: string): void {
  rules.number(body, `${path}.max_sandboxes`, 1, 100);
  rules.number(body, `${path}.retention_days`, 1, 365);
  rules.object(body, `${path}.collaboration_policy`, "default");
}

export function count(
  rows: readonly Body[],
  key: (row: Body) => string,
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}
