import { createHash } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { LiveConnection } from "./roundtable_live.ts";
import { RoundTableServer } from "./roundtable_server.ts";
import type { RoundTableServerOptions } from "./roundtable_server.ts";
import { createFrameReader, encodeFrame } from "./websocket_frames.ts";

/** A server on a real socket. */
export interface ServedRoundTable {
  readonly server: RoundTableServer;
  /** Ends in `/api/v1`, as the guides write it. */
  readonly baseUrl: string;
  /** Breaks all connections and refuses new ones. */
  stop(): Promise<void>;
  /** Takes connections again, on the same port. */
  start(): void;
  /** Sends bytes as they are to whoever has a socket open. */
  raw(opcode: number, payload: Uint8Array): void;
}

/** Serves on a real socket, HTTP and WebSocket, for the length of `use`. */
export async function servingRoundTable(
  use: (served: ServedRoundTable) => Promise<void>,
  options: RoundTableServerOptions = {},
): Promise<void> {
  const server = new RoundTableServer(options);
  const sockets = new Set<Socket>();
  const upgraded = new Set<Socket>();
  let isUp = true;
  // It listens all the time: somebody else might take the port that it gave back.
  const net = createServer({ noDelay: true }, (socket) => {
    if (!isUp) return void socket.destroy();
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      upgraded.delete(socket);
    });
    serve(socket, server, () => upgraded.add(socket));
  });
  await new Promise<void>((resolve, reject) => {
    net.on("error", reject);
    net.listen(0, "127.0.0.1", () => resolve());
  });
  const { port } = net.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    isUp = false;
    server.restart();
    await Promise.all(
      [...sockets].map((socket) =>
        new Promise((resolve) => socket.once("close", resolve).destroy())
      ),
    );
  };
  try {
    await use({
      server,
      baseUrl: `http://127.0.0.1:${port}/api/v1`,
      start: () => void (isUp = true),
      stop,
      raw(opcode, payload): void {
        for (const socket of upgraded) {
          socket.write(encodeFrame(opcode, payload));
        }
      },
    });
  } finally {
    const closed = new Promise((resolve) => net.close(resolve));
    await stop();
    await closed;
  }
}

/** Takes HTTP requests one after the other, until one wants a WebSocket. */
function serve(
  socket: Socket,
  server: RoundTableServer,
  onUpgrade: () => void,
): void {
  let seen = new Uint8Array();
  let isBusy = false;
  let onFrames: ((bytes: Uint8Array) => void) | undefined;
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.destroy());
  socket.on("data", (bytes: Uint8Array) => {
    if (onFrames) return onFrames(bytes);
    const all = new Uint8Array(seen.length + bytes.length);
    all.set(seen);
    all.set(bytes, seen.length);
    seen = all;
    if (!isBusy) next().catch(() => socket.destroy());
  });

  async function next(): Promise<void> {
    const text = latin1(seen);
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) return;
    const [first = "", ...lines] = text.slice(0, end).split("\r\n");
    const [method = "", target = ""] = first.split(" ");
    const headers = new Headers();
    for (const line of lines) {
      const colon = line.indexOf(":");
      headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
    }
    if (headers.get("upgrade")?.toLowerCase() === "websocket") {
      onFrames = upgrade(socket, server, target, headers);
      if (onFrames) onUpgrade();
      return;
    }
    const isChunked = /chunked/i.test(headers.get("transfer-encoding") ?? "");
    const size = isChunked
      ? chunkedSize(text, end + 4)
      : Number(headers.get("content-length") ?? 0);
    if (size === undefined || seen.length < end + 4 + size) return;
    let body: Uint8Array = seen.slice(end + 4, end + 4 + size);
    if (isChunked) body = unchunk(body);
    seen = seen.slice(end + 4 + size);
    isBusy = true;
    const response = await server.fetch(
      new Request(`http://127.0.0.1${target}`, {
        method,
        headers,
        ...(body.length > 0 && { body: new TextDecoder().decode(body) }),
      }),
    );
    const bytes = new Uint8Array(await response.arrayBuffer());
    const head = [
      `HTTP/1.1 ${response.status} ${response.statusText}`,
      ...[...response.headers].map(([name, value]) => `${name}: ${value}`),
      ...(response.status === 204 ? [] : [`content-length: ${bytes.length}`]),
      "",
      "",
    ].join("\r\n");
    socket.write(head);
    if (bytes.length > 0) socket.write(bytes);
    isBusy = false;
    if (seen.length > 0) await next();
  }
}

/** Answers a handshake; gives what takes the frames. Source: RFC 6455 §4.2.2. */
function upgrade(
  socket: Socket,
  server: RoundTableServer,
  target: string,
  headers: Headers,
): ((bytes: Uint8Array) => void) | undefined {
  const { pathname, searchParams } = new URL(target, "http://127.0.0.1");
  if (pathname !== "/ws/connect" || server.live.isRefusing) {
    socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n");
    return undefined;
  }
  const accept = createHash("sha1")
    .update(
      `${headers.get("sec-websocket-key")}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`,
    )
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  const connection = server.live.connect(searchParams, {
    send: (text) => {
      if (socket.destroyed) return;
      socket.write(encodeFrame(1, new TextEncoder().encode(text)));
    },
    destroy: () => socket.destroy(),
  }) as LiveConnection;
  socket.on("close", () => server.live.leave(connection));
  const read = createFrameReader();
  return (bytes) => {
    for (const { opcode, payload } of read(bytes)) {
      if (opcode === 8) {
        server.live.leave(connection);
        socket.end(encodeFrame(8, payload));
      }
      if (opcode === 9) socket.write(encodeFrame(10, payload));
      if (opcode > 2) continue;
      server.live.receive(
        connection,
        opcode === 1 ? new TextDecoder().decode(payload) : undefined,
      );
    }
  };
}

/** How many bytes a chunked body has, `undefined` while there is more to come. */
function chunkedSize(text: string, from: number): number | undefined {
  const end = /(^|\r\n)0\r\n\r\n/.exec(text.slice(from));
  return end ? end.index + end[0].length : undefined;
}

function unchunk(bytes: Uint8Array): Uint8Array {
  const text = latin1(bytes);
  let plain = "";
  for (let at = 0;;) {
    const end = text.indexOf("\r\n", at);
    const size = parseInt(text.slice(at, end), 16);
    if (!size) return Uint8Array.from(plain, (one) => one.charCodeAt(0));
    plain += text.slice(end + 2, end + 2 + size);
    at = end + 2 + size + 2;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
