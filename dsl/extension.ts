// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
} from "../src/openwop/protocol/mod.ts";

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

/**
 * A warning that what was declared needs a node type that not every host has. It can be built all the same.
 *
 * @param id The node that it came to.
 * @param typeId The type that it needs.
 * @param what What was declared, as in `its condition`.
 * @param instead What else could be done.
 */
export function needsHost(
  id: string,
  typeId: string,
  what: string,
  instead = "",
): DefinitionIssue {
  return {
    ...definitionIssue(
      "host-extension",
      `${what} needs the node type "${typeId}", which not every host has`,
      "",
      `run it on ${hostsOf(typeId)}${instead}`,
      id,
    ),
    severity: "warning",
  };
}
