// Web standards only.
import { orRefuse, refuse } from "./failures.ts";
import type { CallContext, HttpRequest, Middleware } from "./operation.ts";

/** Puts the ring around `last`, the first middleware outermost. */
export function nest<Result>(
  ring: readonly Middleware<Result>[],
  last: (request: HttpRequest) => Promise<Result>,
  context: CallContext,
): (request: HttpRequest) => Promise<Result> {
  return ring.reduceRight<typeof last>(
    (next, middleware) => (request) => middleware(request, next, context),
    last,
  );
}

/**
 * The middleware that a user gave, and within it a platform's own.
 *
 * @param name What the option is called, for the message.
 * @param given What the user gave; none is as good as an empty list.
 * @param own Comes after it.
 * @throws {InvalidArgumentError} `invalid-argument`, for what is no list of functions.
 */
export function ringOf<Result>(
  name: string,
  given: readonly Middleware<Result>[] | undefined,
  ...own: readonly Middleware<Result>[]
): readonly Middleware<Result>[] {
  return orRefuse(
    name,
    "a list of functions is wanted",
    // What is none cannot be bound.
    () => [...(given ?? []), ...own].map((one) => one.bind(null)),
  );
}

/** Refuses what is there and no function. */
export function checkFunctions(given: object): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof (value ?? refuse) !== "function") {
      refuse(name, "a function is wanted");
    }
  }
}
