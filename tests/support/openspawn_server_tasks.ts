import {
  boom,
  byAge,
  refuse,
  text,
  uuid,
  validate,
} from "./openspawn_server_state.ts";
import type { Actor, Any, Route, State } from "./openspawn_server_state.ts";

const transitions: Readonly<Record<string, readonly string[]>> = {
  backlog: ["todo", "cancelled"],
  todo: ["in_progress", "blocked", "cancelled"],
  in_progress: ["review", "blocked", "cancelled"],
  review: ["done", "in_progress", "cancelled"],
  blocked: ["todo", "in_progress", "cancelled"],
  done: [],
  cancelled: [],
};

/** With its relations, as everything but the list gives it. */
function whole(state: State, task: Any): Any {
  return {
    ...task,
    dependencies: state.dependencies.filter(({ taskId }) => taskId === task.id),
    dependents: state.dependencies.filter(({ dependsOnId }) =>
      dependsOnId === task.id
    ),
  };
}

export function makeTask(state: State, actor: Actor, given: Any): Any {
  const number = ++state.taskNumber;
  // The counter asks for a column that is not there.
  if (!state.repaired) boom();
  // A foreign key: whoever is no agent cannot have made a task.
  if (actor.kind !== "agent") boom();
  for (const name of ["assigneeId", "parentTaskId"]) {
    if (
      given[name] &&
      ![...state.agents, ...state.tasks].some(({ id }) => id === given[name])
    ) boom();
  }
  if (given.priority === null) boom();
  if (new Set(given.tags).size !== (given.tags?.length ?? 0)) boom();
  const task = state.row({
    identifier: `TASK-${number}`,
    title: text(given.title),
    description: given.description ?? null,
    status: "backlog",
    priority: given.priority ?? "normal",
    assigneeId: given.assigneeId ?? null,
    creatorId: actor.id,
    parentTaskId: given.parentTaskId ?? null,
    approvalRequired: given.approvalRequired ?? false,
    approvedBy: null,
    approvedAt: null,
    dueDate: given.dueAt ? new Date(given.dueAt).toISOString() : null,
    completedAt: null,
    metadata: given.metadata ?? {},
    deletedAt: null,
    updatedAt: state.date(),
  });
  task.tags = (given.tags ?? []).map((tag: string) =>
    state.row({ taskId: task.id, tag })
  );
  state.tasks.push(task);
  state.emit(actor, "task.created", task.id);
  return task;
}

function transition(state: State, actor: Actor, id: string, body: Any): Any {
  const given = validate(body, {
    status: `string:(${Object.keys(transitions).join("|")})*`,
    reason: "string",
  });
  const task = state.task(id);
  if (!transitions[task.status]!.includes(given.status)) {
    refuse(422, `Invalid transition: ${task.status} → ${given.status}`);
  }
  const veto = state.blocking.get("task.transition");
  if (veto) refuse(403, `Action blocked by webhook: ${veto}`);
  if (given.status === "done") {
    const waiting = state.dependencies.filter((one) =>
      one.taskId === task.id && one.blocking &&
      state.task(one.dependsOnId).status !== "done"
    ).length;
    if (waiting > 0) {
      refuse(409, `Cannot complete: ${waiting} blocking dependencies not done`);
    }
    if (task.approvalRequired && !task.approvedAt) {
      refuse(403, "Task requires approval before completion");
    }
    const feedback = state.blocking.get("task.complete");
    if (feedback) {
      task.metadata = {
        ...task.metadata,
        rejectionFeedback: feedback,
        rejectionCount: (task.metadata.rejectionCount ?? 0) + 1,
      };
      return { data: whole(state, task) };
    }
    task.completedAt = state.date();
    const assignee = state.agents.find((agent) =>
      agent.id === task.assigneeId
    );
    if (assignee) {
      assignee.currentBalance += 10;
      assignee.tasksCompleted++;
      state.ledger.unshift(state.row({
        agentId: assignee.id,
        type: "credit",
        amount: 10,
        balanceAfter: assignee.currentBalance,
        reason: "task.done",
        triggerType: "task.done",
        triggerEventId: null,
        sourceTaskId: task.id,
        sourceAgentId: null,
        litellmCostUsd: null,
        idempotencyKey: null,
        metadata: {},
      }));
    }
  }
  task.status = given.status;
  state.emit(actor, "task.transitioned", task.id, { reason: given.reason });
  return { data: whole(state, task) };
}

