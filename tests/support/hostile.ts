import assert from "node:assert/strict";
import { patientClock } from "./patient_clock.ts";
import fc from "./properties.ts";

const prototype = Object.getOwnPropertyNames(Object.prototype).sort();

/** Nobody has changed what all objects share. */
export function untouched(): void {
  const now = Object.getOwnPropertyNames(Object.prototype).sort();
  assert.deepEqual(now, prototype);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
}

const key = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "polluted",
  "action",
  "id",
  "typeId",
  "nodes",
  "a".repeat(1_000),
  "",
);

/** Values that are unlike what is wanted. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(key, fc.jsonValue({ maxDepth: 2 })),
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    -1,
    1e308,
    2 ** 53,
    "(a+)+$",
    "\u0000",
    "\ud800",
    "__proto__",
    "x".repeat(5_000),
    JSON.parse('{"__proto__":{"polluted":1}}'),
    JSON.parse("[".repeat(300) + "]".repeat(300)),
  ),
);

/** Changes a few places of a value, wherever they are. */
export function mutate(
  value: unknown,
  places: readonly (readonly [number, unknown, boolean])[],
): unknown {
  const copy = structuredClone({ root: value }) as Record<string, unknown>;
  for (const [at, put, remove] of places) {
    const spots: [holder: Record<string, unknown>, name: string][] = [];
    const visit = (holder: unknown, depth: number): void => {
      if (typeof holder !== "object" || holder === null || depth > 12) return;
      for (const name of Object.keys(holder)) {
        spots.push([holder as Record<string, unknown>, name]);
        visit((holder as Record<string, unknown>)[name], depth + 1);
      }
    };
    visit(copy, 0);
    const [holder, name] = spots[at % spots.length]!;
    if (remove && holder !== copy) delete holder[name];
    else {
      // Copied, since later places may be within it; defined, since the name may be __proto__.
      Object.defineProperty(holder, name, {
        value: structuredClone(put),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return copy.root;
}

/** Where to change what, and how. */
export const places: fc.Arbitrary<[number, unknown, boolean][]> = fc.array(
  fc.tuple(fc.nat({ max: 500 }), odd, fc.boolean()),
  { minLength: 1, maxLength: 4 },
);

/**
 * Waits for an answer that must come without the clock of the host being moved on.
 *
 * @param what Said when it does not come, after a time that no machine is too busy for.
 */
export async function soon<T>(answer: Promise<T>, what: string): Promise<T> {
  let cancel = (): void => {};
  const late = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`${what} hangs`));
    cancel = patientClock.schedule(60_000, fail);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    cancel();
  }
}
