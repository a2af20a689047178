// A process that serves workflows on a file, beside others, until it is killed. tests/host/pair.test.ts starts it.
import process from "node:process";
import { createHost, serve, sqliteStore } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { journalAt, outsideStep } from "./child_step.ts";
import { workflowOf } from "./wire.ts";

const [path = "", journal = "", label = ""] = process.argv.slice(2);

const tell = journalAt(journal);
const store = sqliteStore(path, {
  survives: "process",
  // One that the machine stops for two seconds is not taken for dead.
  leaseMs: 4_000,
  pollMs: 20,
});

/** It takes its time, and tells when it begins and ends. */
const step = outsideStep("local.pair.step", store, tell, async (keys) => {
  const { runId, nodeId, idempotencyKey } = keys;
  tell("begin", runId, nodeId, label, idempotencyKey);
  await new Promise((resolve) => setTimeout(resolve, 3));
  tell("end", runId, nodeId, label);
});

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
