// A process that serves workflows on a file, beside others, until it is killed. tests/host/pair.test.ts starts it.
import { appendFileSync } from "node:fs";
import process from "node:process";
import { createHost, serve, sqliteStore } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { workflowOf } from "./wire.ts";

const [path = "", journal = "", label = ""] = process.argv.slice(2);

/** Tells the world outside, which no crash undoes. */
function tell(...words: string[]): void {
  appendFileSync(journal, words.join(" ") + "\n");
}

const store = sqliteStore(path, {
  survives: "process",
  leaseMs: 1_000,
  pollMs: 20,
});

/** A step that takes its time, tells when it begins and ends, and looks whether it is over already. */
const step = {
  typeId: "local.pair.step",
  run: async (
    _: unknown,
    { runId, nodeId, idempotencyKey }: {
      runId: string;
      nodeId: string;
      idempotencyKey: string;
    },
  ) => {
    for (const event of await store.readEvents(runId, -1, 10_000)) {
      if (event.type === "node.completed" && event.payload.nodeId === nodeId) {
        tell("AGAIN", runId, nodeId, label);
      }
    }
    tell("begin", runId, nodeId, label, idempotencyKey);
    await new Promise((resolve) => setTimeout(resolve, 3));
    tell("end", runId, nodeId, label);
    return { done: true };
  },
};

const { typeId } = step;
const gate = { typeId: "core.approvalGate", config: { title: "Go?" } };
const child: RunnableWorkflow = workflowOf("pair-child", [
  { id: "e", typeId },
  { id: "gate", ...gate, after: ["e"] },
  { id: "f", typeId, after: ["gate"] },
], [step]);
const workflow: RunnableWorkflow = workflowOf("pair", [
  { id: "a", typeId },
  { id: "b", typeId, after: ["a"] },
  { id: "c", typeId, after: ["a"] },
  {
    id: "call",
    typeId: "core.subWorkflow",
    config: { workflowId: "pair-child", waitForCompletion: true },
    after: ["a"],
  },
  {
    id: "wait",
    typeId: "core.delay",
    after: ["b"],
    inputs: { delayMs: { type: "static", value: 20 } },
  },
  { id: "gate", ...gate, after: ["wait", "c"] },
  { id: "d", typeId, after: ["gate", "call"] },
], [step]);

const host = createHost({
  workflows: [workflow, child],
  store,
  webhooks: { allowPrivate: true },
  onError: (error) => tell("ERROR", label, String(error).replace(/\s+/g, " ")),
});
const server = await serve(host, { port: 0 });
process.stdout.write(`${server.url}\n`);
