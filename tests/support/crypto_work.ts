import { settle, until } from "./fake_clock.ts";

/** What Web Crypto is at, anywhere in this process. */
let pending = 0;

const { prototype } = SubtleCrypto;
for (const name of ["digest", "importKey", "sign", "verify"] as const) {
  const work = prototype[name] as (...given: unknown[]) => Promise<unknown>;
  Object.defineProperty(prototype, name, {
    configurable: true,
    writable: true,
    value: async function (this: SubtleCrypto, ...given: unknown[]) {
      pending++;
      try {
        return await work.apply(this, given);
      } finally {
        pending--;
      }
    },
  });
}

/** Lets hashes and signatures be made, and what follows from them happen; no clock waits for them by itself. */
export async function cryptoDone(): Promise<void> {
  do {
    await until(() => pending === 0);
    await settle();
  } while (pending > 0);
}
