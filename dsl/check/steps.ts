// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
  type NodeImplementation,
} from "../../src/openwop/protocol/mod.ts";
import { hostsOf } from "../extension.ts";
import type { GraphNode } from "../graph.ts";

/** Names that stand for something else, what the run was given and what it gives, and one whose outputs no reader keeps. */
const reserved = ["input", "output", "configurable", "__proto__"];

/** Types of this library, and those of packs: a host may have them or not. */
const extended = /^(tutti|core\.[^.]+)\./;

/** Steps as they were declared, or nodes of a definition. */
interface Steps {
  readonly nodes: readonly Pick<
    GraphNode,
    "id" | "typeId" | "needs" | "code"
  >[];
}

/**
 * What is wrong with steps as they were declared: a name that means something else, or that could not stand in a URL
 * and an event of every host; a type id that several kinds of step claim, so that a host could not tell which code to
 * run. And a warning for each that needs a type which not every host has.
 */
export function checkSteps({ nodes }: Steps): DefinitionIssue[] {
  const first = new Map<string, NodeImplementation>();
  return nodes.flatMap(
    ({ id, typeId, needs = ["the step"], code = [] }, index) => {
      const [what, instead] = needs;
      // Plain JavaScript may hand in anything.
      const source = String(id).slice(0, 80);
      const issue = (code: string, message: string, hint: string) =>
        definitionIssue(code, message, `/nodes/${index}`, hint, source);
      return [
        extended.test(typeId) && {
          ...issue(
            "host-extension",
            `${what} needs the node type "${typeId}", which not every host has`,
            `run it on ${hostsOf(typeId)}${instead ? `; ${instead}` : ""}`,
          ),
          severity: "warning" as const,
        },
        typeId !== "core.end" && reserved.includes(id) && issue(
          "reserved-name",
          `the name "${id}" is reserved`,
          "choose another name",
        ),
        !(typeof id === "string" && /^[\w-]{1,64}$/.test(id)) && issue(
          "bad-name",
          `${JSON.stringify(source)} is not a name for a step`,
          "use 1 to 64 of A-Z a-z 0-9 _ -",
        ),
        ...code.map((each) => {
          const known = first.get(each.typeId) ?? each;
          first.set(each.typeId, known);
          return known !== each && issue(
            "type-id-taken",
            `its type id "${each.typeId}" belongs to other code too`,
            "give each kind of step its own typeId",
          );
        }),
      ].filter((found) => found !== false);
    },
  );
}
