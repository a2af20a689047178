// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
  type NodeImplementation,
} from "../../src/openwop/protocol/mod.ts";
import type { Graph } from "../graph.ts";

/** Type ids that several kinds of step claim: a host could not tell which code to run. */
export function checkNodeTypes({ nodes }: Graph): DefinitionIssue[] {
  const first = new Map<string, NodeImplementation>();
  return nodes.flatMap(({ id, code = [] }) =>
    code.flatMap((each) => {
      const { typeId } = each;
      const known = first.get(typeId) ?? each;
      first.set(typeId, known);
      return known === each ? [] : definitionIssue(
        "type-id-taken",
        `its type id "${typeId}" belongs to other code too`,
        "",
        "give each kind of step its own typeId",
        id,
      );
    })
  );
}
