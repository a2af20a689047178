// Web standards only.
import type {
  DefinitionIssue,
  NodeImplementation,
} from "../../src/openwop/protocol/mod.ts";
import type { Graph } from "../graph.ts";

/** Type ids that several kinds of step claim: a host could not tell which code to run. */
export function checkNodeTypes({ nodes }: Graph): DefinitionIssue[] {
  const first = new Map<string, NodeImplementation>();
  return nodes.flatMap(({ id, code }) =>
    (code ?? []).flatMap((each): DefinitionIssue[] => {
      const { typeId } = each;
      const known = first.get(typeId) ?? each;
      first.set(typeId, known);
      if (known === each) return [];
      return [{
        code: "type-id-taken",
        message: `its type id "${typeId}" belongs to other code too`,
        pointer: "",
        source: id,
        hint: "give each kind of step its own typeId",
      }];
    })
  );
}
