import assert from "node:assert/strict";
import test from "node:test";
import { Flux0Client } from "@tutti/sdk/flux0";
import { NetworkError, StreamInterruptedError } from "@tutti/sdk/http";
import {
  brokenReply,
  createScriptedServer,
  eventReply,
  jsonReply,
} from "@tutti/sdk/testing";
import type { Fault, ScriptedServer } from "@tutti/sdk/testing";
import { patientClock } from "../support/patient_clock.ts";

const chunks = ["Half ", "a ", "word"].map((value) => ({
  event: "chunk",
  data: {
    correlation_id: "RID(a)::b",
    event_id: "e",
    seq: 0,
    patches: [{ op: "add", path: "/-", value }],
    metadata: { agent_id: "a", agent_name: "A" },
    timestamp: 0,
  },
}));

async function on(
  options: Parameters<typeof createScriptedServer>[0],
  use: (client: Flux0Client, server: ScriptedServer) => Promise<void>,
): Promise<void> {
  const server = await createScriptedServer(options);
  const client = new Flux0Client({
    baseUrl: server.url,
    clock: patientClock,
  });
  try {
    await use(client, server);
    // Nobody holds a connection any more.
    await server.drained();
  } finally {
    await client.close();
    await server.close();
  }
}

test("send() posts once when the connection closes before an answer, on a real socket", async () => {
  await on({ otherwise: brokenReply }, async (client, server) => {
    const turn = client.sessions.send("talk-00001", "Hi");
    await assert.rejects(turn.text(), { code: "network", attempts: 1 });
    assert.equal(server.requests.length, 1);
  });
});

test("send() posts once when the connection breaks within the answer, on a real socket", async () => {
  const breaks: Fault = { kind: "drop", afterEvents: 2 };
  await on(
    { otherwise: eventReply(chunks), faults: [breaks] },
    async (client, server) => {
      const turn = client.sessions.send("talk-00001", "Hi");
      const error = await turn.text().then(() => undefined, (error) => error);
      assert.ok(StreamInterruptedError.is(error), String(error));
      assert.ok(NetworkError.is(error.cause));
      assert.equal(turn.drafts[0]?.text, "Half a ");
      assert.equal(server.requests.length, 1);
    },
  );
});

test("send() ends by silence and gives the connection back, on a real socket", async () => {
  await on(
    {
      routes: { "GET /api/sessions/*/events": jsonReply({ data: [] }) },
      otherwise: eventReply(chunks, "stay"),
    },
    async (client, server) => {
      const turn = client.sessions.send("talk-00001", "Hi", {
        idleTimeoutMs: 200,
      });
      // Nothing of it is stored.
      await assert.rejects(turn.text(), { code: "stream-interrupted" });
      assert.equal(turn.drafts[0]?.text, "Half a word");
      const posts = server.requests.filter(({ method }) => method === "POST");
      assert.equal(posts.length, 1);
    },
  );
});

test("send() gives the connection back when the loop is left, on a real socket", async () => {
  await on(
    { otherwise: eventReply(chunks, "stay") },
    async (client, server) => {
      for await (const _ of client.sessions.send("talk-00001", "Hi")) break;
      await server.drained();
      assert.equal(server.connections, 0);
    },
  );
});
