// Teaches: the complete example of the Round Table quick start, from the first workspace to the clean-up.
import {
  deleteWorkspace,
  listMessages,
  listSandboxes,
  parseDate,
  patchConfig,
  waitForCollaboration,
} from "@tutti/sdk/roundtable";
import type { RoundTableClient } from "@tutti/sdk/roundtable";
import { TimeoutError } from "@tutti/sdk/http";

/** Does everything that the quick start shows; `say` gets a line for each step. */
export async function quickStart(
  client: RoundTableClient,
  say: (line: string) => void,
): Promise<void> {
  const { version } = await client.system.liveness();
  say(`Round Table ${version} answers`);

  const { workspace_id } = await client.workspaces.create({
    name: "Research",
    description: "Two agents and a question",
    settings: { max_sandboxes: 5 },
  });
  const { max_sandboxes, retention_days } = await patchConfig(
    client,
    workspace_id,
    { retention_days: 7 },
  );
  say(`workspace: ${max_sandboxes} sandboxes, ${retention_days} days`);

  const [researcher, writer] = await Promise.all(
    ["researcher", "writer"].map((name) =>
      client.sandboxes.create(workspace_id, {
        name,
        agent_config: { primary_agent: name, model: "gpt-4", temperature: 0.4 },
      })
    ),
  );
  for await (
    const { sandbox_id, name } of listSandboxes(client, workspace_id)
  ) {
    const { status } = await client.sandboxes.start(sandbox_id);
    say(`${name} is ${status}`);
  }
  const { metrics } = await client.sandboxes.metrics(writer!.sandbox_id);
  say(`writer uses ${metrics.memory_usage_mb} MB`);

  await client.messages.send(researcher!.sandbox_id, {
    to_sandbox_id: writer!.sandbox_id,
    content: { ask: "Summarise the findings", sources: 3 },
    message_type: "request",
  });
  for await (const message of listMessages(client, writer!.sandbox_id)) {
    const day = parseDate(message.created_at)?.getUTCFullYear();
    say(`${message.message_type} of ${day}: ${message.content.ask}`);
  }
  const { broadcast_to } = await client.messages.broadcast(workspace_id, {
    content: { notice: "Stand-up in five" },
  });
  say(`broadcast to ${broadcast_to}`);

  const { agents } = await client.collaborations.discoverAgents(workspace_id);
  const { collaboration_id } = await client.collaborations.orchestrate(
    workspace_id,
    {
      task: "Write a summary together",
      participants: agents.map(({ sandbox_id }) => sandbox_id),
      mode: "peer_to_peer",
    },
  );
  await waitForCollaboration(client, collaboration_id, {
    timeoutMs: 100,
    onProgress: ({ status, progress }) =>
      say(`collaboration ${status}, ${progress.percentage} percent`),
  }).catch((error) => {
    // Today's server starts collaborations, and never ends one.
    if (!TimeoutError.is(error)) throw error;
  });

  const { sandboxes, messages } = await client.system.aggregateMetrics(
    workspace_id,
  );
  say(`${sandboxes.total} sandboxes, ${messages.total} message`);

  await deleteWorkspace(client, workspace_id);
  say("all gone");
}
