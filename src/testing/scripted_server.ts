// Web standards only.
import { disposable, sleep, systemClock } from "../http/mod.ts";
import type { AsyncCloseable } from "../http/mod.ts";
import { chunkOf, createRequestReader, headOf } from "./http_wire.ts";
import type { WireRequest } from "./http_wire.ts";
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
  /** Connections with an exchange under way. Those that a client keeps for later do not count. */
  readonly connections: number;
  /** Connections that there ever were. */
  readonly accepted: number;
  /** Resolves as soon as no exchange is under way. */
  drained(): Promise<void>;
  /** Breaks all connections and frees the port. */
  close(): Promise<void>;
}

/**
 * Opens a server on a real socket, whose every answer is written down beforehand, for tests that the network itself
 * takes part in.
 *
 * It takes the same script as {@linkcode createScriptedFetch}. A reply that throws, and a body that fails, break the
 * connection. It speaks HTTP/1.1, keeps connections alive, and listens on the loopback device only.
 *
 * What runtimes do behind a `fetch` shows here: Deno and Bun send some requests once more by themselves when a
 * connection closes without an answer, so `requests` may hold one twice.
 *
 * It needs `node:net`, which Node, Deno and Bun have. It is looked for when this function is called and not before:
 * the module can be imported and bundled for a browser.
 *
 * @param options The script.
 * @throws {RangeError} a fault of the script is of a kind that is none.
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
  const busy = new Set<Socket>();
  let waiting: (() => void)[] = [];
  let accepted = 0;
  let url = "";

  const net = findNet().createServer({ noDelay: true }, (socket) => {
    accepted++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, script, () => url, {
      add: () => busy.add(socket),
      delete(): void {
        busy.delete(socket);
        if (busy.size > 0) return;
        for (const wake of waiting) wake();
        waiting = [];
      },
    });
  });
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
      return busy.size;
    },
    get accepted(): number {
      return accepted;
    },
    drained: () =>
      busy.size === 0
        ? Promise.resolve()
        : new Promise<void>((resolve) => waiting.push(resolve)),
    close,
  }, close);
}

/** Takes requests, one after the other, and answers them. */
function serve(
  socket: Socket,
  script: RunningScript,
  url: () => string,
  busy: { add(): void; delete(): void },
): void {
  let gone: AbortController | undefined;
  let read = createRequestReader();
  let early: Uint8Array[] = [];
  socket.on("error", () => socket.destroy());
  // No HTTP client closes its half and goes on listening.
  socket.on("end", () => socket.destroy());
  socket.on("close", () => {
    busy.delete();
    gone?.abort(new TypeError("the client is gone"));
  });
  socket.on("data", take);

  function take(bytes: Uint8Array): void {
    if (gone) return void early.push(bytes);
    let request;
    try {
      request = read(bytes);
    } catch {
      return socket.destroy();
    }
    if (request) exchange(request).catch(() => socket.destroy());
  }

  async function exchange(request: WireRequest): Promise<void> {
    const { method, target, headers, text } = request;
    gone = new AbortController();
    busy.add();
    const { response, halfClose } = await script.answer({
      method,
      url: url() + target,
      path: target,
      headers,
      text,
      signal: gone.signal,
    });
    try {
      await send(socket, response, method === "HEAD", halfClose);
    } catch {
      // What was sent shall arrive: some clients throw away what they have not read when a connection breaks.
      await sleep(systemClock, LINGER_MS);
      return socket.destroy();
    }
    busy.delete();
    if (halfClose || headers.get("connection") === "close") return socket.end();
    gone = undefined;
    read = createRequestReader();
    const waiting = early;
    early = [];
    for (const bytes of waiting) take(bytes);
  }
}

const LINGER_MS = 10;

async function send(
  socket: Socket,
  response: Response,
  headOnly: boolean,
  halfClose: boolean,
): Promise<void> {
  const body = headOnly ? undefined : response.body ?? undefined;
  const chunked = body !== undefined && !halfClose;
  let wake = (): void => {};
  const onReady = (): void => wake();
  socket.on("drain", onReady);
  socket.on("close", onReady);
  const write = async (bytes: Uint8Array | string): Promise<void> => {
    if (socket.destroyed || socket.write(bytes)) return;
    await new Promise<void>((resolve) => wake = resolve);
  };
  try {
    await write(headOf(response, headOnly, halfClose));
    const reader = body?.getReader();
    for (;;) {
      const next = await reader?.read();
      if (socket.destroyed) return void reader?.cancel().catch(() => {});
      if (!next || next.done) break;
      await write(chunked ? chunkOf(next.value) : next.value);
    }
    if (chunked) await write("0\r\n\r\n");
  } finally {
    socket.off("drain", onReady);
    socket.off("close", onReady);
  }
}
