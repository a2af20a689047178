// Web standards only.
import { refuse } from "./failures.ts";

/** For each setting its default, and the least and the largest value that it may have. */
export type Rules<Filled> = {
  readonly [Name in keyof Filled]: Rule;
};

type Rule = readonly [preset: number, least: number, most?: number];

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
  for (const source of sources) {
    if (typeof (source ?? {}) !== "object") {
      refuse(prefix.slice(0, -1) || "options", "an object is wanted");
    }
  }
  // Of our own making, with nothing inherited; entries of them would be made for every call.
  for (const name in rules) {
    let [value, least, most = Infinity] = rules[name];
    for (const source of sources) {
      value =
        (source as Readonly<Record<string, number>> | undefined)?.[name] ??
          value;
    }
    // What is no number, NaN included, is not what Number() makes of it.
    if (value !== Number(value) || value < least || value > most) {
      refuse(
        prefix + name,
        `${least} to ${most} is wanted, it is ${value}`,
      );
    }
    filled[name] = value;
  }
  return filled as Filled;
}
