import assert from "node:assert/strict";
import test from "node:test";
import {
  AbortedError,
  InvalidArgumentError,
  TimeoutError,
} from "@tutti/sdk/http";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { CHILD_ID, RUN_ID, wopBench } from "../support/wop_server.ts";
import type { WopBench } from "../support/wop_server.ts";

/** Step "loop" runs twice; step "gate" asks and is answered. */
function bench(): WopBench {
  const made = wopBench();
  const started = (nodeId: string) =>
    ["node.started", { nodeId, typeId: "local.step" }, nodeId] as [
      string,
      { nodeId: string; typeId: string },
      string,
    ];
  const completed = (nodeId: string) =>
    ["node.completed", { nodeId }, nodeId] as [
      string,
      { nodeId: string },
      string,
    ];
  made.server.append(
    ["run.started", { workflowId: "review" }], // 0
    started("loop"), // 1
    completed("loop"), // 2
    started("loop"), // 3
    completed("loop"), // 4
    started("gate"), // 5
    ["node.suspended", { nodeId: "gate", interruptId: "i" }, "gate"], // 6
    ["interrupt.resolved", { nodeId: "gate", interruptId: "i" }, "gate"], // 7
    completed("gate"), // 8
    ["node.started", { nodeId: "broken", typeId: "local.step" }], // 9
    ["run.failed", { error: { code: "c", message: "m" } }], // 10
  );
  return made;
}

const forks = ({ server }: WopBench) => server.effects.map(({ body }) => body);

test("fork({ after }) begins right behind the last end of the step", async () => {
  const made = bench();
  const child = await made.clock.run(made.run.fork({ after: "loop" }));
  assert.equal(child.id, CHILD_ID);
  assert.deepEqual(forks(made), [{ mode: "branch", fromSeq: 5 }]);
});

test("fork({ at }) begins with the first start of the step, so that it asks again", async () => {
  for (
    const [at, fromSeq] of [["loop", 1], ["gate", 5], ["broken", 9]] as const
  ) {
    const made = bench();
    await made.clock.run(made.run.fork({ at }));
    assert.deepEqual(forks(made), [{ mode: "branch", fromSeq }]);
  }
});

test("fork() finds the step when the log comes in pages", async () => {
  for (const pageSize of [1, 2, 3]) {
    const made = bench();
    made.server.pageSize = pageSize;
    await made.clock.run(made.run.fork({ after: "gate" }));
    assert.deepEqual(forks(made), [{ mode: "branch", fromSeq: 9 }]);
  }
});

test("fork({ fromSequence }) asks for the place itself, with mode and overlay", async () => {
  const made = bench();
  const overlay = { tags: ["what-if"], metadata: { why: "curious" } };
  await made.clock.run(made.run.fork({ fromSequence: 0, overlay }));
  await made.clock.run(made.run.fork({ fromSequence: 3, mode: "replay" }));
  assert.deepEqual(forks(made), [
    { mode: "branch", fromSeq: 0, runOptionsOverlay: overlay },
    { mode: "replay", fromSeq: 3 },
  ]);
  assert.equal(made.server.to("/poll").length, 0);
});

test("fork() makes one run when the reply is lost, under the caller's key if there is one", async () => {
  const made = bench();
  made.server.lostReplies = 1;
  const options = { idempotencyKey: "fork-0123456789abcdef-1" };
  await made.clock.run(made.run.fork({ at: "gate" }, options));
  assert.equal(forks(made).length, 1);
  assert.equal(
    made.server.requests.at(-1)?.headers.get("idempotency-key"),
    options.idempotencyKey,
  );
});

test("fork() reads the log within the budget and the signal of the call, and tells its key when it is cut off", async () => {
  const options = {
    timeoutMs: 5_000,
    idempotencyKey: "fork-0123456789abcdef-2",
  };
  for (const path of ["/poll", ":fork"]) {
    const clock = new FakeClock();
    const silent = new Promise<never>(() => {});
    const made = wopBench({
      clock,
      fetch: (request) =>
        request.url.includes(path) ? silent : made.server.fetch(request),
    });
    made.server.append(["node.completed", { nodeId: "loop" }, "loop"]);
    const fork = made.run.fork({ after: "loop" }, options);
    const failed = assert.rejects(fork, (error) => {
      assert.ok(TimeoutError.is(error));
      assert.equal(error.idempotencyKey, options.idempotencyKey);
      return true;
    });
    await settle();
    await clock.advance(5_000);
    await failed;

    const controller = new AbortController();
    const aborted = assert.rejects(
      made.run.fork({ after: "loop" }, { signal: controller.signal }),
      AbortedError.is,
    );
    await settle();
    controller.abort();
    await aborted;
    assert.equal(clock.pending, 0);
  }
});

test("fork() names the steps of the log when it does not have the one that is asked for", async () => {
  const refused = async (
    request: Parameters<WopBench["run"]["fork"]>[0],
    path: string,
    words: string,
  ): Promise<void> => {
    const made = bench();
    await assert.rejects(made.clock.run(made.run.fork(request)), (error) => {
      assert.ok(InvalidArgumentError.is(error));
      assert.equal(error.path, path);
      assert.ok(error.message.includes(words), error.message);
      return true;
    });
    assert.equal(made.server.effects.length, 0);
  };
  await refused({ after: "gat" }, "after", 'these have: "loop", "gate"');
  await refused({ after: "broken" }, "after", "has not completed");
  await refused({ at: "x" }, "at", 'these have: "loop", "gate", "broken"');
  await refused({ at: "__proto__" }, "at", "has not started");
  await refused(
    { fromSequence: -1 },
    "fromSequence",
    "from 0 is wanted",
  );
  await refused({ fromSequence: 1.5 }, "fromSequence", "whole number");
  await refused({} as never, "after", "there are 0");
  await refused(
    { after: "loop", at: "gate" } as never,
    "at",
    "there are 2",
  );
  await refused(
    { fromSequence: 1, mode: "replay", overlay: { tags: [] } },
    "overlay",
    "only a branch",
  );
});

test("fork() names none when the log is empty", async () => {
  const { run, clock } = wopBench();
  await assert.rejects(
    clock.run(run.fork({ after: "a" })),
    (error) => InvalidArgumentError.is(error) && error.message.endsWith("none"),
  );
});

test("a fork is a handle of its own", async () => {
  const made = bench();
  const child = await made.clock.run(made.run.fork({ at: "gate" }));
  assert.equal(made.run.id, RUN_ID);
  await assert.rejects(made.clock.run(child.snapshot()), { status: 404 });
});
