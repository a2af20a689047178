import assert from "node:assert/strict";
import test from "node:test";
import { checkExecutable } from "../../../src/engine/mod.ts";
import type {
  JsonObject,
  JsonValue,
} from "../../../src/openwop/protocol/mod.ts";
import fc from "../../support/properties.ts";
import { define, edge, node, type NodeOptions, Performer } from "./support.ts";

const channels = {
  votes: { reducer: "votes" },
  count: { reducer: "counter" },
  theirs: {
    reducer: "append",
    access: { writers: ["somebody"] },
  },
} as never;

function issuesOf(typeId: string, options: NodeOptions = {}): string[] {
  return checkExecutable(
    define([node("n", typeId, options), node("o", "core.noop")], [], {
      channels,
    }),
    () => false,
  ).map(({ pointer, code }) => `${code} ${pointer}`);
}

const question = { id: "q", question: "Which?" };
const custom = { customKind: "x" };
const list = { items: { type: "variable", variableName: "items" } } as const;

/** What is wrong, and where it is said to be. */
const wrong: readonly (readonly [string, NodeOptions, string])[] = [
  [
    "core.approvalGate",
    { config: { rejectionPolicy: "veto" } },
    "/rejectionPolicy",
  ],
  [
    "core.approvalGate",
    { config: { requiredApprovals: 0 } },
    "/requiredApprovals",
  ],
  ["core.approvalGate", {
    config: { requiredApprovals: 2, approversList: ["a"] },
  }, "/requiredApprovals"],
  ["core.approvalGate", { config: { actions: [] } }, "/actions"],
  ["core.approvalGate", { config: { actions: ["take"] } }, "/actions"],
  ["core.approvalGate", { config: { approversList: "a" } }, "/approversList"],
  [
    "core.approvalGate",
    { config: { approverGroupRefs: [1] } },
    "/approverGroupRefs",
  ],
  ["core.approvalGate", { config: { timeoutMs: "1h" } }, "/timeoutMs"],
  // Whatever its title is going to be.
  ["core.approvalGate", {
    config: { rejectionPolicy: 1 },
    inputs: { title: { type: "variable", variableName: "title" } },
  }, "/rejectionPolicy"],
  ["core.hitl.approval-request", { config: { quorum: 0 } }, ""],
  [
    "core.hitl.approval-request",
    { config: { rejectionPolicy: "" } },
    "/rejectionPolicy",
  ],
  ["core.hitl.form-request", {}, ""],
  ["core.hitl.form-request", {
    config: { formSchema: { type: "object" }, timeoutMs: -1 },
  }, "/timeoutMs"],
  ["core.hitl.ask-user", { config: { timeoutMs: null } }, "/timeoutMs"],
  ["core.clarificationGate", {}, ""],
  ["core.clarificationGate", { config: { questions: [] } }, "/questions"],
  [
    "core.clarificationGate",
    { config: { questions: [question, question] } },
    "/questions",
  ],
  ["core.clarificationGate", {
    config: { questions: [question], timeoutMs: [] },
  }, "/timeoutMs"],
  ["core.interrupt", {}, ""],
  ["core.interrupt", { config: { kind: "rumour" } }, "/kind"],
  ["core.interrupt", { config: { kind: "custom", data: 1 } }, "/data"],
  [
    "core.interrupt",
    { config: { kind: "custom", data: { customKind: 1 } } },
    "/data/customKind",
  ],
  ["core.interrupt", {
    config: { kind: "custom", data: custom, timeoutMs: -1 },
  }, "/timeoutMs"],
  ["core.interrupt", {
    config: { kind: "approval", data: { rejectionPolicy: "veto" } },
  }, "/data/rejectionPolicy"],
  ["core.interrupt", {
    config: {
      kind: "external-event",
      data: { eventType: "paid", correlation: 1 },
    },
  }, "/data/correlation"],
  ["core.delay", {}, ""],
  ["core.delay", { config: { ms: "1s" } }, "/ms"],
  ["core.flow.wait", {}, ""],
  ["core.flow.wait", { config: { seconds: 86_401 } }, "/seconds"],
  ["core.flow.wait", { config: { mode: "for ever" } }, "/mode"],
  ["core.flow.wait", { config: { mode: "until", timestamp: "soon" } }, "/mode"],
  [
    "core.flow.wait",
    { config: { mode: "webhook", timeoutMs: "1s" } },
    "/timeoutMs",
  ],
  ["core.setVariable", { config: { name: "" } }, "/name"],
  ["core.setVariable", { config: JSON.parse('{"name":"__proto__"}') }, "/name"],
  ["core.channelWrite", {}, ""],
  ["core.channelWrite", { config: { channelName: "new" } }, ""],
  [
    "core.channelWrite",
    { config: { channelName: "new", reducer: "average" } },
    "/reducer",
  ],
  [
    "core.channelWrite",
    { config: { channelName: "votes", reducer: "append" } },
    "/reducer",
  ],
  ["core.channelWrite", { config: { channelName: "count", value: "one" } }, ""],
  ["core.channelWrite", { config: { channelName: "theirs", value: 1 } }, ""],
  ["tutti.emit", { config: { eventType: "core.mine" } }, "/eventType"],
  ["core.subWorkflow", { config: { workflowId: 7 } }, "/workflowId"],
  [
    "core.flow.if",
    { inputs: list, config: { predicate: { op: "almost" } } },
    "/predicate/op",
  ],
  ["core.flow.switch", { inputs: list }, ""],
  ["core.flow.router", {
    inputs: list,
    config: { routes: [{ label: "a", predicate: { op: "truthy" } }, {}] },
  }, "/routes"],
  ["core.flow.router", {
    inputs: list,
    config: { routes: [{ label: "a", predicate: {} }] },
  }, ""],
  ["core.flow.filter", { inputs: list, config: { predicate: 1 } }, ""],
  ["core.flow.limit", { inputs: list, config: { count: 1.5 } }, "/count"],
  [
    "core.flow.split-in-batches",
    { inputs: list, config: { size: 0 } },
    "/size",
  ],
  ["core.flow.repeater", { inputs: list, config: { times: -1 } }, "/times"],
  ["core.flow.merge", { inputs: list, config: { mode: "sql-query" } }, "/mode"],
  ["core.merge", { inputs: list, config: { mode: "combine-by-key" } }, ""],
  [
    "tutti.repeat",
    { config: { body: ["o"], until: { op: "almost" } } },
    "/until/op",
  ],
  ["tutti.repeat", {
    config: { body: ["o"], until: { op: "truthy" }, maxIterations: 0 },
  }, "/maxIterations"],
  ["tutti.repeat", {
    config: { body: ["p"], until: { op: "truthy" } },
  }, "/body"],
  ["tutti.join", { config: { need: 2 } }, "/need"],
  ["tutti.join", { config: { cancel: ["p"] } }, "/cancel"],
  ["tutti.forEach", {
    inputs: list,
    config: { nodeTypeId: "core.noop", concurrency: "2" },
  }, "/concurrency"],
  // Of an item, and of what undoes another.
  ["tutti.forEach", {
    inputs: list,
    config: {
      nodeTypeId: "core.approvalGate",
      nodeConfig: { rejectionPolicy: 1 },
    },
  }, "/nodeConfig/rejectionPolicy"],
  [
    "tutti.forEach",
    { inputs: list, config: { workflowId: "" } },
    "/workflowId",
  ],
];

