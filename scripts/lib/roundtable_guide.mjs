// What the quick starts and the official SDKs of Round Table call each operation, in Python and in TypeScript, and what is
// different here or there. The keys are those of OPERATIONS in src/roundtable/protocol/operations.ts.

/** The operations of the client, by `resource.method`. */
export function roundtableOperations({ OPERATIONS, readOperations }) {
  return Object.entries(OPERATIONS).flatMap(([resource, table]) =>
    readOperations(table).map(([name, method, path, , marks]) => ({
      name: `${resource}.${name}`,
      method,
      path,
      marks,
    }))
  );
}

export const roundtableGuide = {
  "workspaces.list": {
    python: "workspaces.list(offset, limit)",
    typescript: "workspaces.list({ offset, limit })",
    note: "`listWorkspaces` turns the pages",
  },
  "workspaces.create": {
    python: "workspaces.create(name, description, settings)",
    typescript: "workspaces.create(request)",
  },
  "workspaces.get": {
    python: "workspaces.get(workspace_id)",
    typescript: "workspaces.get(id)",
  },
  "workspaces.update": {
    python:
      "workspaces.update(workspace_id, name, description, settings, is_active)",
    typescript: "workspaces.update(id, request)",
  },
  "workspaces.delete": {
    python: "workspaces.delete(workspace_id)",
    typescript: "workspaces.delete(id)",
    note: "the Python one throws after it has deleted",
  },
  "workspaces.getConfig": {
    python: "workspaces.get_config(workspace_id)",
    typescript: "workspaces.getConfig(id)",
  },
  "workspaces.updateConfig": {
    python: "workspaces.update_config(workspace_id, settings)",
    typescript: "workspaces.updateConfig(id, settings)",
    note: "replaces; `patchConfig` merges",
  },
  "sandboxes.list": {
    python: "sandboxes.list(workspace_id, offset, limit)",
    typescript: "sandboxes.list(workspaceId, { offset, limit })",
    note: "the TypeScript one gets 404; `listSandboxes` turns the pages",
  },
  "sandboxes.create": {
    python: "sandboxes.create(workspace_id, name, agent_config, description)",
    typescript: "sandboxes.create(workspaceId, request)",
    note: "the Python one gets 422, the TypeScript one 404",
  },
  "sandboxes.get": {
    python: "sandboxes.get(sandbox_id)",
    typescript: "sandboxes.get(id)",
  },
  "sandboxes.start": {
    python: "sandboxes.start(sandbox_id)",
    typescript: "sandboxes.start(id)",
  },
  "sandboxes.stop": {
    python: "sandboxes.stop(sandbox_id)",
    typescript: "sandboxes.stop(id)",
  },
  "sandboxes.delete": {
    python: "sandboxes.delete(sandbox_id)",
    typescript: "sandboxes.delete(id)",
    note: "the Python one throws after it has deleted",
  },
  "sandboxes.status": {
    python: "sandboxes.status(sandbox_id)",
    typescript: "sandboxes.status(id)",
  },
  "sandboxes.logs": {
    python: "sandboxes.logs(sandbox_id)",
    typescript: "sandboxes.logs(id)",
    note: "`listWorkspaces` turns the pages",
  },
  "sandboxes.metrics": {
    python: "sandboxes.metrics(sandbox_id)",
    typescript: "sandboxes.metrics(id)",
    note: "the Python one wants a field that is not sent",
  },
  "sandboxes.updateConfig": {
    typescript: "sandboxes.update(id, request)",
    note: "theirs gets 405; the server echoes and stores nothing",
  },
  "messages.send": {
    python: "messages.send(from_id, to_id, content, message_type)",
    typescript: "messages.send(fromId, request)",
    note:
      "the Python one throws after it has sent, the TypeScript one gets 404",
  },
  "messages.list": {
    python: "messages.get_messages(sandbox_id, offset, limit)",
    typescript: "messages.getMessages(id, { offset, limit })",
    quickStart: "messages.list",
    note: "neither works; `listMessages` turns the pages",
  },
  "messages.get": {
    python: "messages.get_message(message_id)",
    typescript: "messages.get(id)",
    note: "neither works",
  },
  "messages.broadcast": {
    python: "messages.broadcast(workspace_id, content, message_type)",
    typescript: "messages.broadcast(workspaceId, request)",
    note: "the TypeScript one gets 404",
  },
  "collaborations.orchestrate": {
    python:
      "collaborations.orchestrate(workspace_id, task, participants, mode, config)",
    typescript: "collaborations.orchestrate(workspaceId, request)",
    note: "the Python one throws after it has started",
  },
  "collaborations.get": {
    python: "collaborations.get_collaboration(collaboration_id)",
    typescript: "collaborations.getCollaboration(id)",
    note: "the Python one cannot read the answer",
  },
  "collaborations.discoverAgents": {
    python: "collaborations.discover_agents(workspace_id)",
    typescript: "collaborations.discoverAgents(workspaceId)",
  },
  "system.health": { python: "health_check()" },
  "system.info": { python: "system_info()" },
  "system.aggregateMetrics": { python: "aggregate_metrics(workspace_id)" },
  "system.liveness": { note: "the one probe to trust" },
  "system.root": {},
  "system.api": {},
  "system.socketStats": {},
  "system.connections": {},
  "system.connection": {},
  "auth.register": {},
  "auth.login": { note: "also instead of `POST /auth/token`, its form" },
  "auth.refresh": {},
  "auth.logout": {},
  "auth.me": {},
};
