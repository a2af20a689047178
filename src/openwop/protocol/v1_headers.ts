// Web standards only.

/** Request headers that version 1 names otherwise, by their version 2 name in lower case. Source: v2 §5. */
export const v1Headers: ReadonlyMap<string, string> = new Map([
  ["openwop-dedup", "X-Dedup"],
  ["openwop-force-engine-version", "X-Force-Engine-Version"],
]);