function candidates(state: State, wanted: readonly string[]): Any[] {
  if (wanted.length === 0) return [];
  return state.agents.flatMap((agent) => {
    const has: string[] = agent.capabilities.map((one: Any) => one.capability);
    const matched = wanted.filter((name) => has.includes(name));
    return matched.length === 0 ? [] : [{
      agentId: agent.id,
      agentName: agent.name,
      level: agent.level,
      matchedCapabilities: matched,
      missingCapabilities: wanted.filter((name) => !has.includes(name)),
      coveragePercent: matched.length / wanted.length * 100,
      avgProficiency: 2,
      currentTaskCount: 0,
      score: matched.length,
    }];
  });
}

function route(state: State, id: string): Any {
  const task = state.task(id);
  const requiredCapabilities = task.metadata.requiredCapabilities ?? [];
  const found = candidates(state, requiredCapabilities);
  return {
    taskId: task.id,
    requiredCapabilities,
    candidates: found,
    bestMatch: found[0] ?? null,
    autoAssigned: false,
  };
}

export const taskRoutes: readonly Route[] = [
  ["GET", "/tasks", ({ query }, state) => ({
    data: state.tasks.filter((task) =>
      ["status", "assigneeId", "creatorId", "parentTaskId"].every((name) => {
        const wanted = query.get(name);
        if (wanted === null) return true;
        return task[name] === (name === "status" ? wanted : uuid(wanted));
      })
    ).sort(byAge),
  })],
  // Stands before templates, and so hides their list.
  ["GET", "/tasks/:id", ({ params }, state) => ({
    data: whole(state, state.task(params.id!)),
  })],
  ["POST", "/tasks", ({ actor, body }, state) => {
    const given = validate(body, {
      title: "string:255*",
      description: "string",
      priority: "string:(urgent|high|normal|low)",
      assigneeId: "uuid",
      parentTaskId: "uuid",
      approvalRequired: "bool",
      dueAt: "date",
      tags: "object",
      metadata: "object",
    });
    return { data: whole(state, makeTask(state, actor, given)) };
  }],
  [
    "POST",
    "/tasks/:id/transition",
    ({ actor, params, body }, state) =>
      transition(state, actor, params.id!, body),
  ],
  ["POST", "/tasks/:id/approve", ({ actor, params }, state) => {
    const task = state.task(params.id!);
    if (!task.approvalRequired) refuse(409, "Task does not require approval");
    if (task.approvedAt) refuse(409, "Task is already approved");
    task.approvedBy = actor.id;
    task.approvedAt = state.date();
    state.emit(actor, "task.approved", task.id);
    return { data: whole(state, task) };
  }],
  ["POST", "/tasks/:id/assign", ({ actor, params, body }, state) => {
    const { assigneeId } = validate(body, { assigneeId: "uuid*" });
    const task = state.task(params.id!);
    if (!state.agents.some(({ id }) => id === assigneeId)) boom();
    task.assigneeId = assigneeId;
    state.emit(actor, "task.assigned", task.id);
    return { data: whole(state, task) };
  }],
  ["POST", "/tasks/:id/dependencies", ({ actor, params, body }, state) => {
    const given = validate(body, { dependsOnId: "uuid*", blocking: "bool" });
    const task = state.task(params.id!);
    const on = state.task(given.dependsOnId);
    if (task === on) refuse(409, "A task cannot depend on itself");
    const exists = (from: Any, to: Any): boolean =>
      state.dependencies.some((one) =>
        one.taskId === from.id && one.dependsOnId === to.id
      );
    if (exists(task, on)) refuse(409, "Dependency already exists");
    if (exists(on, task)) refuse(409, "Circular dependency");
    const row = state.row({
      taskId: task.id,
      dependsOnId: on.id,
      blocking: given.blocking ?? true,
    });
    state.dependencies.push(row);
    state.emit(actor, "task.dependency.added", task.id);
    return { data: row };
  }],
  ["DELETE", "/tasks/:id/dependencies/:on", ({ actor, params }, state) => {
    const index = state.dependencies.findIndex((one) =>
      one.taskId === uuid(params.id) && one.dependsOnId === uuid(params.on)
    );
    if (index < 0) refuse(404, "Dependency not found");
    state.dependencies.splice(index, 1);
    state.emit(actor, "task.dependency.removed", params.id!);
    return { message: "Dependency removed" };
  }],
  ["POST", "/tasks/:id/comments", ({ actor, params, body }, state) => {
    const given = validate(body, { body: "string*", parentCommentId: "uuid" });
    const task = state.task(params.id!);
    if (actor.kind !== "agent") boom();
    const row = state.row({
      taskId: task.id,
      authorId: actor.id,
      body: given.body,
      parentCommentId: given.parentCommentId ?? null,
      updatedAt: state.date(),
    });
    state.comments.push(row);
    state.emit(actor, "task.comment.added", task.id);
    return { data: row };
  }],
  ["GET", "/tasks/:id/comments", ({ params }, state) => ({
    data: state.comments.filter(({ taskId }) => taskId === uuid(params.id)),
  })],
  ["POST", "/tasks/:id/escalate", ({ params, body }, state) => {
    const task = state.task(params.id!);
    const from = state.agents.find(({ id }) => id === task.assigneeId) ??
      boom();
    const to = state.agents.find(({ id }) =>
      id === (body.targetAgentId ?? from.parentId)
    ) ?? boom();
    task.assigneeId = to.id;
    const row = state.row({
      taskId: task.id,
      fromAgentId: from.id,
      toAgentId: to.id,
      reason: text(body.reason),
      levelsEscalated: to.level - from.level,
      notes: body.notes ?? null,
      isAutomatic: false,
      resolvedAt: null,
      metadata: {},
    });
    state.escalations.push(row);
    return { data: row, message: "Task escalated" };
  }],
  ["GET", "/tasks/:id/escalations", ({ params }, state) => ({
    data: state.escalations.filter(({ taskId }) => taskId === uuid(params.id))
      .map((one) => ({
        ...one,
        fromAgent: state.entity(state.agent(one.fromAgentId)),
        toAgent: state.entity(state.agent(one.toAgentId)),
      })),
  })],
  ["GET", "/tasks/escalations/open", (_, state) => ({
    data: state.escalations.filter(({ resolvedAt }) => !resolvedAt)
      .map((one) => ({
        ...one,
        fromAgent: state.entity(state.agent(one.fromAgentId)),
        toAgent: state.entity(state.agent(one.toAgentId)),
        task: state.task(one.taskId),
      })),
  })],
  ["POST", "/tasks/escalations/:id/resolve", ({ params }, state) => {
    const row = state.escalations.find(({ id }) => id === uuid(params.id)) ??
      boom();
    row.resolvedAt = state.date();
    return { data: row, message: "Escalation resolved" };
  }],
  ["GET", "/tasks/:id/candidates", ({ params }, state) => ({
    data: route(state, params.id!),
  })],
  ["GET", "/tasks/routing/suggest", ({ query }, state) => ({
    data: candidates(state, query.get("capabilities")?.split(",") ?? boom())
      .slice(0, Number(query.get("limit") ?? 5)),
  })],
  ["POST", "/tasks/:id/auto-assign", ({ actor, params, body }, state) => {
    // `body.excludeAgentIds` of no body at all.
    if (body === undefined) boom();
    const result = route(state, params.id!);
    if (!result.bestMatch) return { data: result };
    state.task(params.id!).assigneeId = result.bestMatch.agentId;
    state.emit(actor, "task.auto_assigned", params.id!);
    return { data: { ...result, autoAssigned: true } };
  }],
];
