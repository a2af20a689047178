// Web standards only.
import type { Listen } from "./listener.ts";

/** The part of Deno that listens. */
export interface Deno {
  /** Source: Deno, "Deno.serve". */
  serve(
    options: {
      readonly port: number;
      readonly hostname: string;
      readonly signal: AbortSignal;
      readonly onListen: () => void;
    },
    handler: (request: Request) => Promise<Response>,
  ): {
    readonly addr: { readonly port: number };
    readonly finished: Promise<void>;
    shutdown(): Promise<void>;
  };
}

/** Listens with `Deno.serve`. */
export const listenOnDeno: Listen<Deno> = (deno, port, hostname, answer) => {
  const controller = new AbortController();
  const server = deno.serve(
    // Silence: what to print is for the program to say.
    { port, hostname, signal: controller.signal, onListen: () => {} },
    // Its signal aborts after each answer, a successful one too; a reader that goes away cancels its stream.
    (request) => answer(request, null),
  );
  return Promise.resolve({
    port: server.addr.port,
    stop: () => server.shutdown(),
    kill: () => controller.abort(),
  });
};
