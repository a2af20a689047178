import assert from "node:assert/strict";
import test from "node:test";
import { nextTaskStatuses } from "@tutti/sdk/openspawn";
import type { KnownTaskStatus } from "@tutti/sdk/openspawn";
import { withOpenSpawn } from "../support/openspawn.ts";
import { OpenSpawnServer } from "../support/openspawn_server.ts";

test("tasks.create(), tasks.get() and tasks.list() keep a task, with what the guide has and the server refuses", async () => {
  await withOpenSpawn(async ({ as, byKey, id }) => {
    const { tasks } = as("lead");
    const made = await tasks.create({
      title: 'Révision ✓ "quoted"',
      description: "all of it",
      priority: "high",
      assigneeId: id("worker1"),
      approvalRequired: true,
      dueAt: "2026-12-01T10:00:00+02:00",
      tags: ["a", "b"],
      capabilities: ["review"],
      estimatedCredits: 5,
      metadata: { n: 1.5 },
    });
    assert.equal(made.identifier, "TASK-2");
    assert.equal(made.status, "backlog");
    assert.equal(made.dueDate, "2026-12-01T08:00:00.000Z");
    assert.deepEqual(made.metadata, {
      n: 1.5,
      requiredCapabilities: ["review"],
      estimatedCredits: 5,
    });
    assert.deepEqual(made.tags.map(({ tag }) => tag), ["a", "b"]);
    assert.deepEqual(await byKey().tasks.get(made.id), made);
    const part = await tasks.create({ title: "Part", parentTaskId: made.id });
    const mine = await byKey().tasks.list({ assigneeId: id("worker1") });
    assert.deepEqual(mine.map(({ title }) => title), [made.title]);
    const parts = await tasks.list({ parentTaskId: made.id });
    assert.deepEqual(parts.map((task) => task.id), [part.id]);
    assert.equal((await tasks.list()).length, 2);
    assert.deepEqual(await tasks.list({ status: "done" }), []);
  });
});

test("tasks.create() says that it may have taken effect where the server's counter is broken, and is not repeated", async () => {
  const server = new OpenSpawnServer();
  server.state.repaired = false;
  await withOpenSpawn(async ({ as }) => {
    await assert.rejects(as("lead").tasks.create({ title: "No" }), {
      status: 500,
      outcomeUncertain: true,
      attempts: 1,
    });
    assert.equal(server.received.length, 1);
  }, server);
});

test("tasks.transition() goes all ways that the server allows, and no other", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    server.limit = 1_000;
    const { tasks } = as("lead");
    const statuses: readonly KnownTaskStatus[] = [
      "backlog",
      "todo",
      "in_progress",
      "review",
      "done",
      "blocked",
      "cancelled",
    ];
    for (const from of statuses) {
      for (const status of statuses) {
        const { id } = await tasks.create({ title: `${from} ${status}` });
        server.state.task(id).status = from;
        const moving = tasks.transition(id, { status });
        const next: readonly string[] = nextTaskStatuses(from);
        if (next.includes(status)) {
          assert.equal((await moving).status, status);
        } else {
          await assert.rejects(moving, {
            status: 422,
            platformMessage: `Invalid transition: ${from} → ${status}`,
          });
        }
      }
    }
    assert.deepEqual(nextTaskStatuses("of a newer server"), []);
    assert.deepEqual(nextTaskStatuses("__proto__"), []);
  });
});

test("tasks.transition() sends the guide's notes as the reason", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const { tasks } = as("lead");
    const { id } = await tasks.create({ title: "T" });
    await tasks.transition(id, { status: "todo", notes: "ready" });
    assert.equal(
      server.received.at(-1)?.text,
      '{"status":"todo","reason":"ready"}',
    );
  });
});

