// Web standards only.
import type { Listen } from "./listener.ts";

/** The part of Bun that listens. */
export interface Bun {
  /** Source: Bun, "Server". */
  serve(options: {
    readonly port: number;
    readonly hostname: string;
    readonly idleTimeout: number;
    readonly development: boolean;
    readonly reusePort: boolean;
    readonly fetch: (request: Request) => Promise<Response>;
  }): { readonly port: number; stop(force: boolean): Promise<void> };
}

/** Listens with `Bun.serve`. */
export const listenOnBun: Listen<Bun> = (bun, port, hostname, answer) => {
  const server = bun.serve({
    port,
    hostname,
    // By default a stream that is silent for ten seconds is cut.
    idleTimeout: 0,
    // Or else a fault of the program shows its source to the caller.
    development: false,
    // Which makes it share a port with whoever has it.
    reusePort: false,
    fetch: (request) => answer(request, request.signal),
  });
  return Promise.resolve({
    port: server.port,
    stop: () => server.stop(false),
    kill: () => void server.stop(true),
  });
};
