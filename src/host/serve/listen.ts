// Web standards only.
import { TuttiError } from "../../http/mod.ts";
import { listenOnBun } from "./listen_bun.ts";
import type { Bun } from "./listen_bun.ts";
import { listenOnDeno } from "./listen_deno.ts";
import type { Deno } from "./listen_deno.ts";
import { listenOnNode } from "./listen_node.ts";
import type { NodeHttp } from "./listen_node.ts";
import type { Answerer, Listener } from "./listener.ts";

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