test("tasks.transition() throws where a webhook has sent the task back, though the server says 201", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const { tasks } = as("lead");
    const { id } = await tasks.create({ title: "T" });
    for (const status of ["todo", "in_progress", "review"] as const) {
      await tasks.transition(id, { status });
    }
    server.state.blocking.set("task.complete", "no tests");
    await assert.rejects(tasks.transition(id, { status: "done" }), {
      code: "task-sent-back",
    });
    const task = await tasks.get(id);
    assert.equal(task.status, "review");
    assert.equal(task.metadata.rejectionFeedback, "no tests");
    server.state.blocking.set("task.transition", "frozen");
    await assert.rejects(tasks.transition(id, { status: "cancelled" }), {
      status: 403,
      platformMessage: "Action blocked by webhook: frozen",
    });
  });
});

test("tasks.assign() and tasks.claim() give a task to an agent; a claim starts it", async () => {
  await withOpenSpawn(async ({ as, id }) => {
    const { tasks } = as("lead");
    const open = await tasks.create({ title: "Open" });
    const claimed = await as("worker1").tasks.claim(open.id);
    assert.equal(claimed.assigneeId, id("worker1"));
    assert.equal(claimed.status, "in_progress");
    // Once more changes nothing.
    assert.deepEqual(await as("worker1").tasks.claim(open.id), claimed);
    await assert.rejects(as("hr").tasks.claim(open.id), {
      code: "task-taken",
    });
    const given = await tasks.create({ title: "Given" });
    assert.equal(
      (await tasks.assign(given.id, { assigneeId: id("worker1") })).status,
      "backlog",
    );
    await tasks.transition(given.id, { status: "cancelled" });
    await assert.rejects(as("worker1").tasks.claim(given.id), {
      code: "task-taken",
    });
  });
});

test("tasks.claim() asks who it is once, also for claims at the same time later", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const worker = as("worker1");
    const ids: string[] = [];
    for (const title of ["A", "B", "C"]) {
      ids.push((await as("lead").tasks.create({ title })).id);
    }
    await worker.tasks.claim(ids[0]!);
    await Promise.all(ids.slice(1).map((id) => worker.tasks.claim(id)));
    const lists = server.received.filter(({ target }) =>
      target === "/api/v1/agents"
    );
    assert.equal(lists.length, 1);
  });
});

test("tasks.approve() completes a task in review, as the guide promises; tasks.stampApproval() only notes it", async () => {
  await withOpenSpawn(async ({ as, id, server }) => {
    const { tasks } = as("lead");
    const review = async (approvalRequired: boolean): Promise<string> => {
      const { id } = await tasks.create({ title: "T", approvalRequired });
      await as("worker1").tasks.claim(id);
      await tasks.transition(id, { status: "review" });
      return id;
    };
    const wanting = await review(true);
    await assert.rejects(tasks.transition(wanting, { status: "done" }), {
      status: 403,
    });
    const done = await tasks.approve(wanting);
    assert.equal(done.status, "done");
    assert.equal(done.approvedBy, id("lead"));
    assert.equal(server.agent("worker1").currentBalance, 85);

    assert.equal((await tasks.approve(await review(false))).status, "done");
    const stamped = await tasks.create({ title: "T", approvalRequired: true });
    const { status, approvedAt } = await tasks.stampApproval(stamped.id);
    assert.equal(status, "backlog");
    assert.ok(approvedAt);
    await assert.rejects(tasks.stampApproval(stamped.id), {
      status: 409,
      platformMessage: "Task is already approved",
    });
  });
});

test("tasks.addDependency() and tasks.removeDependency() let a task wait", async () => {
  await withOpenSpawn(async ({ as }) => {
    const { tasks } = as("lead");
    const [first, second] = [
      await tasks.create({ title: "1" }),
      await tasks.create({ title: "2" }),
    ];
    const on = { dependsOnId: first.id };
    const row = await tasks.addDependency(second.id, on);
    assert.equal(row.blocking, true);
    await assert.rejects(tasks.addDependency(second.id, on), { status: 409 });
    for (const status of ["todo", "in_progress", "review"] as const) {
      await tasks.transition(second.id, { status });
    }
    await assert.rejects(tasks.transition(second.id, { status: "done" }), {
      status: 409,
      platformMessage: "Cannot complete: 1 blocking dependencies not done",
    });
    assert.equal((await tasks.get(first.id)).dependents?.length, 1);
    assert.deepEqual(await tasks.removeDependency(second.id, first.id), {
      message: "Dependency removed",
    });
    await tasks.transition(second.id, { status: "done" });
  });
});

