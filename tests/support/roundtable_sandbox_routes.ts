import { list, refusal, wrap } from "./roundtable_replies.ts";
import type { Context, Routes } from "./roundtable_routes.ts";
import { defaults, keep } from "./roundtable_rules.ts";
import type { Body } from "./roundtable_rules.ts";

/** Sandboxes, messages and collaborations. */
export function secondRoutes(
  { server, me, body, page, checked }: Context,
): Routes {
  return {
    "GET /sandboxes/*/sandboxes": (id) => {
      const workspace = server.hidden(id!, me());
      const [offset, limit] = page();
      const rows = server.in(workspace).slice(0, 100).map((sandbox) => ({
        sandbox_id: sandbox.sandbox_id,
        workspace_id: id,
        name: sandbox.name,
        status: sandbox.status,
        agent_config: sandbox.agent_config,
        created_at: sandbox.created_at,
      }));
      return list("sandboxes", rows, offset, limit);
    },
    "POST /sandboxes/*/sandboxes": (id) => {
      server.hidden(id!, me());
      const given = checked((rules, body) => {
        rules.text(body, "body.name", 1, 100);
        if (rules.object(body, "body.agent_config")) {
          const at = "body.agent_config";
          rules.text(body, `${at}.primary_agent`, 1, 100);
          rules.text(body, `${at}.model`, 0, 999, "default");
          rules.number(body, `${at}.max_tokens`, 256, 128_000);
          rules.number(body, `${at}.temperature`, 0, 2, false);
        }
        if (rules.object(body, "body.resource_limits", "default")) {
          const at = "body.resource_limits";
          rules.number(body, `${at}.max_memory_mb`, 128, 16_384);
          rules.number(body, `${at}.max_cpu_cores`, 0.1, 16, false);
          rules.number(body, `${at}.max_disk_gb`, 1, 1000);
          rules.number(body, `${at}.timeout_seconds`, 10, 86_400);
        }
      });
      const sandbox = {
        sandbox_id: server.id("sb"),
        workspace_id: id,
        name: given.name,
        status: "provisioning",
        agent_config: keep(defaults.agent, given.agent_config),
        created_at: server.time(),
        updated_at: server.time(),
      };
      server.sandboxes.set(sandbox.sandbox_id, sandbox);
      return wrap(full(sandbox), 201);
    },
    "GET /sandboxes/*": (id) => wrap(full(server.sandbox(id!, me()))),
    "DELETE /sandboxes/*": (id) => {
      server.sandbox(id!, me());
      server.sandboxes.delete(id!);
      return new Response(null, { status: 204 });
    },
    ...Object.fromEntries(
      [["start", "running"], ["stop", "stopped"]].map(([verb, status]) => [
        `POST /sandboxes/*/${verb}`,
        (id: string) => {
          const sandbox = server.sandbox(id, me());
          sandbox.status = status;
          return wrap(full(sandbox));
        },
      ]),
    ),
    "GET /sandboxes/*/status": (id) => {
      const { sandbox_id, status, created_at, updated_at } = server.sandbox(
        id!,
        me(),
      );
      return wrap({ sandbox_id, status, created_at, updated_at });
    },
    "GET /sandboxes/*/logs": (id) => {
      server.sandbox(id!, me());
      const [offset, limit] = page(1000);
      return wrap({ sandbox_id: id, logs: [], count: 0, offset, limit });
    },
    "GET /sandboxes/*/metrics": (id) => {
      server.sandbox(id!, me());
      return wrap({
        sandbox_id: id,
        metrics: {
          cpu_usage: 0,
          memory_usage_mb: 0,
          disk_usage_gb: 0,
          network_io: { bytes_sent: 0, bytes_received: 0 },
          uptime_seconds: 0,
        },
      });
    },
    "PUT /sandboxes/*/config": (id) => {
      server.sandbox(id!, me());
      return wrap(body());
    },
    "POST /messages/sandboxes/*/messages": (id) => {
      const sender = server.sandbox(id!, me());
      const given = checked((rules, body) => {
        rules.text(body, "body.to_sandbox_id", 1, 999);
        rules.object(body, "body.content");
        rules.oneOf(body, "body.message_type", messageTypes);
      });
      const to = String(given.to_sandbox_id);
      const recipient = server.sandboxes.get(to);
      if (!recipient) {
        return refusal(404, `Recipient sandbox ${to} not found`);
      }
      if (recipient.workspace_id !== sender.workspace_id) {
        return refusal(400, "Sandboxes must be in the same workspace");
      }
      const message = server.store({
        from_sandbox_id: id,
        to_sandbox_id: to,
        workspace_id: sender.workspace_id,
        content: given.content,
        message_type: given.message_type ?? "request",
      });
      return wrap(message, 202);
    },
    "GET /messages/sandboxes/*/messages": (id) => {
      server.sandbox(id!, me());
      const [offset, limit] = page(100, 50);
      const newest = server.messages.filter((message) =>
        message.from_sandbox_id === id || message.to_sandbox_id === id
      ).reverse().slice(0, limit);
      // The newest rows, and then the offset off them.
      return list("messages", newest, offset, limit);
    },
    "GET /messages/messages/*": (id) => {
      const user = me();
      const message = server.messages.find(({ message_id }) =>
        message_id === id
      );
      if (!message) return refusal(404, `Message ${id} not found`);
      server.workspace(String(message.workspace_id), user, 403);
      return wrap(message);
    },
    "POST /messages/workspaces/*/broadcast": (id) => {
      const workspace = server.hidden(id!, me());
      const given = checked((rules, body) => {
        rules.object(body, "body.content");
        rules.text(body, "body.message_type", 0, 999, "default");
      });
      const sandboxes = server.in(workspace).slice(0, 100);
      if (sandboxes.length === 0) {
        return refusal(400, "No sandboxes in workspace");
      }
      return wrap({
        workspace_id: id,
        broadcast_to: sandboxes.length,
        message_type: given.message_type ?? "notification",
      }, 202);
    },
    "POST /collaborations/workspaces/*/collaboration/orchestrate": (id) => {
      server.hidden(id!, me());
      const given = checked((rules, body) => {
        rules.text(body, "body.task", 1, 1000);
        rules.that(
          Array.isArray(body.participants) && body.participants.length > 0,
          "body.participants",
          "List should have at least 1 item",
          body.participants,
        );
        rules.oneOf(body, "body.mode", modes);
        rules.object(body, "body.config", "default");
      });
      for (const one of given.participants as string[]) {
        const sandbox = server.sandboxes.get(one);
        if (!sandbox) return refusal(404, `Sandbox ${one} not found`);
        if (sandbox.workspace_id !== id) {
          return refusal(400, `Sandbox ${one} is not in the workspace`);
        }
      }
      const collaboration = {
        collaboration_id: server.id("col"),
        workspace_id: id,
        task: given.task,
        mode: given.mode ?? "orchestrated",
        status: "running",
        participants: given.participants,
        progress: {
          current_step: 1,
          total_steps: 3,
          percentage: 10,
          status_message: "Collaboration started",
          last_update: null,
        },
        result: null,
        error: null,
        created_at: null,
        updated_at: null,
      };
      server.collaborations.set(collaboration.collaboration_id, collaboration);
      return wrap(collaboration, 202);
    },
    "GET /collaborations/collaborations/*": (id) => {
      const user = me();
      const found = server.collaborations.get(id!);
      if (!found) return refusal(404, `Collaboration ${id} not found`);
      server.workspace(String(found.workspace_id), user, 403);
      return wrap(found);
    },
    "GET /collaborations/workspaces/*/agents/discover": (id) => {
      const sandboxes = server.in(server.hidden(id!, me())).slice(0, 100);
      const agents = sandboxes.map((sandbox) => ({
        sandbox_id: sandbox.sandbox_id,
        name: sandbox.name,
        status: sandbox.status,
        primary_agent: (sandbox.agent_config as Body).primary_agent,
        model: (sandbox.agent_config as Body).model,
        capabilities: [],
        created_at: sandbox.created_at,
      }));
      return wrap({ workspace_id: id, agents, count: agents.length });
    },
  };
}

const messageTypes = ["request", "response", "notification", "command"];
const modes = ["orchestrated", "peer_to_peer", "swarm"];

function full(sandbox: Body): Body {
  return {
    ...sandbox,
    // Whatever was asked for.
    resource_limits: defaults.limits,
    health: {
      status: sandbox.status,
      last_check: null,
      container_status: sandbox.status,
      resource_usage: {},
    },
    connection: null,
  };
}
