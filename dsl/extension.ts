// Web standards only.
/** The host that ships with this library. */
export const embedded = "the embedded host of Tutti";

/** Who has a node type of ours, or one of a pack of OpenWOP, in words. */
export function hostsOf(typeId: string): string {
  const pack = typeId.startsWith("tutti.") ? "" : "hosts with that pack, and ";
  const most = !pack || typeId === "core.flow.if"
    ? ""
    : "for most of core.flow ";
  return pack + most + embedded;
}
