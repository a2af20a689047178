// Web standards only.
import type { Graph } from "./graph.ts";
import { inputRefs, refsBy, refTo, stepRefs } from "./ref.ts";

/** The references of a declaration, by name: the input, variables, channels, steps. */
export function scopeOf<T>(graph: Graph): T {
  const wires = new Map(graph.nodes.map(({ id, wire }) => [id, wire]));
  const { named = [], prefixes = [] } = graph;
  return refsBy(
    "refs",
    (name) =>
      name === "input"
        ? inputRefs()
        : named.includes(name)
        ? refTo({ kind: "variable", path: [name] })
        : prefixes.includes(name)
        ? refsBy(name, (step) => {
          const id = `${name}-${step}`;
          return stepRefs(id, wires.get(id));
        })
        : stepRefs(name, wires.get(name)),
  );
}
