// Web standards only.

/** Calls `act` with the reason once `signal` is aborted, at once where it is; the returned function forgets it. */
export function onAbort(
  signal: AbortSignal,
  act: (reason: unknown) => void,
): () => void {
  const listener = (): void => act(signal.reason);
  if (signal.aborted) listener();
  else signal.addEventListener("abort", listener);
  return () => signal.removeEventListener("abort", listener);
}
