import assert from "node:assert/strict";
import { connect } from "node:net";
import test from "node:test";
import { asyncDispose, TuttiError } from "@tutti/sdk/http";
import {
  createScriptedServer,
  eventReply,
  jsonReply,
  textReply,
  withFaults,
} from "@tutti/sdk/testing";
import { isRefused, onAnyPort } from "../support/ports.ts";
import { serving } from "../support/serving.ts";

test("createScriptedServer() takes requests down as they are when they come over a socket", async () => {
  await serving({ otherwise: jsonReply({ ok: true }) }, async (server) => {
    const response = await fetch(`${server.url}/things/%C3%A9?a=1`, {
      method: "POST",
      headers: { "x-one": "1" },
      body: '{"größe":1}',
    });
    assert.deepEqual(await response.json(), { ok: true });
    const [request] = server.requests;
    assert.equal(request?.method, "POST");
    assert.equal(request?.path, "/things/%C3%A9?a=1");
    assert.equal(request?.url, `${server.url}/things/%C3%A9?a=1`);
    assert.equal(request?.headers.get("x-one"), "1");
    assert.equal(request?.text, '{"größe":1}');
    await server.drained();
    assert.equal(server.accepted, 1);
  });
});

test("createScriptedServer() takes a body when it comes in chunks", async () => {
  await serving({ otherwise: jsonReply(1) }, async (server) => {
    const pieces = ["é".repeat(40_000), "b"];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.shift();
        if (piece === undefined) return controller.close();
        controller.enqueue(new TextEncoder().encode(piece));
      },
    });
    const init = { method: "PUT", body, duplex: "half" } as RequestInit;
    await (await fetch(server.url, init)).text();
    assert.equal(server.requests[0]?.text, "é".repeat(40_000) + "b");
  });
});

test("createScriptedServer() answers without a body when there is none", async () => {
  await serving({
    replies: [textReply(null, { status: 204 }), jsonReply(1)],
  }, async (server) => {
    const none = await fetch(server.url);
    assert.equal(none.status, 204);
    assert.equal(await none.text(), "");
    const head = await fetch(server.url, { method: "HEAD" });
    assert.match(head.headers.get("content-type")!, /^application\/json/);
    assert.equal(await head.text(), "");
    server.assertDone();
  });
});

test("createScriptedServer() sends large bodies whole when the reader is slow", async () => {
  const large = "x".repeat(4_000_000);
  await serving({ otherwise: textReply(large) }, async (server) => {
    const reader = (await fetch(server.url)).body!.getReader();
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size < 500_000) await new Promise((resolve) => setTimeout(resolve));
    }
    assert.equal(size, large.length);
  });
});

test("createScriptedServer() knows which connections are open", async () => {
  await serving({
    otherwise: eventReply([{ data: 1 }], "stay"),
  }, async (server) => {
    const bodies = await Promise.all(
      [1, 2, 3].map(async () => (await fetch(server.url)).body!),
    );
    assert.equal(server.connections, 3);
    assert.equal(server.requests[0]?.signal.aborted, false);
    await Promise.all(bodies.map((body) => body.cancel()));
    await server.drained();
    assert.equal(server.connections, 0);
    assert.equal(server.requests[0]?.signal.aborted, true);
  });
});

test("close() breaks connections and frees the port", async () => {
  const isFreed = await onAnyPort(async () => {
    const server = await createScriptedServer({
      otherwise: eventReply([{ data: 1 }], "stay"),
    });
    const response = await fetch(server.url);
    const text = response.text();
    text.catch(() => {});
    await (server as unknown as Record<symbol, () => Promise<void>>)[
      asyncDispose
    ]!();
    await assert.rejects(text);
    await server.close();
    const port = Number(new URL(server.url).port);
    if (!await isRefused(port)) return false;
    const opening = createScriptedServer({ port, otherwise: jsonReply(1) });
    const next = await opening.catch(() => undefined);
    await next?.close();
    return next?.url === server.url;
  });
  assert.ok(isFreed);
});

