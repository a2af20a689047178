import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import { FakeClock } from "../support/fake_clock.ts";
import { countingIds, gate, noop, stepOf, Wire } from "../support/wire.ts";

const KEY = "0123456789abcdef-_.~ABC";

function open() {
  const clock = new FakeClock();
  const ids = countingIds();
  let minted = 0;
  const host = createHost({
    workflows: [noop, gate()],
    clock,
    ids: () => {
      minted++;
      return ids();
    },
  });
  return { clock, wire: new Wire(host), minted: () => minted };
}

const create = { workflowId: "conformance-noop", inputs: { a: 1, b: 2 } };

test("a repeated request gets the first answer, marked", async () => {
  const { wire, minted } = open();
  const headers = { "idempotency-key": KEY };
  const first = await wire.post("/runs", create, headers);
  assert.equal(first.status, 201);
  assert.equal(first.headers.get("openwop-idempotent-replay"), null);
  for (let round = 0; round < 5; round++) {
    const again = await wire.post("/runs", create, headers);
    assert.equal(again.status, 201);
    assert.deepEqual(again.body, first.body);
    assert.equal(again.headers.get("openwop-idempotent-replay"), "true");
  }
  // Neither white space nor the order of members makes another request.
  const spelled =
    '{ "inputs": {"b":2, "a":1}, "workflowId":"conformance-noop"}';
  const same = await wire.post("/runs", spelled, headers);
  assert.deepEqual(same.body, first.body);
  assert.equal(minted(), 1);
});

test("a key that is used for another request is refused", async () => {
  const { wire } = open();
  const headers = { "idempotency-key": KEY };
  await wire.post("/runs", create, headers);
  const { status, body } = await wire.post(
    "/runs",
    { ...create, inputs: { a: 2 } },
    headers,
  );
  assert.equal(status, 409);
  assert.equal(body.error, "idempotency_key_mismatch");
  assert.doesNotMatch(JSON.stringify(body), /run-0/);
});

test("of several requests at once with one key exactly one executes", async () => {
  const { wire, minted } = open();
  const answers = await Promise.all(
    Array.from(
      { length: 10 },
      () => wire.post("/runs", create, { "idempotency-key": KEY }),
    ),
  );
  assert.equal(minted(), 1);
  const runIds = new Set<string>();
  for (const { status, headers, body } of answers) {
    if (status === 201) runIds.add(body.runId);
    else {
      assert.equal(status, 409);
      assert.equal(body.error, "idempotency_in_flight");
      assert.equal(headers.get("retry-after"), "1");
    }
  }
  assert.equal(runIds.size, 1);
  const later = await wire.post("/runs", create, { "idempotency-key": KEY });
  assert.equal(later.status, 201);
  assert.deepEqual([later.body.runId], [...runIds]);
});

test("a key outside the grammar is refused before anything else", async () => {
  const { wire, minted } = open();
  const keys = ["short", "x".repeat(21), "x".repeat(129), `${KEY} x`, ""];
  for (const key of keys) {
    const bodies: [string, unknown][] = [
      ["/runs", create],
      ["/runs", "not json"],
      ["/runs/other~2Faaaaaaaaaaaaaaaaaaaa/cancel", {}],
    ];
    for (const [path, body] of bodies) {
      const answer = await wire.post(path, body, { "idempotency-key": key });
      assert.equal(answer.status, 400, key);
      assert.equal(answer.body.error, "idempotency_key_invalid");
    }
  }
  assert.equal(minted(), 0);
  const shortest = await wire.post("/runs", create, {
    "idempotency-key": "x".repeat(22),
  });
  assert.equal(shortest.status, 201);
});

test("reads ignore the key", async () => {
  const { wire } = open();
  const { status } = await wire.get("/workflows/conformance-noop", {
    "idempotency-key": "short",
  });
  assert.equal(status, 200);
});

test("a key belongs to one operation on one resource", async () => {
  const { wire } = open();
  const headers = { "idempotency-key": KEY };
  const runs = [await wire.start("gated"), await wire.start("gated")];
  for (const run of runs) {
    await wire.reach(run, "waiting-approval");
    const answer = await wire.post(`${run}/interrupts/gate`, {
      resumeValue: { action: "accept" },
    }, headers);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("openwop-idempotent-replay"), null);
  }
  // The two spellings of an id are one resource.
  const other = runs[0]!.replace("%2F", "~2F");
  const repeated = await wire.post(`${other}/interrupts/gate`, {
    resumeValue: { action: "accept" },
  }, headers);
  assert.equal(repeated.status, 200);
  assert.equal(repeated.headers.get("openwop-idempotent-replay"), "true");
});

test("a refusal that a repeat cannot cure is kept, others are not", async () => {
  const { wire } = open();
  const run = await wire.start("conformance-noop");
  await wire.reach(run, "completed");
  const headers = { "idempotency-key": KEY };
  const terminal = () => wire.post(`${run}/cancel`, {}, headers);
  assert.equal((await terminal()).status, 409);
  const kept = await terminal();
  assert.equal(kept.status, 409);
  assert.equal(kept.body.error, "run_terminal");
  assert.equal(kept.headers.get("openwop-idempotent-replay"), "true");

  const wrong = { ...create, tags: [""] };
  for (let round = 0; round < 2; round++) {
    const answer = await wire.post("/runs", wrong, headers);
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get("openwop-idempotent-replay"), null);
  }
  assert.equal((await wire.post("/runs", create, headers)).status, 201);
});

test("a failure of the host is not kept", async () => {
  let broken = true;
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [noop],
    ids: () => broken ? "too short" : "a-good-opaque-id-0001",
    onError: (error) => errors.push(error),
  });
  const wire = new Wire(host);
  const headers = { "idempotency-key": KEY };
  const failed = await wire.post("/runs", create, headers);
  assert.equal(failed.status, 500);
  assert.deepEqual(failed.body, {
    error: "internal_error",
    message: "Cannot answer: the host failed",
  });
  assert.equal(errors.length, 1);
  broken = false;
  assert.equal((await wire.post("/runs", create, headers)).status, 201);
});

test("a key is remembered for a day", async () => {
  const { wire, clock, minted } = open();
  const headers = { "idempotency-key": KEY };
  await wire.post("/runs", create, headers);
  await clock.advance(24 * 60 * 60 * 1000);
  await wire.post("/runs", create, headers);
  assert.equal(minted(), 1);
  await clock.advance(1);
  await wire.post("/runs", create, headers);
  assert.equal(minted(), 2);
  assert.equal(clock.pending, 0);
});

test("a cancel with a key takes effect once and answers twice", async () => {
  const host = createHost({
    workflows: [
      stepOf((_input, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        })
      ),
    ],
  });
  const wire = new Wire(host);
  const run = await wire.start("one-step");
  await wire.reach(run, "running");
  const headers = { "idempotency-key": KEY };
  const first = await wire.post(`${run}/cancel`, {}, headers);
  const second = await wire.post(`${run}/cancel`, {}, headers);
  assert.equal(second.status, 200);
  assert.deepEqual(second.body, first.body);
});
