import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, workflow } from "@tutti/sdk/dsl";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { WopServer } from "../support/wop_server.ts";

type Event = Parameters<WopServer["append"]>[0];

const requested: Event = [
  "interrupt.requested",
  { kind: "approval", data: {}, key: "gate" },
  "gate",
];
const suspended: Event = [
  "node.suspended",
  { nodeId: "gate", interruptId: "i-gate", kind: "approval" },
  "gate",
];
const tellings: readonly [string, readonly Event[]][] = [
  ["interrupt.requested", [requested]],
  ["node.suspended", [suspended]],
  ["one after the other", [requested, suspended]],
  ["the other way round", [suspended, requested]],
];

for (const [name, asked] of tellings) {
  test(`onAny() answers once for each time that a loop asks, which closes nothing as it goes back: ${name}`, async () => {
    const server = new WopServer();
    let answered = 0;
    server.append(["run.started", { workflowId: "looped" }], ...asked);
    server.onResolve = () => {
      answered++;
      if (answered < 3) server.append(...asked);
      else server.append(["run.completed", { outputs: {} }]);
    };
    const client = new OpenwopClient({
      baseUrl: "https://wop.test",
      major: 2,
      fetch: server.fetch,
    });
    const looped = workflow("looped", { version: "1.0.0" }).input()
      .approval("gate", () => ({ title: "?" }))
      .build();
    const { status, answers } = await looped.run({})
      .onAny(() => accept()).execute(client);
    assert.equal(status, "completed");
    assert.equal(answered, 3);
    assert.deepEqual(answers.map(({ round }) => round), [0, 1, 2]);
  });
}

test("a question that is withdrawn while its answer is made up keeps nobody from the next one", async () => {
  const server = new WopServer();
  server.append(["run.started", { workflowId: "twice" }], requested);
  server.onResolve = () => server.append(["run.completed", { outputs: {} }]);
  const client = new OpenwopClient({
    baseUrl: "https://wop.test",
    major: 2,
    fetch: server.fetch,
  });
  const twice = workflow("twice", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "?" }))
    .approval("last", () => ({ title: "?" }))
    .build();
  const { status, answers } = await twice.run({})
    .on("gate", () => {
      const [type, payload] = requested;
      server.append(["node.cancelled", {}, "gate"], [type, payload, "last"]);
      return accept();
    })
    .on("last", accept()).execute(client);
  assert.equal(status, "completed");
  assert.deepEqual(answers.map(({ name }) => name), ["last"]);
});
