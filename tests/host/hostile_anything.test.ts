import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import fc from "fast-check";
import { createHost } from "@tutti/sdk/host";
import { checkDefinition } from "@tutti/sdk/openwop";
import { fixtures } from "../support/conformance_host.ts";
import { inputFrom, stepOf, Wire, workflowOf } from "../support/wire.ts";

// HOSTILE=10000 tries that many of each kind.
const numRuns = Number(process.env.HOSTILE ?? 150);

const prototype = Object.getOwnPropertyNames(Object.prototype).sort();

function untouched(): void {
  const now = Object.getOwnPropertyNames(Object.prototype).sort();
  assert.deepEqual(now, prototype);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
}

const key = fc.constantFrom(
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "then",
  "polluted",
  "action",
  "id",
  "typeId",
  "nodes",
  "a".repeat(1_000),
  "",
);

/** Values that are unlike what is wanted. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(key, fc.jsonValue({ maxDepth: 2 })),
  fc.constantFrom<unknown>(
    null,
    [],
    {},
    -1,
    1e308,
    2 ** 53,
    "(a+)+$",
    "\u0000",
    "\ud800",
    "__proto__",
    "x".repeat(5_000),
    JSON.parse('{"__proto__":{"polluted":1}}'),
    JSON.parse("[".repeat(300) + "]".repeat(300)),
  ),
);

/** Changes a few places of a value, wherever they are. */
function mutate(
  value: unknown,
  places: readonly (readonly [number, unknown, boolean])[],
) {
  const copy = structuredClone({ root: value }) as Record<string, unknown>;
  for (const [at, put, remove] of places) {
    const spots: [holder: Record<string, unknown>, name: string][] = [];
    const visit = (holder: unknown, depth: number): void => {
      if (typeof holder !== "object" || holder === null || depth > 12) return;
      for (const name of Object.keys(holder)) {
        spots.push([holder as Record<string, unknown>, name]);
        visit((holder as Record<string, unknown>)[name], depth + 1);
      }
    };
    visit(copy, 0);
    const [holder, name] = spots[at % spots.length]!;
    if (remove && holder !== copy) delete holder[name];
    else {
      // Copied, since later places may be within it; defined, since the name may be __proto__.
      Object.defineProperty(holder, name, {
        value: structuredClone(put),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return copy.root;
}

const places = fc.array(
  fc.tuple(fc.nat({ max: 500 }), odd, fc.boolean()),
  { minLength: 1, maxLength: 4 },
);

function open() {
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [...fixtures, stepOf((input) => input)],
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
        const { status } = await wire.post(path, mutate(body, at));
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
        const { status } = await wire.post(`${run}/interrupts/${node}`, body);
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
      const answer = await wire.post("/runs", { workflowId: definition.id });
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
