import assert from "node:assert/strict";
import { test } from "node:test";
import type {
  JsonObject,
  PortValue,
} from "../../../src/openwop/protocol/mod.ts";
import { define, edge, node, Performer } from "./support.ts";

/** A node with these inputs behind one that gave `outputs`. */
function behind(
  outputs: JsonObject,
  inputs: Readonly<Record<string, PortValue>>,
  runInputs: JsonObject = {},
): Performer {
  const performer = Performer.started(
    define(
      [node("a"), node("b", "test.work", { inputs })],
      [edge("a", "b")],
      { variables: [{ name: "known", type: "number", defaultValue: 7 }] },
    ),
    runInputs,
  );
  performer.complete("a", outputs);
  return performer;
}

function inputsOf(performer: Performer): JsonObject | undefined {
  return performer.running.find(({ nodeId }) => nodeId === "b")?.inputs;
}

test("decide() resolves static, variable and connection ports when a node starts", () => {
  const performer = behind({ x: { y: [1, 2] } }, {
    constant: { type: "static", value: null },
    known: { type: "variable", variableName: "known" },
    given: { type: "variable", variableName: "given" },
    whole: { type: "connection", nodeId: "a", outputKey: "x" },
    part: { type: "connection", nodeId: "a", outputKey: "x.y.1" },
  }, { given: "now" });
  assert.deepEqual(inputsOf(performer), {
    constant: null,
    known: 7,
    given: "now",
    whole: { y: [1, 2] },
    part: 2,
  });
});

test("decide() prefers an output of that very name when a key has a dot", () => {
  const performer = behind({ "x.y": "own", x: { y: "path" } }, {
    p: { type: "connection", nodeId: "a", outputKey: "x.y" },
  });
  assert.deepEqual(inputsOf(performer), { p: "own" });
});

test("fold() lets inputs of the run replace defaults and keeps unknown ones", () => {
  const performer = behind({}, {}, { known: 8, extra: true });
  assert.deepEqual(performer.state.variables, { known: 8, extra: true });
  assert.deepEqual(performer.state.inputs, { known: 8, extra: true });
});

test("decide() leaves an optional port out when it leads nowhere", () => {
  const performer = behind({}, {
    a: { type: "connection", nodeId: "a", outputKey: "x", optional: true },
    b: { type: "variable", variableName: "absent", optional: true },
    c: { type: "connection", nodeId: "zz", outputKey: "x", optional: true },
    d: { type: "static", value: 1 },
  });
  assert.deepEqual(inputsOf(performer), { d: 1 });
});

const unresolvable: readonly [string, PortValue, RegExp][] = [
  ["connection", {
    type: "connection",
    nodeId: "a",
    outputKey: "x",
  }, /port "p".*output "x" of node "a"/],
  [
    "variable",
    { type: "variable", variableName: "absent" },
    /port "p".*variable "absent"/,
  ],
  [
    "expression",
    { type: "expression", expression: "1 + 1" },
    /port "p".*expression/,
  ],
];

for (const [kind, port, wanted] of unresolvable) {
  test(`decide() starts and fails a node when its ${kind} port leads nowhere`, () => {
    const performer = behind({}, { p: port });
    const { status, error } = performer.node("b");
    assert.equal(status, "failed");
    assert.equal(error?.code, "config_validation_failed");
    assert.match(error?.message ?? "", wanted);
    assert.equal(error?.details?.["port"], "p");
    assert.deepEqual(performer.story.slice(-3), [
      "node.started b",
      "node.failed b",
      "run.failed",
    ]);
  });
}

test("decide() fails a node when it refers to one that was skipped", () => {
  const performer = Performer.started(define(
    [
      node("root"),
      node("a"),
      node("b", "test.work", {
        inputs: { p: { type: "connection", nodeId: "a", outputKey: "x" } },
      }),
    ],
    [
      edge("root", "a", { condition: { left: "go" } }),
      edge("a", "b", { triggerRule: "none_failed" }),
    ],
  ));
  performer.complete("root");
  assert.equal(performer.node("a").status, "skipped");
  assert.equal(performer.node("b").error?.code, "config_validation_failed");
});

test("decide() carries an output along an edge that names a port", () => {
  const performer = Performer.started(define(
    [
      node("a"),
      node("b", "test.work", { inputs: { own: { type: "static", value: 1 } } }),
    ],
    [
      edge("a", "b", { id: "1", sourceOutput: "x", targetInput: "port" }),
      edge("a", "b", { id: "2", sourceOutput: "x", targetInput: "own" }),
      edge("a", "b", { id: "3", targetInput: "standard" }),
      edge("a", "b", { id: "4", sourceOutput: "absent", targetInput: "none" }),
      edge("a", "b", {
        id: "5",
        sourceOutput: "x",
        targetInput: "not",
        condition: { left: "absent" },
      }),
    ],
  ));
  performer.complete("a", { x: "along", output: "default" });
  assert.deepEqual(inputsOf(performer), {
    own: 1,
    port: "along",
    standard: "default",
  });
});

test("decide() gives a restarted node the inputs that it started with", () => {
  const performer = behind({ x: 1 }, {
    p: { type: "connection", nodeId: "a", outputKey: "x" },
  });
  const again = new Performer(performer.definition, performer.log);
  assert.deepEqual(again.running, performer.running);
  assert.deepEqual(
    again.running.map(({ visit, attempt, inputs }) => ({
      visit,
      attempt,
      inputs,
    })),
    [{ visit: 1, attempt: 0, inputs: { p: 1 } }],
  );
});

test("decide() takes names of prototypes for ordinary names", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  const performer = Performer.started(
    define(
      [
        ...names.map((id) => node(id)),
        node("last", "core.noop", {
          inputs: Object.fromEntries(names.map((name) => [name, {
            type: "connection" as const,
            nodeId: name,
            outputKey: name,
            optional: true,
          }])),
        }),
        node("variable", "core.noop", {
          inputs: {
            p: {
              type: "variable",
              variableName: "constructor",
              optional: true,
            },
          },
        }),
      ],
      names.map((id) => edge(id, "last")),
    ),
    JSON.parse('{"__proto__": {"polluted": true}}'),
  );
  assert.deepEqual(performer.node("variable").outputs, {});
  for (const id of names) {
    performer.complete(id, JSON.parse(`{"${id}": {"polluted": true}}`));
  }
  assert.equal(performer.state.status, "completed");
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  const { outputs } = performer.node("last");
  assert.equal(Object.getPrototypeOf(outputs), Object.prototype);
  assert.deepEqual(Object.keys(outputs ?? {}), names.slice(1));
  assert.equal(
    Object.getPrototypeOf(performer.state.variables),
    Object.prototype,
  );
});
