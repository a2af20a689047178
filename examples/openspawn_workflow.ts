// The workflow of the OpenSpawn guide, from the first agent to the last credit, on a local server with all the defects
// of the released one. Leave `withServer` out and give the base URL of your own to run it there.

import assert from "node:assert/strict";
import {
  listEvents,
  listMessages,
  OpenSpawnClient,
  reconcileTransfer,
  TransferError,
} from "@tutti/sdk/openspawn";
import { servingOpenSpawn as withServer } from "../tests/support/openspawn_server.ts";

await withServer(async (server, baseUrl) => {
  const hr = new OpenSpawnClient({ baseUrl, ...server.identity("hr") });
  const lead = new OpenSpawnClient({ baseUrl, ...server.identity("lead") });

  // Spawn an agent: its parent activates it, and it signs with the secret that is told this once.
  const { agent, secret } = await lead.agents.spawn({ name: "Reviewer" });
  await lead.agents.activate(agent.id);
  const { agentId } = agent;
  const reviewer = new OpenSpawnClient({ baseUrl, agentId, secret });
  await lead.agents.addCapability(agent.id, { capability: "review" });
  console.log(`${agentId} is at level ${agent.level}`);

  // Create a task, and let the agent claim it.
  const task = await lead.tasks.create({
    title: "Review PR 123",
    priority: "high",
    capabilities: ["review"],
    approvalRequired: true,
  });
  const { bestMatch } = await lead.tasks.findCandidates(task.id);
  assert.equal(bestMatch?.agentId, agent.id);
  const claimed = await reviewer.tasks.claim(task.id);
  assert.equal(claimed.status, "in_progress");

  // Talk about it.
  const channel = await lead.channels.create({
    name: `#${task.identifier}`,
    type: "task",
    taskId: task.id,
  });
  const channelId = channel.id;
  await reviewer.messages.send({ channelId, body: "Two findings" });
  await lead.messages.send({ channelId, body: "Fine, fix them" });
  const [last] = await listMessages(lead, channelId).take(1).toArray();
  assert.equal(last?.body, "Fine, fix them");

  // Review and approve: the task is done, and the agent has earned its credits.
  await reviewer.tasks.transition(task.id, {
    status: "review",
    notes: "both fixed",
  });
  const done = await lead.tasks.approve(task.id);
  assert.equal(done.status, "done");
  assert.equal(await reviewer.credits.balance(), 10);
  await reviewer.credits.spend({
    amount: 4,
    reason: "tokens",
    triggerType: "llm_call",
    sourceTaskId: task.id,
  });
  const { data } = await reviewer.credits.history();
  assert.deepEqual(data.map(({ amount }) => amount), [4, 10]);

  // Move credits: the server moves them, answers 500, and the client finds out.
  try {
    await lead.credits.transfer({ toAgentId: agent.id, amount: 25 });
  } catch (error) {
    if (!TransferError.is(error)) throw error;
    assert.equal(await reconcileTransfer(lead, error), "applied");
  }
  assert.equal(await reviewer.credits.balance(), 31);

  // What happened, newest first, page by page; with an API key, which can read.
  const { apiKey } = server;
  const reader = new OpenSpawnClient({ baseUrl, apiKey });
  const types = new Set<string>();
  for await (const event of listEvents(reader, {}, { limit: 5 })) {
    types.add(event.type);
  }
  assert.ok(types.has("agent.spawned") && types.has("task.approved"));

  // The end of an agent.
  await hr.agents.revoke(agent.id);
  await assert.rejects(reviewer.tasks.list(), { status: 401 });
  console.log(`${done.identifier} is ${done.status}, ${agentId} is revoked`);
});
