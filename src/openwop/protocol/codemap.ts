// Web standards only.
import { EVENT_SPELLINGS } from "./event_names.ts";

const inward: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  EVENT_SPELLINGS,
);

const outward: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ EVENT_SPELLINGS.map(([v1, v2]) => [v2, v1]),
);

/**
 * Gives the version 2 name of an event type that version 1 named; all but 36 are the same. A name that nobody
 * registered stays as it is. Source: v2 §7.3.
 *
 * @param type As a version 1 host spells it.
 */
export function fromV1EventType(type: string): string {
  return inward.get(type) ?? type;
}

/**
 * Gives the version 1 name of an event type: the inverse of {@linkcode fromV1EventType}. Source: v2 §7.3.
 *
 * @param type In the spelling of version 2.
 */
export function toV1EventType(type: string): string {
  return outward.get(type) ?? type;
}
