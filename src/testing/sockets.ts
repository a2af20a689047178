// Web standards only.
import { TuttiError } from "../http/mod.ts";

/** The part of a `node:net` socket that a scripted server uses. */
export interface Socket {
  /** `data`, `error` and `close`. */
  on(event: "data", listener: (bytes: Uint8Array) => void): void;
  on(event: "close" | "error" | "drain" | "end", listener: () => void): void;
  /** Takes a listener away. */
  off(event: "close" | "drain", listener: () => void): void;
  /** Returns false when the other side is slower: then `drain` tells when to go on. */
  write(bytes: Uint8Array | string): boolean;
  /** Sends nothing more, once everything is out. */
  end(): void;
  /** Ends the connection at once. */
  destroy(): void;
  /** Whether it is over. */
  readonly destroyed: boolean;
}

/** The part of a `node:net` server that a scripted server uses. */
export interface SocketServer {
  /** Port 0 takes a free one. */
  listen(port: number, hostname: string, listening: () => void): void;
  /** Where it listens. */
  address(): { readonly port: number } | string | null;
  /** Takes no more connections. */
  close(done: () => void): void;
  /** When it cannot listen. */
  on(event: "error", listener: (error: Error) => void): void;
}

interface Net {
  createServer(
    options: { readonly noDelay: boolean },
    connected: (socket: Socket) => void,
  ): SocketServer;
}

/** `node:net`, which Node, Deno and Bun have; without an `import` that a bundler for browsers would stumble over. */
export function findNet(): Net {
  const { process } = globalThis as unknown as {
    readonly process?: { getBuiltinModule?(name: string): unknown };
  };
  const net = process?.getBuiltinModule?.("node:net");
  if (net) return net as Net;
  throw new TuttiError(
    "unsupported-runtime",
    "Cannot open a local server: this runtime has no sockets",
    {
      hint: "use Node 20.16, Deno 2 or Bun; createScriptedFetch works here too",
    },
  );
}
