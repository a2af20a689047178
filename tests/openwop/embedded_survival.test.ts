import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { createHost, memoryStore } from "@tutti/sdk/host";
import type { Host, Store } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import type { RunEvent, RunHandle } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";
import { collect } from "../support/scripted_fetch.ts";
import { refusal } from "../support/wop_server.ts";
import { definitionOf } from "../support/wire.ts";
import type { ShortNode } from "../support/wire.ts";

/** Thirty steps, then a question, then thirty more; a step takes some time, where it is told to. */
function longWorkflow(delayMs: number) {
  const steps = (name: string, first: string | undefined): ShortNode[] =>
    Array.from({ length: 30 }, (_, index) => {
      const after = index === 0 ? first : `${name}${index - 1}`;
      return {
        id: `${name}${index}`,
        typeId: delayMs === 0 ? "core.noop" : "core.delay",
        inputs: delayMs === 0
          ? {}
          : { delayMs: { type: "static", value: delayMs } },
        ...(after === undefined ? {} : { after: [after] }),
      };
    });
  return {
    nodes: [],
    definition: definitionOf("long", [
      ...steps("a", undefined),
      {
        id: "gate",
        typeId: "core.approvalGate",
        config: { title: "Größe recht?" },
        after: ["a29"],
      },
      ...steps("b", "gate"),
    ]),
  };
}

/** The same answer over a wire that breaks after so many bytes. */
function cutAfter(response: Response, bytes: number): Response {
  let left = bytes;
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (left > 0) controller.enqueue(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) controller.error(new TypeError("terminated"));
    },
  });
  return new Response(response.body?.pipeThrough(cut), response);
}

/** Follows to the end, telling of each event. */
async function follow(
  run: RunHandle,
  onEvent: (event: RunEvent) => void,
): Promise<RunEvent[]> {
  const seen: RunEvent[] = [];
  for await (const event of run.events({ retry: { retries: Infinity } })) {
    seen.push(event);
    onEvent(event);
  }
  return seen;
}

test("a run on the embedded host is followed through 50 cuts, a restart and a switch to polling", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 700 }), {
        minLength: 50,
        maxLength: 50,
      }),
      fc.nat(29),
      fc.nat(29),
      async (plan, restartAt, pollAt) => {
        const cuts = [...plan];
        const store = memoryStore();
        const start = (): Host =>
          createHost({ workflows: [longWorkflow(2)], store });
        let host = start();
        let noStream = false;
        let restarted: Promise<void> | undefined;
        const client = new OpenwopClient({
          baseUrl: host.url,
          random: () => 0.001,
          fetch: async (request) => {
            const isStream = request.url.includes("/events?");
            if (isStream && noStream) return refusal(501, "not_implemented");
            await restarted;
            const response = await host.fetch(request);
            const bytes = isStream ? cuts.shift() : undefined;
            return bytes === undefined ? response : cutAfter(response, bytes);
          },
        });
        const run = await client.runs.start({ workflowId: "long" });
        const following = follow(run, ({ type, nodeId }) => {
          if (type === "node.completed" && nodeId === `a${restartAt}`) {
            restarted = host.close().then(() => {
              host = start();
            });
          }
          if (type === "node.completed" && nodeId === `b${pollAt}`) {
            noStream = true;
          }
        });
        const elsewhere = new OpenwopClient({
          baseUrl: host.url,
          random: () => 0.001,
          fetch: async (request) => {
            await restarted;
            return await host.fetch(request);
          },
        }).runs.handle(run.id);
        const answer = elsewhere.interrupt("gate").accept({
          comment: "größer",
        });
        const [seen] = await Promise.all([following, answer]);
        await restarted;

        assert.deepEqual(cuts, []);
        assert.ok(restarted && noStream);
        const undisturbed = await collect(elsewhere.events());
        assert.deepEqual(seen, undisturbed);
        assert.deepEqual(seen.map(({ sequence }) => sequence), [
          ...seen.keys(),
        ]);
        assert.equal((await run.result()).status, "completed");
        await host.close();
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});

/**
 * Serves whichever host runs at the time, and breaks every connection while none does. It listens all the time: somebody
 * else might take a port that it gave back. What `bytes` gives breaks the next stream after so many.
 */
async function serve(
  running: () => Host | undefined,
  bytes: (url: string) => number | "none" | undefined,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const host = running();
    if (!host) return void request.socket.destroy();
    const url = request.url ?? "/";
    const left = bytes(url);
    if (left === "none") {
      const { status, headers } = refusal(501, "not_implemented");
      response.writeHead(status, Object.fromEntries(headers));
      return response.end("{}");
    }
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of request) chunks.push(chunk as Uint8Array);
      const answer = await host.fetch(`http://x${url}`, {
        method: request.method ?? "GET",
        headers: new Headers(request.headers as Record<string, string>),
        signal: gone.signal,
        ...(chunks.length > 0 ? { body: new Blob(chunks as BlobPart[]) } : {}),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      let sent = 0;
      for await (const chunk of answer.body ?? []) {
        const part = chunk.subarray(0, (left ?? Infinity) - sent);
        response.write(part);
        sent += part.length;
        if (left !== undefined && sent >= left) {
          // What was written goes out first.
          await new Promise((resolve) => setTimeout(resolve, 1));
          return response.destroy();
        }
      }
      response.end();
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  return server;
}

test("a run on a real socket is followed through 50 cuts, a restart and a switch to polling", async () => {
  const store: Store = memoryStore();
  const cuts = fc.sample(fc.integer({ min: 1, max: 700 }), {
    numRuns: 50,
    seed: 20_261_004,
  });
  let noStream = false;
  const disturb = (url: string): number | "none" | undefined => {
    if (!url.includes("/events?")) return undefined;
    return noStream ? "none" : cuts.shift();
  };
  const start = (): Host => createHost({ workflows: [longWorkflow(0)], store });
  let host: Host | undefined = start();
  const server = await serve(() => host, disturb);
  const { port } = server.address() as AddressInfo;
  const client = new OpenwopClient({
    baseUrl: `http://127.0.0.1:${port}`,
    random: () => 0.001,
    // A restart takes as long as it takes.
    retry: { retries: Infinity },
    major: 2,
  });
  try {
    const run = await client.runs.start({ workflowId: "long" });
    let restarted: Promise<void> | undefined;
    const following = follow(run, ({ type, nodeId }) => {
      if (type === "node.suspended") {
        const old = host;
        host = undefined;
        server.closeAllConnections();
        restarted = old?.close().then(() => void (host = start()));
      }
      if (type === "node.completed" && nodeId === "b3") noStream = true;
    });
    const gate = await run.interrupt("gate").wait();
    assert.equal(gate.kind, "approval");
    // Until the reader is there too, the host must not go on.
    while (!restarted) await new Promise((resolve) => setTimeout(resolve, 5));
    await restarted;
    const again = new OpenwopClient({
      baseUrl: `http://127.0.0.1:${port}`,
      random: () => 0.001,
    }).runs.handle(run.id);
    await again.interrupt("gate").accept({ comment: "größer" });
    const seen = await following;

    assert.ok(noStream);
    noStream = false;
    cuts.length = 0;
    assert.deepEqual(seen, await collect(run.events()));
    assert.deepEqual(seen.map(({ sequence }) => sequence), [...seen.keys()]);
    assert.equal((await run.result()).status, "completed");
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
    await host?.close();
  }
});
