// Web standards only.
import { TuttiError } from "./errors.ts";
import { NetworkError } from "./failures.ts";

/**
 * Does something with the network. What fails for reasons of its own becomes a {@linkcode NetworkError}; an injected
 * `fetch` may know better what went wrong, and throw a `TuttiError`.
 */
export async function reach<T>(
  action: string,
  work: () => T | Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw TuttiError.is(error) ? error : new NetworkError(action, error);
  }
}
