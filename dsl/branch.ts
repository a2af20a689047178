// Web standards only.
import { type Graph, type Link, withConfig, withNode } from "./graph.ts";
import { type Ref, targetOf } from "./ref.ts";

/** The node and the port of it that a branch looks at. */
export interface SwitchPoint {
  /** With whatever was needed to look at the value. */
  readonly graph: Graph;
  /** Name of the node. */
  readonly from: string;
  /** Its port. */
  readonly port: string;
}

/**
 * Finds where a branch on `on` can be taken. The condition of an edge sees the outputs of its source only: so the step
 * that gives the value is the place if it comes right before, otherwise a node that repeats the value.
 *
 * @throws {TypeError} when `on` is not a reference.
 */
export function switchPoint(
  graph: Graph,
  tail: readonly Link[],
  within: readonly string[],
  on: Ref<string>,
): SwitchPoint {
  const target = targetOf(on);
  if (!target) {
    throw new TypeError(
      "Cannot declare a branch: the value must be a reference, as in ({ gate }) => gate.action",
    );
  }
  if (target.kind === "step") {
    const { step, port } = target;
    const source = graph.nodes.find((node) => node.id === step);
    const looked = source?.kind === "approval" && port === "action"
      ? withConfig(graph, step, { rejection: "output" })
      : graph;
    const [before, ...others] = tail;
    if (before?.from === step && !before.when && others.length === 0) {
      return { graph: looked, from: step, port };
    }
    return repeat(looked, tail, within, `${step}-${port}`, on);
  }
  return repeat(graph, tail, within, `input-${target.name}`, on);
}

function repeat(
  graph: Graph,
  after: readonly Link[],
  within: readonly string[],
  wanted: string,
  value: Ref<string>,
): SwitchPoint {
  const taken = new Set(graph.nodes.map((node) => node.id));
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}-${n}`;
  return {
    graph: withNode(graph, {
      id,
      kind: "switch",
      typeId: "core.identity",
      config: {},
      inputs: { value },
      after,
      afterInputs: false,
      within,
    }),
    from: id,
    port: "value",
  };
}
