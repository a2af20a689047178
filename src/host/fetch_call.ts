// Web standards only.

/** A request that came in. */
export interface Asked {
  /** What for. */
  readonly request: Request;
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal | undefined;
  /** Its body where that was handed over as a text, which then need not be read out of the request again. */
  readonly text: string | undefined;
}

/** What `fetch` is called with. The request does not have the signal: the runtime would tie it to one that may outlive thousands of them. */
export function askedBy(
  input: string | URL | Request,
  init: RequestInit | undefined,
): Asked {
  const signal = signalOf(input, init);
  signal?.throwIfAborted();
  const text = typeof init?.body === "string" ? init.body : undefined;
  return { request: requestOf(input, init), signal, text };
}

function requestOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
): Request {
  if (input instanceof Request) {
    const more = Object.keys(init ?? {}).some((name) => name !== "signal");
    return more ? new Request(input, { ...init, signal: null }) : input;
  }
  return new Request(input, init?.signal ? { ...init, signal: null } : init);
}

/** As `fetch` reads it: `null` in the options means none, also where the request has one. */
function signalOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
): AbortSignal | undefined {
  if (init?.signal !== undefined) return init.signal ?? undefined;
  return typeof input === "object" && "signal" in input
    ? input.signal
    : undefined;
}

/** The response, or the reason of the signal as soon as that aborts; a response that comes too late is let go of. */
export function orAbort(
  response: Promise<Response>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  if (!signal) return response;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(signal.reason);
      response.then((late) => late.body?.cancel()).catch(() => {});
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    response.then(resolve, reject).finally(() =>
      signal.removeEventListener("abort", onAbort)
    );
  });
}
