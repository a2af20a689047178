import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import fc from "../support/properties.ts";
import { createHost } from "@tutti/sdk/host";
import { checkDefinition } from "@tutti/sdk/openwop";
import { fixtures } from "../support/conformance_host.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { mutate, places, soon, untouched } from "../support/hostile.ts";
import { inputFrom, stepOf, Wire, workflowOf } from "../support/wire.ts";

// HOSTILE=10000 tries that many of each kind.
const numRuns = Number(process.env.HOSTILE ?? 150);

function open() {
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [...fixtures, stepOf((input) => input)],
    // It stands still: whatever is answered, is answered without a wait.
    clock: new FakeClock(),
    onError: (error, { nodeId }) => {
      if (nodeId === undefined) errors.push(error);
    },
  });
  return { host, wire: new Wire(host), errors };
}

test("mutated requests are answered, and none of them with a fault of the host", async () => {
  const { host, wire, errors } = open();
  const whole = {
    workflowId: "one-step",
    inputs: { value: { a: [1, 2] } },
    tags: ["a"],
    metadata: { a: 1 },
    configurable: { version: 1, run: { runTimeoutMs: 60_000 }, extensions: {} },
    callbackUrl: "https://example.com/",
  };
  const hook = {
    url: "https://example.com/hook",
    events: ["run.completed"],
    secret: "a-secret-of-the-test",
    tags: ["a"],
  };
  const run = await wire.start("conformance-noop");
  const bodies: [path: string, body: unknown][] = [
    ["/runs", whole],
    ["/webhooks", hook],
    [`${run}:fork`, { mode: "branch", fromSeq: 1, runOptionsOverlay: whole }],
    [`${run}/cancel`, { reason: "r" }],
    [`${run}:pause`, { reason: "r", drainPolicy: "immediate" }],
    ["/runs:bulk-cancel", { runIds: ["local/aaaaaaaaaaaaaaaa"] }],
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...bodies),
      places,
      async ([path, body], at) => {
        const answer = wire.post(path, mutate(body, at));
        const { status } = await soon(answer, path);
        assert.ok(status < 500, `${path} gave ${status}`);
        untouched();
      },
    ),
    { numRuns },
  );
  assert.deepEqual(errors, []);
  await host.close();
});

test("mutated answers to questions are answered, and leave the run as it can be", async () => {
  const { host, wire, errors } = open();
  const whole = {
    resumeValue: {
      action: "accept",
      feedback: "f",
      answers: { q1: "green" },
      editedArtifactData: { a: 1 },
    },
  };
  let run = "";
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        ["conformance-approval", "gate", "waiting-approval"] as const,
        ["conformance-clarification", "ask", "waiting-input"] as const,
      ),
      places,
      async ([workflowId, node, waiting], at) => {
        run = await wire.start(workflowId);
        await wire.reach(run, waiting);
        const body = mutate(whole, at);
        const answer = wire.post(`${run}/interrupts/${node}`, body);
        const { status } = await soon(answer, workflowId);
        assert.ok(status < 500, String(status));
        const { body: after } = await wire.get(run);
        assert.ok(
          [waiting, "running", "completed", "failed"].includes(after.status),
          after.status,
        );
        untouched();
      },
    ),
    { numRuns },
  );
  assert.deepEqual(errors, []);
  await host.close();
});

test("mutated definitions are refused by type, or run", async () => {
  const whole = workflowOf(
    "mutant",
    [
      { id: "a", typeId: "core.identity", inputs: inputFrom("value") },
      { id: "b", typeId: "core.delay", config: { ms: 0 } },
      { id: "c", typeId: "core.noop", after: ["b"] },
    ],
    [],
    {
      edges: [
        {
          id: "ab",
          sourceNodeId: "a",
          targetNodeId: "b",
          condition: { type: "regex", left: "value", right: "^x$" },
        },
        { id: "bc", sourceNodeId: "b", targetNodeId: "c" },
      ],
      variables: [{ name: "value", type: "string", defaultValue: "x" }],
      settings: { timeout: 60_000 },
    },
  ).definition;
  createHost({ workflows: [{ definition: whole, nodes: [] }] });
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(places, async (at) => {
      const definition = mutate(whole, at) as typeof whole;
      const errors: unknown[] = [];
      let host;
      try {
        host = createHost({
          workflows: [{ definition, nodes: [] }],
          onError: (error) => errors.push(error),
        });
      } catch (error) {
        const { code, stack } = error as { code?: string; stack?: string };
        assert.equal(code, "definition-invalid", stack);
        return untouched();
      }
      taken++;
      const wire = new Wire(host);
      const answer = await soon(
        wire.post("/runs", { workflowId: definition.id }),
        "a mutated definition",
      );
      assert.ok(answer.status < 500, String(answer.status));
      assert.deepEqual(errors, []);
      await host.close();
      untouched();
    }),
    { numRuns },
  );
  assert.ok(taken > 0, "some of them can run");
});

test("checkDefinition() names a hole in a list that code has made", () => {
  const { definition } = workflowOf("holes", [{
    id: "a",
    typeId: "core.noop",
  }]);
  const nodes = [...definition.nodes];
  nodes.length = 2;
  const [issue] = checkDefinition({ ...definition, nodes });
  assert.equal(issue?.pointer, "/nodes/1");
});
