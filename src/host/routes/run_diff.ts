// Web standards only.
import { maskEvent } from "../../engine/mod.ts";
import { canonicalJson, projectId } from "../../openwop/protocol/mod.ts";
import type {
  JsonObject,
  JsonValue,
  RunDiff,
  RunEvent,
} from "../../openwop/protocol/mod.ts";
import { nextTurn } from "../again.ts";
import { boundSegment } from "../edge_v1.ts";
import type { Call, HostParts } from "../parts.ts";
import { snapshotOf } from "../projection.ts";
import { invalid } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import { PAGE } from "../run_log.ts";
import type { RunView } from "../scheduler.ts";
import { findRun } from "./runs.ts";

/** Differences that one answer lists; bounds what it weighs. */
const MAX_DIFFS = 500;

/** `GET /runs/{runId}:diff?against=`. Source: v2 §6.3. */
export async function getDiff(
  host: HostParts,
  call: Call,
  own: string,
): Promise<Reply> {
  const a = await findRun(host, call, own);
  const against = call.query.get("against");
  if (!against) {
    throw invalid(
      "Cannot compare the runs: the query must hold against, the id of another run",
      "/against",
    );
  }
  // A query is decoded already; a path is read once more.
  const segment = against.includes("/") ? projectId(against) : against;
  const b = await findRun(
    host,
    call,
    host.majors.includes(1)
      ? boundSegment(segment, call.principal.tenant)
      : segment,
  );
  const eventDiffs: RunDiff["eventDiffs"][number][] = [];
  let truncated = false;
  const last = Math.max(a.state.lastSequence, b.state.lastSequence);
  for (let after = -1; after < last && !truncated; after += PAGE) {
    if (after > 0 && (after + 1) % (8 * PAGE) === 0) await nextTurn();
    const [left, right] = [
      await readPage(host, a, after),
      await readPage(host, b, after),
    ];
    for (let index = 0; index < PAGE && !truncated; index++) {
      const diff = compare(after + 1 + index, left[index], right[index]);
      if (!diff) continue;
      truncated = eventDiffs.length >= MAX_DIFFS;
      if (!truncated) eventDiffs.push(diff);
    }
  }
  const body: RunDiff = {
    a: a.record.runId,
    b: b.record.runId,
    divergedAtSeq: eventDiffs[0]?.seq ?? null,
    eventDiffs,
    stateDiff: compareStates(a, b),
    ...(truncated && { truncated }),
  };
  return { status: 200, body };
}

/** Nothing beyond the state that the answer compares. */
async function readPage(
  host: HostParts,
  { record, state }: RunView,
  after: number,
): Promise<readonly RunEvent[]> {
  const page = await host.store.readEvents(record.runId, after, PAGE);
  return page.filter(({ sequence }) => sequence <= state.lastSequence)
    .map((event) => maskEvent(record.definition, event));
}

function compare(
  seq: number,
  a: RunEvent | undefined,
  b: RunEvent | undefined,
): RunDiff["eventDiffs"][number] | undefined {
  // Interfaces have no index signature; all of their members here are JSON.
  const aEvent = a as unknown as JsonObject | undefined;
  const bEvent = b as unknown as JsonObject | undefined;
  if (aEvent === undefined) {
    return bEvent && { seq, op: "added", bEvent };
  }
  if (bEvent === undefined) return { seq, op: "removed", aEvent };
  return essence(aEvent) === essence(bEvent)
    ? undefined
    : { seq, op: "changed", aEvent, bEvent };
}

/** What an event says, without whose it is and when it was. */
function essence({ runId, type, nodeId, payload }: JsonObject): string {
  const { durationMs: _took, writtenAt: _at, ...rest } = payload as JsonObject;
  const text = canonicalJson([type ?? null, nodeId ?? null, rest]);
  return text.replaceAll(String(runId), "");
}

/** By name, what differs: `{ a, b }`, with `null` for what one of them does not have. */
function compareStates(a: RunView, b: RunView): JsonObject {
  const [left, right] = [a, b].map(({ record, state }) => {
    const { status, error, variables, channels, nodeStates } = snapshotOf(
      record,
      state,
    );
    return { status, error, variables, channels, nodeStates } as unknown as
      & JsonObject
      & { readonly nodeStates: JsonObject };
  });
  const names = ["status", "error"];
  return {
    ...differences(pick(left!, names), pick(right!, names)),
    ...section("variables", left!, right!),
    ...section("channels", left!, right!),
    ...section("nodeStates", outcomes(left!), outcomes(right!)),
  };
}

function section(name: string, a: JsonObject, b: JsonObject): JsonObject {
  const found = differences(
    (a[name] ?? {}) as JsonObject,
    (b[name] ?? {}) as JsonObject,
  );
  return Object.keys(found).length > 0 ? { [name]: found } : {};
}

/** Nodes without when they began and what their questions are called. */
function outcomes({ nodeStates }: JsonObject): JsonObject {
  const nodes = Object.entries((nodeStates ?? {}) as JsonObject)
    .map(([id, node]) => [
      id,
      pick(node as JsonObject, ["status", "visits", "outputs", "error"]),
    ]);
  return { nodeStates: Object.fromEntries(nodes) };
}

function pick(from: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
}

function differences(a: JsonObject, b: JsonObject): JsonObject {
  const found: [string, JsonValue][] = [];
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const pair = {
      a: Object.hasOwn(a, name) ? a[name]! : null,
      b: Object.hasOwn(b, name) ? b[name]! : null,
    };
    if (canonicalJson(pair.a) !== canonicalJson(pair.b)) {
      found.push([name, pair]);
    }
  }
  // Not by assignment: a variable may be called __proto__.
  return Object.fromEntries(found);
}
