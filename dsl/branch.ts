// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import {
  type DefinitionIssue,
  definitionIssue,
} from "../src/openwop/protocol/mod.ts";
import { chainsOf, isWithoutSteps, type Open } from "./chains.ts";
import {
  distinct,
  freeId,
  gateAt,
  type GraphNode,
  type Link,
  lookedAt,
} from "./graph.ts";
import { append, noting, type Place } from "./place.ts";
import { nameOf, targetOf } from "./ref.ts";

/**
 * The place behind all cases of a branch on `on`. The condition of an edge sees the outputs of its source only: so the
 * step that gives the value is where the way parts if it comes right before, otherwise a node that repeats the value;
 * and with `otherwise`, a node that names the case.
 *
 * @throws {InvalidArgumentError} `invalid-argument`, when `on` is not a reference.
 */
export function casesOf(
  place: Place,
  open: Open,
  on: unknown,
  cases: object,
): Place {
  const target = targetOf(on);
  if (!target) {
    throw new InvalidArgumentError(
      "branch.on",
      "a reference is wanted, as in ({ gate }) => gate.action",
    );
  }
  const names = Object.keys(cases).filter((name) => name !== "otherwise");
  const isOpen = Object.hasOwn(cases, "otherwise");
  let begin: Place = { ...place, graph: lookedAt(place.graph, target) };
  let from = target.kind === "step" ? target.step : target.kind;
  let output = target.path.join(".");
  const [before, ...others] = place.tail;
  if (
    isOpen || target.kind !== "step" || before?.from !== from ||
    before.condition ||
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
      condition: { type: "equals", left: output, right: name },
      label: name,
    }],
    // By where the way parts, and by the value itself.
    within: [...within, `${from}=${name}`, `${nameOf(target)}=${name}`],
    what: `branch.${name}`,
  }));
  const links = ends.flatMap((end): readonly Link[] =>
    // A way without steps must not hold up what follows: it is over when the value is known.
    end.tail.map((link) =>
      isWithoutSteps(end, link) ? { from, empty: true } : link
    )
  );
  return noting(
    { graph, tail: links.length ? distinct(links) : begin.tail, within },
    checkAnswers(
      gateAt(graph, target),
      ends.filter(({ name }) => name !== "otherwise"),
      !isOpen,
    ),
  );
}

/** A chain that is taken for an answer. */
export interface Way {
  /** The answer. */
  readonly name: unknown;
  /** The steps of the chain. */
  readonly nodes: readonly string[];
}

/** The steps that wait for an answer which `gate` never gets, and the answers that no way is for. */
export function checkAnswers(
  gate: GraphNode | undefined,
  ways: readonly Way[],
  isEvery: boolean,
): DefinitionIssue[] {
  if (!gate) return [];
  const { actions = ["accept", "reject"] } = gate.config;
  const answers = actions as readonly unknown[];
  const names = ways.map(({ name }) => name);
  return [
    ...ways.flatMap(({ name, nodes }) =>
      answers.includes(name) ? [] : nodes.map((step) =>
        definitionIssue(
          "dead-branch",
          `it waits for the answer "${name}", which "${gate.id}" never gets`,
          "",
          `use one of: ${answers.join(", ")}`,
          step,
        )
      )
    ),
    ...answers.flatMap((answer) =>
      !isEvery || names.includes(answer) || answer === "ask"
        ? []
        : definitionIssue(
          "case-without-way",
          `the branch on it has no case "${answer}"`,
          "",
          "add it",
          gate.id,
        )
    ),
  ];
}
