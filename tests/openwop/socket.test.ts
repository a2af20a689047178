import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { NetworkError } from "@tutti/sdk/http";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { collect } from "../support/scripted_fetch.ts";
import { frameOf, RUN_ID, WopServer } from "../support/wop_server.ts";

/** Serves on a real socket for the length of `use`. */
async function serving(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const server = createServer(handler);
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  const { port } = server.address() as AddressInfo;
  try {
    await use(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const head = {
  "content-type": "text/event-stream",
  "OpenWOP-Version": "2.0",
};

test("events() survives connections that break on a real socket", async () => {
  const server = new WopServer();
  server.append(
    ["run.started", { workflowId: "review" }],
    ["log.appended", { level: "info", message: "größe" }],
    ["log.appended", { level: "info", message: "2" }],
    ["run.completed", { outputs: { n: 1 } }],
  );
  const cursors: (string | undefined)[] = [];
  await serving((request, response) => {
    const cursor = request.headers["last-event-id"] as string | undefined;
    cursors.push(cursor);
    const next = cursor === undefined ? 0 : Number(cursor) + 1;
    response.writeHead(200, head);
    const event = server.log[next]!;
    if (event.type === "run.completed") return response.end(frameOf(event));
    // One event and a half, then the wire breaks.
    response.write(`${frameOf(event)}id: 9\ndata: {"se`, () => {
      setTimeout(() => response.destroy(), 5);
    });
  }, async (baseUrl) => {
    const client = new OpenwopClient({
      baseUrl,
      apiKey: "k",
      major: 2,
      random: () => 0,
    });
    const run = client.runs.handle(RUN_ID);
    const events = await collect(run.events());
    assert.deepEqual(events.map(({ sequence }) => sequence), [0, 1, 2, 3]);
    assert.deepEqual((await run.result()).output, { n: 1 });
  });
  // The wire may break before the event has arrived: then the same is asked for again.
  assert.deepEqual([...new Set(cursors)].slice(0, 4), [
    undefined,
    "0",
    "1",
    "2",
  ]);
});

test("leaving the loop closes the real connection", async () => {
  let closed: () => void = () => {};
  const gone = new Promise<void>((resolve) => closed = resolve);
  await serving((_request, response) => {
    response.on("close", closed);
    response.writeHead(200, head);
    response.write(frameOf({ type: "acme.tick", sequence: 0, payload: 1 }));
  }, async (baseUrl) => {
    const client = new OpenwopClient({ baseUrl, major: 2 });
    for await (const _ of client.runs.stream(RUN_ID)) break;
    await gone;
  });
});

test("a call names the network when nobody listens", async () => {
  // No program is given this port by chance, as it may be one that was just closed.
  const baseUrl = "http://127.0.0.1:2";
  const client = new OpenwopClient({ baseUrl, retry: false });
  await assert.rejects(client.runs.get(RUN_ID), NetworkError);
});

test("result() reads answers whose connections close after each, as a host of HTTP/1.0 has them", async () => {
  const server = new WopServer();
  server.append(
    ["run.started", { workflowId: "review" }],
    ["run.completed", { outputs: { n: 1 } }],
  );
  let answers = 0;
  await serving((request, response) => {
    answers++;
    const isStream = request.url?.includes("/events?") === true;
    // No length and no chunks: the end of the answer is the end of the connection.
    response.useChunkedEncodingByDefault = false;
    response.writeHead(200, {
      ...head,
      ...(isStream ? {} : { "content-type": "application/json" }),
      connection: "close",
    });
    response.end(
      isStream ? server.log.map(frameOf).join("") : JSON.stringify({
        runId: RUN_ID,
        workflowId: "review",
        status: "completed",
      }),
    );
  }, async (baseUrl) => {
    const client = new OpenwopClient({ baseUrl, major: 2 });
    const run = client.runs.handle(RUN_ID);
    assert.deepEqual((await run.result()).output, { n: 1 });
    assert.equal(await run.status(), "completed");
  });
  assert.equal(answers, 2);
});