test("createScriptedServer() breaks the connection when nobody wrote a reply", async () => {
  await serving({}, async (server) => {
    await assert.rejects(fetch(`${server.url}/nowhere`));
    assert.throws(() => server.assertDone(), /GET \/nowhere/);
  });
});

/** What comes over a plain socket for these requests, each sent when the answer before is whole. */
async function converse(
  server: { readonly url: string },
  turns: readonly (readonly [request: string, until: string])[],
): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  let text = "";
  let at = 0;
  let turn = 0;
  const speak = (): void => {
    const [request] = turns[turn++] ?? [];
    if (request) socket.write(`${request}\r\n\r\n`);
  };
  socket.on("data", (bytes) => {
    text += bytes;
    const end = turns[turn - 1]?.[1];
    if (!end || !text.slice(at).endsWith(end)) return;
    at = text.length;
    speak();
  });
  const closed = new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => resolve());
  });
  speak();
  await closed;
  return text;
}

test("createScriptedServer() frames its answers as HTTP has it, and hangs up when it is asked to", async () => {
  const own = { "content-length": "9", "keep-alive": "timeout=1", "x-a": "1" };
  await serving({
    replies: [
      textReply("hidden", { headers: { "content-type": "a/b" } }),
      textReply(null, { status: 204 }),
      textReply(null, { headers: { "content-type": "a/b" } }),
      textReply("body", { headers: { ...own, "content-type": "a/b" } }),
    ],
  }, async (server) => {
    assert.equal(
      await converse(server, [
        ["HEAD / HTTP/1.1", "\r\n\r\n"],
        ["GET / HTTP/1.1", "\r\n\r\n"],
        ["GET / HTTP/1.1", "\r\n\r\n"],
        ["GET / HTTP/1.1\r\nconnection: close", "0\r\n\r\n"],
      ]),
      [
        "HTTP/1.1 200 \r\ncontent-type: a/b\r\ntransfer-encoding: chunked\r\n\r\n",
        "HTTP/1.1 204 \r\n\r\n",
        "HTTP/1.1 200 \r\ncontent-type: a/b\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 \r\ncontent-type: a/b\r\nx-a: 1\r\ntransfer-encoding: chunked\r\n\r\n",
        "4\r\nbody\r\n0\r\n\r\n",
      ].join(""),
    );
  });
});

test("createScriptedServer() ends its half of the connection behind a body of no length", async () => {
  await serving({
    otherwise: withFaults(
      textReply("0123", { headers: { "content-type": "a/b" } }),
      { kind: "half-close", afterBytes: 2 },
    ),
  }, async (server) => {
    assert.equal(
      await converse(server, [["GET / HTTP/1.1", "never"]]),
      "HTTP/1.1 200 \r\ncontent-type: a/b\r\nconnection: close\r\n\r\n01",
    );
  });
});

test("createScriptedServer() hangs up on what is no request", async () => {
  await serving({ otherwise: jsonReply(1) }, async (server) => {
    const { port } = new URL(server.url);
    for (
      const text of [
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nno header\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n",
      ]
    ) {
      const socket = connect(Number(port), "127.0.0.1");
      const closed = new Promise((resolve) => socket.on("close", resolve));
      socket.on("error", () => {});
      socket.resume();
      socket.write(text);
      await closed;
    }
    await server.drained();
    assert.equal(server.requests.length, 0);
    assert.equal(server.accepted, 3);
  });
});

test("createScriptedServer() says so when the runtime has no sockets", async () => {
  const { process } = globalThis as unknown as { process: object };
  const found = Object.getOwnPropertyDescriptor(process, "getBuiltinModule");
  Object.defineProperty(process, "getBuiltinModule", {
    value: undefined,
    configurable: true,
  });
  const opening = createScriptedServer();
  if (found) Object.defineProperty(process, "getBuiltinModule", found);
  else delete (process as { getBuiltinModule?: unknown }).getBuiltinModule;
  await assert.rejects(
    opening,
    (error) => TuttiError.is(error) && error.code === "unsupported-runtime",
  );
});
