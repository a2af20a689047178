// Web standards only.
import type { Graph } from "./graph.ts";
import { inputRefs, refsBy, refTo, stepRefs } from "./ref.ts";

/** The references of a declaration, by name: the input, variables, channels, steps. */
export function scopeOf<T>(graph: Graph): T {
  const stepAt = (name: string): object =>
    stepRefs(name, graph.nodes.find(({ id }) => id === name)?.wire);
  return refsBy(
    "refs",
    (name) =>
      name === "input"
        ? inputRefs()
        : graph.named?.get(name)?.(stepAt) ?? stepAt(name),
  );
}

/** A graph in which `name` leads to what `leadsTo` gives; to a variable, a channel or the knobs of a run if it is left out. */
export function naming(
  graph: Graph,
  name: string,
  leadsTo: (stepAt: (id: string) => object) => object = () =>
    refTo({ kind: "variable", path: [name] }),
): Graph {
  return { ...graph, named: new Map([...graph.named ?? [], [name, leadsTo]]) };
}
