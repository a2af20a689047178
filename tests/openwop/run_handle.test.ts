import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError, DecodeError, TimeoutError } from "@tutti/sdk/http";
import {
  OpenwopError,
  RunCancelledError,
  RunFailedError,
} from "@tutti/sdk/openwop";
import type { JsonObject, RunHandle } from "@tutti/sdk/openwop";
import { settle } from "../support/fake_clock.ts";
import { RUN_ID, wopBench } from "../support/wop_server.ts";

test("result() waits for the run and gives its output", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const result = run.result();
  await clock.advance(5_000);
  server.append(["run.completed", { outputs: { sha: "abc" } }]);
  assert.deepEqual(await clock.run(result), {
    runId: RUN_ID,
    status: "completed",
    output: { sha: "abc" },
  });
  const requests = server.requests.length;
  assert.deepEqual((await run.result()).output, { sha: "abc" });
  assert.equal(server.requests.length, requests);
  assert.equal(clock.pending, 0);
});

test("result() gives the same when the handle is made again from the id alone", async () => {
  const { client, clock, server } = wopBench();
  server.append(
    ["run.started", { workflowId: "review" }],
    ["run.completed", { outputs: { n: 1 } }],
  );
  const started = await clock.run(client.runs.start({ workflowId: "review" }));
  const again = client.runs.handle(started.id);
  assert.deepEqual((await clock.run(again.result())).output, { n: 1 });
});

test("result() throws the error of the run when it fails", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.failed", {
    error: { code: "timeout_upstream", message: "no words of this in ours" },
    failedNodeId: "fetch",
  }]);
  await assert.rejects(clock.run(run.result()), (error) => {
    assert.ok(RunFailedError.is(error));
    assert.equal(error.code, "run-failed");
    assert.equal(error.runId, RUN_ID);
    assert.equal(error.runError.code, "timeout_upstream");
    assert.equal(error.runError.message, "no words of this in ours");
    assert.equal(error.failedNodeId, "fetch");
    assert.match(error.message, /step "fetch" with code "timeout_upstream"$/);
    return true;
  });
});

test("result() throws the reason when the run is cancelled", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.cancelled", { reason: "too late" }]);
  await assert.rejects(
    clock.run(run.result()),
    (error) =>
      RunCancelledError.is(error) && error.code === "run-cancelled" &&
      error.reason === "too late",
  );
});

test("result() takes the first end when a host goes on writing after it", async () => {
  const { run, clock, server } = wopBench();
  server.append(
    ["run.cancelled", {}],
    ["node.completed", { nodeId: "late" }],
    ["run.completed", { outputs: {} }],
  );
  await assert.rejects(clock.run(run.result()), RunCancelledError);
});

test("result() reads an end that lacks its payload", async () => {
  const completed = wopBench();
  completed.server.append(["run.completed", null]);
  const result = await completed.clock.run(completed.run.result());
  assert.deepEqual(result.output, {});
  const failed = wopBench();
  failed.server.append(["run.failed", {}]);
  await assert.rejects(
    failed.clock.run(failed.run.result()),
    (error) => RunFailedError.is(error) && error.runError.code === "unknown",
  );
});

test("result() asks the snapshot when the log has no end", async () => {
  for (
    const [status, kind] of [
      ["failed", RunFailedError],
      ["cancelled", RunCancelledError],
      ["completed", DecodeError],
    ] as const
  ) {
    const { run, clock, server } = wopBench();
    server.append(["run.started", { workflowId: "review" }]);
    server.status = status;
    await assert.rejects(
      clock.run(run.result()),
      (error) => kind.is(error),
      status,
    );
  }
});

test("result() stops waiting when its time is over or it is aborted, and cancels nothing", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  await assert.rejects(
    clock.run(run.result({ timeoutMs: 1_000 })),
    (error) =>
      TimeoutError.is(error) && error.budget === "total" &&
      error.message.includes(RUN_ID),
  );
  const controller = new AbortController();
  const result = run.result({ signal: controller.signal });
  result.catch(() => {});
  await settle();
  controller.abort("enough");
  await assert.rejects(
    result,
    (error) => AbortedError.is(error) && error.cause === "enough",
  );
  assert.equal(clock.pending, 0);
  assert.equal(server.effects.length, 0);
});

test("snapshot(), status() and cancel() speak about the run of the handle", async () => {
  const { run, clock, server } = wopBench();
  server.status = "waiting-approval";
  assert.equal((await clock.run(run.snapshot())).runId, RUN_ID);
  assert.equal(await clock.run(run.status()), "waiting-approval");
  assert.equal((await clock.run(run.cancel("no more"))).status, "cancelling");
  assert.deepEqual(server.effects.map(({ body }) => body), [
    { reason: "no more" },
  ]);
  server.append(["run.completed", { outputs: {} }]);
  await assert.rejects(
    clock.run(run.cancel()),
    (error) => OpenwopError.is(error) && error.status === 409,
  );
});

test("a handle is typed by whoever makes it", async () => {
  const { client, clock, server } = wopBench();
  server.append(["run.completed", { outputs: { sha: "abc" } }]);
  interface Out {
    readonly sha?: string;
  }
  const run: RunHandle<Out, "gate", "fetch" | "merge"> = await clock.run(
    client.runs.start<Out, "gate", "fetch" | "merge">({ workflowId: "review" }),
  );
  const { output } = await clock.run(run.result());
  const sha: string | undefined = output.sha;
  assert.equal(sha, "abc");
  assert.equal(run.interrupt("gate").name, "gate");
  // @ts-expect-error this workflow asks no such question
  assert.equal(run.interrupt("gat").name, "gat");
  // @ts-expect-error this workflow has no such step
  await assert.rejects(clock.run(run.fork({ after: "fetsch" })));
  // @ts-expect-error a fork begins at one place
  await assert.rejects(clock.run(run.fork({ mode: "branch" })));
  const loose: RunHandle = client.runs.handle(run.id);
  const anything: JsonObject = (await clock.run(loose.result())).output;
  assert.deepEqual(anything, { sha: "abc" });
});
