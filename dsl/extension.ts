// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
} from "../src/openwop/protocol/mod.ts";
import type { Graph } from "./graph.ts";

/** The host that ships with this library. */
export const embedded = "the embedded host of Tutti";

/** Who has a node type that is not of OpenWOP's core, in words. */
export function hostsOf(typeId: string): string {
  if (typeId.startsWith("tutti.")) return embedded;
  if (typeId === "core.flow.if") return `hosts with that pack, and ${embedded}`;
  return typeId.startsWith("core.")
    ? `hosts with that pack, and for most of core.flow ${embedded}`
    : "hosts that were given its code";
}

/** Types of this library, and those of packs: a host may have them or not. */
const extended = /^(tutti|core\.[^.]+)\./;

/** Warnings that what was declared needs node types that not every host has. It can be built all the same. */
export function checkExtensions({ nodes }: Graph): DefinitionIssue[] {
  return nodes.flatMap(({ id, typeId, needs = ["the step"] }) => {
    if (!extended.test(typeId)) return [];
    const [what, instead] = needs;
    return {
      ...definitionIssue(
        "host-extension",
        `${what} needs the node type "${typeId}", which not every host has`,
        "",
        `run it on ${hostsOf(typeId)}${instead ? `; ${instead}` : ""}`,
        id,
      ),
      severity: "warning",
    };
  });
}
