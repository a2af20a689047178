// Values that plain JavaScript may hand over, and that cannot even be looked at.
import { type Any, flow } from "./plain_js.ts";
import { isPlain } from "./places.ts";

/** What a value throws by itself, as whoever wrote it may: of the sort that the engine throws. */
export class Thrown extends TypeError {}

/** The same of another sort, which is nobody's argument. */
export class Foreign extends Error {}

const object = (value: unknown): object =>
  typeof value === "object" && value !== null ? value : {};

/** Throws whatever is done with it. */
const trapped = (target: object, error: new (words: string) => Error): object =>
  new Proxy(
    target,
    new Proxy({}, {
      get: () => () => {
        throw new error("trapped");
      },
    }) as ProxyHandler<object>,
  );

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** An object with the same keys, none of which can be read. */
function unreadable(value: unknown): unknown {
  if (!isPlain(value)) return value;
  const get = (): never => {
    throw new Thrown("unreadable");
  };
  const keys = Object.keys(value);
  return Object.defineProperties(
    Array.isArray(value) ? [] : {},
    Object.fromEntries(keys.map((key) => [key, { enumerable: true, get }])),
  );
}

const throws = (): never => {
  throw new Thrown("thrown");
};

/** By name: what is handed over in the place of what is right. */
export const hostile: Readonly<Record<string, (right: unknown) => unknown>> = {
  "a symbol": () => Symbol("s"),
  "a list of a symbol": () => [Symbol("s")],
  "an object of symbols": () => ({ a: Symbol("s"), [Symbol("k")]: 1 }),
  "a bigint": () => 1n,
  "a proxy that throws": (right) => trapped(object(right), Thrown),
  "a proxy that throws something else": (right) =>
    trapped(object(right), Foreign),
  "a list that throws": () => trapped([], Thrown),
  "a function that is a proxy that throws": () => trapped(() => {}, Thrown),
  "a proxy that was revoked": () => revoked({}),
  "a list that was revoked": () => revoked([]),
  "a function that was revoked": () => revoked(() => {}),
  "a list of what was revoked": () => [revoked({})],
  "an object of what was revoked": () => ({ a: revoked({}) }),
  "a proxy of what is right": (right) =>
    typeof right === "object" && right ? new Proxy(right, {}) : right,
  "getters that throw": unreadable,
  "no prototype": () => Object.create(null),
  "an instance that was not constructed": (right) =>
    Object.create(Object.getPrototypeOf(object(right))),
  "a text that throws": () => ({
    toString: throws,
    valueOf: throws,
    toJSON: throws,
  }),
  "a promise that throws": () => ({ then: throws }),
  "a reference from elsewhere": () => flow().input.x,
  "a handle from elsewhere": () =>
    flow().add("h", { typeId: "vendor.x.y", config: {} } as Any, {}),
  "all of an input": () => flow().input,
  "a class": () => class {},
  "a function that throws": () => throws,
  "a function of a symbol": () => () => Symbol("s"),
  "a function of a proxy that throws": () => () => trapped({}, Thrown),
  "a function of what was revoked": () => () => revoked({}),
};
