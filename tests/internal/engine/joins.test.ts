import assert from "node:assert/strict";
import { test } from "node:test";
import type { TriggerRule } from "../../../src/openwop/protocol/mod.ts";
import { define, edge, node, Performer } from "./support.ts";

type Ending = "completed" | "failed" | "skipped";

/** A join of two sources that end as told; what became of the join. */
function join(rule: TriggerRule, ...endings: readonly Ending[]): string {
  const sources = endings.map((_, i) => node(`s${i}`));
  const performer = Performer.started(define(
    [node("root"), ...sources, node("join")],
    endings.flatMap((ending, i) => [
      edge("root", `s${i}`, {
        condition: ending === "skipped"
          ? { type: "truthy", left: "never" }
          : { type: "falsy", left: "never" },
      }),
      edge(`s${i}`, "join", { triggerRule: rule }),
    ]),
  ));
  performer.complete("root");
  endings.forEach((ending, i) => {
    if (ending === "completed") performer.complete(`s${i}`);
    else if (ending === "failed") performer.fail(`s${i}`);
    else assert.equal(performer.node(`s${i}`).status, "skipped");
  });
  return performer.node("join").status;
}

const table: readonly [
  TriggerRule,
  readonly Ending[],
  "running" | "skipped",
][] = [
  ["all_success", ["completed", "completed"], "running"],
  ["all_success", ["completed", "skipped"], "running"],
  ["all_success", ["completed", "failed"], "skipped"],
  ["all_success", ["skipped", "skipped"], "skipped"],
  ["any_success", ["completed", "failed"], "running"],
  ["any_success", ["skipped", "completed"], "running"],
  ["any_success", ["failed", "skipped"], "skipped"],
  ["any_success", ["skipped", "skipped"], "skipped"],
  ["all_complete", ["failed", "failed"], "running"],
  ["all_complete", ["skipped", "skipped"], "running"],
  ["all_complete", ["completed", "failed"], "running"],
  ["none_failed", ["completed", "skipped"], "running"],
  ["none_failed", ["skipped", "skipped"], "running"],
  ["none_failed", ["completed", "failed"], "skipped"],
  ["any_failed", ["completed", "failed"], "running"],
  ["any_failed", ["failed", "skipped"], "running"],
  ["any_failed", ["completed", "skipped"], "skipped"],
  ["any_failed", ["completed", "completed"], "skipped"],
];

for (const [rule, endings, wanted] of table) {
  test(`decide() leaves a ${rule} join ${wanted} when its sources are ${endings.join(" and ")}`, () => {
    assert.equal(join(rule, ...endings), wanted);
  });
}

function twoSources(rule: TriggerRule): Performer {
  return Performer.started(define(
    [node("a"), node("b"), node("join")],
    [
      edge("a", "join", { triggerRule: rule }),
      edge("b", "join", { triggerRule: rule }),
    ],
  ));
}

test("decide() starts an any_success join when the first source completes", () => {
  const performer = twoSources("any_success");
  performer.complete("b");
  assert.deepEqual(performer.running.map(({ nodeId }) => nodeId), [
    "a",
    "join",
  ]);
  performer.fail("a");
  assert.equal(performer.node("join").visits, 1);
});

test("decide() starts an any_failed join when the first source fails", () => {
  const performer = twoSources("any_failed");
  performer.fail("a");
  assert.equal(performer.node("join").status, "running");
});

test("decide() skips a none_failed join when the first source fails", () => {
  const performer = twoSources("none_failed");
  performer.fail("b");
  assert.equal(performer.node("join").status, "skipped");
});

for (const rule of ["all_success", "all_complete"] as const) {
  test(`decide() keeps an ${rule} join waiting when a source is open`, () => {
    const performer = twoSources(rule);
    performer.fail("a");
    assert.equal(performer.node("join").status, "pending");
  });
}

test("decide() counts a failed source as failed when its edge has a condition", () => {
  const performer = Performer.started(define(
    [node("a"), node("b"), node("join")],
    [
      edge("a", "join", { condition: { type: "truthy", left: "x" } }),
      edge("b", "join"),
    ],
  ));
  performer.fail("a");
  performer.complete("b");
  assert.equal(performer.node("join").status, "skipped");
});

test("decide() follows the edge with the smallest id when the rules disagree", () => {
  const performer = Performer.started(define(
    [node("a"), node("b"), node("join")],
    [
      edge("a", "join", { id: "2", triggerRule: "all_success" }),
      edge("b", "join", { id: "1", triggerRule: "any_failed" }),
    ],
  ));
  performer.fail("a");
  assert.equal(performer.node("join").status, "running");
});

test("decide() skips through a whole chain in one batch when its head is not reached", () => {
  const ids = Array.from({ length: 50 }, (_, i) => `n${i}`);
  const performer = Performer.started(define(
    [node("root"), ...ids.map((id) => node(id))],
    [
      edge("root", "n0", { condition: { type: "truthy", left: "go" } }),
      ...ids.slice(1).map((id, i) => edge(`n${i}`, id)),
    ],
  ));
  performer.complete("root", { go: false });
  assert.deepEqual(performer.story.slice(3), [
    ...ids.map((id) => `node.skipped ${id}`),
    "run.completed",
  ]);
});

test("decide() skips a disabled node in its turn and says why", () => {
  const performer = Performer.started(define(
    [node("a"), node("off", "test.work", { disabled: true }), node("z")],
    [edge("a", "off"), edge("off", "z", { triggerRule: "none_failed" })],
  ));
  assert.equal(performer.node("off").status, "pending");
  performer.complete("a");
  const skipped = performer.log.find(({ type }) => type === "node.skipped");
  assert.deepEqual(skipped?.payload, { nodeId: "off", reason: "disabled" });
  assert.equal(performer.node("z").status, "running");
});

test("decide() treats several edges between two nodes as alternatives when their conditions differ", () => {
  const performer = Performer.started(define(
    [node("a"), node("b")],
    [
      edge("a", "b", { id: "1", condition: { left: "x", right: 1 } }),
      edge("a", "b", { id: "2", condition: { left: "x", right: 2 } }),
    ],
  ));
  performer.complete("a", { x: 2 });
  assert.equal(performer.node("b").status, "running");
  assert.deepEqual([...performer.node("a").notTaken ?? []], ["1"]);
});
