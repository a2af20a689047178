import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError } from "@tutti/sdk/http";
import {
  InterruptNotPendingError,
  OpenwopError,
  RunCancelledError,
  RunFailedError,
  UnsupportedError,
} from "@tutti/sdk/openwop";
import type { JsonObject } from "@tutti/sdk/openwop";
import {
  json,
  refused,
  V1_RUN,
  v1Bench,
  v1Hosts,
} from "../support/v1_server.ts";
import type { V1Bench, V1HostName } from "../support/v1_server.ts";

/** The hosts that ask. */
const asking = ["sqlite", "postgres", "app"] as const;

/** A run that waits at node `gate`, told in the way of the host. */
function waiting(
  name: V1HostName,
  kind: string,
  data: JsonObject,
  token?: string,
): V1Bench {
  const bench = v1Bench(name);
  bench.server.append(
    ["run.started", { workflowId: "review" }],
    ["node.started", { nodeId: "gate", typeId: "core.gate" }, "gate"],
    [
      "node.suspended",
      {
        nodeId: "gate",
        interruptId: "i-1",
        ...(token !== undefined && name !== "app"
          ? { interruptToken: token }
          : {}),
      },
      "gate",
    ],
  );
  bench.server.status = kind === "approval"
    ? "waiting-approval"
    : kind === "clarification"
    ? "waiting-input"
    : "waiting-external";
  bench.server.interrupt = name === "app"
    ? {
      kind,
      nodeId: "gate",
      data,
      interruptToken: token ?? "t-1",
      callbackUrl: "https://x.test/v1/interrupts/t",
    }
    : {
      kind,
      nodeId: "gate",
      payload: { kind, nodeId: "gate", config: data },
      ...(token === undefined ? {} : { interruptToken: token }),
    };
  return bench;
}

const approval = { title: "Merge?", actions: ["accept", "reject"] };
const questions = {
  questions: [{ id: "why", question: "Why?" }, { id: "who", question: "Who?" }],
};
const event = { eventType: "paid", correlation: { order: 7 } };

test("interrupts() shows what a run asks when no event of the host says it", async () => {
  for (const name of asking) {
    for (
      const [kind, data] of [
        ["approval", approval],
        ["clarification", questions],
        ["external-event", event],
      ] as const
    ) {
      const { run, clock } = waiting(name, kind, data, "secret");
      const [open, ...rest] = await clock.run(run.interrupts());
      assert.equal(rest.length, 0);
      assert.equal(open?.kind, kind, name);
      assert.equal(open?.nodeId, "gate");
      assert.deepEqual(open?.payload?.data, data, `${name} ${kind}`);
      assert.equal(open?.token, "secret");
      assert.equal((await clock.run(run.waitFor("interrupt"))).kind, kind);
      assert.equal((await clock.run(run.interrupt("gate").get()))?.kind, kind);
    }
  }
});

test("interrupts() is empty again when a host closes a question in words of its own", async () => {
  const closings = {
    sqlite: "node.resumed",
    postgres: "node.resumed",
    app: "node.interrupt.resolved",
  } as const;
  for (const name of asking) {
    const { run, clock, server } = waiting(name, "approval", approval);
    assert.equal((await clock.run(run.interrupts())).length, 1);
    server.append([closings[name], { nodeId: "gate" }, "gate"]);
    assert.deepEqual(await clock.run(run.interrupts()), [], name);
  }
});

test("accept() sends what every host takes when the host does not list its interrupts in discovery", async () => {
  for (const name of asking) {
    const { server, clock } = waiting(name, "approval", approval);
    const { run } = v1Bench(name, {
      major: "auto",
      fetch: server.fetch,
      clock,
    });
    const answer = await clock.run(
      run.interrupt("gate").accept({ comment: "ok" }),
    );
    assert.deepEqual(answer, {
      runId: V1_RUN,
      nodeId: "gate",
      status: "running",
    });
    const [{ path, body } = { path: "", body: null }] = server.effects;
    assert.equal(path, `/v1/runs/${V1_RUN}/interrupts/gate`);
    const { decidedAt: _, ...rest } = body as JsonObject;
    assert.deepEqual(rest, { action: "accept", feedback: "ok" });
  }
});

