import { memoryStore } from "@tutti/sdk/host";
import type { RunRecord } from "@tutti/sdk/host";
import type {
  JsonObject,
  RunEvent,
  RunnableWorkflow,
} from "@tutti/sdk/openwop";
import { createTestHost } from "@tutti/sdk/testing";
import type { StepStub, TestHost } from "@tutti/sdk/testing";
import { countingIds, inputFrom, workflowOf } from "./wire.ts";

/** A run as a version of this library recorded it. */
export interface History {
  readonly record: RunRecord;
  readonly events: readonly RunEvent[];
}

/** What people say, by node. */
const answers: Readonly<Record<string, JsonObject>> = {
  gate: { action: "accept", decidedAt: "2026-01-01T00:00:00.000Z" },
  no: { action: "reject", decidedAt: "2026-01-01T00:00:00.000Z" },
  ask: { answers: { q1: "green" } },
};

/** What steps do. */
export const stubs: Readonly<Record<string, StepStub>> = {
  "local.history.double": ({ value }) => ({ value: Number(value) * 2 }),
  "local.history.fail": () => {
    throw new Error("it never works");
  },
};

const double = (id: string, after: string[] = []) => ({
  id,
  typeId: "local.history.double",
  inputs: inputFrom("value"),
  after,
});

const value = [{ name: "value", type: "number", defaultValue: 1 }] as const;

/** One of each kind of thing that can be in a log. */
export const workflows: Readonly<Record<string, RunnableWorkflow>> = {
  steps: workflowOf("steps", [double("a"), double("b", ["a"])], [], {
    variables: [...value],
  }),
  diamond: workflowOf(
    "diamond",
    [
      double("a"),
      double("left", ["a"]),
      double("right", ["a"]),
      double("end", ["left", "right"]),
    ],
    [],
    { variables: [...value] },
  ),
  retry: workflowOf(
    "retry",
    [{
      ...double("a"),
      settings: { maxRetries: 2, retryDelayMs: 60_000 },
    }],
    [],
    { variables: [...value] },
  ),
  failure: workflowOf("failure", [
    { id: "fail", typeId: "local.history.fail" },
    { id: "never", typeId: "core.noop", after: ["fail"] },
  ]),
  timer: workflowOf(
    "timer",
    [
      { id: "wait", typeId: "core.delay", config: { ms: 3 * 24 * 3_600_000 } },
      double("b", ["wait"]),
    ],
    [],
    { variables: [...value] },
  ),
  approval: workflowOf(
    "approval",
    [
      double("a"),
      {
        id: "gate",
        typeId: "core.approvalGate",
        config: { title: "Go?" },
        after: ["a"],
      },
      double("b", ["gate"]),
    ],
    [],
    { variables: [...value] },
  ),
  rejection: workflowOf("rejection", [
    { id: "no", typeId: "core.approvalGate", config: { title: "Go?" } },
    { id: "never", typeId: "core.noop", after: ["no"] },
  ]),
  question: workflowOf("question", [
    {
      id: "ask",
      typeId: "core.clarificationGate",
      config: { questions: [{ id: "q1", question: "Which colour?" }] },
    },
    { id: "done", typeId: "core.noop", after: ["ask"] },
  ]),
};

/** Answers whoever asks, until the run is over. */
export async function finish(host: TestHost, runId: string): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    const { status, snapshot } = await host.follow(runId);
    if (!status.startsWith("waiting-")) return;
    const nodeId = snapshot.currentNodeId!;
    const run = `${host.url}/runs/${encodeURIComponent(runId)}`;
    const answer = await host.fetch(`${run}/interrupts/${nodeId}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ resumeValue: answers[nodeId] }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }
  throw new Error(`${runId} asks and asks`);
}

/** Makes a recording with this version. */
export async function recordHistory(name: string): Promise<History> {
  const store = memoryStore();
  const host = createTestHost({
    workflows: [workflows[name]!],
    store,
    stubs,
    ids: countingIds(name),
    ...(name === "retry" && { stepFaults: { a: [{ kind: "throw" }] } }),
  });
  const { runId } = await host.run(name);
  await finish(host, runId);
  await host.close();
  return {
    record: (await store.loadRun(runId))!,
    events: await store.readEvents(runId, -1, Infinity),
  };
}

/** What is the same of two events that say the same. */
export function meaning(
  { type, nodeId, payload }: RunEvent,
): { type: string; nodeId?: string | undefined; payload: JsonObject } {
  const { durationMs: _, interruptId: __, ...said } = payload as JsonObject;
  return { type, nodeId, payload: said };
}