test("tasks.addComment() and tasks.listComments() talk about a task", async () => {
  await withOpenSpawn(async ({ as, byKey }) => {
    const { tasks } = as("lead");
    const { id } = await tasks.create({ title: "T" });
    const first = await tasks.addComment(id, { body: "größe ✓" });
    await as("worker1").tasks.addComment(id, {
      body: "yes",
      parentCommentId: first.id,
    });
    const said = await byKey().tasks.listComments(id);
    assert.deepEqual(said.map(({ body }) => body), ["größe ✓", "yes"]);
  });
});

test("tasks.escalate(), tasks.listEscalations(), tasks.listOpenEscalations() and tasks.resolveEscalation() work, with an API key too", async () => {
  await withOpenSpawn(async ({ as, byKey, id }) => {
    const { tasks } = as("lead");
    const task = await tasks.create({
      title: "T",
      assigneeId: id("worker1"),
    });
    const key = byKey();
    const up = await key.tasks.escalate(task.id, {
      reason: "MANUAL",
      notes: "stuck",
    });
    assert.equal(up.toAgentId, id("lead"));
    const [open] = await key.tasks.listOpenEscalations();
    assert.equal(open?.task?.id, task.id);
    assert.ok(!JSON.stringify(open).includes("hmacSecretEnc"));
    assert.equal((await tasks.listEscalations(task.id)).length, 1);
    assert.ok((await key.tasks.resolveEscalation(up.id)).resolvedAt);
    assert.deepEqual(await tasks.listOpenEscalations(), []);
  });
});

test("tasks.findCandidates(), tasks.suggestAgents() and tasks.autoAssign() route a task", async () => {
  await withOpenSpawn(async ({ as, byKey, id, server }) => {
    const lead = as("lead");
    await lead.agents.addCapability(id("worker1"), { capability: "review" });
    const task = await lead.tasks.create({
      title: "T",
      capabilities: ["review", "test"],
    });
    const found = await byKey().tasks.findCandidates(task.id, {
      minCoverage: 50,
      maxResults: 3,
    });
    assert.equal(found.bestMatch?.agentId, id("worker1"));
    assert.deepEqual(found.candidates[0]?.missingCapabilities, ["test"]);
    const [suggested] = await byKey().tasks.suggestAgents({
      capabilities: ["review", "test"],
      limit: 1,
    });
    assert.equal(
      server.received.at(-1)?.target,
      "/api/v1/tasks/routing/suggest?capabilities=review%2Ctest&limit=1",
    );
    assert.equal(suggested?.agentName, "Worker One");
    const routed = await lead.tasks.autoAssign(task.id);
    assert.ok(routed.autoAssigned);
    assert.equal((await lead.tasks.get(task.id)).assigneeId, id("worker1"));
  });
});

test("tasks.claim() and tasks.approve() give each of their changes a key of its own, whatever a caller hands in", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const { tasks } = as("lead");
    const { id } = await tasks.create({ title: "T", approvalRequired: true });
    const idempotencyKey = "3f2b8c1e7a544d0c9f1e2b6a7c8d9e0f";
    const options = { idempotencyKey } as object;
    // The server would give the answer to the first one to all of them.
    const claimed = await as("worker1").tasks.claim(id, options);
    assert.equal(claimed.status, "in_progress");
    await tasks.transition(id, { status: "review" });
    assert.equal((await tasks.approve(id, options)).status, "done");
    const keys = server.received
      .map(({ headers }) => headers.get("x-idempotency-key"))
      .filter((key) => key !== null);
    assert.equal(new Set(keys).size, keys.length);
  });
});

test("tasks.list() leaves other priorities out, which the server does not", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const { tasks } = as("lead");
    await tasks.create({ title: "A", priority: "urgent" });
    await tasks.create({ title: "B" });
    const found = await tasks.list({ priority: "urgent", status: "backlog" });
    assert.deepEqual(found.map(({ title }) => title), ["A"]);
    assert.equal(
      server.received.at(-1)?.target,
      "/api/v1/tasks?status=backlog",
    );
  });
});
