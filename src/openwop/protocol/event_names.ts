// Web standards only.
import type { RunEventType } from "./events.ts";

// One family after the other: its domain, then what can happen in it. Source: v2 §7.3.
const families =
  "run started completed failed cancelled paused resumed resume-started restored-from-snapshot dead-lettered,node started completed failed suspended suspend-failed resumed retried skipped cancelled dispatched,approval requested received granted rejected overridden,clarification requested resolved,interrupt requested resolved,channel written presence,context summarized,artifact created,output chunk,variable changed,log appended,version pinned,workflow restored loopback-limit stalled,cap breached,lease acquired renewed lost handed-off,replay diverged diverged-at-refusal,agent reasoned reasoning-delta handoff decided verified prompt-resolved tool-called tool-returned invocation-started invocation-completed memory-consolidated,orchestrator decided,dispatch fanned-out joined,workflow-chain event confidence-escalated,model capability-substituted capability-insufficient,provider usage,prompt composed,envelope refusal truncated retry-attempted retry-exhausted nl-to-format-engaged recovery-applied,tool session-opened session-closed,memory compacted written,commitment fired,conversation opened exchanged closed,voice transcript cancelled speech-start endpoint-candidate turn-commit synthesis-chunk barge-in,eval started scored completed,deployment promoted rolled-back canary-adjusted state-changed,roster run-initiated,egress decided,trigger subscription-state-changed delivery-attempted,budget reserved consumed exhausted threshold-crossed,connector authorized auth-expired,authorization decided,proposal created activated,goal evaluated closed,import applied,workspace updated,compensation requested started completed failed paused manual-intervention-required,negotiation decided";

/** The names of all registered event types, in the spelling of version 2. Source: v2 §7.3. */
export const EVENT_TYPES: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ families.split(",").flatMap((family) => {
    const [domain, ...events] = family.split(" ");
    return events.map((event) => `${domain}.${event}`);
  }),
);

/** Whether `type` is a registered event type, in the spelling of version 2. */
export function isEventType(type: string): type is RunEventType {
  return EVENT_TYPES.has(type);
}
