// Web standards only.
import { present } from "../../http/mod.ts";
import type { HeaderRecord, JsonObject, JsonValue } from "../../http/mod.ts";
import type { Codec, WopOperation } from "./codec.ts";
import { toV1EventType } from "./codemap.ts";
import { flattenConfigurable, nestConfigurable } from "./configurable.ts";
import { count, objectOf, readEnvelope, text } from "./envelope.ts";
import { isTerminalEvent } from "./events.ts";
import { HEADERS } from "./headers.ts";
import { unprojectId } from "./ids.ts";
import {
  configurableMaps,
  mapList,
  mapObject,
  readEvents,
  rewrite,
} from "./shapes.ts";
import type { BodyMap } from "./shapes.ts";
import { v1Headers } from "./v1_headers.ts";
import { readV1Event } from "./v1_event.ts";
import { readSnapshot } from "./v1_snapshot.ts";

/** OpenWOP 1, as a client speaks it, with the dialects of its older hosts. Source: v1 §2, §7.1, §9, §14; v2 §12.3, §16. */
export const codecV1: Codec = {
  major: 1,
  keyGrammar: /^[\x21-\x7e]{1,255}$/,
  // Most hosts of version 1 do not name it.
  matches: (version) => version === null || /^1(\.|$)/.test(version),
  write: (operation) =>
    rewrite(
      codecV1,
      operation,
      {
        path: writePath(operation.path),
        query: writeQuery(operation.query),
        headers: writeHeaders(operation.headers),
      },
      writes[operation.name ?? ""],
      reads[operation.name ?? ""],
    ),
  readEvent: readV1Event,
  // No host of version 1 tells in the log what it asks, some do in the run.
  shownInterrupt({ extensions }) {
    const shown = objectOf(objectOf(extensions?.v1)?.interrupt);
    const data = objectOf(shown?.payload)?.config ?? null;
    return shown && { data, ...shown };
  },
  readError(failure) {
    const { headers } = failure;
    const error = readEnvelope(failure, headers.has(HEADERS.version));
    const { rawCode = "", details = {} } = error;
    const seconds = count(details.retryAfter) ??
      count(details.retryAfterSeconds);
    return {
      ...error,
      code: codeOf(rawCode) || undefined,
      retryAfterMs: count(details.retryAfterMs) ?? error.retryAfterMs ??
        (seconds === undefined ? undefined : seconds * 1_000),
      fromHost: error.fromHost || rawCode !== "",
    };
  },
};

function writePath(path: string): string {
  if (path.startsWith("/.well-known/")) return path;
  return "/v1" + path.replace(
    /(~[0-9A-F]{2})+/g,
    (bytes) => encodeURIComponent(unprojectId(bytes) ?? bytes),
  );
}

/** One event more than wanted: a known host takes the cursor as one further on than it is. Source: v1 §9. */
function writeQuery(query: WopOperation["query"] = {}): WopOperation["query"] {
  const { afterSequence, ...rest } = query;
  if (afterSequence === undefined) return rest;
  const cursor = Number(afterSequence) - 1;
  // Hosts know either name.
  return cursor < 0 ? rest : { ...rest, lastSequence: cursor, since: cursor };
}

function writeHeaders(headers: HeaderRecord = {}): HeaderRecord {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      v1Headers.get(name.toLowerCase()) ?? name,
      value,
    ]),
  );
}

const writes: Readonly<Record<string, BodyMap>> = {
  ...configurableMaps(flattenConfigurable),
  "webhooks.register": (body) =>
    mapList("events", toV1EventType)(
      mapList("eventTypes", toV1EventType)(body),
    ),
};

const reads: Readonly<Record<string, BodyMap>> = {
  "runs.get": (body) =>
    mapObject("configurable", nestConfigurable)(readSnapshot(body)),
  "runs.create": withUrls,
  "runs.fork": withUrls,
  "runs.poll": readPoll,
  "interrupts.resolve": (body, { path }) => ({
    ...body,
    nodeId: text(body.nodeId) ?? text(objectOf(body.interrupt)?.nodeId) ??
      unprojectId(path.slice(path.lastIndexOf("/") + 1)) ?? "",
  }),
  "runs.bulkCancel": (body) => mapList("results", readResult)(body),
  "webhooks.register": (body) =>
    present({ ...body, webhookId: body.webhookId ?? body.subscriptionId }),
};

/** One host gives no addresses; they are where the protocol has them. */
function withUrls(body: JsonObject): JsonObject {
  const statusUrl = `/v1/runs/${encodeURIComponent(text(body.runId) ?? "")}`;
  return { statusUrl, eventsUrl: `${statusUrl}/events`, ...body };
}

function readResult(result: JsonValue): JsonValue {
  const entry = objectOf(result);
  const error = objectOf(entry?.error);
  if (!entry || !error) return result;
  const { code, ...rest } = error;
  const raw = text(error.error) ?? text(code) ?? "";
  return { ...entry, error: { ...rest, error: codeOf(raw) } };
}

/** Reads a page of any host: each has names of its own for the rest of it. Source: v1 §9. */
function readPoll(body: JsonObject, operation: WopOperation): JsonObject {
  const after = Number(operation.query?.afterSequence ?? -1);
  const events = (readEvents(codecV1, operation, body) as readonly JsonObject[])
    .filter(({ sequence }) => Number(sequence) > after);
  // Known hosts end a run without the payload that the type promises.
  const end = events.map(({ type, wireType }) =>
    String(type === "unknown" ? wireType : type)
  ).find(isTerminalEvent);
  const status = body.status ?? body.runStatus ?? end?.slice("run.".length);
  const lastSequence = body.lastSequence ?? body.lastEventSeq;
  const isTerminal = body.isTerminal ?? body.isComplete ?? end !== undefined;
  return present({ events, isTerminal, status, lastSequence });
}

/** The code as version 2 spells it. Source: v2 §12.3, and the hosts of version 1. */
function codeOf(raw: string): string {
  return codes.get(raw) ?? raw;
}

const codes: ReadonlyMap<string, string> = new Map([
  ["run_not_found", "not_found"],
  ["workflow_not_found", "not_found"],
  ["subscription_not_found", "not_found"],
  ["artifact_not_found", "not_found"],
  ["prompt_template_not_found", "not_found"],
  ["invalid_credential", "unauthenticated"],
  ["internal", "internal_error"],
  ["invalid_request", "validation_error"],
  ["conflict", "run_state_conflict"],
  ["interrupt_gone", "interrupt_already_resolved"],
  ["invalid_interrupt_token", "interrupt_token_invalid"],
  ["fork_invalid_seq", "fork_point_invalid"],
  ["idempotency_key_conflict", "idempotency_key_mismatch"],
  ["idempotency_key_replay_mismatch", "idempotency_key_mismatch"],
]);
