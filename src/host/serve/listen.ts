// Web standards only.
import { TuttiError } from "../../http/mod.ts";
import { listenOnBun } from "./listen_bun.ts";
import type { Bun } from "./listen_bun.ts";
import { listenOnDeno } from "./listen_deno.ts";
import type { Deno } from "./listen_deno.ts";
import { listenOnNode } from "./listen_node.ts";
import type { NodeHttp } from "./listen_node.ts";

/**
 * Answers one request. Must not reject.
 *
 * @param signal Aborts when the caller has gone, where the runtime can tell before the answer.
 */
export type Answerer = (
  request: Request,
  signal: AbortSignal | null,
) => Promise<Response>;

/** A socket that is listened on. */
export interface Listener {
  /** Where. */
  readonly port: number;
  /** Takes no more connections. @returns when all of those that there are have ended. */
  stop(): Promise<void>;
  /** Cuts all connections. */
  kill(): void;
}

/** How a runtime listens. Rejects when it cannot. */
export type Listen<Runtime> = (
  runtime: Runtime,
  port: number,
  hostname: string,
  answer: Answerer,
) => Promise<Listener>;

/** Listens as this runtime does it best. */
export async function listen(
  port: number,
  hostname: string,
  answer: Answerer,
): Promise<Listener> {
  const { Bun, Deno, process } = globalThis as {
    readonly Bun?: Bun;
    readonly Deno?: Deno;
    readonly process?: { getBuiltinModule?(name: string): unknown };
  };
  const http = process?.getBuiltinModule?.("node:http") as NodeHttp | undefined;
  try {
    if (Bun) return await listenOnBun(Bun, port, hostname, answer);
    if (Deno) return await listenOnDeno(Deno, port, hostname, answer);
    if (http) return await listenOnNode(http, port, hostname, answer);
  } catch (cause) {
    throw new TuttiError(
      "listen-failed",
      `Cannot listen on ${hostname}, port ${port}: ${
        cause instanceof Error ? cause.message : cause
      }`,
      { cause, hint: "is the port taken? Port 0 takes a free one" },
    );
  }
  throw new TuttiError(
    "unsupported-runtime",
    "Cannot listen: this runtime has no sockets",
    { hint: "hand host.fetch to the client, or to what listens for you" },
  );
}
