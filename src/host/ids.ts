// Web standards only.
import { toHex } from "../http/mod.ts";
import {
  bareId,
  isBoundId,
  tenantOf,
  unprojectId,
} from "../openwop/protocol/mod.ts";
import type { WorkflowDefinition } from "../openwop/protocol/mod.ts";
import { invalid, Refusal } from "./refusal.ts";

/** Gives a fresh opaque part of an id, 16 to 90 characters of `[A-Za-z0-9._-]`. */
export type IdSource = () => string;

const HEX = Array.from(
  { length: 256 },
  (_, byte) => byte.toString(16).padStart(2, "0"),
);

/** Random digits for the next ids: asking for them costs more than an id does. */
let digits = "";
let taken = 0;

/** 128 random bits in hex. */
export function randomId(): string {
  if (taken === digits.length) {
    digits = "";
    taken = 0;
    const bytes = crypto.getRandomValues(new Uint8Array(512));
    for (const byte of bytes) digits += HEX[byte];
  }
  return digits.slice(taken, taken += 32);
}

/** Mints an id of a run or a webhook. Source: v2 §4; a host never mints `~`, which paths need as their escape. */
export function mintId(tenant: string, source: IdSource): string {
  return `${tenant}/${mintOpaque(source)}`;
}

/** Mints the part of an id behind its tenant. */
export function mintOpaque(source: IdSource): string {
  const opaque = source();
  // Leaves room for the suffixes of events, interrupts and idempotency keys.
  if (/^[A-Za-z0-9._-]{16,90}$/.test(opaque)) return opaque;
  throw new TypeError(
    `Cannot mint an id: the id source gave ${
      JSON.stringify(opaque)
    }, 16 to 90 characters of A-Z a-z 0-9 . _ - are wanted`,
  );
}

/** The id of the event at `sequence`. Derived, so that writing an event costs no randomness. */
export function eventIdAt(runId: string, sequence: number): string {
  return `${bareId(runId)}.${sequence}`;
}

/** The id of the interrupt for which the event at `sequence` suspends a node. */
export function interruptIdAt(runId: string, sequence: number): string {
  return `${runId}.i${sequence}`;
}

const positions = new WeakMap<
  WorkflowDefinition,
  ReadonlyMap<string, number>
>();

/**
 * The idempotency key of one execution of a node: the same for each attempt of it, also after a restart, and another in
 * each fork. It fits `Idempotency-Key` (v2 §10).
 *
 * A node id may be longer than any key and hold any character, so its place in the pinned definition stands for it.
 *
 * @param visit Which execution of the node in the run.
 */
export function executionIdOf(
  runId: string,
  definition: WorkflowDefinition,
  nodeId: string,
  visit: number,
): string {
  let known = positions.get(definition);
  if (known === undefined) {
    known = new Map(definition.nodes.map(({ id }, index) => [id, index]));
    positions.set(definition, known);
  }
  const place = known.get(nodeId);
  const key = (position: number | undefined, suffix: string): string =>
    `${bareId(runId)}.node-${position}.visit-${visit}${suffix}`;
  if (place !== undefined) return key(place, "");
  // An item of a list, or what undoes a node: its name ends in ":3" or ":undo".
  const at = nodeId.lastIndexOf(":");
  return key(known.get(nodeId.slice(0, at)), `.${nodeId.slice(at + 1)}`);
}

/** The id of the child run of one execution: the same whenever it is asked for, so that a crash makes no second one. */
export async function childRunId(
  tenant: string,
  execution: string,
  attempt: number,
): Promise<string> {
  const bytes = new TextEncoder().encode(`${execution}.attempt-${attempt}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `${tenant}/c-${toHex(new Uint8Array(digest).subarray(0, 16))}`;
}

/** Reads the run id of a path. */
export function readRunId(segment: string, tenant: string): string {
  return readBoundId(segment, tenant, "run");
}

/**
 * Reads an id of a path and refuses what the caller may not even ask about.
 *
 * A foreign tenant is refused from the id alone, before any lookup, so that nothing is said about existence
 * (v2 §4).
 */
export function readBoundId(
  segment: string,
  tenant: string,
  what: "run" | "webhook",
): string {
  return checkBoundId(unprojectId(segment), tenant, what);
}

/** Reads an author's id of a path. A `~` that escapes nothing is refused. Source: v2 §4. */
export function readName(segment: string, what: string): string {
  const name = unprojectId(segment);
  if (name !== undefined) return name;
  throw invalid(
    `Cannot read the ${what} of the path: each ~ or % in it must escape a byte of UTF-8`,
    `/${what}`,
  );
}

/** Refuses an id, of a body or a path, that is none or belongs to somebody else. */
export function checkBoundId(
  id: string | undefined,
  tenant: string,
  what: "run" | "webhook",
): string {
  if (id === undefined || !isBoundId(id)) {
    throw invalid(
      `Cannot read the ${what} id of the path: <tenant>/<opaque> in one segment is wanted, with / written ~2F or %2F`,
      `/${what}Id`,
    );
  }
  if (tenantOf(id) !== tenant) {
    throw new Refusal(
      403,
      "id_tenant_mismatch",
      `Cannot use the ${what} id of the path: it belongs to another tenant`,
    );
  }
  return id;
}
