import { above, living, pick, role } from "./openspawn_server_agents.ts";
import { boom, limitOf, refuse, text, uuid } from "./openspawn_server_state.ts";
import type { Actor, Any, Route, State } from "./openspawn_server_state.ts";

function budget(agent: Any): Any {
  const { budgetPeriodLimit: limit, budgetPeriodSpent: spent } = agent;
  return {
    agentId: agent.id,
    currentBalance: agent.currentBalance,
    budgetPeriodLimit: limit,
    budgetPeriodSpent: spent,
    budgetRemaining: limit ? limit - spent : null,
    budgetPeriodStart: agent.budgetPeriodStart,
    utilizationPercent: limit ? Math.round(spent / limit * 100) : null,
  };
}

function level(score: number): string {
  return score <= 30
    ? "NEW"
    : score <= 40
    ? "PROBATION"
    : score <= 70
    ? "TRUSTED"
    : score <= 85
    ? "VETERAN"
    : "ELITE";
}

function changeTrust(
  state: State,
  actor: Actor,
  id: string,
  body: Any,
  sign: number,
): Any {
  const agent = state.agent(id);
  if (
    actor.kind === "agent" && actor.agent.level < 7 &&
    agent.parentId !== actor.id
  ) boom();
  const impact = sign * (body?.amount ?? 10);
  const previousScore = agent.trustScore;
  agent.trustScore = Math.max(0, Math.min(100, previousScore + impact));
  const event = state.row({
    agentId: agent.id,
    type: sign > 0 ? "QUALITY_BONUS" : "QUALITY_PENALTY",
    impact,
    previousScore,
    newScore: agent.trustScore,
    taskId: null,
    triggeredBy: actor.id,
    reason: text(body.reason),
    metadata: {},
  });
  state.reputation.unshift(event);
  state.emit(actor, "reputation.changed", agent.id);
  return { data: event, message: "Reputation changed" };
}

function capabilityOf(state: State, id: string): [Any, Any] {
  for (const agent of state.agents) {
    const found = agent.capabilities.find((one: Any) => one.id === uuid(id));
    if (found) return [agent, found];
  }
  return refuse(404, "Capability not found");
}

function matches(state: State, query: URLSearchParams): Any[] {
  const names = query.get("capabilities")?.split(",") ?? boom();
  return state.agents.flatMap((agent) =>
    agent.capabilities.filter((one: Any) => names.includes(one.capability))
      .map((one: Any) => ({
        agentId: agent.id,
        agentName: agent.name,
        level: agent.level,
        status: agent.status,
        capability: one.capability,
        proficiency: one.proficiency,
        score: agent.level * 10,
      }))
  );
}

