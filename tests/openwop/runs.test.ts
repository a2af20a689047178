import assert from "node:assert/strict";
import test from "node:test";
import {
  isIdempotencyKey,
  OpenwopClient,
  OpenwopError,
  projectId,
  toIdempotencyKey,
} from "@tutti/sdk/openwop";
import { CHILD_ID, refusal, RUN_ID, wopBench } from "../support/wop_server.ts";

test("runs.create() makes one run when replies are lost on the way back", async () => {
  const { client, server, clock } = wopBench();
  server.lostReplies = 2;
  const request = {
    workflowId: "review",
    inputs: { pr: 7 },
    tags: ["nightly"],
  };
  const created = await clock.run(client.runs.create(request));
  assert.equal(created.runId, RUN_ID);
  assert.deepEqual(server.effects, [{ path: "/runs", body: request }]);
  const keys = server.requests.map(({ headers }) =>
    headers.get("idempotency-key")
  );
  assert.equal(keys.length, 2);
  assert.equal(new Set(keys).size, 1);
  assert.match(
    keys[0] ?? "",
    /^[0-9a-f]{32}$/,
  );
});

test("runs.create() makes a new key for every call when none is given", async () => {
  const { client, server, clock } = wopBench();
  await clock.run(client.runs.create({ workflowId: "review" }));
  await clock.run(client.runs.create({ workflowId: "review" }));
  assert.equal(server.effects.length, 2);
});

test("runs.start() gives the same run when the caller's key is the same", async () => {
  const { client, server } = wopBench();
  const options = { idempotencyKey: "review-acme-7" };
  const first = await client.runs.start(
    { workflowId: "review" },
    options,
  );
  const again = await client.runs.start(
    { workflowId: "review" },
    options,
  );
  assert.equal(first.id, again.id);
  assert.equal(server.effects.length, 1);
  assert.equal(
    server.requests[0]?.headers.get("idempotency-key"),
    await toIdempotencyKey("review-acme-7"),
  );
});

test("toIdempotencyKey() keeps what fits and hashes what does not, always to the same", async () => {
  const fits = "0123456789abcdefABCDE~-._";
  assert.equal(await toIdempotencyKey(fits), fits);
  for (
    const key of ["short", "a".repeat(129), "with spaces in it, long enough"]
  ) {
    const derived = await toIdempotencyKey(key);
    assert.equal(derived.length, 43);
    assert.ok(isIdempotencyKey(derived));
    assert.equal(derived, await toIdempotencyKey(key));
  }
  // SHA-256 of "abc" is the test vector of FIPS 180-4, here in base64url.
  assert.equal(
    await toIdempotencyKey("abc"),
    "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
  );
});

test("runs.create() waits and asks again under its key when the same call is still running", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() =>
    refusal(409, "idempotency_in_flight", { "retry-after": "2" })
  );
  const started = clock.now();
  await clock.run(client.runs.create({ workflowId: "review" }));
  assert.equal(clock.now() - started, 2_000);
  assert.equal(
    server.requests[0]?.headers.get("idempotency-key"),
    server.requests[1]?.headers.get("idempotency-key"),
  );
});

test("runs.create() throws when the key was used for something else", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() => refusal(409, "idempotency_key_mismatch"));
  await assert.rejects(
    clock.run(client.runs.create({ workflowId: "review" })),
    (error) =>
      OpenwopError.is(error) &&
      error.platformCode === "idempotency_key_mismatch" &&
      error.hint !== undefined,
  );
});

test("runs.cancel() and runs.fork() change things once when replies are lost", async () => {
  const { client, server, clock } = wopBench();
  server.lostReplies = 1;
  const cancelled = await clock.run(
    client.runs.cancel(RUN_ID, { reason: "too late" }),
  );
  assert.equal(cancelled.status, "cancelling");
  server.lostReplies = 1;
  const forked = await clock.run(
    client.runs.fork(RUN_ID, { mode: "branch", fromSeq: 3 }),
  );
  assert.equal(forked.runId, CHILD_ID);
  assert.deepEqual(server.effects, [
    { path: `/runs/${RUN_ID}/cancel`, body: { reason: "too late" } },
    { path: `/runs/${RUN_ID}:fork`, body: { mode: "branch", fromSeq: 3 } },
  ]);
  assert.equal(
    server.requests.at(-1)?.url,
    "https://wop.test/runs/acme~2Frun-0123456789abcdef:fork",
  );
});

test("runs.cancel() throws run_terminal when the run has ended", async () => {
  const { client, server, clock } = wopBench();
  server.append(["run.completed", { outputs: {} }]);
  await assert.rejects(
    clock.run(client.runs.cancel(RUN_ID)),
    (error) => OpenwopError.is(error) && error.platformCode === "run_terminal",
  );
  assert.equal(server.requests[0]?.text, "{}");
});

test("interrupts.resolve() answers once when the reply is lost", async () => {
  const { client, server, clock } = wopBench();
  server.lostReplies = 1;
  const answer = await clock.run(
    client.interrupts.resolve(RUN_ID, "gate/1", { action: "accept" }),
  );
  assert.equal(answer.status, "running");
  assert.deepEqual(server.effects, [{
    path: `/runs/${RUN_ID}/interrupts/gate/1`,
    body: { resumeValue: { action: "accept" } },
  }]);
  assert.match(server.requests[0]?.url ?? "", /\/interrupts\/gate~2F1$/);
});

test("runs.poll() asks for what comes after a sequence, for whole seconds within bounds", async () => {
  const { client, server, clock } = wopBench();
  server.append(["run.started", { workflowId: "review" }], ["acme.odd", null]);
  const page = await clock.run(
    client.runs.poll(RUN_ID, { afterSequence: 0, waitMs: 1_500 }),
  );
  assert.deepEqual(page.events.map(({ type }) => type), ["unknown"]);
  assert.equal(page.lastSequence, 1);
  assert.equal(page.isTerminal, false);
  await clock.run(client.runs.poll(RUN_ID, { waitMs: 1e9 }));
  await clock.run(client.runs.poll(RUN_ID));
  assert.deepEqual(server.requests.map(({ path }) => path.split("?")[1]), [
    "afterSequence=0&timeout=2",
    "timeout=60",
    "timeout=1",
  ]);
});

test("a run is the same one in the spelling of bodies and in those of links", async () => {
  const paths = [
    `/v1/runs/${encodeURIComponent(RUN_ID)}`,
    `/runs/${projectId(RUN_ID)}`,
  ];
  for (const major of [1, 2] as const) {
    for (const spell of [String, projectId, encodeURIComponent]) {
      const asked: string[] = [];
      const client = new OpenwopClient({
        baseUrl: "https://h.test",
        major,
        fetch: ({ url }) => {
          asked.push(new URL(url).pathname);
          return Response.json(
            { runId: RUN_ID, workflowId: "w", status: "running" },
            major > 1 ? { headers: { "openwop-version": "2.0" } } : {},
          );
        },
      });
      await client.runs.get(spell(RUN_ID));
      assert.deepEqual(asked, [paths[major - 1]]);
    }
  }
});
