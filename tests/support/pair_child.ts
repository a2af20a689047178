// A process that serves workflows on a file, beside others, until it is killed. tests/host/pair.test.ts starts it.
import process from "node:process";
import { createHost, serve, sqliteStore } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { journalAt, outsideStep } from "./child_step.ts";
import { LEASE_MS } from "./pair.ts";
import { workflowOf } from "./wire.ts";

const [path = "", journal = "", label = "", begun = ""] = process.argv.slice(2);

const tell = journalAt(journal);

/** The time of leases, told by whoever starts and kills: the machine may stop whomever it likes for as long as it likes. */
let time = Number(begun);
const looks = new Set<() => void>();
const store = sqliteStore(path, {
  survives: "process",
  leaseMs: LEASE_MS,
  pollMs: 20,
  now: () => time,
  repeat: (ms, look) => {
    const timer = setInterval(look, ms);
    looks.add(look);
    return () => {
      clearInterval(timer);
      looks.delete(look);
    };
  },
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
process.stdin.setEncoding("utf8").on("data", (text: string) => {
  // One at a time: the next is told once this one was taken.
  time = Number(text);
  for (const look of looks) look();
  process.stdout.write("seen\n");
});
// Nobody is left to kill it.
process.stdin.on("end", () => process.exit());