/** Capabilities, budgets and reputation. */
export const trustRoutes: readonly Route[] = [
  ["GET", "/agents/capabilities/match", ({ query }, state) => ({
    data: matches(state, query),
  })],
  ["GET", "/agents/capabilities/best-match", ({ query }, state) => {
    const [best] = matches(state, query);
    return {
      data: best
        ? {
          ...pick(best, "agentId agentName level"),
          matchedCapabilities: [pick(best, "capability proficiency")],
          coveragePercent: 100,
          totalScore: best.score,
        }
        : null,
    };
  }],
  ["GET", "/agents/:id/capabilities", ({ params }, state) => ({
    data: state.agents.find(({ id }) => id === uuid(params.id))
      ?.capabilities ?? [],
  })],
  ["POST", "/agents/:id/capabilities", ({ actor, params, body }, state) => {
    const agent = state.agent(params.id!);
    above(actor, agent, true);
    const capability = text(body?.capability, 100).trim().toLowerCase();
    if (agent.capabilities.some((one: Any) => one.capability === capability)) {
      refuse(400, "Agent already has this capability");
    }
    const row = state.row({
      agentId: agent.id,
      capability,
      proficiency: body.proficiency ?? "standard",
    });
    agent.capabilities.push(row);
    state.emit(actor, "agent.capability_added", agent.id);
    return { data: row };
  }],
  ["PATCH", "/agents/capabilities/:id", ({ actor, params, body }, state) => {
    const [agent, row] = capabilityOf(state, params.id!);
    above(actor, agent, true);
    row.proficiency = body.proficiency;
    return { data: row };
  }],
  ["DELETE", "/agents/capabilities/:id", ({ actor, params }, state) => {
    const [agent, row] = capabilityOf(state, params.id!);
    above(actor, agent);
    agent.capabilities.splice(agent.capabilities.indexOf(row), 1);
    return { message: "Capability removed" };
  }],
  ["GET", "/agents/budget/alerts", (_, state) => ({
    data: state.agents.map(budget).filter(({ utilizationPercent }) =>
      utilizationPercent >= 80
    ),
  })],
  ["GET", "/agents/:id/budget", ({ params }, state) => ({
    data: budget(state.agent(params.id!)),
  })],
  ["PATCH", "/agents/:id/budget", ({ actor, params, body }, state) => {
    const agent = state.agent(params.id!);
    above(actor, agent);
    if (body?.budgetPeriodLimit < 0) refuse(400, "Limit must not be negative");
    if (body?.budgetPeriodLimit !== undefined) {
      agent.budgetPeriodLimit = body.budgetPeriodLimit;
    }
    if (body?.resetCurrentPeriod) agent.budgetPeriodSpent = 0;
    state.emit(actor, "agent.budget_set", agent.id);
    return { data: budget(agent) };
  }],
  ["GET", "/agents/:id/budget/can-spend", ({ params, query }, state) => {
    const agent = state.agents.find(({ id }) => id === uuid(params.id));
    const amount = Number(query.get("amount"));
    const canSpend = agent?.currentBalance >= amount;
    return {
      data: {
        canSpend,
        ...(!canSpend && { reason: "Insufficient balance" }),
        currentBalance: agent?.currentBalance ?? 0,
        budgetRemaining: null,
      },
    };
  }],
  ["POST", "/agents/credits/transfer", ({ actor, body }, state) => {
    const from = actor.agent ?? refuse(404, "Source agent not found");
    const to = state.agent(body?.toAgentId, "Target agent not found");
    if (!(body.amount > 0)) refuse(400, "Amount must be positive");
    if (
      from.level < 10 && to.parentId !== from.id &&
      (!from.parentId || to.parentId !== from.parentId)
    ) refuse(403, "Can only transfer to children or siblings");
    if (from.currentBalance < body.amount) refuse(400, "Insufficient balance");
    // No numbers are made of texts: "5" is written behind the digits.
    from.currentBalance = from.currentBalance - body.amount;
    to.currentBalance = to.currentBalance + body.amount;
    // The row of the ledger lacks its balanceAfter: the balances stay changed.
    return boom();
  }],
  ["GET", "/agents/leaderboard/trust", ({ query }, state) => ({
    data: living(state).sort((a, b) => b.trustScore - a.trustScore)
      .slice(0, limitOf(query, 10)).map((agent) => ({
        ...pick(agent, "id agentId name level trustScore tasksCompleted"),
        reputationLevel: level(agent.trustScore),
      })),
  })],
  ["GET", "/agents/:id/reputation", ({ params }, state) => {
    const agent = state.agents.find(({ id }) => id === uuid(params.id)) ??
      boom();
    return {
      data: {
        ...pick(
          agent,
          "trustScore tasksCompleted tasksSuccessful lastActivityAt",
        ),
        reputationLevel: level(agent.trustScore),
        successRate: 0,
        promotionProgress: null,
      },
    };
  }],
  ["GET", "/agents/:id/reputation/history", ({ params, query }, state) => {
    const all = state.reputation.filter(({ agentId }) =>
      agentId === uuid(params.id)
    );
    const offset = Number(query.get("offset") ?? 0);
    return {
      data: all.slice(offset, offset + limitOf(query)),
      total: all.length,
    };
  }],
  [
    "POST",
    "/agents/:id/reputation/bonus",
    ({ actor, params, body }, state) =>
      changeTrust(state, actor, params.id!, body, 1),
  ],
  [
    "POST",
    "/agents/:id/reputation/penalty",
    ({ actor, params, body }, state) =>
      changeTrust(state, actor, params.id!, body, -1),
  ],
  ["POST", "/agents/:id/demote", ({ actor, params, body }, state) => {
    role(actor, "founder", "admin");
    if (actor.agent.level < 9) refuse(403, "Level 9 is wanted");
    const agent = state.agent(params.id!);
    text(body?.reason);
    agent.level = Math.max(1, agent.level - 1);
    state.emit(actor, "agent.demoted", agent.id);
    return { message: "Agent demoted" };
  }],
];
