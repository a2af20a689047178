// Web standards only.

/** The request that `fetch` is called with, without its signal. */
export function requestOf(
  input: string | URL | Request,
  init: RequestInit | undefined,
): Request {
  const { signal: _, ...rest } = init ?? {};
  if (input instanceof Request && Object.keys(rest).length === 0) return input;
  // The runtime would tie the request to the signal, which may outlive thousands of them.
  return new Request(input, { ...rest, signal: null });
}

/** As `fetch` reads it: `null` in the options means none, also where the request has one. */
export function signalOf(
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
