// Stands in for a server where there is none: what it answers is written down.
import { createScriptedFetch, jsonReply } from "@tutti/sdk/testing";

const wrap = (data: object, status = 200): ReturnType<typeof jsonReply> =>
  jsonReply({ success: true, data, meta: null }, { status });
const settings = {
  max_sandboxes: 5,
  auto_cleanup: true,
  retention_days: 30,
  collaboration_policy: {},
};
const workspace = { workspace_id: "ws_0a1b2c3d4e", name: "Research", settings };
const sandbox = (name: string, status: string): object => ({
  sandbox_id: `sb_${name}`,
  workspace_id: workspace.workspace_id,
  name,
  status,
});
const message = {
  message_id: "msg_77aa88bb99",
  content: { ask: "Summarise the findings", sources: 3 },
  message_type: "request",
  status: { status: "pending" },
  created_at: "2026-01-11T10:00:00",
};
const collaboration = {
  collaboration_id: "col_c0ffee1234",
  status: "running",
  progress: { percentage: 10 },
  result: null,
  error: null,
};
let left = 2;
const gone = () => {
  left--;
  return new Response(null, { status: 204 });
};

/** A `fetch` that knows the paths of the quick start. */
export function standIn(): (request: Request) => Promise<Response> {
  const { fetch } = createScriptedFetch({
    routes: {
      "GET /health": jsonReply({ status: "healthy", version: "0.1.0" }),
      "POST /api/v1/auth/login": wrap({
        access_token: "eyJ.eyJ.sig",
        refresh_token: "eyJ.eyJ.sig",
        token_type: "bearer",
        expires_in: 1800,
      }),
      "POST /api/v1/workspaces": wrap(workspace, 201),
      "GET /api/v1/workspaces/*/config": wrap(settings),
      "PUT /api/v1/workspaces/*/config": wrap({
        ...settings,
        retention_days: 7,
      }),
      "DELETE /api/v1/workspaces/*": () => new Response(null, { status: 204 }),
      "POST /api/v1/sandboxes/*/sandboxes": ({ text }) =>
        Response.json({
          success: true,
          data: sandbox(JSON.parse(text).name, "provisioning"),
          meta: null,
        }, { status: 201 }),
      "GET /api/v1/sandboxes/*/sandboxes": () => {
        const sandboxes = ["researcher", "writer"].slice(0, left)
          .map((name) => sandbox(name, "running"));
        return Response.json({ success: true, data: { sandboxes } });
      },
      "POST /api/v1/sandboxes/*/start": wrap(sandbox("", "running")),
      "GET /api/v1/sandboxes/*/metrics": wrap({
        metrics: { memory_usage_mb: 0 },
      }),
      "DELETE /api/v1/sandboxes/*": gone,
      "POST /api/v1/messages/sandboxes/*/messages": wrap(message, 202),
      "GET /api/v1/messages/sandboxes/*/messages": wrap({
        messages: [message],
      }),
      "POST /api/v1/messages/workspaces/*/broadcast": wrap({
        broadcast_to: 2,
      }, 202),
      "GET /api/v1/collaborations/workspaces/*/agents/discover": wrap({
        agents: [
          sandbox("researcher", "running"),
          sandbox("writer", "running"),
        ],
      }),
      "POST /api/v1/collaborations/workspaces/*/collaboration/orchestrate":
        wrap(collaboration, 202),
      "GET /api/v1/collaborations/collaborations/*": wrap(collaboration),
      "GET /api/v1/system/workspaces/*/metrics/aggregate": wrap({
        sandboxes: { total: 2 },
        messages: { total: 1 },
      }),
    },
  });
  return fetch;
}
