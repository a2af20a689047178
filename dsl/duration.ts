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
export function parseDuration(text: unknown): number | undefined {
  let ms = typeof text === "number" ? text : 0;
  const rest = ms ? "" : String(text).replace(
    /(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)(?![a-z])/g,
    (_, amount: string, unit: string) => {
      ms += Number(amount) * units[unit]!;
      return "";
    },
  );
  return Number.isFinite(ms) && ms > 0 && !rest.trim()
    ? Math.round(ms)
    : undefined;
}
