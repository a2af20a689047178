// Web standards only.
import { disposable, systemClock } from "../http/mod.ts";
import type { AsyncCloseable } from "../http/mod.ts";
import { chunkOf, createRequestReader, headOf } from "./http_wire.ts";
import { runScript } from "./script.ts";
import type { RunningScript, Script, ScriptOptions } from "./script.ts";
import { findNet } from "./sockets.ts";
import type { Socket } from "./sockets.ts";

/** Settings of {@linkcode createScriptedServer}. */
export interface ScriptedServerOptions extends ScriptOptions {
  /** Where to listen. @default a free one */
  readonly port?: number | undefined;
}

/** A server on a real socket of this machine. */
export interface ScriptedServer extends Script, AsyncCloseable {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Connections that are open now. */
  readonly connections: number;
  /** Connections that there ever were. */
  readonly accepted: number;
  /** Resolves as soon as no connection is open. */
  drained(): Promise<void>;
  /** Breaks all connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Opens a server on a real socket, whose every answer is written down beforehand, for tests that the network itself
 * takes part in.
 *
 * It takes the same script as {@linkcode createScriptedFetch}. A reply that throws, and a body that fails, break the
 * connection. It speaks HTTP/1.1, listens on the loopback device only, and serves one request for each connection, so
 * that `connections` is what clients hold open.
 *
 * What runtimes do behind a `fetch` shows here: Deno and Bun send some requests once more by themselves when a
 * connection closes without an answer, so `requests` may hold one twice.
 *
 * It needs `node:net`, which Node, Deno and Bun have. It is looked for when this function is called and not before:
 * the module can be imported and bundled for a browser.
 *
 * @param options The script.
 * @throws {TuttiError} `unsupported-runtime`, there are no sockets here.
 *
 * @example
 * ```ts
 * import { createScriptedServer, jsonReply } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const server = await createScriptedServer({
 *   routes: { "GET /tasks/*": jsonReply({ title: "Review" }) },
 *   faults: [{ kind: "drop", afterBytes: 5 }],
 * });
 * const broken = await fetch(`${server.url}/tasks/7`);
 * await assert.rejects(broken.text());
 * const response = await fetch(`${server.url}/tasks/7`);
 * assert.deepEqual(await response.json(), { title: "Review" });
 * await server.drained();
 * await server.close(); // or: await using server = …
 * ```
 */
export async function createScriptedServer(
  options: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const script = runScript(options);
  const sockets = new Set<Socket>();
  let waiting: (() => void)[] = [];
  let accepted = 0;
  let url = "";

  const net = findNet().createServer(
    { noDelay: true },
    (socket) => {
      accepted++;
      sockets.add(socket);
      serve(socket, script, () => url);
      socket.on("close", () => {
        sockets.delete(socket);
        if (sockets.size > 0) return;
        for (const wake of waiting) wake();
        waiting = [];
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    net.on("error", reject);
    net.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = net.address() as { readonly port: number };
  url = `http://127.0.0.1:${port}`;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    closing ??= new Promise<void>((resolve) => {
      net.close(resolve);
      for (const socket of sockets) socket.destroy();
    });
  return disposable({
    url,
    requests: script.requests,
    get left(): number {
      return script.left;
    },
    assertDone: () => script.assertDone(),
    get connections(): number {
      return sockets.size;
    },
    get accepted(): number {
      return accepted;
    },
    drained: () =>
      sockets.size === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push(resolve)),
    close,
  }, close);
}

/** Takes one request and answers it. */
function serve(
  socket: Socket,
  script: RunningScript,
  url: () => string,
): void {
  const gone = new AbortController();
  const read = createRequestReader();
  let asked = false;
  const notIdle = systemClock.schedule(IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    notIdle();
    gone.abort(new TypeError("the client is gone"));
  });
  // No HTTP client closes its half and goes on listening.
  socket.on("end", () => socket.destroy());
  socket.on("data", (bytes) => {
    if (asked) return;
    let request;
    try {
      request = read(bytes);
    } catch {
      return socket.destroy();
    }
    if (!request) return;
    asked = true;
    notIdle();
    const { method, target, headers, text } = request;
    script.answer({
      method,
      url: url() + target,
      path: target,
      headers,
      text,
      signal: gone.signal,
    }).then(({ response, halfClose }) =>
      send(socket, response, method === "HEAD", halfClose).catch(() => {
        // What was sent shall arrive: some clients throw away what they have not read when a connection breaks.
        systemClock.schedule(LINGER_MS, () => socket.destroy());
      })
    ).catch(() => socket.destroy());
  });
}

const LINGER_MS = 10;
// A client that gave up while it connected may keep the connection for later.
const IDLE_MS = 500;

async function send(
  socket: Socket,
  response: Response,
  headOnly: boolean,
  halfClose: boolean,
): Promise<void> {
  const body = headOnly ? undefined : response.body ?? undefined;
  const chunked = body !== undefined && !halfClose;
  let wake = (): void => {};
  socket.on("drain", () => wake());
  socket.on("close", () => wake());
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (socket.destroyed || socket.write(bytes)) return;
    await new Promise<void>((resolve) => wake = resolve);
  };
  await write(headOf(response, chunked));
  const reader = body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (socket.destroyed) return void reader?.cancel().catch(() => {});
    if (!next || next.done) break;
    await write(chunked ? chunkOf(next.value) : next.value);
  }
  if (chunked) await write("0\r\n\r\n");
  socket.end();
}
