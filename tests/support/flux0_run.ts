import { sleep } from "@tutti/sdk/http";
import type { AgentCode, Emit } from "./flux0_agents.ts";
import { Documents } from "./flux0_documents.ts";
import type { Flux0Store, Row, Session } from "./flux0_store.ts";
import type { Json } from "./json_patch.ts";

/**
 * Lets an agent answer, as a flux0 server does: what it says becomes frames and records, `ready` and `completed` are
 * never sent, and nobody notices when the code is missing, throws, or forgets its end.
 */
export function runAgent(
  store: Flux0Store,
  session: Session,
  agent: Row,
  code: AgentCode | undefined,
  content: string,
): Response {
  const correlation = `RID(${store.nextId()})::${store.nextId()}`;
  const documents = new Documents();
  const encoder = new TextEncoder();
  const seqs = new Map<string, number>();
  let controller!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let isOpen = true;
  let isRunning = true;

  session.stop?.();
  session.stop = () => {
    isRunning = false;
  };
  store.store(session, correlation, "user", {
    type: "message",
    data: {
      type: "message",
      tags: [],
      flagged: false,
      parts: [{ type: "content", content }],
      participant: { id: session.row.user_id!, name: "Anonymous" },
    },
    metadata: {},
  });

  function frame(event: string, id: string | undefined, data: Json): void {
    if (!isOpen) return;
    const head = id === undefined ? "" : `id: ${id}\n`;
    controller.enqueue(
      encoder.encode(`event: ${event}\n${head}data: ${pythonJson(data)}\n\n`),
    );
  }
  const ifRunning =
    <Args extends unknown[]>(act: (...args: Args) => void) =>
    (...args: Args): void => {
      if (isRunning) act(...args);
    };

  const meta = { agent_id: agent.id!, agent_name: agent.name! };
  const emit: Emit = {
    content,
    meta,
    status: ifRunning((word, { id = "", data } = {}) => {
      const status: Row = {
        type: "status",
        status: word,
        acknowledged_offset: 0,
        data: data ?? {},
      };
      store.store(session, correlation, "ai_agent", {
        type: "status",
        data: status,
      });
      frame("status", id, {
        id,
        source: "ai_agent",
        type: "status",
        correlation_id: correlation,
        data: status,
        metadata: null,
      });
    }),
    chunk: ifRunning((id, patches, { seq = 0, meta: own = meta } = {}) => {
      seqs.set(id, seq);
      const chunk = { id, seq, patches, meta: own };
      // What is not applied is not sent.
      if (!documents.take(chunk)) return;
      frame("chunk", undefined, {
        correlation_id: correlation,
        event_id: id,
        seq,
        patches: patches as unknown as Json,
        metadata: own,
        timestamp: store.clock.now() / 1000,
      });
    }),
    say(id, ...texts) {
      for (const value of texts) {
        emit.chunk(id, [{ op: "add", path: "/-", value }]);
      }
    },
    ready: ifRunning((id) => {
      const finished = documents.finish(id);
      if (finished) store.store(session, correlation, "ai_agent", finished);
    }),
    completed: ifRunning(() => {
      isRunning = false;
      if (isOpen) controller.close();
      isOpen = false;
      session.stop = undefined;
    }),
    breaks: ifRunning(() => {
      isOpen = false;
      controller.error(new TypeError("connection reset"));
    }),
    wait: (ms) => sleep(store.clock, ms),
  };

  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(made) {
      controller = made;
    },
    // Like the real one, it does not notice: the agent goes on.
    cancel() {
      isOpen = false;
    },
  });
  Promise.resolve().then(() => code?.(emit)).catch(() => {
    // A crash that nobody hears of.
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8" },
  });
}

/** JSON as Python writes it: ASCII, with spaces, and with words that are no JSON. */
export function pythonJson(value: Json): string {
  if (typeof value === "number" && !Number.isFinite(value)) return `${value}`;
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).map(([name, inner]) =>
      `${pythonJson(name)}: ${pythonJson(inner)}`
    );
    return `{${members.join(", ")}}`;
  }
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
