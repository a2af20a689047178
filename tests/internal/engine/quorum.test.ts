import assert from "node:assert/strict";
import { test } from "node:test";
import { assertLegal, gate, refusal } from "./support.ts";

test("resolveInterrupt() waits for as many acceptances as are required", () => {
  const performer = gate({ requiredApprovals: 2 });
  const first = performer.answer("gate", { action: "accept" }, "ann");
  assert.ok(first.ok);
  assert.deepEqual(first.events.map(({ type }) => type), ["approval.received"]);
  assert.equal(performer.state.status, "waiting-approval");
  assert.equal(performer.node("gate").interrupt?.votes.length, 1);
  performer.answer("gate", { action: "accept", feedback: "me too" }, "bob");
  assert.equal(performer.state.status, "completed");
  assert.equal(performer.state.outputs?.["decidedBy"], "bob");
  assertLegal(performer.log);
});

test("resolveInterrupt() counts the last vote of each subject when one votes twice", () => {
  const performer = gate({
    requiredApprovals: 3,
    rejectionPolicy: "majority",
  });
  performer.answer("gate", { action: "reject" }, "ann");
  performer.answer("gate", { action: "reject" }, "ann");
  assert.equal(performer.node("gate").interrupt?.votes.length, 1);
  performer.answer("gate", { action: "accept" }, "ann");
  performer.answer("gate", { action: "reject" }, "bob");
  assert.equal(performer.state.status, "waiting-approval");
  performer.answer("gate", { action: "accept" }, "bob");
  performer.answer("gate", { action: "accept" }, "cid");
  assert.equal(performer.state.status, "completed");
});

test("resolveInterrupt() rejects at once when single-veto is the policy", () => {
  const performer = gate({ requiredApprovals: 3 });
  performer.answer("gate", { action: "accept" }, "ann");
  performer.answer("gate", { action: "accept" }, "bob");
  performer.answer("gate", { action: "reject" }, "cid");
  assert.equal(performer.state.status, "failed");
  assert.equal(performer.state.error?.code, "approval_rejected");
});

for (
  const [required, needed] of [[1, 1], [2, 2], [3, 2], [4, 3], [5, 3]] as const
) {
  test(`resolveInterrupt() rejects after ${needed} rejections when majority of ${required} is the policy`, () => {
    const performer = gate({
      requiredApprovals: required,
      rejectionPolicy: "majority",
    });
    for (let i = 1; i < needed; i++) {
      performer.answer("gate", { action: "reject" }, `voter-${i}`);
      assert.equal(performer.state.status, "waiting-approval");
    }
    performer.answer("gate", { action: "reject" }, "last");
    assert.equal(performer.state.status, "failed");
  });
}

test("resolveInterrupt() answers forbidden when the subject is not an approver", () => {
  const performer = gate({ approversList: ["ann", "bob"] });
  assert.equal(
    refusal(performer, { action: "accept" }, "eve").code,
    "forbidden",
  );
  // Nor does it tell a stranger whether the answer would have been well formed.
  assert.equal(refusal(performer, null, "eve").code, "forbidden");
  assert.equal(performer.answer("gate", { action: "accept" }, "bob").ok, true);
});
