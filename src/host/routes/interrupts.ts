// Web standards only.
import { resolveInterrupt } from "../../engine/mod.ts";
import type { ResolveOutcome } from "../../engine/mod.ts";
import { isTerminalStatus, unprojectId } from "../../openwop/protocol/mod.ts";
import type { ResolveResponse } from "../../openwop/protocol/mod.ts";
import { readRunId } from "../ids.ts";
import type { Call, HostParts } from "../parts.ts";
import { closedObject } from "../read_body.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import { unknownRun } from "./runs.ts";

const STATUS: Readonly<
  Record<Extract<ResolveOutcome, { readonly ok: false }>["code"], number>
> = {
  validation_error: 400,
  forbidden: 403,
  not_found: 404,
  interrupt_already_resolved: 409,
};

/** `POST /runs/{runId}/interrupts/{nodeId}`. Source: v2 §9.2 and §9.4. */
export async function resolveByRun(
  host: HostParts,
  call: Call,
  runSegment: string,
  nodeSegment: string,
): Promise<Reply> {
  const runId = readRunId(runSegment, call.principal.tenant);
  const nodeId = unprojectId(nodeSegment);
  const { resumeValue } = closedObject(call.body, ["resumeValue"]);
  if (resumeValue === undefined) {
    throw invalid(
      "Cannot resolve the interrupt: the body must hold resumeValue",
      "/resumeValue",
    );
  }
  const { subject } = call.principal;
  const response = await host.scheduler.change(runId, ({ record, state }) => {
    if (nodeId === undefined || !state.nodes.has(nodeId)) {
      throw notFound("Cannot resolve the interrupt: the run has no such node");
    }
    if (isTerminalStatus(state.status)) {
      throw new Refusal(
        409,
        "interrupt_already_resolved",
        `Cannot resolve the interrupt: the run is ${state.status}`,
        { runStatus: state.status },
      );
    }
    const outcome = resolveInterrupt(record.definition, state, nodeId, {
      value: resumeValue,
      by: subject,
      at: new Date(host.clock.now()).toISOString(),
    });
    if (!outcome.ok) {
      const { code, message, details } = outcome;
      throw new Refusal(STATUS[code], code, message, details);
    }
    return {
      events: outcome.events,
      answer: ({ status }): ResolveResponse => ({ runId, nodeId, status }),
    };
  });
  if (response === undefined) throw unknownRun();
  return { status: 200, body: response };
}
