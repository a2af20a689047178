// Web standards only.
import { runScript } from "./script.ts";
import type { Script, ScriptOptions } from "./script.ts";
import { readBody } from "./settle.ts";

/** A server in memory, behind a `fetch`. */
export interface ScriptedFetch extends Script {
  /** Hand it to a client, a transport, or whatever else takes a `fetch`. */
  readonly fetch: (
    input: Request | URL | string,
    init?: RequestInit,
  ) => Promise<Response>;
}

/**
 * Makes a `fetch` whose every answer is written down beforehand, for tests without a network.
 *
 * Like a real one it rejects with the reason of the request's signal when that aborts, and fails the body then. A reply
 * goes on with its work when the client has left, as servers do. A request that the script has no reply for rejects
 * with a `RangeError`; `assertDone()` tells about it when a retry has hidden it.
 *
 * @param options The script.
 * @returns the `fetch`, and what it was asked.
 * @throws {RangeError} a fault of the script is of a kind that is none.
 *
 * @example
 * ```ts
 * import { createTransport } from "@tutti/sdk/http";
 * import { createScriptedFetch, FakeClock, jsonReply } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const clock = new FakeClock();
 * const server = createScriptedFetch({
 *   clock,
 *   replies: [jsonReply({ title: "Review" })],
 *   faults: [{ kind: "busy", status: 429, hint: "retry-after", waitMs: 9_000 }],
 * });
 * const transport = createTransport({
 *   baseUrl: "https://api.test",
 *   fetch: server.fetch,
 *   clock,
 * });
 * const started = clock.now();
 * const reply = await clock.run(transport.call({
 *   method: "GET",
 *   path: "/tasks/7",
 *   contract: "safe",
 *   decode: (body) => body,
 * }));
 * assert.deepEqual(reply.data, { title: "Review" });
 * assert.equal(clock.now() - started, 9_000);
 * assert.deepEqual(server.requests.map(({ path }) => path), ["/tasks/7", "/tasks/7"]);
 * server.assertDone();
 * ```
 */
export function createScriptedFetch(
  options: ScriptOptions = {},
): ScriptedFetch {
  const script = runScript(options);
  return {
    requests: script.requests,
    get left(): number {
      return script.left;
    },
    assertDone: () => script.assertDone(),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { signal } = request;
      signal.throwIfAborted();
      const url = new URL(request.url);
      const { response } = await unlessAborted(
        script.answer({
          method: request.method,
          url: request.url,
          path: url.pathname + url.search,
          headers: request.headers,
          text: request.body ? await readBody(request) : "",
          signal,
        }),
        signal,
      );
      return response;
    },
  };
}

function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    // The body of an answer that comes too late lets go of itself: it obeys the signal too.
    promise.then(resolve, reject).finally(() =>
      signal.removeEventListener("abort", onAbort)
    );
  });
}
