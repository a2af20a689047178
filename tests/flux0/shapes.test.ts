import assert from "node:assert/strict";
import test from "node:test";
import { createSseParser } from "@tutti/sdk/http";
import { Assembly, Flux0Client, readFrame } from "@tutti/sdk/flux0";
import type { FinishedEvent } from "@tutti/sdk/flux0";
import { createBody } from "@tutti/sdk/testing";
import { essence, flux0Bench } from "../support/flux0.ts";
import { endingAgents } from "../support/flux0_agents.ts";
import { canonical } from "../support/json_patch.ts";
import { serving } from "../support/serving.ts";

const shapes = Object.keys(endingAgents);

/** What a session stored of the agent, statuses left out. */
function storedOf(
  { server }: Pick<ReturnType<typeof flux0Bench>, "server">,
  sessionId: string,
): unknown[] {
  return server.events(sessionId)
    .filter(({ source, type }) => source === "ai_agent" && type !== "status")
    .map(({ type, data, metadata }) => ({ type, data, metadata }));
}

/** Whatever the order: it is that of the ends, which no stream tells. */
function sorted(events: readonly unknown[]): string[] {
  // What JSON cannot say is null in a history.
  return events.map(canonical).sort();
}

/** The bytes of one answer, and what was stored for it. */
async function record(
  type: string,
): Promise<{ bytes: Uint8Array; stored: unknown[] }> {
  const bench = flux0Bench();
  const sessionId = bench.server.session(type);
  const response = await bench.server.fetch(
    new Request(`http://flux0/api/sessions/${sessionId}/events/stream`, {
      method: "POST",
      body: '{"type":"message","source":"user","content":"Rain?"}',
    }),
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { bytes, stored: storedOf(bench, sessionId) };
}

for (const type of shapes) {
  test(`send() assembles what is stored when an agent is "${type}"`, async () => {
    const bench = flux0Bench();
    const sessionId = bench.server.session(type);
    const turn = bench.client.sessions.send(sessionId, "Rain?");
    for await (const part of turn) {
      assert.notEqual(part.type, "warning", JSON.stringify(part));
    }
    const result = await turn.collect();
    const shown = turn.drafts.flatMap((draft) => draft.toEvent() ?? []);
    if (type === "reused id") {
      // Only the history can tell the two apart.
      assert.equal(result.history.state, "different");
      assert.deepEqual(turn.drafts.map(({ text }) => text), ["firstsecond"]);
      assert.equal(result.text, "first\n\nsecond");
    } else {
      assert.deepEqual(
        sorted(essence(shown)),
        sorted(storedOf(bench, sessionId)),
      );
    }
    if (type === "unknown status") {
      // What lies before the event that cannot be written down is out of reach.
      assert.equal(result.history.state, "different");
      assert.equal(result.text, "still here");
      return;
    }
    assert.equal(
      canonical(essence(result.events)),
      canonical(storedOf(bench, sessionId)),
    );
    if (type === "no name") {
      assert.equal(result.history.state, "different");
      assert.deepEqual(
        result.history.unstored.map(({ text }) => text),
        ["who?"],
      );
    } else if (type !== "reused id") {
      assert.equal(result.history.state, "exact");
    }
    assert.equal(bench.clock.pending, 0);
  });

  test(`the assembler gives the same for "${type}" when the stream is cut at any byte`, async () => {
    const { bytes, stored } = await record(type);
    const whole = assemble([bytes]);
    if (type !== "reused id") assert.deepEqual(sorted(whole), sorted(stored));
    for (let at = 1; at < bytes.length; at++) {
      const cut = assemble([bytes.subarray(0, at), bytes.subarray(at)]);
      assert.equal(JSON.stringify(cut), JSON.stringify(whole), `cut at ${at}`);
    }
  });

  test(`send() gives the same for "${type}" in pieces of any size`, async () => {
    const { bytes } = await record(type);
    const whole = assemble([bytes]);
    for (const size of [1, 2, 3, 7, 64, 1_000]) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        pieces.push(bytes.subarray(at, at + size));
      }
      const client = new Flux0Client({
        fetch: () =>
          new Response(createBody(pieces).stream, {
            headers: { "content-type": "text/event-stream" },
          }),
      });
      const turn = client.sessions.send("talk-00001", "Rain?", {
        reconcile: false,
      });
      const { events, history } = await turn.collect();
      assert.equal(JSON.stringify(events), JSON.stringify(whole));
      assert.equal(history.state, "unread");
    }
  });
}

function assemble(pieces: readonly Uint8Array[]): FinishedEvent[] {
  const assembly = new Assembly(1_000_000);
  const parser = createSseParser({
    onFrame: (frame) => {
      const event = readFrame(frame);
      assert.ok(event.event === "chunk" || event.event === "status");
      if (event.event === "chunk") assembly.add(event.data);
    },
  });
  for (const piece of pieces) parser.push(piece);
  assert.equal(parser.end(), undefined);
  return assembly.drafts.flatMap((draft) => draft.toEvent() ?? []);
}

test("send() gives what is stored for every shape, over a real socket", async () => {
  const bench = flux0Bench({}, {});
  await serving({
    otherwise: async ({ method, path, headers, text, signal }) => {
      const response = await bench.server.fetch(
        new Request(`http://flux0${path}`, {
          method,
          headers,
          signal,
          ...(text !== "" && { body: text }),
        }),
      );
      return response;
    },
  }, async ({ url }) => {
    const client = new Flux0Client({ baseUrl: url });
    for (const type of shapes) {
      const sessionId = bench.server.session(type);
      const result = await client.sessions.send(sessionId, "Rain?").collect();
      if (type === "unknown status") continue;
      assert.equal(
        canonical(essence(result.events)),
        canonical(storedOf(bench, sessionId)),
        type,
      );
    }
    await client.close();
  });
});
