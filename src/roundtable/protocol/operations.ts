// Web standards only.
export { readOperations } from "../../http/mod.ts";

/**
 * Every operation that the client has, one line each, under the name of its resource. The client makes its methods from
 * it, and the documents their table; a test calls each line.
 *
 * {@linkcode readOperations} tells how a line is read; what takes a query is a list. Its marks are what an answer must have
 * to be believed, the items where it is a list, and: `~` its pages may have 1000 items instead of 100; `+` the server cuts
 * the offset off its pages; `-` it needs no token; `!` it may be repeated although it is a POST; `=` its body is of any
 * form, `null` included. Doubled segments are the server's.
 */
export const OPERATIONS = {
  workspaces: `/api/v1/workspaces
list GET ? workspaces
create POST {} workspace_id
get GET /{workspaceId} workspace_id
update PUT /{workspaceId} {} workspace_id
delete DELETE /{workspaceId}
getConfig GET /{workspaceId}/config max_sandboxes
updateConfig PUT /{workspaceId}/config {} max_sandboxes`,
  sandboxes: `/api/v1/sandboxes
list GET /{workspaceId}/sandboxes ? sandboxes
create POST /{workspaceId}/sandboxes {} sandbox_id
get GET /{sandboxId} sandbox_id
start POST /{sandboxId}/start sandbox_id!
stop POST /{sandboxId}/stop sandbox_id!
delete DELETE /{sandboxId}
status GET /{sandboxId}/status status
logs GET /{sandboxId}/logs ? logs~
metrics GET /{sandboxId}/metrics metrics
updateConfig PUT /{sandboxId}/config {} =`,
  messages: `/api/v1/messages
send POST /sandboxes/{sandboxId}/messages {} message_id
list GET /sandboxes/{sandboxId}/messages ? messages+
get GET /messages/{messageId} message_id
broadcast POST /workspaces/{workspaceId}/broadcast {} broadcast_to`,
  collaborations: `/api/v1/collaborations
orchestrate POST /workspaces/{workspaceId}/collaboration/orchestrate {} collaboration_id
get GET /collaborations/{collaborationId} collaboration_id
discoverAgents GET /workspaces/{workspaceId}/agents/discover agents`,
  system: `
health GET /api/v1/system/health status-
info GET /api/v1/system/info version
aggregateMetrics GET /api/v1/system/workspaces/{workspaceId}/metrics/aggregate sandboxes
liveness GET /health status-
root GET / version-
api GET /api/v1 version-
socketStats GET /ws/stats total_connections-
connections GET /ws/connections connections-
connection GET /ws/connections/{connectionId} connection_id-`,
  auth: `/api/v1/auth
register POST /register {} access_token-
login POST /login {} access_token-!
refresh POST /refresh {} access_token-!
logout POST /logout message!
me GET /me user_id`,
} as const;
