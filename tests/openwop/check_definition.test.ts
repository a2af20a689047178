import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/properties.ts";
import { checkDefinition } from "@tutti/sdk/openwop";
import type {
  WorkflowDefinition,
  WorkflowEdge,
  WorkflowNode,
} from "@tutti/sdk/openwop";
import { review } from "../support/review_workflow.ts";

const node = (
  id: string,
  change: Partial<WorkflowNode> = {},
): WorkflowNode => ({
  id,
  typeId: "core.noop",
  name: id,
  position: { x: 0, y: 0 },
  config: {},
  inputs: {},
  ...change,
});

const edge = (
  sourceNodeId: string,
  targetNodeId: string,
  change: Partial<WorkflowEdge> = {},
): WorkflowEdge => ({
  id: `${sourceNodeId}->${targetNodeId}`,
  sourceNodeId,
  targetNodeId,
  ...change,
});

const graph = (
  nodes: readonly WorkflowNode[],
  edges: readonly WorkflowEdge[] = [],
): WorkflowDefinition => ({ ...review.definition, nodes, edges });

const found = (value: unknown): string[] =>
  checkDefinition(value).map(({ code, pointer }) => `${code} ${pointer}`);

test("checkDefinition() accepts a definition as the builder and as JSON give it", () => {
  assert.deepEqual(found(review.definition), []);
  assert.deepEqual(found(JSON.parse(JSON.stringify(review.definition))), []);
});

test("checkDefinition() lists every fault of shape with a pointer", () => {
  const bad = {
    ...review.definition,
    id: "Not An Id",
    version: "next",
    extra: 1,
    triggers: [{ id: "t", type: "doorbell" }],
    variables: [{ name: "", type: "date" }],
    settings: [],
    nodes: [
      { ...node("a"), typeId: "noop" },
      { ...node("b"), inputs: { "x/y": { type: "static" } } },
      { ...node("c"), position: { x: "left", y: NaN } },
      { ...node("d"), surprise: true },
    ],
    edges: [edge("a", "b", { triggerRule: "sometimes" as never })],
  };
  assert.deepEqual(found(bad), [
    "wrong-shape /extra",
    "wrong-shape /id",
    "wrong-shape /version",
    "wrong-shape /nodes/0/typeId",
    "wrong-shape /nodes/1/inputs/x~1y/value",
    "wrong-shape /nodes/2/position/x",
    "wrong-shape /nodes/2/position/y",
    "wrong-shape /nodes/3/surprise",
    "wrong-shape /edges/0/triggerRule",
    "wrong-shape /triggers/0/type",
    "wrong-shape /variables/0/name",
    "wrong-shape /variables/0/type",
    "wrong-shape /settings",
  ]);
});

test("checkDefinition() refuses every value that is not a definition, without throwing", () => {
  for (const value of [undefined, null, 0, "", [], {}, () => 1, Symbol("x")]) {
    assert.ok(checkDefinition(value).length > 0);
  }
});

test("checkDefinition() never throws on anything that JSON can hold", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    assert.ok(Array.isArray(checkDefinition(value)));
    assert.ok(
      Array.isArray(checkDefinition({ ...review.definition, nodes: value })),
    );
    assert.ok(
      Array.isArray(checkDefinition({ ...review.definition, edges: [value] })),
    );
  }));
});

test("checkDefinition() never prints a long value whole", () => {
  const [issue] = checkDefinition({
    ...review.definition,
    id: "X".repeat(5000),
  });
  assert.ok(issue!.message.length < 200);
});

test("checkDefinition() finds ids that are used twice", () => {
  assert.deepEqual(
    found(graph([node("a"), node("a"), node("b")], [
      edge("a", "b"),
      edge("a", "b"),
    ])),
    ["duplicate-id /nodes/1/id", "duplicate-id /edges/1/id"],
  );
});

test("checkDefinition() finds edges without ends", () => {
  assert.deepEqual(found(graph([node("a")], [edge("a", "ghost")])), [
    "unknown-node /edges/0/targetNodeId",
  ]);
});

test("checkDefinition() finds circles and names who is in them", () => {
  const [issue] = checkDefinition(graph(
    [node("free"), node("a"), node("b")],
    [edge("free", "a"), edge("a", "b"), edge("b", "a")],
  ));
  assert.equal(issue?.code, "cycle");
  assert.match(issue?.message ?? "", /"a", "b" wait for each other/);
  assert.deepEqual(found(graph([node("a")], [edge("a", "a")])), [
    "cycle /nodes/0",
  ]);
});

test("checkDefinition() allows the one circle of supervisor and dispatch", () => {
  const pair = [
    node("boss", { typeId: "core.orchestrator.supervisor" }),
    node("send", { typeId: "core.dispatch" }),
  ];
  const back = [edge("boss", "send"), edge("send", "boss")];
  assert.deepEqual(found(graph(pair, back)), []);
  assert.deepEqual(
    found(graph([node("boss"), node("send")], back)).length,
    1,
  );
});

