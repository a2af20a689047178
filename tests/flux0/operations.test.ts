import assert from "node:assert/strict";
import test from "node:test";
import { Flux0Client, OPERATIONS, OTHER_NAMES } from "@tutti/sdk/flux0";
import { createScriptedFetch, jsonReply } from "@tutti/sdk/testing";

test("every operation of the table is a method that sends what the table says, as often as it says", async () => {
  for (const [name, text] of Object.entries(OPERATIONS)) {
    const { fetch, requests } = createScriptedFetch({
      otherwise: jsonReply({}, { status: 503 }),
    });
    const client = new Flux0Client({
      fetch,
      retry: { retries: 1, initialDelayMs: 0 },
    });
    const { agents, sessions, discovery } = client;
    const message = { type: "message", source: "user", content: "x" } as const;
    const calls: Record<keyof typeof OPERATIONS, () => Promise<unknown>> = {
      "agents.list": () => agents.list(),
      "agents.create": () => agents.create({ name: "n", type: "t" }),
      "agents.get": () => agents.get("an id"),
      "sessions.list": () => sessions.list(),
      "sessions.create": () => sessions.create({ agent_id: "a" }),
      "sessions.get": () => sessions.get("an id"),
      "sessions.stream": () => sessions.stream("an id", message).next(),
      "sessions.listEvents": () => sessions.listEvents("an id"),
      "discovery.get": () => discovery.get(),
    };
    await assert.rejects(calls[name as keyof typeof calls](), { status: 503 });
    const sent = requests.map(({ method, path }) => `${method} ${path}`);
    const wanted = text.replace(/\{\w+\}/, "an%20id");
    assert.deepEqual(
      sent,
      wanted.startsWith("GET") ? [wanted, wanted] : [wanted],
      name,
    );
  }
});

test("the names of the official SDK are all there", () => {
  const names = Object.values(OTHER_NAMES).flatMap(({ sdk }) => sdk ?? []);
  assert.deepEqual(names.sort(), [
    "agents.create",
    "agents.list",
    "agents.retrieve",
    "sessions.create",
    "sessions.create_event",
    "sessions.list",
    "sessions.list_events",
    "sessions.retrieve",
  ]);
});
