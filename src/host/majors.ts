// Web standards only.
import { refuse } from "../http/mod.ts";
import type { Major } from "../openwop/protocol/mod.ts";

/** @throws {InvalidArgumentError} `invalid-argument` for majors that no host speaks together. */
export function majorsOf(majors: readonly Major[] = [2]): readonly Major[] {
  if (
    majors.includes(2) && majors.every((major) => major === 1 || major === 2)
  ) return [...new Set(majors)];
  refuse(
    "options.majors",
    "[2] or [1, 2] is wanted",
  );
}

/** @throws {InvalidArgumentError} `invalid-argument` for what is no release of the protocol. */
export function floorOf(version: string | undefined): string | undefined {
  if (
    version === undefined ||
    /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/.test(version)
  ) {
    return version;
  }
  refuse(
    "options.minClientVersion",
    'two numbers like "2.42" are wanted',
  );
}
