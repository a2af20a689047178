import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError, TimeoutError } from "@tutti/sdk/http";
import {
  InterruptNotPendingError,
  RunCancelledError,
  RunEndedError,
  RunFailedError,
} from "@tutti/sdk/openwop";
import { settle } from "../support/fake_clock.ts";
import {
  CHILD_ID,
  question,
  refusal,
  reply,
  RUN_ID,
  wopBench,
} from "../support/wop_server.ts";

test("waitFor(predicate) gives the first event that fits, be it past or to come", async () => {
  const { run, clock, server } = wopBench();
  server.append(
    ["run.started", { workflowId: "review" }],
    ["log.appended", { level: "info", message: "one" }],
  );
  const past = await clock.run(
    run.waitFor((event) => event.type === "log.appended"),
  );
  assert.equal(past.sequence, 1);
  const coming = run.waitFor((event) =>
    event.type === "node.completed" && event.nodeId === "b"
  );
  await clock.advance(3_600_000);
  server.append(["node.completed", { nodeId: "a" }, "a"]);
  server.append(["node.completed", { nodeId: "b" }, "b"]);
  assert.equal((await clock.run(coming)).sequence, 3);
  await settle();
  assert.equal(clock.pending, 0);
  assert.ok(server.requests.every(({ signal }) => signal.aborted));
});

test("waitFor(predicate) knows the type of the event when the predicate does", async () => {
  const { run, clock, server } = wopBench();
  server.append(["log.appended", { level: "warn", message: "hot" }]);
  const event = await clock.run(
    run.waitFor((event) => event.type === "log.appended"),
  );
  const message: string = event.payload.message;
  assert.equal(message, "hot");
});

test("waitFor(predicate) throws what the predicate throws, and lets go of the stream", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  await assert.rejects(
    clock.run(run.waitFor(() => {
      throw new RangeError("mine");
    })),
    RangeError,
  );
  await settle();
  assert.equal(server.requests[0]?.signal.aborted, true);
  assert.equal(clock.pending, 0);
});

test("waitFor() throws how the run ended when it ends before", async () => {
  for (
    const [type, payload, cause] of [
      [
        "run.failed",
        { error: { code: "boom", message: "m" } },
        RunFailedError,
      ],
      ["run.cancelled", { reason: "enough" }, RunCancelledError],
      ["run.completed", { outputs: {} }, undefined],
    ] as const
  ) {
    for (const late of [false, true]) {
      const { run, clock, server } = wopBench();
      server.append(["run.started", { workflowId: "review" }]);
      if (!late) server.append([type, payload]);
      const waits = [
        run.waitFor((event) => event.type === "artifact.created"),
        run.waitFor("paused"),
      ];
      const ends = waits.map((wait) =>
        assert.rejects(wait, (error) => {
          assert.ok(RunEndedError.is(error), String(error));
          assert.equal(error.code, "run-ended");
          assert.equal(error.runId, RUN_ID);
          assert.match(error.message, /: the run has ended$/);
          if (cause === undefined) assert.equal(error.cause, undefined);
          else assert.ok(cause.is(error.cause));
          return true;
        })
      );
      await clock.advance(1_000);
      if (late) server.append([type, payload]);
      await clock.run(Promise.all(ends));
      assert.equal(clock.pending, 0);
    }
  }
});

test("waitFor(status) gives the run as soon as it stands there, and asks no more than it must", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const now = await clock.run(run.waitFor("running"));
  assert.equal(now.runId, RUN_ID);
  assert.equal(server.to("/events").length, 0);

  const either = run.waitFor(["paused", "completed"]);
  await clock.advance(60_000);
  server.append(["run.completed", { outputs: {} }]);
  assert.equal((await clock.run(either)).status, "completed");
  assert.match(
    server.to("/events").at(-1)?.path ?? "",
    /streamMode=values/,
  );
  assert.equal(
    server.to("/events").at(-1)?.headers.get("last-event-id"),
    "0",
  );
});

test("waitFor(status) asks for the run itself when the host streams no snapshots", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  server.noStream = () => refusal(400, "unsupported_stream_mode");
  const wait = run.waitFor("waiting-approval");
  await clock.advance(20_000);
  server.status = "waiting-approval";
  assert.equal((await clock.run(wait)).status, "waiting-approval");
  assert.equal(server.to("/events").length, 1);
});

