// Web standards only.

/** Whether it is a whole number from `least` to `most`. */
export function isCount(
  value: unknown,
  least = 1,
  most: number = Infinity,
): value is number {
  return Number.isInteger(value) && (value as number) >= least &&
    (value as number) <= most;
}
