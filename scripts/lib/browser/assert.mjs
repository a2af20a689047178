// What stands in the place of node:assert/strict in a browser: the few assertions that the tests make.

class AssertionError extends Error {
  name = "AssertionError";
}

const show = (value) => {
  try {
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  } catch {
    return String(value);
  }
};

function stop(message, words) {
  if (message instanceof Error) throw message;
  throw new AssertionError(message ?? words);
}

/** Whether two values are the same in prototype, type and content, as node:assert/strict has it. */
export function isSame(a, b, seen = new Map()) {
  if (Object.is(a, b)) return true;
  if (
    typeof a !== "object" || typeof b !== "object" || a === null || b === null
  ) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Date && a.getTime() !== b.getTime()) return false;
  if (a instanceof RegExp && String(a) !== String(b)) return false;
  if (
    a instanceof Error &&
    (a.message !== b.message || a.name !== b.name ||
      !isSame(a.cause, b.cause, seen))
  ) return false;
  if (a instanceof Map) {
    return a.size === b.size &&
      [...a].every(([key, value]) =>
        b.has(key) && isSame(value, b.get(key), seen)
      );
  }
  if (a instanceof Set) {
    return a.size === b.size && [...a].every((value) => b.has(value));
  }
  const keys = (value) =>
    Reflect.ownKeys(value).filter((key) =>
      Object.prototype.propertyIsEnumerable.call(value, key)
    );
  const mine = keys(a);
  return mine.length === keys(b).length &&
    (a.length ?? 0) === (b.length ?? 0) &&
    mine.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key], seen));
}

/** Whether what was thrown is what `wanted` says: a class, a pattern, a function, an object of properties. */
function fits(error, wanted) {
  if (wanted === undefined) return true;
  if (wanted instanceof RegExp) return wanted.test(String(error));
  if (typeof wanted === "function") {
    if (wanted.prototype !== undefined && error instanceof wanted) return true;
    if (wanted === Error || wanted.prototype instanceof Error) return false;
    return wanted(error) === true;
  }
  return Object.entries(wanted).every(([key, value]) =>
    value instanceof RegExp && typeof error[key] === "string"
      ? value.test(error[key])
      : isSame(error[key], value)
  ) && (!(wanted instanceof Error) ||
    (error.message === wanted.message && error.name === wanted.name));
}

function judge(error, wanted, message) {
  const said = typeof wanted === "string" ? wanted : message;
  if (typeof wanted !== "string" && !fits(error, wanted)) {
    stop(
      said,
      `what was thrown is not what is wanted: ${error?.stack ?? show(error)}`,
    );
  }
}

export default function assert(value, message) {
  if (!value) stop(message, `it is ${show(value)}`);
}
Object.assign(assert, {
  ok: assert,
  fail: (message) => stop(message, "it should not come here"),
  equal: (a, b, message) =>
    Object.is(a, b) || stop(message, `${show(a)} is not ${show(b)}`),
  notEqual: (a, b, message) =>
    Object.is(a, b) && stop(message, `it is ${show(a)}`),
  deepEqual: (a, b, message) =>
    isSame(a, b) || stop(message, `${show(a)} is not like ${show(b)}`),
  match: (text, pattern, message) =>
    pattern.test(text) ||
    stop(message, `${show(text)} does not match ${pattern}`),
  doesNotMatch: (text, pattern, message) =>
    pattern.test(text) && stop(message, `${show(text)} matches ${pattern}`),
  throws(work, wanted, message) {
    let error;
    try {
      work();
    } catch (thrown) {
      return judge(thrown, wanted, message);
    }
    stop(message, `nothing was thrown ${error ?? ""}`);
  },
  async rejects(work, wanted, message) {
    try {
      await (typeof work === "function" ? work() : work);
    } catch (thrown) {
      return judge(thrown, wanted, message);
    }
    stop(message, "it was not rejected");
  },
});