for (const [typeId, options, place] of wrong) {
  test(`checkExecutable() refuses ${typeId} when it has ${JSON.stringify(options)}`, () => {
    assert.deepEqual(issuesOf(typeId, options), [
      `node-config /nodes/0/config${place}`,
    ]);
  });
}

test("checkExecutable() refuses what undoes a node when it could never be performed", () => {
  const compensation = { nodeTypeId: "core.setVariable" } as never;
  assert.deepEqual(issuesOf("core.noop", { compensation }), [
    "node-config /nodes/0/compensation",
  ]);
});

test("checkExecutable() leaves to the run what inputs may make right", () => {
  const port = { type: "variable", variableName: "v", optional: true } as const;
  const fine: readonly (readonly [string, NodeOptions])[] = [
    ["core.delay", { inputs: { delayMs: port } }],
    ["core.delay", { inputs: { delayMs: port }, config: { ms: "1s" } }],
    ["core.flow.wait", { inputs: { seconds: port } }],
    ["core.flow.wait", { inputs: { mode: port } }],
    ["core.flow.repeater", { inputs: { times: port } }],
    ["core.channelWrite", {
      inputs: { value: port },
      config: { channelName: "count" },
    }],
    ["core.hitl.approval-request", { config: { quorum: 3 } }],
    ["core.delay", { settings: { defaults: { delayMs: 5 } } }],
    ["tutti.forEach", { inputs: list, config: { nodeTypeId: "core.delay" } }],
    ["conformance.requiresMissing", {}],
    ["core.fail", { config: { code: "config_validation_failed" } }],
  ];
  for (const [typeId, options] of fine) {
    assert.deepEqual(issuesOf(typeId, options), [], typeId);
  }
  // What an edge carries along is an input, too.
  const carried = define(
    [node("a", "core.noop"), node("d", "core.delay")],
    [edge("a", "d", { sourceOutput: "ms", targetInput: "delayMs" })],
  );
  assert.deepEqual(checkExecutable(carried, () => false), []);
});

