// A process that hosts workflows on a file until they are all over, or until it kills itself. tests/host/crash.test.ts starts it.
import process from "node:process";
import { createHost, sqliteStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import type { RunnableWorkflow } from "@tutti/sdk/openwop";
import { journalAt, outsideStep } from "./child_step.ts";
import { LEASE_MS, LifeClock, WAIT_MS } from "./life_clock.ts";
import { Wire, workflowOf } from "./wire.ts";

const [path = "", journal = "", receiver = "", runs = "", lives = ""] = process
  .argv.slice(2);

/** How many moments this process has still to live; each call of the store and each step has two. */
let left = Number(lives);

/** A moment at which the process may die, as it would by a fault of the machine: without a last word. */
function moment(): void {
  if (left-- === 0) process.kill(process.pid, "SIGKILL");
}

const tell = journalAt(journal);
const clock = new LifeClock(`${path}.time`);
const store = sqliteStore(path, {
  survives: "process",
  leaseMs: LEASE_MS,
  pollMs: LEASE_MS / 4,
  now: () => clock.now(),
  repeat: (ms, work) => clock.repeat(ms, work),
});
const mortal = new Proxy<Store>(store, {
  get(target, name) {
    const value = Reflect.get(target, name);
    if (typeof value !== "function") return value;
    if (name === "watch") return value.bind(target);
    return async (...given: unknown[]) => {
      moment();
      const result = await value.apply(target, given);
      moment();
      return result;
    };
  },
});
const step = outsideStep("local.crash.step", store, tell, (keys) => {
  tell("step", keys.runId, keys.nodeId, keys.idempotencyKey);
  moment();
});

const { typeId } = step;
const child: RunnableWorkflow = workflowOf(
  "crash-child",
  [{ id: "e", typeId }],
  [step],
);
const workflow: RunnableWorkflow = workflowOf("crash", [
  { id: "a", typeId },
  { id: "b", typeId, after: ["a"] },
  { id: "c", typeId, after: ["a"] },
  {
    id: "call",
    typeId: "core.subWorkflow",
    config: { workflowId: "crash-child", waitForCompletion: true },
    after: ["a"],
  },
  {
    id: "wait",
    typeId: "core.delay",
    after: ["b"],
    inputs: { delayMs: { type: "static", value: WAIT_MS } },
  },
  {
    id: "gate",
    typeId: "core.approvalGate",
    config: { title: "Go?" },
    after: ["wait", "c", "call"],
  },
  { id: "d", typeId, after: ["gate"] },
], [step]);

const host = createHost({
  workflows: [workflow, child],
  store: mortal,
  clock,
  webhooks: { allowPrivate: true },
  onError: (error) => tell("ERROR", String(error).replaceAll("\n", " ")),
});
const wire = new Wire(host);
await wire.post("/webhooks", {
  url: receiver,
  events: ["run.started", "node.completed", "run.completed"],
  secret: "a-secret-of-the-test",
}, { "idempotency-key": "crash-test-webhook-key" });
const open = new Set<string>();
for (let n = 0; n < Number(runs); n++) {
  const key = `crash-test-key-number-${n}`;
  const { status, body } = await wire.post("/runs", { workflowId: "crash" }, {
    "idempotency-key": key,
  });
  if (status !== 201) tell("ERROR", `${status} ${JSON.stringify(body)}`);
  tell("run", body.runId, key);
  open.add(body.statusUrl);
}
while (open.size > 0) {
  for (const run of open) {
    const { body } = await wire.get(run);
    if (body.status === "waiting-approval") {
      const { status, body } = await wire.accept(run);
      if (status >= 500) tell("ERROR", `${status} ${JSON.stringify(body)}`);
    }
    if (/completed|failed|cancelled/.test(body.status)) open.delete(run);
  }
  await clock.advance(5);
}
await host.close();
store.close();
