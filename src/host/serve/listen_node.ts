// Web standards only.
import { textOf } from "../text_response.ts";
import type { Answerer, Listen } from "./listener.ts";

/** The part of an incoming request that is read. */
interface Incoming extends AsyncIterable<Uint8Array> {
  readonly method: string;
  readonly url: string;
  readonly headers: {
    readonly host?: string;
    readonly "content-length"?: string;
  };
  readonly rawHeaders: readonly string[];
  readonly complete: boolean;
  on(event: "data", listener: (bytes: Uint8Array) => void): void;
  on(event: "end" | "close", listener: () => void): void;
}

/** The part of an answer that is written. */
interface Outgoing {
  readonly headersSent: boolean;
  readonly writableFinished: boolean;
  statusCode: number;
  appendHeader(name: string, value: string): void;
  flushHeaders(): void;
  write(bytes: Uint8Array): boolean;
  end(text?: string): void;
  destroy(): void;
  once(event: "close" | "drain", listener: () => void): void;
  off(event: "drain", listener: () => void): void;
}

/** The part of `node:http` that listens. */
export interface NodeHttp {
  /** Source: Node.js, "http.createServer". */
  createServer(answer: (request: Incoming, response: Outgoing) => void): {
    once(event: "error", listener: (error: Error) => void): void;
    off(event: "error", listener: (error: Error) => void): void;
    listen(port: number, hostname: string, done: () => void): void;
    address(): { readonly port: number };
    close(done: () => void): void;
    closeAllConnections(): void;
  };
}

/** A body up to this size is received before it is handed on, which is far cheaper than a stream of it. */
const SMALL_BYTES = 16_384;

/** Listens with `node:http`, and turns what it gives into what the web knows. */
export const listenOnNode: Listen<NodeHttp> = async (
  http,
  port,
  hostname,
  answer,
) => {
  /** Requests under way, and one more until it is stopped. */
  let busy = 1;
  // Clients keep connections, and open some that they never use: nobody takes a request of theirs any more.
  const leave = (): void => {
    if (--busy === 0) kill();
  };
  const kill = (): void => server.closeAllConnections();
  const server = http.createServer((incoming, outgoing) => {
    const gone = new AbortController();
    busy++;
    outgoing.once("close", () => {
      if (!outgoing.writableFinished) gone.abort();
      leave();
    });
    exchange(incoming, outgoing, answer, gone.signal)
      .catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, hostname, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return {
    port: server.address().port,
    stop: () =>
      new Promise((resolve) => {
        server.close(resolve);
        leave();
      }),
    kill,
  };
};

async function exchange(
  incoming: Incoming,
  outgoing: Outgoing,
  answer: Answerer,
  gone: AbortSignal,
): Promise<void> {
  const request = requestOf(incoming, await bodyOf(incoming));
  if (request === undefined) {
    outgoing.statusCode = 400;
    return outgoing.end();
  }
  const response = await answer(request, gone);
  outgoing.statusCode = response.status;
  for (const [name, value] of response.headers) {
    outgoing.appendHeader(name, value);
  }
  const text = textOf(response);
  // With its length, and in the same packet as the headers.
  if (text !== undefined) return outgoing.end(text);
  if (response.body === null || incoming.method === "HEAD") {
    await response.body?.cancel();
    return outgoing.end();
  }
  outgoing.flushHeaders();
  await pour(response.body, outgoing, gone);
}

/** What a request brings along; nothing where it can have no body. */
async function bodyOf(
  incoming: Incoming,
): Promise<ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | undefined> {
  if (incoming.method === "GET" || incoming.method === "HEAD") return undefined;
  const length = Number(incoming.headers["content-length"]);
  return length <= SMALL_BYTES
    ? await received(incoming, length)
    : bytesOf(incoming);
}

/** A small body. Rejects when it breaks off. */
function received(
  incoming: Incoming,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const body = new Uint8Array(length);
    let at = 0;
    incoming.on("data", (bytes) => {
      body.set(bytes, at);
      at += bytes.byteLength;
    });
    incoming.on("end", () => resolve(body));
    incoming.on("close", () => {
      if (!incoming.complete) reject(new Error("The request broke off"));
    });
  });
}

/** The request, `undefined` for one that is none for a server of the web: the target is no path, a header no header. */
function requestOf(
  incoming: Incoming,
  body: ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer> | undefined,
): Request | undefined {
  const { method, url } = incoming;
  // Not resolved against a base: "//evil/x" would become a host.
  if (!url.startsWith("/")) return undefined;
  const headers: [string, string][] = [];
  for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
    headers.push([incoming.rawHeaders[at]!, incoming.rawHeaders[at + 1]!]);
  }
  const init: RequestInit & { readonly duplex: "half" } = {
    method,
    headers,
    duplex: "half",
    ...(body && { body }),
  };
  try {
    return new Request(
      `http://${incoming.headers.host ?? "localhost"}${url}`,
      init,
    );
  } catch {
    return undefined;
  }
}

/** A stream that is pulled, so that nothing is read before it is wanted. */
function bytesOf(incoming: Incoming): ReadableStream<Uint8Array> {
  const pieces = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(new Uint8Array(value));
    },
    cancel: async () => void await pieces.return?.(),
  }, { highWaterMark: 0 });
}

/** Writes at the pace of the reader, until the end or until the reader has gone. */
async function pour(
  body: ReadableStream<Uint8Array>,
  outgoing: Outgoing,
  gone: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  const onGone = (): void => void reader.cancel().catch(() => {});
  gone.addEventListener("abort", onGone, { once: true });
  if (gone.aborted) onGone();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) await drained(outgoing, gone);
  }
  outgoing.end();
}

function drained(outgoing: Outgoing, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    outgoing.once("drain", done);
    gone.addEventListener("abort", done);
    if (gone.aborted) done();
  });
}
