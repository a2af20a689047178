// Web standards only.
import { InvalidArgumentError } from "./failures.ts";

/** For each setting its default, and the least and the largest value that it may have. */
export type Rules<Filled> = {
  readonly [Name in keyof Filled]: readonly [
    preset: number,
    least: number,
    most?: number,
  ];
};

/**
 * Settings out of several sources, later ones over earlier ones, defaults where nobody says anything.
 *
 * @param prefix Where the settings are, for the message: `retry.`.
 * @param rules What there is to set.
 * @param sources What was set.
 * @throws {InvalidArgumentError} `invalid-argument`, for what is no number or out of bounds.
 */
export function fill<Filled>(
  prefix: string,
  rules: Rules<Filled>,
  sources: readonly (object | undefined)[],
): Filled {
  const filled: Record<string, number> = {};
  for (const name in rules) {
    const [preset, least, most = Infinity] = rules[name];
    const value = sources.reduce<number>(
      (before, source) =>
        (source as Partial<Record<string, number>> | undefined)?.[name] ??
          before,
      preset,
    );
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      throw new InvalidArgumentError(
        prefix + name,
        `a number from ${least} to ${most} is wanted, it is ${String(value)}`,
      );
    }
    filled[name] = value;
  }
  return filled as Filled;
}
