// Web standards only.
/**
 * Every operation that the client has, in one table. The client is made from it, the documents are written from it, and
 * a test calls each line.
 *
 * A line is `METHOD[marks] path [member]`; `member` is what an answer must have to be believed. Marks: `-` needs no
 * token; `!` may be repeated although it is a POST; `.` takes no body; `/` lies at the root of the server instead of
 * below `/api/v1`; `*` is a list; `+` is a list whose offset the server cuts off the page.
 */
export type OperationTable = Readonly<Record<string, string>>;

/** Workspaces. */
export const workspaceOperations = {
  list: "GET* /workspaces workspaces",
  create: "POST /workspaces workspace_id",
  get: "GET /workspaces/{workspace_id} workspace_id",
  update: "PUT /workspaces/{workspace_id} workspace_id",
  delete: "DELETE /workspaces/{workspace_id}",
  getConfig: "GET /workspaces/{workspace_id}/config max_sandboxes",
  updateConfig: "PUT /workspaces/{workspace_id}/config max_sandboxes",
} as const;

/** Sandboxes; the doubled segment is the server's. */
export const sandboxOperations = {
  list: "GET* /sandboxes/{workspace_id}/sandboxes sandboxes",
  create: "POST /sandboxes/{workspace_id}/sandboxes sandbox_id",
  get: "GET /sandboxes/{sandbox_id} sandbox_id",
  start: "POST!. /sandboxes/{sandbox_id}/start sandbox_id",
  stop: "POST!. /sandboxes/{sandbox_id}/stop sandbox_id",
  delete: "DELETE /sandboxes/{sandbox_id}",
  status: "GET /sandboxes/{sandbox_id}/status status",
  logs: "GET* /sandboxes/{sandbox_id}/logs logs",
  metrics: "GET /sandboxes/{sandbox_id}/metrics metrics",
  updateConfig: "PUT /sandboxes/{sandbox_id}/config",
} as const;

/** Messages that are sent over REST. */
export const messageOperations = {
  send: "POST /messages/sandboxes/{sandbox_id}/messages message_id",
  list: "GET*+ /messages/sandboxes/{sandbox_id}/messages messages",
  get: "GET /messages/messages/{message_id} message_id",
  broadcast: "POST /messages/workspaces/{workspace_id}/broadcast broadcast_to",
} as const;

/** Collaborations. */
export const collaborationOperations = {
  orchestrate:
    "POST /collaborations/workspaces/{workspace_id}/collaboration/orchestrate collaboration_id",
  get: "GET /collaborations/collaborations/{collaboration_id} collaboration_id",
  discoverAgents:
    "GET /collaborations/workspaces/{workspace_id}/agents/discover agents",
} as const;

/** The server itself. */
export const systemOperations = {
  health: "GET- /system/health status",
  info: "GET /system/info version",
  aggregateMetrics:
    "GET /system/workspaces/{workspace_id}/metrics/aggregate sandboxes",
  liveness: "GET-/ /health status",
  socketStats: "GET-/ /ws/stats total_connections",
  connections: "GET-/ /ws/connections connections",
  connection: "GET-/ /ws/connections/{connection_id} connection_id",
} as const;

/** Users and their tokens. */
export const authOperations = {
  register: "POST- /auth/register access_token",
  login: "POST-! /auth/login access_token",
  refresh: "POST-! /auth/refresh access_token",
  logout: "POST!. /auth/logout message",
  me: "GET /auth/me user_id",
} as const;
