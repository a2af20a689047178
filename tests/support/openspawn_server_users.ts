import { randomBytes } from "node:crypto";
import { refuse, uuid, validate } from "./openspawn_server_state.ts";
import type { Actor, Any, Route, State } from "./openspawn_server_state.ts";

export const USER_TOKEN = "eyJ.user.token";

function wantUser(actor: Actor): void {
  if (actor.kind !== "user") refuse(401, "Unauthorized");
}

function webhook(state: State, id: string): Any {
  return state.webhooks.find((one) => one.id === uuid(id)) ??
    refuse(404, "Webhook not found");
}

const webhookShape = {
  name: "string",
  url: "string",
  events: "object",
  secret: "string",
  hookType: "string:(pre|post)",
  canBlock: "bool",
  timeoutMs: "int:1000..30000",
};

export const userRoutes: readonly Route[] = [
  ["POST", "/webhooks", ({ actor, body }, state) => {
    wantUser(actor);
    const given = validate(body, {
      ...webhookShape,
      name: "string*",
      url: "string*",
      events: "object*",
    });
    if (/localhost|127\.|10\.|192\.168\./.test(given.url)) {
      refuse(400, "Webhook URL must not be private");
    }
    const row = state.row({
      secret: null,
      enabled: true,
      hookType: "post",
      canBlock: false,
      timeoutMs: 5_000,
      ...given,
      failureCount: 0,
      lastTriggeredAt: null,
      lastError: null,
      updatedAt: state.date(),
    });
    state.webhooks.push(row);
    return row;
  }],
  ["GET", "/webhooks", ({ actor }, state) => {
    wantUser(actor);
    return state.webhooks;
  }],
  ["GET", "/webhooks/:id", ({ actor, params }, state) => {
    wantUser(actor);
    return webhook(state, params.id!);
  }],
  ["PATCH", "/webhooks/:id", ({ actor, params, body }, state) => {
    wantUser(actor);
    const given = validate(body, { ...webhookShape, enabled: "bool" });
    return Object.assign(webhook(state, params.id!), given);
  }],
  ["DELETE", "/webhooks/:id", ({ actor, params }, state) => {
    wantUser(actor);
    const index = state.webhooks.indexOf(webhook(state, params.id!));
    state.webhooks.splice(index, 1);
    return { success: true };
  }],
  ["POST", "/webhooks/:id/test", ({ actor, params }, state) => {
    wantUser(actor);
    webhook(state, params.id!);
    return { success: false, error: "connect ECONNREFUSED" };
  }],
  ["POST", "/api-keys", ({ actor, body }) => {
    wantUser(actor);
    // Its shape has no validated member at all.
    return validate(body, {});
  }],
  ["GET", "/api-keys", ({ actor }, state) => {
    wantUser(actor);
    return state.apiKeys.map(({ key: _, ...shown }) => shown);
  }],
  ["GET", "/api-keys/:id", ({ actor, params }, state) => {
    wantUser(actor);
    return state.apiKeys.map(({ key: _, ...shown }) => shown)
      .find(({ id }) => id === uuid(params.id)) ??
      refuse(404, "API key not found");
  }],
  ["DELETE", "/api-keys/:id", ({ actor, params }, state) => {
    wantUser(actor);
    const found = state.apiKeys.find(({ id }) => id === uuid(params.id)) ??
      refuse(404, "API key not found");
    found.revokedAt = state.date();
    return { message: "API key revoked" };
  }],
  ["POST", "/auth/login", ({ body }, state) => {
    if (body?.password !== "correct horse") refuse(401, "Unauthorized");
    return {
      accessToken: USER_TOKEN,
      refreshToken: "refresh",
      expiresIn: 900,
      user: {
        id: state.userId,
        email: body.email,
        name: "Sandy",
        role: "admin",
      },
    };
  }],
  ["POST", "/auth/refresh", () => ({
    accessToken: USER_TOKEN,
    refreshToken: randomBytes(8).toString("hex"),
    expiresIn: 900,
  })],
  ["GET", "/auth/me", ({ actor }, state) => {
    wantUser(actor);
    return { id: state.userId, email: "s@x", name: "Sandy", role: "admin" };
  }],
];
