// Web standards only.
import type { Call } from "./parts.ts";
import { invalid } from "./refusal.ts";

/** A whole number of the query, `undefined` where it is absent. */
export function queryNumber(
  call: Call,
  name: string,
  least: number,
  most: number,
): number | undefined {
  const text = call.query.get(name);
  if (text === null) return undefined;
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw invalid(
    `Cannot use the query: ${name} must be a whole number from ${least}${
      most === Number.MAX_SAFE_INTEGER ? "" : ` to ${most}`
    }`,
    `/${name}`,
  );
}