test("waitFor(status) asks the log what a status is that nobody knows, so that it does not wait for ever", async () => {
  let isTerminal = false;
  const { run, clock, server } = wopBench({
    fetch: async (request) => {
      if (!request.url.includes("/poll")) return await server.fetch(request);
      return reply({ events: [], isTerminal, lastSequence: -1 });
    },
  });
  server.noStream = () => refusal(400, "unsupported_stream_mode");
  server.status = "queued";
  const goesOn = run.waitFor("completed");
  await clock.advance(3_600_000);
  server.status = "completed";
  assert.equal((await clock.run(goesOn)).status, "completed");

  server.status = "archived";
  isTerminal = true;
  await assert.rejects(
    clock.run(run.waitFor("completed")),
    (error) => RunEndedError.is(error) && error.cause === undefined,
  );
  assert.equal(clock.pending, 0);
});

test("waitFor(interrupt) gives the next question, by its name or whichever it is", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const any = run.waitFor("interrupt");
  const second = run.waitFor({ interrupt: "second" });
  await clock.advance(1_000);
  const asks = (nodeId: string): void =>
    server.append(
      ["interrupt.requested", question, nodeId],
      ["node.suspended", { nodeId, interruptId: "i" }, nodeId],
    );
  asks("first");
  assert.equal((await clock.run(any)).nodeId, "first");
  asks("second");
  assert.equal((await clock.run(second)).nodeId, "second");
  server.append(
    ["node.completed", { nodeId: "first" }, "first"],
    ["run.cancelled", {}],
  );
  await assert.rejects(
    clock.run(run.waitFor("interrupt")),
    (error) =>
      InterruptNotPendingError.is(error) && RunCancelledError.is(error.cause),
  );
});

test("waitFor() stops when its time is over or it is aborted, whatever it waits for", async () => {
  for (
    const what of ["paused", "interrupt", () => false, {
      interrupt: "gate",
    }] as const
  ) {
    const { run, clock, server } = wopBench();
    server.append(["run.started", { workflowId: "review" }]);
    const wait = (options: { timeoutMs?: number; signal?: AbortSignal }) =>
      (run.waitFor as (what: unknown, options: unknown) => Promise<unknown>)(
        what,
        options,
      );
    await assert.rejects(clock.run(wait({ timeoutMs: 5_000 })), TimeoutError);
    const controller = new AbortController();
    const aborted = wait({ signal: controller.signal });
    aborted.catch(() => {});
    await settle();
    controller.abort("enough");
    await assert.rejects(aborted, AbortedError);
    await settle();
    assert.equal(clock.pending, 0);
    assert.equal(server.effects.length, 0);
  }
});

test("pause(), resume() and diff() speak about the run of the handle", async () => {
  const { run, clock, server, client } = wopBench();
  server.first.push(
    () => reply({ runId: RUN_ID, status: "paused" }, 202),
    () => reply({ runId: RUN_ID, status: "running" }, 202),
    () => refusal(409, "run_state_conflict", {}, { runStatus: "running" }),
  );
  const paused = await clock.run(
    run.pause({ reason: "lunch", drainPolicy: "immediate" }),
  );
  assert.equal(paused.status, "paused");
  assert.equal((await clock.run(run.resume("back"))).status, "running");
  await assert.rejects(clock.run(run.resume()), { status: 409 });
  assert.deepEqual(
    server.requests.map(({ path, text }) => [path, JSON.parse(text)]),
    [
      [`/runs/${RUN_ID}:pause`, { reason: "lunch", drainPolicy: "immediate" }],
      [`/runs/${RUN_ID}:resume`, { reason: "back" }],
      [`/runs/${RUN_ID}:resume`, {}],
    ],
  );
  for (const other of [CHILD_ID, client.runs.handle(CHILD_ID)]) {
    server.first.push(() =>
      reply({
        a: RUN_ID,
        b: CHILD_ID,
        divergedAtSeq: null,
        eventDiffs: [],
        stateDiff: {},
      })
    );
    assert.equal((await clock.run(run.diff(other))).divergedAtSeq, null);
    assert.equal(
      server.requests.at(-1)?.path,
      `/runs/${RUN_ID}:diff?against=${CHILD_ID.replace("/", "%2F")}`,
    );
  }
});
