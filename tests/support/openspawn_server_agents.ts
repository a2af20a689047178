import {
  boom,
  capacities,
  refuse,
  text,
  validate,
} from "./openspawn_server_state.ts";
import type { Actor, Any, Route, State } from "./openspawn_server_state.ts";

export const pick = (agent: Any, names: string): Any =>
  Object.fromEntries(names.split(" ").map((name) => [name, agent[name]]));

const summary =
  "id agentId name role level model status currentBalance createdAt";
const detail =
  `${summary} managementFeePct budgetPeriodLimit budgetPeriodSpent capabilities metadata updatedAt`;

/** A guard by role: it wants a user or agent with a role, which a key has not. */
export function role(actor: Actor, ...roles: string[]): void {
  if (actor.kind !== "agent") refuse(403, "Authentication required");
  if (!roles.includes(actor.agent.role)) {
    refuse(403, `Requires one of roles: ${roles.join(", ")}`);
  }
}

/** A rule by hierarchy: the actor is looked up in the table of agents. */
export function above(actor: Actor, agent: Any, andSelf = false): void {
  if (!actor.agent) refuse(403, "Actor not found");
  if (andSelf && agent.id === actor.id) return;
  if (agent.parentId !== actor.id && actor.agent.level < 10) {
    refuse(403, "Only the parent or a level 10 agent can do this");
  }
}

function tree(state: State, agent: Any, depth: number): Any {
  const entity = state.entity(agent);
  if (depth === 0) return entity;
  const children = state.agents.filter(({ parentId, deletedAt }) =>
    parentId === agent.id && !deletedAt
  );
  return {
    ...entity,
    children: children.map((child) => tree(state, child, depth - 1)),
  };
}

export const living = (state: State): Any[] =>
  state.agents.filter(({ deletedAt }) => !deletedAt);

export const agentRoutes: readonly Route[] = [
  ["GET", "/agents", (_, state) => ({
    data: living(state).map((agent) => pick(agent, summary)).reverse(),
  })],
  // Stands before capacity, pending and capabilities, and so hides them.
  ["GET", "/agents/:id", ({ params }, state) => ({
    data: pick(state.agent(params.id!), detail),
  })],
  ["GET", "/agents/capacity", () => ({ data: { canSpawn: true } })],
  ["GET", "/agents/capabilities", () => ({ data: [] })],
  ["POST", "/agents/register", ({ actor, body }, state) => {
    role(actor, "hr");
    const given = validate(body, {
      agentId: "string:100*",
      name: "string:255*",
      level: "int:1..10",
      model: "string:100",
      role: "string:(worker|hr|founder|admin)",
      mode: "string:(worker|orchestrator|observer)",
      managementFeePct: "int:0..50",
      budgetPeriodLimit: "int:0..2147483647",
      capabilities: "object",
      metadata: "object",
    });
    if (state.agents.some(({ agentId }) => agentId === given.agentId)) {
      refuse(409, `Agent ${given.agentId} already exists`);
    }
    const agent = state.addAgent({ ...given, capabilities: [] });
    for (
      const { capability, proficiency = "standard" } of given.capabilities ?? []
    ) {
      if (!/^(basic|standard|expert)$/.test(proficiency)) {
        refuse(400, [
          "capabilities.0.proficiency must be one of the following values: basic, standard, expert",
        ]);
      }
      agent.capabilities.push(
        state.row({ agentId: agent.id, capability, proficiency }),
      );
    }
    state.emit(actor, "agent.registered", agent.id);
    return {
      data: pick(agent, "id agentId name role level model"),
      secret: state.secrets.get(agent.id),
      message: "Store the secret, it is shown once",
    };
  }],
  ["PATCH", "/agents/:id", ({ actor, params, body }, state) => {
    role(actor, "hr");
    const agent = state.agent(params.id!);
    Object.assign(
      agent,
      validate(body, {
        name: "string:255",
        level: "int:1..10",
        model: "string:100",
        mode: "string:(worker|orchestrator|observer)",
        managementFeePct: "int:0..50",
        budgetPeriodLimit: "int:0..2147483647",
        metadata: "object",
      }),
      { updatedAt: state.date() },
    );
    state.emit(actor, "agent.updated", agent.id);
    return { data: agent };
  }],
  ["POST", "/agents/:id/revoke", ({ actor, params }, state) => {
    role(actor, "hr");
    const agent = state.agent(params.id!);
    if (agent.id === actor.id) refuse(403, "Cannot revoke yourself");
    if (agent.status === "revoked") refuse(409, "Agent is already revoked");
    agent.status = "revoked";
    state.emit(actor, "agent.revoked", agent.id);
    return { data: pick(agent, "id status"), message: "Agent revoked" };
  }],
  ["GET", "/agents/:id/credits/balance", ({ params }, state) => ({
    data: { balance: state.agent(params.id!).currentBalance },
  })],
  ["POST", "/agents/spawn", ({ actor, body }, state) => {
    const parent = actor.agent ?? refuse(403, "Parent agent not found");
    const most = parent.maxChildren || capacities[parent.level]!;
    const current = state.agents.filter(({ parentId, status }) =>
      parentId === parent.id && status === "active"
    ).length;
    if (current >= most) {
      refuse(403, `Agent at capacity (${current}/${most})`);
    }
    const level = body?.level || parent.level - 1;
    if (level >= parent.level || level < 1) {
      refuse(400, "Child level must be below the parent's");
    }
    const agentId = text(body?.agentId, 100);
    if (
      state.agents.some((agent) =>
        agent.agentId === agentId
      )
    ) boom();
    const agent = state.addAgent({
      agentId,
      name: text(body.name, 255),
      level,
      model: body.model ?? parent.model,
      status: "pending",
      parentId: parent.id,
      budgetPeriodLimit: body.budgetPeriodLimit ?? null,
    });
    state.emit(actor, "agent.spawned", agent.id);
    return {
      data: pick(agent, "id agentId name level status parentId"),
      secret: state.secrets.get(agent.id),
      message: "Agent is pending",
    };
  }],
  ["POST", "/agents/:id/activate", ({ actor, params }, state) => {
    const agent = state.agent(params.id!);
    if (agent.status !== "pending") refuse(400, "Agent is not pending");
    above(actor, agent);
    agent.status = "active";
    state.emit(actor, "agent.activated", agent.id);
    return { data: pick(agent, "id status"), message: "Agent activated" };
  }],
  ["DELETE", "/agents/:id/reject", ({ actor, params, body }, state) => {
    const agent = state.agent(params.id!);
    if (agent.status !== "pending") refuse(400, "Agent is not pending");
    above(actor, agent);
    // `body.reason` of no body at all.
    if (body === undefined) boom();
    agent.deletedAt = state.date();
    state.emit(actor, "agent.rejected", agent.id);
    return { message: "Agent rejected" };
  }],
  ["GET", "/agents/:id/hierarchy", ({ params, query }, state) => {
    const depth = Number(query.get("depth") ?? 3);
    return {
      data: tree(
        state,
        state.agent(params.id!),
        Number.isNaN(depth) ? 99 : depth,
      ),
    };
  }],
];
