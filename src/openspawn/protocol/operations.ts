// Web standards only.
export { readOperations } from "../../http/mod.ts";

/**
 * Every operation of the server, one line each, under the name of its resource. The client makes its methods from it,
 * and the documents their table.
 *
 * {@linkcode readOperations} tells how a line is read; its mark says who can use the operation, see
 * {@linkcode OperationMark}. All paths but that of `health` stand behind the prefix.
 *
 * Source: the routes of the reference server.
 */
export const OPERATIONS = {
  system: `
health GET /health -`,
  agents: `/agents
list GET
get GET /{id}
create POST /register {} !
update PATCH /{id} {} !
revoke POST /{id}/revoke !
getBalance GET /{id}/credits/balance
spawn POST /spawn {} !
activate POST /{id}/activate !
reject DELETE /{id}/reject {} !
getHierarchy GET /{id}/hierarchy ?
getCapacity GET /capacity ~
demote POST /{id}/demote {} !
listLeaders GET /leaderboard/trust ?
getReputation GET /{id}/reputation
listReputation GET /{id}/reputation/history ?
awardBonus POST /{id}/reputation/bonus {} +
applyPenalty POST /{id}/reputation/penalty {} +
getBudget GET /{id}/budget
setBudget PATCH /{id}/budget {} !
canSpend GET /{id}/budget/can-spend ?
listBudgetAlerts GET /budget/alerts
listCapabilities GET /{id}/capabilities
addCapability POST /{id}/capabilities {} !
updateCapability PATCH /capabilities/{id} {} !
removeCapability DELETE /capabilities/{id} !
countCapabilities GET /capabilities ~
findByCapabilities GET /capabilities/match ?
findBestMatch GET /capabilities/best-match ?`,
  tasks: `/tasks
list GET ?
get GET /{id}
create POST {} !
transition POST /{id}/transition {} +
assign POST /{id}/assign {} +
stampApproval POST /{id}/approve +
addDependency POST /{id}/dependencies {} +
removeDependency DELETE /{id}/dependencies/{dependsOnId} +
listComments GET /{id}/comments
addComment POST /{id}/comments {} !
escalate POST /{id}/escalate {}
listEscalations GET /{id}/escalations
listOpenEscalations GET /escalations/open
resolveEscalation POST /escalations/{id}/resolve
findCandidates GET /{id}/candidates ?
suggestAgents GET /routing/suggest ?
autoAssign POST /{id}/auto-assign {} +`,
  templates: `/tasks
list GET /templates ~
get GET /templates/{templateId}
create POST /templates {} !~
createFromTask POST /{id}/create-template {} !~
instantiate POST /templates/instantiate {} !
delete DELETE /templates/{templateId} !~`,
  consensus: `/tasks/consensus
create POST {} !
listPending GET /pending
listVotable GET /votable
get GET /{id}
vote POST /{id}/vote {} !
cancel DELETE /{id} !`,
  credits: `
getBalance GET /credits/balance !
transfer POST /agents/credits/transfer {} !~
history GET /credits/history ? !
spend POST /credits/spend {} !
adjust POST /credits/adjust {} !
getStats GET /credits/analytics/stats
listTrends GET /credits/analytics/trends ?
listAgents GET /credits/analytics/agents
listTriggers GET /credits/analytics/triggers ?
listAlerts GET /credits/analytics/alerts
listTopSpenders GET /credits/analytics/top-spenders ?`,
  messages: `/messages
send POST {} !
list GET ?
get GET /{id}
getThread GET /{id}/thread`,
  channels: `/channels
create POST {} +
list GET
get GET /{id}`,
  directMessages: `/dm
send POST {} !
list GET /{agentId} ? !
listConversations GET /conversations !
countUnread GET /unread !
markRead PATCH /{agentId}/read !`,
  events: `/events
list GET ?
get GET /{id}`,
  webhooks: `/webhooks
create POST {} @
list GET @
get GET /{id} @
update PATCH /{id} {} @
delete DELETE /{id} @
test POST /{id}/test @`,
  apiKeys: `/api-keys
create POST {} @
list GET @
get GET /{id} @
revoke DELETE /{id} @`,
  auth: `/auth
login POST /login {} -
refresh POST /refresh {} -
me GET /me @`,
} as const;
