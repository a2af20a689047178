// Web standards only.

/**
 * What `await using` wants: a method under `Symbol.asyncDispose`, in programs whose type library knows that symbol.
 */
export type AsyncCloseable = SymbolConstructor extends {
  readonly asyncDispose: infer Key extends symbol;
} ? { readonly [K in Key]: () => Promise<void> }
  : object;

/** `Symbol.asyncDispose`, also where the runtime is older than it. */
export const asyncDispose: symbol =
  (Symbol as { readonly asyncDispose?: symbol }).asyncDispose ??
    Symbol.for("Symbol.asyncDispose");

/**
 * Gives `target` the method that `await using` calls.
 *
 * @param target Changed in place.
 * @param close Releases what `target` holds.
 * @returns `target`.
 */
export function disposable<Target extends object>(
  target: Target,
  close: () => Promise<void>,
): Target & AsyncCloseable {
  return Object.assign(target, { [asyncDispose]: close }) as
    & Target
    & AsyncCloseable;
}
