// Web standards only.
import type { RunEventType } from "./events.ts";

// One family after the other: its domain, then what can happen in it. As version 1 spells them; version 2 follows by
// `inBoth`, and stands behind a "=" where it is more than another spelling. Source: v2 §7.3.
const families =
  "run started completed failed cancelled paused resumed resuming=resume-started restored-from-snapshot dead_lettered,node started completed failed suspended suspend-failed resumed retried skipped cancelled dispatched,approval requested received granted rejected overridden,clarification requested resolved,interrupt requested resolved,channel written presence,context summarized,artifact created,output chunk,variable changed,log appended,version pinned,workflow restored loopback-limit stalled,cap breached,lease acquired renewed lost handed-off,replay diverged divergedAtRefusal,agent reasoned reasoning.delta handoff decided verified promptResolved toolCalled toolReturned invocation.started invocation.completed memory.consolidated,runOrchestrator=orchestrator decided,core.dispatch=dispatch fanOut=fanned-out join=joined,core.workflowChain=workflow-chain event confidence-escalated,model capability.substituted capability.insufficient,provider usage,prompt composed,envelope refusal truncated retry.attempted retry.exhausted nlToFormat.engaged recovery.applied,tool session.opened session.closed,memory compacted written,commitment fired,conversation opened exchanged closed,voice transcript cancelled speech_start endpoint_candidate turn_commit synthesis_chunk barge_in,eval started scored completed,deployment promoted rolled-back canary.adjusted state.changed,roster run.initiated,egress decided,trigger subscription.state.changed delivery.attempted,budget reserved consumed exhausted threshold.crossed,connector authorized auth_expired,authorization decided,proposal created activated,goal evaluated closed,import applied,workspace updated,compensation requested started completed failed paused manual_intervention_required,negotiation decided";

/** A word of version 1, and the same in version 2: kebab case, and one dot in a name. */
function inBoth(word: string): readonly [v1: string, v2: string] {
  const [v1, v2] = word.split("=");
  return [
    v1!,
    v2 ?? word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
      .replace(/[._]/g, "-"),
  ];
}

/** Every registered event type, as version 1 and as version 2 spell it. Source: v2 §7.3. */
export const EVENT_SPELLINGS: readonly (readonly [v1: string, v2: string])[] =
  /* @__PURE__ */ families.split(",").flatMap((family) => {
    const [domain, ...events] = family.split(" ").map(inBoth);
    return events.map((event) =>
      [`${domain![0]}.${event[0]}`, `${domain![1]}.${event[1]}`] as const
    );
  });

/** The names of all registered event types, in the spelling of version 2. Source: v2 §7.3. */
export const EVENT_TYPES: ReadonlySet<string> = /* @__PURE__ */ new Set(
  /* @__PURE__ */ EVENT_SPELLINGS.map(([, v2]) => v2),
);

/** Whether `type` is a registered event type, in the spelling of version 2. */
export function isEventType(type: string): type is RunEventType {
  return EVENT_TYPES.has(type);
}
