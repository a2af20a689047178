import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import test from "node:test";
import { createHost, serve } from "@tutti/sdk/host";
import type { Host, ServeOptions } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { until } from "@tutti/sdk/testing";
import { isRefused, onAnyPort } from "../support/ports.ts";
import { gate, noop } from "../support/wire.ts";

/** A host that answers as it is told to. */
function hostOf(fetch: (request: Request) => Response | Promise<Response>) {
  let closed = 0;
  const host = {
    url: "",
    fetch: async (input: string | URL | Request) =>
      await fetch(input as Request),
    close: () => {
      closed++;
      return Promise.resolve();
    },
  };
  return { host: host as unknown as Host, closed: () => closed };
}

function gatePromise(): { promise: Promise<void>; open: () => void } {
  let open = (): void => {};
  return { promise: new Promise((resolve) => open = resolve), open };
}

test("serve() answers a client on a socket: a run, its stream, a person, a result, and then nobody", async () => {
  const isGone = await onAnyPort(async () => {
    const host = createHost({ workflows: [gate()] });
    const server = await serve(host, { port: 0 });
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    const client = new OpenwopClient({ baseUrl: server.url });
    const run = await client.runs.start({ workflowId: "gated" });
    const seen: string[] = [];
    for await (const event of run.events()) {
      seen.push(event.type);
      if (event.type === "interrupt.requested") {
        await run.interrupt("gate").accept();
      }
    }
    assert.equal(seen[0], "run.started");
    assert.equal(seen.at(-1), "run.completed");
    await server.close();
    await server.closed;
    return await isRefused(server.port);
  });
  assert.ok(isGone);
});

test("serve() says what a port is that it cannot have", async () => {
  const first = await serve(hostOf(() => new Response()).host, { port: 0 });
  await assert.rejects(
    serve(hostOf(() => new Response()).host, { port: first.port }),
    (error) => {
      const { code, message } = error as { code: string; message: string };
      assert.equal(code, "listen-failed");
      assert.match(message, new RegExp(`127\\.0\\.0\\.1, port ${first.port}`));
      return true;
    },
  );
  await first.close();
  const odd: [ServeOptions, string][] = [
    [{ port: -1 }, "options.port"],
    [{ port: 65_536 }, "options.port"],
    [{ port: 1.5 }, "options.port"],
    [{ drainMs: -1 }, "options.drainMs"],
    [{ drainMs: NaN }, "options.drainMs"],
  ];
  for (const [options, path] of odd) {
    await assert.rejects(serve(hostOf(() => new Response()).host, options), {
      code: "invalid-argument",
      path,
    });
  }
});

test("serve() hands requests on as they came, and answers as they are", async () => {
  const { host } = hostOf(async (request) => {
    const headers = new Headers({ "x-seen": request.headers.get("x-a") ?? "" });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    const { pathname, search } = new URL(request.url);
    const text = `${request.method} ${pathname}${search} ${await request
      .text()}`;
    return new Response(text, { status: 418, headers });
  });
  const server = await serve(host, { port: 0 });
  const body = "x".repeat(300_000);
  const answer = await fetch(`${server.url}/x//evil/a%2Fb?c=%20`, {
    method: "POST",
    headers: { "x-a": "1" },
    body,
  });
  assert.equal(answer.status, 418);
  assert.equal(answer.headers.get("x-seen"), "1");
  assert.deepEqual(answer.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.equal(await answer.text(), `POST /x//evil/a%2Fb?c=%20 ${body}`);
  const head = await fetch(server.url, { method: "HEAD" });
  assert.equal(head.status, 418);
  await server.close();
});

test("serve() takes bodies of every size as they are, and tells the length of what it has at hand", async () => {
  const { host } = hostOf(async (request) =>
    new Response(String((await request.arrayBuffer()).byteLength))
  );
  const echo = await serve(host, { port: 0 });
  for (const size of [0, 1, 16_384, 16_385, 1_000_000]) {
    const body = new Uint8Array(size);
    const answer = await fetch(echo.url, { method: "POST", body });
    assert.equal(await answer.text(), String(size));
  }
  await echo.close();
  const server = await serve(createHost({ workflows: [noop] }), { port: 0 });
  const create = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ workflowId: "conformance-noop", tags: ["ä€😀"] }),
  };
  const created = await fetch(`${server.url}/runs`, create);
  const { statusUrl, eventsUrl } = await created.json();
  for (const path of [statusUrl, eventsUrl]) {
    const answer = await fetch(server.url + path);
    const bytes = await answer.arrayBuffer();
    const length = Number(answer.headers.get("content-length"));
    assert.equal(bytes.byteLength, length, path);
    assert.match(new TextDecoder().decode(bytes), /ä€😀/);
    const head = await fetch(server.url + path, { method: "HEAD" });
    assert.equal(await head.text(), "");
  }
  await server.close();
});

test("serve() is not troubled by a body that breaks off", async () => {
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [noop],
    onError: (error) => errors.push(error),
  });
  const server = await serve(host, { port: 0 });
  for (const length of [100, 100_000]) {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    socket.write(
      `POST /runs HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n{"workflow`,
    );
    const closed = once(socket, "close");
    socket.destroy();
    await closed;
  }
  const answer = await fetch(`${server.url}/.well-known/openwop`);
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  await server.close();
  assert.deepEqual(errors, []);
});

