// Web standards only.
import type {
  DefinitionIssue,
  NodeImplementation,
} from "../../src/openwop/protocol/mod.ts";
import type { Graph } from "../graph.ts";

/** Type ids that several kinds of step claim: a host could not tell which code to run. */
export function checkNodeTypes({ nodes }: Graph): DefinitionIssue[] {
  const first = new Map<string, NodeImplementation>();
  return nodes.flatMap(({ id, implementation }): DefinitionIssue[] => {
    if (!implementation) return [];
    const { typeId } = implementation;
    const known = first.get(typeId) ?? implementation;
    first.set(typeId, known);
    if (known === implementation) return [];
    return [{
      code: "type-id-taken",
      message: `its type id "${typeId}" belongs to other code too`,
      pointer: "",
      source: id,
      hint: "give each kind of step its own typeId",
    }];
  });
}
