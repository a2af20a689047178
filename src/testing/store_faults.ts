// Web standards only.
import type { Store } from "../host/mod.ts";

/** How a call of a store goes wrong: nothing was kept, or all of it and nobody was told. */
export type StoreFault = "refuse" | "lose-reply";

/** The operations of a store that can go wrong. */
export type StoreOperation = Exclude<keyof Store, "isShared" | "watch">;

/** What goes wrong: for each operation, entry `n` is for call `n`, from 0; without an entry all is well. */
export type StoreFaults = Readonly<
  Partial<Record<StoreOperation, readonly (StoreFault | undefined)[]>>
>;

/** The same store, with faults. */
export function failingStore(store: Store, faults: StoreFaults): Store {
  const counts = new Map<PropertyKey, number>();
  return new Proxy(store, {
    get(target, name): unknown {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const plan = Object.hasOwn(faults, name)
        ? faults[name as StoreOperation]
        : undefined;
      if (plan === undefined) return value.bind(target);
      return async (...args: unknown[]): Promise<unknown> => {
        const count = counts.get(name) ?? 0;
        counts.set(name, count + 1);
        const fault = plan[count];
        if (fault === "refuse") throw failed(name);
        const result: unknown = await value.apply(target, args);
        if (fault === "lose-reply") throw failed(name);
        return result;
      };
    },
  });
}

function failed(name: PropertyKey): Error {
  return new Error(`The store fails as planned: ${String(name)}`);
}