test("accept() counts votes, which every host tells of in another word", async () => {
  const words = {
    sqlite: "interrupt.vote",
    postgres: "interrupt.vote",
    app: "interrupt.vote.recorded",
  } as const;
  for (const name of asking) {
    const { run, clock, server } = waiting(name, "approval", {
      ...approval,
      requiredApprovals: 2,
    });
    server.onResolve = (value) => {
      server.append([words[name], value, "gate"]);
      return json({ runId: V1_RUN, status: "waiting-approval" });
    };
    const gate = run.interrupt("gate");
    const { status } = await clock.run(gate.accept({ by: "ada" }));
    assert.equal(status, "waiting-approval");
    const open = await clock.run(gate.get());
    assert.deepEqual(
      open?.votes.map(({ action, by }) => [action, by]),
      [["accept", "ada"]],
      name,
    );
    assert.equal((server.effects[0]?.body as JsonObject).voter, "ada");
  }
});

test("answer() refuses an answer that is missing, because a host takes that for a full one", async () => {
  for (const name of asking) {
    const { run, clock, server } = waiting(name, "clarification", questions);
    await assert.rejects(
      clock.run(run.interrupt("gate").answer({ why: "because" })),
      (error) => InvalidArgumentError.is(error) && error.path === "answers.who",
      name,
    );
    assert.equal(server.effects.length, 0);
    await clock.run(
      run.interrupt("gate").answer({ why: "because", who: "me" }),
    );
    // An object by question, although the text of the protocol shows a list.
    assert.deepEqual(server.effects[0]?.body, {
      answers: { why: "because", who: "me" },
    });
  }
});

test("answer() sends what it has when a host does not show its questions", async () => {
  const { run, clock, server } = waiting("app", "clarification", {
    prompt: "Please answer",
  });
  await clock.run(run.interrupt("gate").answer({ why: "because" }));
  assert.equal(server.effects.length, 1);
});

test("resolve() hands an event in by its token, because hosts take it no other way", async () => {
  for (const name of asking) {
    const { run, clock, server } = waiting(
      name,
      "external-event",
      event,
      "tok/1",
    );
    const answer = await clock.run(
      run.interrupt("gate").resolve({ order: 7, amount: 1 }),
    );
    assert.equal(answer.status, "running");
    assert.equal(server.effects[0]?.path, "/v1/interrupts/tok%2F1");
    const sent = server.requests.at(-1);
    assert.equal(sent?.headers.get("authorization"), null);
  }
});

test("resolve() refuses another event than the one, because a host would take it", async () => {
  for (const name of asking) {
    const { run, clock, server } = waiting(name, "external-event", event, "t");
    for (const value of [{ order: 8 }, {}, "paid"]) {
      await assert.rejects(
        clock.run(run.interrupt("gate").resolve(value)),
        (error) =>
          InvalidArgumentError.is(error) && error.path === "value.order",
      );
    }
    assert.equal(server.effects.length, 0, name);
    await clock.run(
      run.interrupt("gate").resolve({ eventPayload: { order: 7 } }),
    );
  }
});

test("accept() refuses an action that is not offered, because a host would take it", async () => {
  for (const name of asking) {
    const { run, clock, server } = waiting(name, "approval", approval);
    await assert.rejects(
      clock.run(run.interrupt("gate").refine("shorter")),
      (error) =>
        InvalidArgumentError.is(error) && error.path === "action" &&
        error.message.endsWith("only: accept, reject"),
      name,
    );
    assert.equal(server.effects.length, 0);
  }
});

test("edit() fits a question that offers it under its older name", async () => {
  const { run, clock, server } = waiting("app", "approval", {
    ...approval,
    actions: ["accept", "edit"],
  });
  await clock.run(run.interrupt("gate").edit({ text: "better" }));
  const { decidedAt: _, ...rest } = server.effects[0]?.body as JsonObject;
  assert.deepEqual(rest, {
    action: "edit-accept",
    editedArtifactData: { text: "better" },
  });
});

test("accept() fits a question that offers it under the older name, which the host wants back", async () => {
  const { run, clock, server } = waiting("app", "approval", {
    ...approval,
    actions: ["approve", "reject"],
  });
  await assert.rejects(
    clock.run(run.interrupt("gate").edit({ text: "better" })),
    (error) =>
      InvalidArgumentError.is(error) &&
      error.message.endsWith("only: approve, reject"),
  );
  await clock.run(run.interrupt("gate").accept({ comment: "fine" }));
  const { decidedAt: _, ...rest } = server.effects[0]?.body as JsonObject;
  assert.deepEqual(rest, { action: "approve", feedback: "fine" });
});

