// A flux0 server in miniature, on a real socket of this machine: enough to chat with, nothing to install.

import { createScriptedServer, toEventText } from "@tutti/sdk/testing";
import type { RecordedRequest, ScriptedServer } from "@tutti/sdk/testing";
import { answerOf } from "./weather_agent.ts";
import type { Step } from "./weather_agent.ts";

type Row = Record<string, unknown>;

const agent = {
  id: "weather-01",
  name: "Weather clerk",
  type: "weather",
  description: "Answers questions about the weather, out of a hat",
  created_at: "2026-01-01T00:00:00.000000Z",
};

const participant = { id: agent.id, name: agent.name };

/**
 * Opens the server.
 *
 * @param pauseMs How long the agent thinks before each word.
 */
export function openLocalServer(pauseMs: number): Promise<ScriptedServer> {
  const sessions = new Map<string, { row: Row; events: Row[] }>();
  let runs = 0;

  function answer({ method, path, text }: RecordedRequest): Response {
    const [place = "", query] = path.split("?");
    const [, , kind, id = "", , stream] = place.split("/");
    const session = sessions.get(id);
    if (kind === "agents") return Response.json({ data: [agent] });
    if (method === "POST" && id === "") {
      const row = {
        ...JSON.parse(text),
        id: `talk-${String(sessions.size + 1).padStart(5, "0")}`,
        user_id: "anonymous0",
        consumption_offsets: { client: 0 },
        created_at: new Date().toISOString(),
      };
      sessions.set(row.id, { row, events: [] });
      return Response.json(row, { status: 201 });
    }
    if (!session) {
      const detail = `Session with ID ${id} not found`;
      return Response.json({ detail }, { status: 400 });
    }
    if (stream) return run(session.events, JSON.parse(text).content);
    const wanted = new URLSearchParams(query);
    return Response.json({
      data: session.events.filter((event) =>
        ["source", "correlation_id"].every((name) =>
          !wanted.has(name) || event[name] === wanted.get(name)
        )
      ),
    });
  }

  function run(events: Row[], content: string): Response {
    const correlation_id = `RID(local-req-1)::run-${++runs}`;
    const store = (
      source: string,
      type: string,
      data: unknown,
      metadata: unknown = null,
    ): void => {
      events.push({
        id: `event-${events.length}`.padEnd(10, "0"),
        correlation_id,
        type,
        source,
        offset: events.length,
        data,
        deleted: false,
        metadata,
        created_at: new Date().toISOString(),
      });
    };
    store("user", "message", {
      type: "message",
      parts: [{ type: "content", content }],
    });
    const encoder = new TextEncoder();
    const steps = answerOf(content)[Symbol.iterator]();
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = steps.next();
        if (done) return controller.close();
        await new Promise((wake) => setTimeout(wake, pauseMs));
        if (value.stored) store("ai_agent", ...value.stored(participant));
        const frame = frameOf(value, correlation_id);
        controller.enqueue(encoder.encode(frame ? toEventText(frame) : ": \n"));
      },
    });
    return new Response(body, {
      headers: { "content-type": "text/event-stream" },
    });
  }

  return createScriptedServer({ otherwise: answer });
}

function frameOf(
  { status, id = "", patch, kind }: Step,
  correlation_id: string,
) {
  if (status) {
    const data = { type: "status", status };
    return {
      event: "status",
      id,
      data: { id, source: "ai_agent", type: "status", correlation_id, data },
    };
  }
  if (!patch) return undefined;
  const metadata = {
    agent_id: agent.id,
    agent_name: agent.name,
    ...(kind && { kind }),
  };
  const patches = [{ op: "add", ...patch }];
  return {
    event: "chunk",
    data: { correlation_id, event_id: id, seq: 0, patches, metadata },
  };
}
