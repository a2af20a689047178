// Every place inside of an argument, for tests that put something else there.
import type { Any } from "./plain_js.ts";

/** A place: where it is, what is right there, and a copy of the whole that has another value there. */
export type Spot = readonly [
  path: string,
  right: unknown,
  make: (other: unknown) => unknown,
];

/** Whether its members are places too: a list, or an object that is no instance and no reference. */
export function isPlain(value: unknown): value is Record<string, unknown> {
  if (Array.isArray(value)) return true;
  if (Object.prototype.toString.call(value) !== "[object Object]") return false;
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  try {
    Object.keys(value as object);
    return true;
  } catch {
    // All of a step, or a reference.
    return false;
  }
}

/** Every place in `value` down to `depth`. */
export function* places(
  value: unknown,
  depth: number,
  path: string,
): Generator<Spot> {
  yield [path, value, (other) => other];
  if (depth === 0) return;
  const inner: Spot[] = typeof value === "function"
    ? [...places({ given: shapeOf(value) }, depth, "")].slice(2)
    : isPlain(value)
    ? Object.keys(value).flatMap((key) =>
      [...places(value[key], depth - 1, `.${key}`)].map((
        [at, right, make],
      ): Spot => [at, right, (other) => {
        const copy: Any = Array.isArray(value) ? [...value] : { ...value };
        copy[key] = make(other);
        return copy;
      }])
    )
    : [];
  for (const [at, right, make] of inner) {
    yield [
      path + at,
      right,
      typeof value === "function"
        ? (other) => () => (make(other) as Any).given
        : make,
    ];
  }
}

/** What a function of an author gives, where it gives a literal. */
function shapeOf(work: unknown): unknown {
  try {
    return (work as Any)(new Proxy({}, { get: () => ({}) }), {});
  } catch {
    return undefined;
  }
}
