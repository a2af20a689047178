import { createHost } from "@tutti/sdk/host";
import type { Host, Store } from "@tutti/sdk/host";
import { FakeClock, settle } from "./fake_clock.ts";
import { countingIds, delay, gate, noop } from "./wire.ts";
import type { Answer, Wire } from "./wire.ts";

const KEY = { "idempotency-key": "x".repeat(22) };
const HOOK = { url: "https://hooks.example.com/", events: ["run.completed"] };
const SECRET = "a-new-secret-of-the-test";

/** What is there before the request. */
export interface Before {
  readonly run: string;
  readonly hook: string;
}

/** A request with a key. */
export interface KeyedRequest {
  readonly ask: (wire: Wire, before: Before) => Promise<Answer>;
  /** How the run that was there ends after it. */
  readonly ends?: string;
}

/** Every request that changes something. */
export const asks: Record<
  string,
  KeyedRequest
> = {
  create: { ask: (wire) => wire.post("/runs", { workflowId: "gated" }, KEY) },
  cancel: {
    ask: (wire, { run }) => wire.post(`${run}/cancel`, {}, KEY),
    ends: "cancelled",
  },
  "bulk cancel": {
    ask: (wire, { run }) => {
      const runIds = [decodeURIComponent(run.slice("/runs/".length))];
      return wire.post("/runs:bulk-cancel", { runIds }, KEY);
    },
    ends: "cancelled",
  },
  pause: {
    ask: (wire, { run }) => wire.post(`${run}:pause`, {}, KEY),
    ends: "paused",
  },
  answer: {
    ask: (wire, { run }) =>
      wire.post(`${run}/interrupts/gate`, {
        resumeValue: { action: "accept" },
      }, KEY),
    ends: "completed",
  },
  fork: {
    ask: (wire, { run }) =>
      wire.post(`${run}:fork`, { mode: "branch", fromSeq: 1 }, KEY),
  },
  register: { ask: (wire) => wire.post("/webhooks", HOOK, KEY) },
  rotate: {
    ask: (wire, { hook }) =>
      wire.post(`${hook}/rotate-secret`, { secret: SECRET }, KEY),
  },
  unregister: {
    ask: (wire, { hook }) => wire.send("DELETE", hook, undefined, KEY),
  },
  put: {
    ask: (wire) =>
      wire.send("PUT", "/host/tutti/workflows/w", {
        ...noop.definition,
        id: "w",
      }, KEY),
  },
  remove: {
    ask: (wire) =>
      wire.send("DELETE", "/host/tutti/workflows/there", undefined, KEY),
  },
};

/** What of an answer is not made up anew for each. */
export function shape({ status, body }: Answer): unknown {
  const { secret: _, ...rest } = typeof body === "object" ? body : { body };
  const json = JSON.stringify({ status, ...rest });
  return JSON.parse(json.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"));
}

/** Makes hosts that go on where another one was, and says what went wrong in them. */
export function hosting(): {
  open: (store: Store) => Host;
  clock: FakeClock;
  errors: unknown[];
} {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const ids = countingIds();
  const open = (store: Store): Host =>
    createHost({
      workflows: [noop, delay, gate()],
      registration: {},
      store,
      clock,
      ids,
      webhooks: { resolve: () => Promise.resolve([]) },
      onError: (error) => errors.push(error),
    });
  return { open, clock, errors };
}

/** Makes what the requests are about. */
export async function prepare(wire: Wire): Promise<Before> {
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const { webhookId } = (await wire.post("/webhooks", HOOK)).body;
  const hook = `/webhooks/${encodeURIComponent(webhookId)}`;
  await wire.send("PUT", "/host/tutti/workflows/there", {
    ...noop.definition,
    id: "there",
  });
  await settle(5);
  return { run, hook };
}

/** What became of it: the log, and the workflows that the tenant gave. */
export async function storyOf(wire: Wire, run: string): Promise<unknown> {
  const log = await wire.soFar(run);
  const { workflowIds } = (await wire.get("/host/tutti/workflows")).body;
  return [
    log.map(({ type, sequence, nodeId = "" }) =>
      `${sequence} ${type} ${nodeId}`
    ),
    workflowIds,
  ];
}
