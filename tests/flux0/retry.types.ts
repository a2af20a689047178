import { Flux0Client } from "@tutti/sdk/flux0";

const client = new Flux0Client();

// Reads may be repeated.
await client.agents.list({ retry: { retries: 1, connectionErrors: false } });
await client.sessions.listEvents("s", {}, { retry: false });
client.sessions.follow("s", {}, { retry: { maxElapsedMs: 1 } });

// What could run an agent twice may not.
// @ts-expect-error a post has no retry
client.sessions.send("s", "Hi", { retry: { retries: 1 } });
client.sessions.stream("s", { type: "message", source: "user" }, {
  // @ts-expect-error a post has no retry
  retry: false,
});
// @ts-expect-error a post has no retry
await client.sessions.create({ agent_id: "a" }, { retry: {} });
// @ts-expect-error a post has no retry
await client.agents.create({ name: "a", type: "b" }, { retry: {} });
client.sessions.send("s", "Hi", { idleTimeoutMs: 1_000, reconcile: false });

// Parts are told apart by their type.
for await (const part of client.sessions.send("s", "Hi")) {
  if (part.type === "status") part.status satisfies string;
  else if (part.type === "warning") part.problem satisfies string;
  else part.draft.text satisfies string;
  // @ts-expect-error not every part has a draft
  part.draft;
}
// @ts-expect-error nobody else may use the words of a session
await client.sessions.create({ agent_id: "a", mode: "fast" });
