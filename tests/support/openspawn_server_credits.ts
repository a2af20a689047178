import {
  boom,
  limitOf,
  refuse,
  text,
  validate,
} from "./openspawn_server_state.ts";
import type { Actor, Any, Route, State } from "./openspawn_server_state.ts";

function book(state: State, agent: Any, type: string, given: Any): Any {
  const { amount, reason } = given;
  agent.currentBalance += type === "credit" ? amount : -amount;
  const row = state.row({
    agentId: agent.id,
    type,
    amount,
    balanceAfter: agent.currentBalance,
    reason: text(reason, 500),
    triggerType: given.triggerType ?? null,
    sourceTaskId: given.sourceTaskId ?? null,
    sourceAgentId: given.sourceAgentId ?? null,
    triggerEventId: null,
    litellmCostUsd: null,
    idempotencyKey: null,
    metadata: {},
  });
  state.ledger.unshift(row);
  return row;
}

const self = (actor: Actor, message = "Agent not found"): Any =>
  actor.agent ?? refuse(404, message);

export const creditRoutes: readonly Route[] = [
  ["GET", "/credits/balance", ({ actor }) => {
    const agent = self(actor);
    return {
      data: {
        balance: agent.currentBalance,
        budgetPeriodSpent: agent.budgetPeriodSpent,
        budgetPeriodLimit: agent.budgetPeriodLimit,
      },
    };
  }],
  ["GET", "/credits/history", ({ actor, query }, state) => {
    const limit = limitOf(query);
    const offset = Number(query.get("offset") ?? 0) || 0;
    if (offset < 0) boom();
    const mine = state.ledger.filter(({ agentId }) => agentId === actor.id);
    return {
      data: mine.slice(offset, offset + limit)
        .map((row) => ({ ...row, agent: state.entity(actor.agent) })),
      meta: { total: mine.length, limit, offset },
    };
  }],
  ["POST", "/credits/spend", ({ actor, body }, state) => {
    const given = validate(body, {
      amount: "int:1..2147483647*",
      reason: "string*",
      triggerType: "string",
      sourceTaskId: "uuid",
      sourceAgentId: "uuid",
    });
    const agent = self(actor);
    if (agent.currentBalance < given.amount) {
      refuse(400, "Insufficient balance");
    }
    const limit = agent.budgetPeriodLimit;
    if (limit !== null && agent.budgetPeriodSpent + given.amount > limit) {
      refuse(400, "Budget limit exceeded");
    }
    agent.budgetPeriodSpent += given.amount;
    return { data: book(state, agent, "debit", given) };
  }],
  ["POST", "/credits/adjust", ({ actor, body }, state) => {
    if (actor.kind !== "agent") refuse(403, "Authentication required");
    if (!/^(hr|admin)$/.test(actor.agent.role)) {
      refuse(403, "Requires one of roles: hr, admin");
    }
    const given = validate(body, {
      agentId: "uuid*",
      amount: "int:1..2147483647*",
      type: "string:(credit|debit)*",
      reason: "string*",
    });
    const agent = state.agent(given.agentId);
    if (given.type === "debit" && agent.currentBalance < given.amount) {
      refuse(400, "Balance would become negative");
    }
    const row = book(state, agent, given.type, {
      ...given,
      reason: `[Admin] ${given.reason}`,
    });
    state.emit(actor, "credit.adjusted", agent.id);
    return { data: row };
  }],
  ["GET", "/credits/analytics/stats", (_, state) => ({
    data: {
      totalAgents: state.agents.length,
      activeAgents: state.agents.length,
      totalBalance: 0,
      totalTransactions: state.ledger.length,
      totalEarned: 0,
      totalSpent: 0,
      avgBalance: 0,
    },
  })],
  ["GET", "/credits/analytics/trends", (_, state) => ({
    data: [{ date: state.date(), credits: 0, debits: 0, net: 0 }],
  })],
  ["GET", "/credits/analytics/agents", (_, state) => ({
    data: state.agents.map(({ id, name, level, currentBalance }) => ({
      agentId: id,
      agentName: name,
      level,
      currentBalance,
      totalEarned: 0,
      totalSpent: 0,
      transactionCount: 0,
      avgTransactionSize: 0,
      lastActivity: null,
    })),
  })],
  ["GET", "/credits/analytics/triggers", ({ query }) => ({
    data: [{
      triggerType: "llm_call",
      count: Number(query.get("days") ?? 30),
      totalAmount: 0,
      avgAmount: 0,
    }],
  })],
  ["GET", "/credits/analytics/alerts", (_, state) => ({
    data: state.agents.filter(({ currentBalance }) => currentBalance < 10)
      .map(({ id, name, currentBalance }) => ({
        agentId: id,
        agentName: name,
        alertType: "low_balance",
        message: "Low balance",
        severity: "warning",
        value: currentBalance,
        threshold: 10,
      })),
  })],
  ["GET", "/credits/analytics/top-spenders", ({ query }, state) => ({
    data: state.agents.slice(0, limitOf(query, 10)).map(({ id, name }) => ({
      agentId: id,
      agentName: name,
      totalSpent: 0,
    })),
  })],
];
