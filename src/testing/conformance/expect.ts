// Web standards only.
import {
  canonicalJson,
  isEventType,
  isJsonObject,
} from "../../openwop/protocol/mod.ts";

/** JSON that nobody looked at yet. */
// deno-lint-ignore no-explicit-any
export type Json = any;

/** Ends a check with what was found. */
export function fault(what: string): never {
  throw new Error(what);
}

/** Holds when both are the same JSON. */
export function same(found: unknown, wanted: unknown, what: string): void {
  const [is, should] = [found, wanted].map((value) =>
    canonicalJson(JSON.parse(JSON.stringify(value ?? null)))
  );
  if (is !== should) fault(`${what}: found ${clip(is!)}, wanted ${should}`);
}

/** Holds when `found` is one of these. */
export function oneOf(
  found: unknown,
  wanted: readonly unknown[],
  what: string,
): void {
  if (wanted.includes(found)) return;
  fault(`${what}: found ${text(found)}, wanted one of ${text(wanted)}`);
}

/** Holds when it is true. */
export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) fault(what);
}

/** Any value, short enough to be read. */
export function text(value: unknown): string {
  return clip(JSON.stringify(value) ?? String(value));
}

function clip(value: string): string {
  return value.length > 300 ? `${value.slice(0, 300)}…` : value;
}

/** The error envelope: two texts, perhaps details, and nothing else. Source: v2 §12.1. */
export function envelope(body: Json, what: string): void {
  holds(isJsonObject(body), `${what}: found ${text(body)}, wanted an error`);
  const { error, message, details, ...rest } = body as Record<string, unknown>;
  same(Object.keys(rest), [], `${what}, further keys of the error`);
  holds(
    typeof error === "string" && error !== "",
    `${what}: the error has no code: ${text(body)}`,
  );
  holds(
    typeof message === "string" && message !== "",
    `${what}: the error has no message: ${text(body)}`,
  );
  holds(
    details === undefined || isJsonObject(details),
    `${what}: the details are no object: ${text(body)}`,
  );
  const correlation = (details as Json)?.correlationId;
  holds(correlation !== "", `${what}: details.correlationId is empty`);
}

const OPAQUE = /^[A-Za-z0-9._~-]{16,128}$/;
const EVENT_KEYS = [
  "eventId",
  "runId",
  "type",
  "payload",
  "timestamp",
  "sequence",
  "schemaVersion",
  "nodeId",
  "engineVersion",
  "causationId",
];
const VENDOR =
  /^(?!openwop\.|core\.|community\.|vendor\.|private\.|local\.)[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*){1,2}$/;

/** One event of a log in its closed envelope. Source: v2 §7.1. */
export function closedEvent(event: Json, discovery: Json): void {
  const what = `event ${text(event?.sequence)} (${text(event?.type)})`;
  if (!isJsonObject(event as unknown)) fault(`${what}: no object`);
  const extra = Object.keys(event).filter((key) => !EVENT_KEYS.includes(key));
  same(extra, [], `${what}, keys beyond the envelope`);
  holds(OPAQUE.test(event.eventId), `${what}: eventId ${text(event.eventId)}`);
  boundId(event.runId, `${what}: runId`);
  holds(
    Number.isInteger(event.sequence) && event.sequence >= 0,
    `${what}: the sequence is no integer`,
  );
  holds(
    Number.isInteger(event.schemaVersion) && event.schemaVersion >= 1,
    `${what}: schemaVersion ${text(event.schemaVersion)}`,
  );
  holds(
    typeof event.timestamp === "string" &&
      /^\d{4}-\d\d-\d\dT/.test(event.timestamp) &&
      !Number.isNaN(Date.parse(event.timestamp)),
    `${what}: timestamp ${text(event.timestamp)}`,
  );
  holds(isJsonObject(event.payload), `${what}: the payload is no object`);
  holds(typeof event.type === "string", `${what}: no type`);
  if (isEventType(event.type)) return;
  holds(VENDOR.test(event.type), `${what}: neither registered nor a vendor's`);
  const org = event.type.split(".")[0];
  const listed = Object.keys(discovery.extensions ?? {}).some((name) =>
    name === org || name.startsWith(`${org}.`)
  );
  holds(listed, `${what}: extensions does not list ${org}`);
}

/** `<tenant>/<opaque>`. Source: v2 §4. */
export function boundId(id: unknown, what: string): void {
  holds(
    typeof id === "string" &&
      /^(anon:)?[A-Za-z0-9._~-]{1,128}\/[A-Za-z0-9._~-]{16,128}$/.test(id),
    `${what}: found ${text(id)}, wanted an id bound to its tenant`,
  );
}

/** Sequences rise by one each, from `first`: nothing is lost, nothing twice. */
export function dense(events: readonly Json[], first: number): void {
  same(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => first + index),
    "sequences of the log",
  );
}
