// Web standards only.

// The 36 types that version 2 renamed, as version 1 spells them. Source: v2 §7.3.
const renamed =
  "run.resuming run.dead_lettered replay.divergedAtRefusal agent.reasoning.delta agent.promptResolved agent.toolCalled agent.toolReturned agent.invocation.started agent.invocation.completed agent.memory.consolidated model.capability.substituted model.capability.insufficient envelope.retry.attempted envelope.retry.exhausted envelope.nlToFormat.engaged envelope.recovery.applied deployment.canary.adjusted deployment.state.changed roster.run.initiated tool.session.opened tool.session.closed trigger.subscription.state.changed trigger.delivery.attempted budget.threshold.crossed runOrchestrator.decided core.dispatch.fanOut core.dispatch.join core.workflowChain.event core.workflowChain.confidence-escalated connector.auth_expired voice.speech_start voice.endpoint_candidate voice.turn_commit voice.synthesis_chunk voice.barge_in compensation.manual_intervention_required";

// Those that are more than another spelling.
const reworded: Readonly<Record<string, string>> = {
  "run.resuming": "run.resume-started",
  "runOrchestrator.decided": "orchestrator.decided",
  "core.dispatch.fanOut": "dispatch.fanned-out",
  "core.dispatch.join": "dispatch.joined",
};

const inward = /* @__PURE__ */ new Map<string, string>(
  /* @__PURE__ */ renamed.split(" ").map((
    name,
  ) => [name, reworded[name] ?? respell(name)]),
);

const outward = /* @__PURE__ */ new Map<string, string>(
  /* @__PURE__ */ Array.from(inward, ([v1, v2]) => [v2, v1]),
);

/** No `core.` in front, kebab case, and a dot only after the domain. */
function respell(name: string): string {
  const [domain, ...rest] = name.replace(/^core\./, "")
    .replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replaceAll("_", "-").split(".");
  return `${domain}.${rest.join("-")}`;
}

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
