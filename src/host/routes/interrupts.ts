// Web standards only.
import { resolveInterrupt } from "../../engine/mod.ts";
import type { ResolveOutcome, RunState } from "../../engine/mod.ts";
import { isTerminalStatus } from "../../openwop/protocol/mod.ts";
import type {
  JsonValue,
  ResolveResponse,
  Subject,
} from "../../openwop/protocol/mod.ts";
import { readName, readRunId } from "../ids.ts";
import type { Call, HostParts } from "../parts.ts";
import { subjectOf } from "../principal.ts";
import { closedObject } from "../read_body.ts";
import { invalid, notFound, Refusal } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import type { TokenClaim } from "../tokens.ts";
import { unknownRun } from "./runs.ts";

const STATUS: Readonly<
  Record<Extract<ResolveOutcome, { readonly ok: false }>["code"], number>
> = {
  validation_error: 400,
  forbidden: 403,
  not_found: 404,
  interrupt_already_resolved: 409,
};

/** An answer to the question of a node. */
interface Given {
  readonly runId: string;
  readonly nodeId: string;
  readonly value: JsonValue;
  readonly by: Subject;
  /** Groups and roles of theirs: who has none is kept out by those of an approval. */
  readonly groups: readonly string[] | undefined;
  readonly roles: readonly string[] | undefined;
  /** The claim of the request. */
  readonly claimed: Call["claimed"];
  /** Only by token: which of the questions of the node. */
  readonly interruptId?: string;
}

/** `POST /runs/{runId}/interrupts/{nodeId}`. Source: v2 §9.2 and §9.4. */
export function resolveByRun(
  host: HostParts,
  call: Call,
  runSegment: string,
  nodeSegment: string,
): Promise<Reply> {
  const { tenant, subject, groups, roles } = call.principal;
  return resolve(host, {
    runId: readRunId(runSegment, tenant),
    nodeId: readName(nodeSegment, "nodeId"),
    value: valueOf(call),
    by: subject,
    groups,
    roles,
    claimed: call.claimed,
  });
}

/** `GET /interrupts/{token}`: what is asked. Source: v2 §6.2 row 23, §9.4. */
export async function inspectByToken(
  host: HostParts,
  _call: Call,
  segment: string,
): Promise<Reply> {
  const claim = await host.tokens.read(segment);
  const view = await host.scheduler.view(claim.runId);
  if (view === undefined) throw unknownRun();
  refuseAnswered(view.state, claim);
  const { payload } = view.state.nodes.get(claim.nodeId)!.interrupt!;
  return {
    status: 200,
    headers: { "cache-control": "no-store" },
    body: payload,
  };
}

/** `POST /interrupts/{token}`: answers as whoever was given the token. Source: v2 §6.2 row 24, §9.4. */
export async function resolveByToken(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  const claim = await host.tokens.read(segment);
  const { runId, nodeId, interruptId, subjectId, groups, roles } = claim;
  const tenant = runId.slice(0, runId.indexOf("/"));
  const by = subjectOf({ tenant, subject: subjectId }, host.door.lane);
  const value = valueOf(call);
  const { claimed } = call;
  return await resolve(host, {
    runId,
    nodeId,
    interruptId,
    by,
    groups,
    roles,
    value,
    claimed,
  });
}

function valueOf(call: Call): JsonValue {
  const { resumeValue } = closedObject(call.body, ["resumeValue"]);
  if (resumeValue !== undefined) return resumeValue;
  throw invalid(
    "Cannot resolve the interrupt: the body must hold resumeValue",
    "/resumeValue",
  );
}

async function resolve(host: HostParts, given: Given): Promise<Reply> {
  const { runId, nodeId, value, by, interruptId, claimed } = given;
  const { groups = [], roles = [] } = given;
  const response = await host.scheduler.change(runId, ({ record, state }) => {
    if (!state.nodes.has(nodeId)) {
      throw notFound("Cannot resolve the interrupt: the run has no such node");
    }
    if (isTerminalStatus(state.status)) throw over(state);
    if (interruptId !== undefined) {
      refuseAnswered(state, { nodeId, interruptId });
    }
    const outcome = resolveInterrupt(record.definition, state, nodeId, {
      value,
      by,
      groups,
      roles,
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
  }, claimed);
  if (response === undefined) throw unknownRun();
  return { status: 200, body: response };
}

/** A token is good for the one question that it was issued for. */
function refuseAnswered(
  state: RunState,
  { nodeId, interruptId }: Pick<TokenClaim, "nodeId" | "interruptId">,
): void {
  if (isTerminalStatus(state.status)) throw over(state);
  if (state.nodes.get(nodeId)?.interrupt?.interruptId === interruptId) return;
  throw new Refusal(
    409,
    "interrupt_already_resolved",
    "Cannot resolve the interrupt: it has been answered",
  );
}

function over({ status }: RunState): Refusal {
  return new Refusal(
    409,
    "interrupt_already_resolved",
    `Cannot resolve the interrupt: the run is ${status}`,
    { runStatus: status },
  );
}
