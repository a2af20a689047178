// Web standards only.

/** One difference between two JSON values. */
export interface ValueChange {
  /** JSON pointer to it. */
  readonly pointer: string;
  /** On the left; `undefined` where there is nothing. */
  readonly left: unknown;
  /** On the right; `undefined` where there is nothing. */
  readonly right: unknown;
}

/** The places in which two JSON values differ, in the order of their keys. */
export function differences(
  left: unknown,
  right: unknown,
  pointer = "",
): readonly ValueChange[] {
  if (Object.is(left, right)) return [];
  if (
    !isObject(left) || !isObject(right) ||
    Array.isArray(left) !== Array.isArray(right)
  ) {
    return [{ pointer, left, right }];
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].flatMap((key) =>
    differences(
      Object.hasOwn(left, key) ? left[key] : undefined,
      Object.hasOwn(right, key) ? right[key] : undefined,
      `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
    )
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
