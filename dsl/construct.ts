// Web standards only.
import { open } from "./flow.ts";
import { checkNamed, within } from "./given.ts";
import { type Place, placeOf } from "./place.ts";
import { badOption } from "./step.ts";

/**
 * A construct for `.use()`: goes from the place where a chain stands to the one behind it.
 *
 * @param name Of the step, or whatever its problems are told under.
 * @param options An object, where the construct has options.
 * @param change Gives the place behind it, and puts into `problems` what is wrong with its options.
 * @returns A function of the type that the caller gives it.
 */
export function construct(
  name: string,
  options: object | undefined,
  change: (place: Place, problems: string[]) => Place,
): never {
  checkNamed(name, options ?? null);
  const declare = (w: object): object =>
    within(name, () => {
      const begin = placeOf(w);
      const problems: string[] = [];
      const { graph, ...place } = change(begin, problems);
      const known = begin.graph.issues.length;
      const issues = [
        ...graph.issues.slice(0, known),
        ...problems.map((message) => badOption(name, message)),
        ...graph.issues.slice(known),
      ];
      return open({ ...place, graph: { ...graph, issues } });
    });
  return declare as never;
}
