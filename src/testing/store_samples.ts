// Web standards only.
import { canonicalJson } from "../openwop/protocol/mod.ts";
import type { RunEvent, WorkflowDefinition } from "../openwop/protocol/mod.ts";
import type { KeyClaim, RunRecord, Store } from "../host/mod.ts";

/** Of the run in most checks. */
export const ID: string = "acme/aaaaaaaaaaaaaaaa";
/** A day. */
export const DAY_MS: number = 24 * 60 * 60 * 1_000;

/** The least that a definition has. */
export const definition: WorkflowDefinition = {
  id: "d",
  name: "d",
  version: "1.0.0",
  nodes: [],
  edges: [],
  triggers: [],
  variables: [],
  metadata: {},
  settings: {},
};

/** The run in most checks. */
export const record: RunRecord = {
  runId: ID,
  owner: {
    tenant: "acme",
    subject: {
      issuer: "urn:x",
      subjectId: "s",
      tenant: "acme",
      lane: "session",
      kind: "user",
    },
  },
  definition,
  createdAt: 0,
};

/** An event, at a time. */
export function event(sequence: number, at: number, rest: object): RunEvent {
  return {
    eventId: `e.${sequence}`,
    runId: ID,
    timestamp: new Date(at).toISOString(),
    sequence,
    schemaVersion: 1,
    ...rest,
  } as RunEvent;
}

/** Lines of a log. */
export function lines(from: number, count: number): RunEvent[] {
  const payload = { level: "info", message: "x" };
  return Array.from(
    { length: count },
    (_, n) => event(from + n, 0, { type: "log.appended", payload }),
  );
}

/** The end of a run. */
export function ended(sequence: number, at: number = 0): RunEvent {
  const payload = { outputs: {} };
  return event(sequence, at, { type: "run.completed", payload });
}

/** The sequences in a log. */
export async function read(
  store: Store,
  after: number = -1,
  limit: number = 100,
  runId: string = ID,
): Promise<number[]> {
  const events = await store.readEvents(runId, after, limit);
  return events.map(({ sequence }) => sequence);
}

/** A claim of a key. */
export function claim(digest: string, seed: string, now: number = 0): KeyClaim {
  return { scope: "k", digest, now, seed: () => seed };
}

/** The answer to a claim that succeeded. */
export const claimed = (seed: string): object => ({ state: "claimed", seed });
/** The answer to a claim that came second. */
export const inFlight = (digest: string): object => ({
  state: "in-flight",
  digest,
});

/** Compares by their JSON. */
export function same(found: unknown, wanted: unknown): void {
  const [is, should] = [found, wanted].map((value) =>
    canonicalJson(value ?? null)
  );
  if (is !== should) throw new Error(`found ${is}, wanted ${should}`);
}
