// Web standards only.
import { chainsOf, isWithoutSteps, type Open } from "./chains.ts";
import { distinct, freeId, type Link, lookedAt } from "./graph.ts";
import { append, type Place } from "./place.ts";
import { targetOf } from "./ref.ts";

/** The node and the output of it that a branch looks at. */
interface SwitchPoint {
  readonly place: Place;
  readonly from: string;
  readonly output: string;
}

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
  const point = switchPoint(place, on, Object.keys(cases));
  const { from, output } = point;
  const { tail, within } = point.place;
  const { graph, ends } = chainsOf(point.place, open, cases, (name) => ({
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
  return { graph, tail: links.length ? distinct(links) : tail, within };
}

function switchPoint(
  place: Place,
  on: unknown,
  cases: readonly string[],
): SwitchPoint {
  const target = targetOf(on);
  if (!target) {
    throw new TypeError(
      "Cannot declare a branch: the value must be a reference, as in ({ gate }) => gate.action",
    );
  }
  const looked = { ...place, graph: lookedAt(place.graph, target) };
  const source = target.kind === "step" ? target.step : target.kind;
  const decide = (typeId: string, config: object, output: string) => {
    const id = freeId(looked.graph, `${source}-${target.path.join("-")}`);
    const decided = append(looked, {
      id,
      typeId,
      config: { ...config },
      inputs: { value: on },
      gives: () => true,
      needs: [
        `a branch with "otherwise"`,
        "every host can take a case for each value",
      ],
    });
    return { place: decided, from: id, output };
  };
  if (cases.includes("otherwise")) {
    const known = cases.filter((name) => name !== "otherwise");
    return decide("core.flow.switch", {
      cases: Object.fromEntries(known.map((name) => [name, name])),
      default: "otherwise",
    }, "label");
  }
  const [before, ...others] = place.tail;
  return target.kind === "step" && before?.from === source && !before.when &&
      others.length === 0
    ? { place: looked, from: source, output: target.path.join(".") }
    : decide("core.identity", {}, "value");
}
