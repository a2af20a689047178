// Web standards only.
import { AbortedError, orRefuse } from "./failures.ts";

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

/**
 * Does the same with what a caller handed in, and gives the error to throw.
 *
 * @throws {InvalidArgumentError} `invalid-argument`: it is something, and no signal.
 */
export function obey(
  signal: AbortSignal | null | undefined,
  action: string,
  abort: (error: AbortedError) => void,
): () => void {
  return signal == null ? () => {} : orRefuse(
    "signal",
    "an AbortSignal is wanted",
    () => onAbort(signal, (reason) => abort(new AbortedError(action, reason))),
  );
}
