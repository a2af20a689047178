/** Does something where the globals are those of a page, and puts everything back. */
export function inPage<T>(work: () => T): T {
  // A real one needs no help.
  if ("document" in globalThis) return work();
  const page = { document: {}, Deno: undefined, process: undefined };
  const before = Object.keys(page).map((name) =>
    [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const
  );
  try {
    for (const [name, value] of Object.entries(page)) {
      Object.defineProperty(globalThis, name, {
        value,
        configurable: true,
        writable: true,
      });
    }
    return work();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete (globalThis as Record<string, unknown>)[name];
    }
  }
}