const types = [...new Set(wrong.map(([typeId]) => typeId))]
  .filter((typeId) =>
    !["core.subWorkflow", "tutti.forEach", "tutti.join"].includes(typeId)
  );

/** Names that configs and ports have, and values that may be wrong for them. */
const names = [
  ...new Set(wrong.flatMap(([, { config = {} }]) => Object.keys(config))),
  "delayMs",
  "value",
  "items",
  "escalation",
  "approvers",
  "formSchema",
  "cases",
];
const values: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(
    ...wrong.flatMap(([, { config = {} }]) => Object.values(config)),
  ),
  fc.constantFrom<JsonValue>(
    null,
    true,
    0,
    1,
    2,
    -1,
    "",
    "a",
    [],
    ["a"],
    {},
    "majority",
    "single-veto",
    "webhook",
    "2026-01-01T00:00:00Z",
    "acme.done",
    "votes",
    "combine-by-key",
    [question],
    { a: "b" },
    { op: "truthy" },
    [{ label: "a" }],
  ),
);
const members = fc.dictionary(fc.constantFrom(...names), values, {
  maxKeys: 5,
});

test("checkExecutable() refuses a node exactly when its run would, where its inputs are known", () => {
  let refused = 0;
  let failed = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...types),
      members,
      members,
      (typeId, config, ports) => {
        const inputs = Object.fromEntries(
          Object.entries(ports).map(([name, value]) => [
            name,
            { type: "static", value } as const,
          ]),
        );
        const definition = define(
          [
            ...typeId === "tutti.repeat" ? [node("o", "core.noop")] : [],
            node("n", typeId, { config, inputs }),
          ],
          [],
          { channels },
        );
        const issues = checkExecutable(definition, () => false)
          .filter(({ code, message }) =>
            code === "node-config" && !message.startsWith("body ") &&
            !message.startsWith("maxIterations ")
          );
        const { state } = Performer.started(definition);
        const error = state.nodes.get("n")?.error;
        const isRefusal = error?.message.startsWith(
          'Cannot perform node "n": ',
        ) && error.details?.["port"] === undefined;
        assert.equal(issues.length > 0, isRefusal ?? false, error?.message);
        if (!error) return;
        failed++;
        if (issues.length === 0) return;
        refused++;
        assert.ok(error.message.endsWith(issues[0]!.message));
      },
    ),
    { numRuns: 3_000 },
  );
  assert.ok(refused > 500 && failed > refused, `${refused} of ${failed}`);
});

test("checkExecutable() names a place that is there", () => {
  for (const [typeId, options] of wrong) {
    const definition = define(
      [
        node("n", typeId, options),
        node("o", "core.noop"),
      ],
      [],
      { channels },
    );
    for (const { pointer } of checkExecutable(definition, () => false)) {
      let at: unknown = definition;
      for (const name of pointer.slice(1).split("/")) {
        at = (at as JsonObject)[name];
      }
      assert.notEqual(at, undefined, pointer);
    }
  }
});
