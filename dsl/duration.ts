// Web standards only.

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * A length of time as people write it, in milliseconds.
 *
 * @param text One or more of `<number><unit>` with the units `ms s m h d`, as in `"48h"` or `"1h 30m"`; a number is
 * taken as milliseconds.
 * @returns Whole milliseconds, or `undefined` when it is not a length of time above zero.
 */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === "number") return positive(text);
  const parts = [
    ...text.matchAll(/\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)(?![a-z])/gy),
  ];
  const read = parts.reduce((sum, [whole]) => sum + whole.length, 0);
  if (parts.length === 0 || text.slice(read).trim() !== "") return undefined;
  return positive(parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * units[unit!]!,
    0,
  ));
}

function positive(ms: number): number | undefined {
  return Number.isFinite(ms) && ms > 0 ? Math.round(ms) : undefined;
}
