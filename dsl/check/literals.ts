// Web standards only.
import { findJsonProblem } from "../../src/openwop/protocol/mod.ts";
import { targetOf } from "../ref.ts";

/** What is wrong with a literal that is to travel as JSON, or `undefined` when it survives unchanged. */
export function jsonFault(literal: unknown): string | undefined {
  const found = findJsonProblem(
    literal,
    (part) =>
      targetOf(part)
        ? "it is a reference, which cannot stand inside a literal"
        : undefined,
  );
  if (!found) return undefined;
  const { pointer, problem } = found;
  return pointer ? `${problem} (at ${pointer})` : problem;
}