test("accept() says that somebody else was faster in one way, whatever the host calls it", async () => {
  const refusals = {
    sqlite: refused(404, "interrupt_not_found"),
    postgres: refused(404, "interrupt_not_found"),
    app: refused(410, "interrupt_gone"),
  } as const;
  for (const name of asking) {
    const { run, clock, server } = waiting(name, "approval", approval);
    server.onResolve = () => refusals[name].clone();
    await assert.rejects(
      clock.run(run.interrupt("gate").accept()),
      (error) =>
        InterruptNotPendingError.is(error) && OpenwopError.is(error.cause) &&
        error.cause.rawCode?.startsWith("interrupt_") === true,
      name,
    );
  }
});

test("result() tells a rejection by how the run ends, which is not the same on all hosts", async () => {
  const failing = waiting("sqlite", "approval", approval);
  failing.server.append(
    ["node.completed", { nodeId: "gate", outcome: "rejected" }, "gate"],
    ["run.failed", { error: { code: "interrupt_rejected", message: "no" } }],
  );
  await assert.rejects(
    failing.clock.run(failing.run.result()),
    (error) =>
      RunFailedError.is(error) && error.runError.code === "interrupt_rejected",
  );
  const going = waiting("app", "approval", approval);
  going.server.append(
    ["node.interrupt.resolved", { nodeId: "gate", action: "reject" }, "gate"],
    ["run.completed", { outputs: {} }],
  );
  assert.equal((await going.clock.run(going.run.result())).status, "completed");
});

test("cancel() gives the status of a run that had ended, where a host does not refuse", async () => {
  for (const name of v1Hosts) {
    const { run, clock, server } = v1Bench(name);
    assert.equal((await clock.run(run.cancel("stop"))).status, "cancelling");
    server.append(["run.completed", {}]);
    assert.equal((await clock.run(run.cancel())).status, "completed", name);
  }
});

test("result() holds to a cancellation that a host takes back", async () => {
  const { run, clock, server } = v1Bench("app");
  server.append(["run.cancelled", { reason: "enough" }]);
  await assert.rejects(clock.run(run.result()), RunCancelledError);
  server.append(["node.completed", {}, "a"], ["run.completed", {}]);
  assert.equal(await clock.run(run.status()), "completed");
  await assert.rejects(clock.run(run.result()), RunCancelledError);
});

test("waitFor(status) sees a pause that no event tells of", async () => {
  for (const name of ["postgres", "python"] as const) {
    const { run, clock, server } = v1Bench(name);
    server.append(["run.started", { workflowId: "review" }]);
    const paused = run.waitFor("paused");
    await clock.advance(30_000);
    await clock.run(run.pause({ reason: "lunch" }));
    assert.equal((await clock.run(paused)).status, "paused", name);
    assert.equal(clock.pending, 0);
  }
});

test("pause() throws what a host says that pauses nothing, or not like this", async () => {
  const { run, clock, server } = v1Bench("python");
  server.first.push(() => refused(422, "validation_error"));
  await assert.rejects(
    clock.run(run.pause({ drainPolicy: "immediate" })),
    { status: 422 },
  );
  server.first.push(() => refused(404, "not_found"));
  await assert.rejects(
    clock.run(run.pause()),
    (error) => UnsupportedError.is(error) || OpenwopError.is(error),
  );
  server.first.push(() => refused(409, "conflict", { runStatus: "running" }));
  await assert.rejects(
    clock.run(run.resume()),
    (error) =>
      OpenwopError.is(error) && error.platformCode === "run_state_conflict",
  );
});

test("fork() says that a host cannot repeat from there, and takes no address from it", async () => {
  const { run, clock, server } = v1Bench("app");
  server.append(["run.started", {}]);
  await assert.rejects(
    clock.run(run.fork({ fromSequence: 3, mode: "replay" })),
    UnsupportedError,
  );
  const child = await clock.run(run.fork({ fromSequence: 0, mode: "replay" }));
  assert.equal(child.id, "run-child");
  await assert.rejects(clock.run(child.snapshot()), { status: 404 });
  assert.ok(
    server.requests.every(({ url }) => url.startsWith("https://v1.test/")),
  );
});

test("fork({ at }) goes to the first start of a step that a restart has started twice", async () => {
  const { run, clock, server } = v1Bench("sqlite");
  const started: [string, JsonObject, string] = [
    "node.started",
    { nodeId: "a", typeId: "core.delay" },
    "a",
  ];
  server.append(["run.started", {}], started, ["run.resumed", { holder: "h" }]);
  server.append(started, ["node.completed", { nodeId: "a" }, "a"]);
  await clock.run(run.fork({ at: "a" }));
  await clock.run(run.fork({ after: "a" }));
  assert.deepEqual(
    server.effects.map(({ body }) => (body as JsonObject).fromSeq),
    [1, 5],
  );
});
