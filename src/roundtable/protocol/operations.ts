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
get GET /:id workspace_id
update PUT /:id{} workspace_id
delete DELETE /:id
getConfig GET /:id/config max_sandboxes
updateConfig PUT /:id/config{} max_sandboxes`,
  sandboxes: `/api/v1/sandboxes
list GET /:workspace_id/sandboxes? sandboxes
create POST /:workspace_id/sandboxes{} sandbox_id
get GET /:id sandbox_id
start POST /:id/start sandbox_id!
stop POST /:id/stop sandbox_id!
delete DELETE /:id
status GET /:id/status status
logs GET /:id/logs? logs~
metrics GET /:id/metrics metrics
updateConfig PUT /:id/config{} =`,
  messages: `/api/v1/messages
send POST /sandboxes/:id/messages{} message_id
list GET /sandboxes/:id/messages? messages+
get GET /messages/:id message_id
broadcast POST /workspaces/:id/broadcast{} broadcast_to`,
  collaborations: `/api/v1/collaborations
orchestrate POST /workspaces/:id/collaboration/orchestrate{} collaboration_id
get GET /collaborations/:id collaboration_id
discoverAgents GET /workspaces/:id/agents/discover agents`,
  system: `
health GET /api/v1/system/health status-
info GET /api/v1/system/info version
aggregateMetrics GET /api/v1/system/workspaces/:id/metrics/aggregate sandboxes
liveness GET /health status-
root GET / version-
api GET /api/v1 version-
socketStats GET /ws/stats total_connections-
connections GET /ws/connections connections-
connection GET /ws/connections/:id connection_id-`,
  auth: `/api/v1/auth
register POST /register{} access_token-
login POST /login{} access_token-!
refresh POST /refresh{} access_token-!
logout POST /logout message!
me GET /me user_id`,
} as const;
