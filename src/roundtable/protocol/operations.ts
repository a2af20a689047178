// Web standards only.

/**
 * Every operation that the client has, in one table. The client is made from it, the documents are written from it, and
 * a test calls each line.
 *
 * `METHOD[marks] path [member]`; `member` is what an answer must have to be believed. Marks: `-` needs no token; `!` may
 * be repeated although it is a POST; `.` takes no body; `/` lies at the root of the server instead of below `/api/v1`;
 * `*` is a list of which the server shows 100 items, `~` one without an end; `+` is a list whose offset the server cuts
 * off the page; `=` takes a body of any form, `null` included. Doubled segments are the server's.
 */
export const OPERATIONS = {
  "workspaces.list": "GET* /workspaces workspaces",
  "workspaces.create": "POST /workspaces workspace_id",
  "workspaces.get": "GET /workspaces/{workspace_id} workspace_id",
  "workspaces.update": "PUT /workspaces/{workspace_id} workspace_id",
  "workspaces.delete": "DELETE /workspaces/{workspace_id}",
  "workspaces.getConfig": "GET /workspaces/{workspace_id}/config max_sandboxes",
  "workspaces.updateConfig":
    "PUT /workspaces/{workspace_id}/config max_sandboxes",
  "sandboxes.list": "GET* /sandboxes/{workspace_id}/sandboxes sandboxes",
  "sandboxes.create": "POST /sandboxes/{workspace_id}/sandboxes sandbox_id",
  "sandboxes.get": "GET /sandboxes/{sandbox_id} sandbox_id",
  "sandboxes.start": "POST!. /sandboxes/{sandbox_id}/start sandbox_id",
  "sandboxes.stop": "POST!. /sandboxes/{sandbox_id}/stop sandbox_id",
  "sandboxes.delete": "DELETE /sandboxes/{sandbox_id}",
  "sandboxes.status": "GET /sandboxes/{sandbox_id}/status status",
  "sandboxes.logs": "GET~ /sandboxes/{sandbox_id}/logs logs",
  "sandboxes.metrics": "GET /sandboxes/{sandbox_id}/metrics metrics",
  "sandboxes.updateConfig": "PUT= /sandboxes/{sandbox_id}/config",
  "messages.send": "POST /messages/sandboxes/{sandbox_id}/messages message_id",
  "messages.list": "GET*+ /messages/sandboxes/{sandbox_id}/messages messages",
  "messages.get": "GET /messages/messages/{message_id} message_id",
  "messages.broadcast":
    "POST /messages/workspaces/{workspace_id}/broadcast broadcast_to",
  "collaborations.orchestrate":
    "POST /collaborations/workspaces/{workspace_id}/collaboration/orchestrate collaboration_id",
  "collaborations.get":
    "GET /collaborations/collaborations/{collaboration_id} collaboration_id",
  "collaborations.discoverAgents":
    "GET /collaborations/workspaces/{workspace_id}/agents/discover agents",
  "system.health": "GET- /system/health status",
  "system.info": "GET /system/info version",
  "system.aggregateMetrics":
    "GET /system/workspaces/{workspace_id}/metrics/aggregate sandboxes",
  "system.liveness": "GET-/ /health status",
  "system.socketStats": "GET-/ /ws/stats total_connections",
  "system.connections": "GET-/ /ws/connections connections",
  "system.connection": "GET-/ /ws/connections/{connection_id} connection_id",
  "auth.register": "POST- /auth/register access_token",
  "auth.login": "POST-! /auth/login access_token",
  "auth.refresh": "POST-! /auth/refresh access_token",
  "auth.logout": "POST!. /auth/logout message",
  "auth.me": "GET /auth/me user_id",
} as const;

/** The name of an operation: resource and method. */
export type OperationName = keyof typeof OPERATIONS;

/** An operation, spelled out. */
export interface OperationLine {
  /** Upper case. */
  readonly method: string;
  /** From the root of the server, with `{placeholders}`. */
  readonly path: string;
  /** Whether it needs a token. */
  readonly auth: boolean;
  /** Whether it is a list. */
  readonly list: boolean;
  /** Whether it may be repeated. */
  readonly repeats: boolean;
}

/** Spells an operation out, for documents and tests. */
export function readOperation(name: OperationName): OperationLine {
  const [, method = "", marks = "", path = ""] = /^(\w+)(\S*) (\S+)/.exec(
    OPERATIONS[name],
  )!;
  return {
    method,
    path: (marks.includes("/") ? "" : "/api/v1") + path,
    auth: !marks.includes("-"),
    list: /[*~]/.test(marks),
    repeats: method !== "POST" || marks.includes("!"),
  };
}