test("serve() takes a host header for nothing but a host", async () => {
  const server = await serve(createHost({ workflows: [noop] }), { port: 0 });
  const ask = async (host: string): Promise<string> => {
    const socket = connect(server.port, "127.0.0.1");
    await once(socket, "connect");
    let said = "";
    socket.on("data", (bytes) => said += bytes);
    const closed = once(socket, "close");
    socket.write(
      `GET /openapi.json HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
    );
    await closed;
    return said;
  };
  for (const host of ["x", "127.0.0.1:80", "[::1]:80", "a-b.example.com"]) {
    assert.match(await ask(host), /^HTTP\/1.1 200 /, host);
  }
  const path = ".well-known/openwop";
  for (
    const host of [
      `x/${path}?`,
      `x/${path}#`,
      `x\\${path}?`,
      "x?",
      "u@x",
      "x y",
      "[::1",
    ]
  ) {
    assert.match(await ask(host), /^HTTP\/1.1 400 /, host);
  }
  await server.close();
});

test("serve() answers what it received before it was closed, then closes the host", async () => {
  const received = gatePromise();
  const go = gatePromise();
  const { host, closed } = hostOf(async () => {
    received.open();
    await go.promise;
    return new Response("kept");
  });
  const server = await serve(host, { port: 0 });
  const answer = fetch(server.url, { method: "POST", body: "{}" });
  await received.promise;
  const closing = server.close();
  assert.equal(server.close(), closing);
  assert.equal(closed(), 0);
  go.open();
  assert.equal(await (await answer).text(), "kept");
  await closing;
  assert.equal(closed(), 1);
});

test("serve() cuts what takes longer than its time to drain", async () => {
  const received = gatePromise();
  const { host, closed } = hostOf(() => {
    received.open();
    return new Promise(() => {});
  });
  const server = await serve(host, { port: 0, drainMs: 1 });
  const answer = fetch(server.url, { method: "POST", body: "{}" });
  // Cut, or told so, as the runtime has it.
  const failed = answer.then(({ status }) => status, () => 499);
  await received.promise;
  await server.close();
  assert.equal(await failed, 499);
  assert.equal(closed(), 1);
});

test("serve() ends the streams of a host that is closed, without cutting them", async () => {
  const controller = new AbortController();
  const server = await serve(createHost({ workflows: [gate()] }), {
    port: 0,
    signal: controller.signal,
  });
  const client = new OpenwopClient({ baseUrl: server.url });
  const run = await client.runs.start({ workflowId: "gated" });
  const path = `/runs/${encodeURIComponent(run.id)}/events`;
  const stream = await fetch(server.url + path);
  const reader = stream.body!.getReader();
  await reader.read();
  controller.abort();
  let last = await reader.read();
  while (!last.done) last = await reader.read();
  await server.closed;
});

test("serve() lets go of a stream whose reader has gone", async () => {
  let cancelled = 0;
  const { host } = hostOf(() =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array([58, 10, 10])),
        cancel: () => void cancelled++,
      }),
      { headers: { "content-type": "text/event-stream" } },
    )
  );
  const server = await serve(host, { port: 0 });
  const controller = new AbortController();
  const answer = await fetch(server.url, { signal: controller.signal });
  await answer.body!.getReader().read();
  controller.abort();
  await until(() => cancelled === 1);
  await server.close();
});

test("serve() reads a stream at the pace of its reader", async () => {
  const chunk = new Uint8Array(1_000_000);
  let pulled = 0;
  const { host } = hostOf(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          pulled++;
          controller.enqueue(chunk);
          if (pulled === 400) controller.close();
        },
      }, { highWaterMark: 0 }),
    )
  );
  const server = await serve(host, { port: 0 });
  const answer = await fetch(server.url);
  const reader = answer.body!.getReader();
  await reader.read();
  // What sockets and both runtimes hold is a few megabytes; then it has to stand still.
  let calm = 0;
  for (let last = pulled; calm < 300; last = pulled) {
    await until(() => true);
    await new Promise((resolve) => setTimeout(resolve, 0));
    calm = pulled === last ? calm + 1 : 0;
  }
  assert.ok(pulled < 100, `${pulled} of 400 MB were read ahead`);
  await reader.cancel();
  await server.close();
});

test("serve() answers when a handler fails, and says nothing about it", async () => {
  const { host } = hostOf(() => Promise.reject(new Error("secret")));
  const server = await serve(host, { port: 0 });
  const answer = await fetch(server.url);
  assert.equal(answer.status, 499);
  assert.doesNotMatch(await answer.text(), /secret/);
  await server.close();
});

test("serve() closes once its signal aborts, and does not open when it has", async () => {
  const controller = new AbortController();
  const { host, closed } = hostOf(() => new Response());
  const server = await serve(host, { port: 0, signal: controller.signal });
  controller.abort();
  await server.closed;
  assert.equal(closed(), 1);
  await assert.rejects(serve(host, { port: 0, signal: controller.signal }), {
    name: "AbortError",
  });
});

test("serve() tells an address that clients can use", async () => {
  const server = await serve(createHost({ workflows: [noop] }), {
    port: 0,
    hostname: "0.0.0.0",
  });
  const answer = await fetch(`${server.url}/.well-known/openwop`);
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  await server.close();
});
