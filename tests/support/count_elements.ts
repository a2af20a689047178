const walking = [
  "concat",
  "every",
  "filter",
  "find",
  "findIndex",
  "flatMap",
  "forEach",
  "includes",
  "indexOf",
  "map",
  "reduce",
  "slice",
  "some",
  "sort",
] as const;

/** Counts the elements of lists that `act` goes through or copies: work, whatever the machine is busy with. */
export function countElements(act: () => void): number {
  let count = 0;
  const lists = Array.prototype as unknown as Record<
    string | symbol,
    (this: unknown[], ...given: unknown[]) => unknown
  >;
  const before = new Map(
    [Symbol.iterator, ...walking].map((name) => [name, lists[name]!]),
  );
  for (const name of walking) {
    lists[name] = function (...given) {
      count += this.length;
      return before.get(name)!.apply(this, given);
    };
  }
  lists[Symbol.iterator] = function* () {
    for (let index = 0; index < this.length; index++) {
      count++;
      yield this[index];
    }
  };
  try {
    act();
  } finally {
    before.forEach((method, name) => lists[name] = method);
  }
  return count;
}
