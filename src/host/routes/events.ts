// Web standards only.
import { maskEvent } from "../../engine/mod.ts";
import { isTerminalStatus } from "../../openwop/protocol/mod.ts";
import type {
  JsonObject,
  PollResponse,
  RunEvent,
} from "../../openwop/protocol/mod.ts";
import { writeV1Event, writeV1Snapshot } from "../edge_v1.ts";
import type { FeedOptions } from "../feed.ts";
import type { Call, HostParts } from "../parts.ts";
import { queryNumber } from "../query.ts";
import { invalid } from "../refusal.ts";
import type { Reply } from "../refusal.ts";
import type { RunView } from "../scheduler.ts";
import { streamReply } from "../sse.ts";
import { parseModes } from "../stream_modes.ts";
import { findRun } from "./runs.ts";

/** Events in one answer to a poll. */
const POLL_PAGE = 1_000;
const DEFAULT_POLL_S = 30;
const MAX_POLL_S = 60;
const MAX_BUFFER_MS = 5_000;

/** `GET /runs/{runId}/events`. Source: v2 §7.5. */
export async function streamEvents(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  // The cursor is read last, so that it says nothing about runs of others (v2 §7.5).
  const view = await findRun(host, call, segment);
  const modes = parseModes(call.query.getAll("streamMode"));
  const bufferMs = queryNumber(call, "bufferMs", 0, MAX_BUFFER_MS) ?? 0;
  const after = lastEventId(call.request);
  return await streamReply(
    {
      store: host.store,
      signals: host.signals,
      clock: host.clock,
      openings: host.openings,
      pieces: host.pieces,
      view: (runId) => host.scheduler.view(runId),
      onError: host.onError,
    },
    view,
    {
      modes,
      after,
      bufferMs,
      major: call.major,
      ...(call.major === 1 && inV1(call.principal.tenant)),
    },
    call.signal,
  );
}

function inV1(tenant: string): Pick<FeedOptions, "event" | "snapshot"> {
  return {
    event: (event) => writeV1Event(event, tenant),
    // Interfaces have no index signature; all of their members here are JSON.
    snapshot: (snapshot) =>
      writeV1Snapshot(snapshot as unknown as JsonObject, tenant),
  };
}

/** `GET /runs/{runId}/events/poll`. Source: v2 §7.6. */
export async function pollEvents(
  host: HostParts,
  call: Call,
  segment: string,
): Promise<Reply> {
  let view = await findRun(host, call, segment);
  const { runId } = view.record;
  const after = queryNumber(call, "afterSequence", -1, Number.MAX_SAFE_INTEGER);
  const timeout = queryNumber(call, "timeout", 1, MAX_POLL_S);
  const deadline = host.clock.now() + (timeout ?? DEFAULT_POLL_S) * 1_000;
  const opening = host.openings.open(call.signal);
  try {
    for (;;) {
      const news = host.signals.listen(runId);
      try {
        view = await findRun(host, call, segment);
        const events = await readPage(host, view, after ?? -1);
        if (events.length > 0 || isTerminalStatus(view.state.status)) {
          return pollReply(view, events);
        }
        const left = deadline - host.clock.now();
        if (left <= 0 || await news.wait(left, opening.signal) === "ended") {
          return pollReply(view, []);
        }
      } finally {
        news.close();
      }
    }
  } finally {
    opening.close();
  }
}

/** Nothing beyond the state that is answered with it. */
async function readPage(
  host: HostParts,
  { record, state }: RunView,
  after: number,
): Promise<readonly RunEvent[]> {
  const page = await host.store.readEvents(record.runId, after, POLL_PAGE);
  return page.filter(({ sequence }) => sequence <= state.lastSequence)
    .map((event) => maskEvent(record.definition, event));
}

function pollReply(
  { record, state }: RunView,
  events: readonly RunEvent[],
): Reply {
  const body: PollResponse = {
    runId: record.runId,
    events,
    lastSequence: state.lastSequence,
    status: state.status,
    isTerminal: isTerminalStatus(state.status),
  };
  return { status: 200, headers: { "cache-control": "no-cache" }, body };
}

function lastEventId(request: Request): number {
  const id = request.headers.get("last-event-id");
  if (id === null) return -1;
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw invalid(
    "Cannot resume the stream: Last-Event-ID must be the id of a frame",
    "/Last-Event-ID",
  );
}
