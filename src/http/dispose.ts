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

/** What every stream that can be closed has beside its `next()`. */
export interface Closing extends AsyncCloseable {
  /** The stream itself. */
  [Symbol.asyncIterator](): this;
  /** What leaving a loop calls: closes. */
  return(): Promise<IteratorReturnResult<undefined>>;
  /** Ends it and gives back what it holds; a pending `next()` says that it is done. */
  close(): Promise<void>;
}

/**
 * Gives `target`, which knows its `next()`, the rest of a stream that can be closed: it iterates itself, and leaving the
 * loop closes it, as `close()` and `await using` do.
 *
 * @param target Changed in place.
 * @param close Ends it.
 * @returns `target`.
 */
export function closeable<Target extends object>(
  target: Target,
  close: () => Promise<void>,
): Target & Closing {
  const stream = disposable(
    Object.assign(target, {
      return: () => close().then(() => ({ done: true, value: undefined })),
      [Symbol.asyncIterator]: () => stream,
      close,
    }),
    close,
  ) as unknown as Target & Closing;
  return stream;
}