test("checkDefinition() finds connections to nodes that do not come before", () => {
  const take = (nodeId: string) => ({
    inputs: { x: { type: "connection" as const, nodeId, outputKey: "y" } },
  });
  assert.deepEqual(
    found(
      graph([node("a"), node("b"), node("c", take("b"))], [edge("a", "c")]),
    ),
    ["reference-not-before /nodes/2/inputs/x"],
  );
  assert.deepEqual(
    found(graph([node("a", take("ghost"))])),
    ["unknown-reference /nodes/0/inputs/x"],
  );
  assert.deepEqual(
    found(graph(
      [node("a"), node("b"), node("c", take("a"))],
      [edge("a", "b"), edge("b", "c")],
    )),
    [],
  );
});

test("checkDefinition() finds edges into one node that carry different trigger rules", () => {
  assert.deepEqual(
    found(graph([node("a"), node("b"), node("c")], [
      edge("a", "c", { triggerRule: "any_failed" }),
      edge("b", "c"),
    ])),
    ["mixed-trigger-rules /edges/0/triggerRule"],
  );
});

const pattern = (right: string): string[] =>
  found(graph([node("a"), node("b")], [
    edge("a", "b", { condition: { type: "regex", left: "x", right } }),
  ]));

test("checkDefinition() refuses patterns that could hang a host", () => {
  for (
    const hostile of [
      "(a+)+$",
      "(a|a)*b",
      "(?:x*)*y",
      "a*a*b",
      ".*.*=.*",
      "(a)\\1",
      "(?=a)b",
      "(?<!a)b",
      `${"a?".repeat(20)}${"a".repeat(20)}`,
      "a{0,50}a{0,50}",
      "(a|a)".repeat(20),
      "(a|(a|(a|a)))".repeat(8),
      "[",
      "x".repeat(501),
    ]
  ) {
    assert.deepEqual(
      pattern(hostile),
      ["pattern-refused /edges/0/condition/right"],
      hostile,
    );
  }
});

test("checkDefinition() accepts patterns that cannot", () => {
  for (
    const fine of [
      "^v\\d+$",
      "error|warning|one|two|three|four|five|six|seven|eight|nine|ten|eleven",
      "^[A-Z]{2,4}-[0-9]{1,6}$",
      "(?<year>\\d{4})-(\\d{2})",
      "colou?r",
      "\\(literal\\)\\*",
      "[*+?]",
    ]
  ) assert.deepEqual(pattern(fine), [], fine);
});

test("checkDefinition() refuses conditions in a language that no host shares", () => {
  assert.deepEqual(
    found(graph([node("a"), node("b")], [
      edge("a", "b", { condition: { type: "expression", expression: "1" } }),
    ])),
    ["expression-unsupported /edges/0/condition"],
  );
});

test("checkDefinition() does not throw when a list made by code has a constructor of its own", () => {
  const nodes = Object.assign([node("a"), node("a")], { constructor: 1 });
  assert.deepEqual(found({ ...graph([], []), nodes }), [
    "duplicate-id /nodes/1/id",
  ]);
});

test("checkDefinition() finds exactly the connections to nodes from which theirs cannot be reached, in any graph", () => {
  const size = 9;
  const pair = fc.tuple(fc.nat(size - 1), fc.nat(size - 1));
  fc.assert(
    fc.property(
      fc.array(pair, { maxLength: 14 }),
      fc.array(pair, { maxLength: 8 }),
      fc.boolean(),
      (arrows, reads, isCircle) => {
        // The one arrow that may lead back: from n7 to n1.
        const typeIds: Record<number, string> = isCircle
          ? { 1: "core.orchestrator.supervisor", 7: "core.dispatch" }
          : {};
        const links = new Map<string, WorkflowEdge>();
        for (const [a, b] of arrows) {
          const [from, to] = a < b ? [a, b] : [b, a];
          if (from !== to) {
            links.set(`${from} ${to}`, edge(`n${from}`, `n${to}`));
          }
        }
        if (isCircle) links.set("7 1", edge("n7", "n1"));
        const edges = [...links.values()];
        const nodes = Array.from({ length: size }, (_, n) => {
          const ports = reads.filter(([reader]) => reader === n).map((
            [, from],
          ) =>
            [`p${from}`, {
              type: "connection",
              nodeId: `n${from}`,
              outputKey: "x",
            }] as const
          );
          return node(`n${n}`, {
            typeId: typeIds[n] ?? "core.noop",
            inputs: Object.fromEntries(ports),
          });
        });
        const wrong = nodes.flatMap(({ id, inputs }, n) => {
          const before = new Set<string>();
          const open = [id];
          for (let at = open.pop(); at !== undefined; at = open.pop()) {
            for (const { sourceNodeId, targetNodeId } of edges) {
              if (targetNodeId !== at || before.has(sourceNodeId)) continue;
              before.add(sourceNodeId);
              open.push(sourceNodeId);
            }
          }
          return Object.keys(inputs)
            .filter((port) => !before.has(`n${port.slice(1)}`))
            .map((port) => `reference-not-before /nodes/${n}/inputs/${port}`);
        });
        // In the order of the ports, as an object has them.
        assert.deepEqual(found(graph(nodes, edges)), wrong);
      },
    ),
    { numRuns: 500 },
  );
});
