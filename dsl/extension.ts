// Web standards only.
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
