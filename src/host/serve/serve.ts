// Web standards only.
import { checkWhole, disposable, refuse } from "../../http/mod.ts";
import type { AsyncCloseable } from "../../http/mod.ts";
import { checkMembers } from "../check_options.ts";
import type { Host } from "../handler.ts";
import { listen } from "./listen.ts";

/** Where to listen. */
export interface ServeOptions {
  /** 0 takes a free one. @default 8080 */
  readonly port?: number;
  /** Which address to listen on; `"0.0.0.0"` is reached from other machines. @default "127.0.0.1" */
  readonly hostname?: string;
  /**
   * How long, in milliseconds, requests that were received before the server is closed may take; after that their
   * connections are cut. @default 10000
   */
  readonly drainMs?: number;
  /** Closes the server when it aborts, for example on `SIGTERM`. */
  readonly signal?: AbortSignal;
}

/** A host that answers on a socket. */
export interface HostServer extends AsyncCloseable {
  /** For clients on this machine, for example `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where it listens. */
  readonly port: number;
  /** Settles when the server is closed, by whomever. */
  readonly closed: Promise<void>;
  /**
   * Takes no more connections, lets what was received be answered, ends streams so that their readers go on elsewhere,
   * and closes the host. Calling it again gives the same promise.
   */
  close(): Promise<void>;
}

/** A name or an address, and a port; nothing for a client that says none. */
const HOST = /^(([\w.~%-]+|\[[\da-f:.]+\])(:\d*)?)?$/i;

/**
 * Answers requests to a host on a socket, on Deno, Bun and Node.
 *
 * It speaks plain HTTP, and as everybody who reaches the port can call the host: give the host `access` before you
 * listen on other addresses than this machine's own, and put a proxy that speaks TLS in front. A slow reader of a stream
 * slows only itself: events are read from the log at its pace.
 *
 * @param host Belongs to the server from now on, which closes it.
 * @param options Where to listen.
 * @throws {TuttiError} `listen-failed`, for example because the port is taken; `unsupported-runtime` where there are no
 * sockets, as in a browser.
 * @throws {InvalidArgumentError} `invalid-argument` for a port or a time that cannot be.
 *
 * @example
 * ```ts
 * import { createHost, serve } from "@tutti/sdk/host";
 * import assert from "node:assert/strict";
 *
 * const server = await serve(createHost({ workflows: [] }), { port: 0 });
 * const answer = await fetch(`${server.url}/.well-known/openwop`);
 * assert.deepEqual((await answer.json()).protocolVersions, ["2.0"]);
 * await server.close();
 * ```
 */
export async function serve(
  host: Host,
  options: ServeOptions = {},
): Promise<HostServer> {
  checkMembers("host", host, { fetch: "function", close: "function" });
  checkMembers("options", options, {
    port: "number?",
    hostname: "string?",
    drainMs: "number?",
  });
  const { port = 8080, hostname = "127.0.0.1", drainMs = 10_000 } = options;
  const { signal } = options;
  checkWhole("options.port", port, 0, 65_535);
  // Nothing is no address of this machine alone.
  if (hostname === "") refuse("options.hostname", "a name is wanted");
  if (signal != null) {
    checkMembers("options.signal", signal, { addEventListener: "function" });
  }
  if (!(drainMs >= 0 && drainMs <= 0x7fffffff)) {
    refuse(
      "options.drainMs",
      "milliseconds from 0 to 2147483647 are wanted",
    );
  }
  signal?.throwIfAborted();
  const calls = new Calls();
  const listener = await listen(port, hostname, async (request, signal) => {
    // Runtimes put it in front of the path, of which it could become a part.
    if (!HOST.test(request.headers.get("host") ?? "")) {
      return new Response(null, { status: 400 });
    }
    try {
      return await calls.follow(
        request.method !== "GET",
        host.fetch(request, { signal }),
      );
    } catch {
      // The caller has gone, or is cut off: nobody reads this.
      return new Response(null, { status: 499 });
    }
  });

  const shutDown = async (): Promise<void> => {
    signal?.removeEventListener("abort", onAbort);
    const stopped = listener.stop();
    let isOver = (): void => {};
    const over = new Promise<void>((resolve) => isOver = resolve);
    const timer = setTimeout(() => {
      isOver();
      // Some runtimes wait for each answer, even after they were told to cut.
      calls.cut();
      listener.kill();
    }, drainMs);
    try {
      await Promise.race([calls.changesDone(), over]);
      // Ends streams and polls; what their readers still have to get is on its way.
      await host.close();
      await Promise.race([stopped, over]);
    } finally {
      clearTimeout(timer);
    }
  };
  let closing: Promise<void> | undefined;
  let isClosed = (): void => {};
  const closed = new Promise<void>((resolve) => isClosed = resolve);
  const close = (): Promise<void> =>
    closing ??= shutDown().finally(() => isClosed());
  const onAbort = (): void => void close();
  signal?.addEventListener("abort", onAbort, { once: true });

  const name = hostname === "0.0.0.0" || hostname === "::"
    ? "127.0.0.1"
    : hostname;
  return disposable({
    url: `http://${name.includes(":") ? `[${name}]` : name}:${listener.port}`,
    port: listener.port,
    closed,
    close,
  }, close);
}

/** The calls that are under way. */
class Calls {
  readonly #cut = new Set<(reason: Error) => void>();
  #changes = 0;
  #onChangesDone: (() => void) | undefined;

  /** The answer, unless it is cut off. */
  follow(isChange: boolean, answer: Promise<Response>): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#cut.add(reject);
      if (isChange) this.#changes++;
      answer.then(resolve, reject).finally(() => {
        this.#cut.delete(reject);
        if (isChange && --this.#changes === 0) this.#onChangesDone?.();
      });
    });
  }

  /** When nothing that changes something is under way. */
  changesDone(): Promise<void> {
    return new Promise((resolve) => {
      this.#onChangesDone = resolve;
      if (this.#changes === 0) resolve();
    });
  }

  /** Ends the wait for all answers. */
  cut(): void {
    const reason = new Error("Cannot answer: the time to drain is over");
    for (const reject of [...this.#cut]) reject(reason);
  }
}
