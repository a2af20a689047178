// Web standards only.
import { chainsOf, isWithoutSteps, type Open } from "./chains.ts";
import { distinct, freeId, type Link, lookedAt } from "./graph.ts";
import { append, type Place } from "./place.ts";
import { targetOf } from "./ref.ts";

/**
 * The place behind all cases of a branch on `on`. The condition of an edge sees the outputs of its source only: so the
 * step that gives the value is where the way parts if it comes right before, otherwise a node that repeats the value;
 * and with `otherwise`, a node that names the case.
 *
 * @throws {TypeError} when `on` is not a reference.
 */
export function casesOf(
  place: Place,
  open: Open,
  on: unknown,
  cases: object,
): Place {
  const target = targetOf(on);
  if (!target) {
    throw new TypeError(
      "Cannot declare a branch: the value must be a reference, as in ({ gate }) => gate.action",
    );
  }
  const names = Object.keys(cases).filter((name) => name !== "otherwise");
  const isOpen = Object.hasOwn(cases, "otherwise");
  let begin: Place = { ...place, graph: lookedAt(place.graph, target) };
  let from = target.kind === "step" ? target.step : target.kind;
  let output = target.path.join(".");
  const [before, ...others] = place.tail;
  if (
    isOpen || target.kind !== "step" || before?.from !== from || before.when ||
    others.length
  ) {
    from = freeId(begin.graph, `${from}-${target.path.join("-")}`);
    output = isOpen ? "label" : "value";
    begin = append(begin, {
      id: from,
      typeId: isOpen ? "core.flow.switch" : "core.identity",
      config: isOpen
        ? {
          cases: Object.fromEntries(names.map((name) => [name, name])),
          default: "otherwise",
        }
        : {},
      inputs: { value: on },
      gives: () => true,
      needs: [
        `a branch with "otherwise"`,
        "every host can take a case for each value",
      ],
    });
  }
  const { within } = begin;
  const { graph, ends } = chainsOf(begin, open, cases, (name) => ({
    tail: [{
      from,
      when: { type: "equals", left: output, right: name },
      label: name,
    }],
    within: [...within, `${from}=${name}`],
    what: `the case "${name}"`,
  }));
  const links = ends.flatMap((end): readonly Link[] =>
    // A way without steps must not hold up what follows: it is over when the value is known.
    end.tail.map((link) =>
      isWithoutSteps(end, link) ? { from, empty: true } : link
    )
  );
  return { graph, tail: links.length ? distinct(links) : begin.tail, within };
}
