import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError, TimeoutError, TuttiError } from "@tutti/sdk/http";
import {
  InterruptNotPendingError,
  OpenwopError,
  RunFailedError,
} from "@tutti/sdk/openwop";
import type { PendingInterrupt } from "@tutti/sdk/openwop";
import { settle } from "../support/fake_clock.ts";
import {
  question,
  refusal,
  reply,
  RUN_ID,
  wopBench,
} from "../support/wop_server.ts";
import type { WopServer } from "../support/wop_server.ts";

const requested: Parameters<WopServer["append"]>[0] = [
  "interrupt.requested",
  question,
  "gate",
];
const suspended: Parameters<WopServer["append"]>[0] = [
  "node.suspended",
  { nodeId: "gate", interruptId: "acme/interrupt-1" },
  "gate",
];
const resolved: Parameters<WopServer["append"]>[0] = [
  "interrupt.resolved",
  { nodeId: "gate", interruptId: "acme/interrupt-1" },
  "gate",
];

/** What is told of a question, without the ways to answer it. */
function dataOf(open: PendingInterrupt | undefined): unknown {
  const { name: _, ...data } = JSON.parse(JSON.stringify(open));
  return data;
}

test("accept() waits until the question is open, whichever event tells", async () => {
  for (const told of [[requested], [suspended], [requested, suspended]]) {
    const { run, clock, server } = wopBench();
    server.append(["run.started", { workflowId: "review" }]);
    const answer = run.interrupt("gate").accept({ comment: "LGTM" });
    await clock.advance(10_000);
    assert.equal(server.effects.length, 0);
    server.append(...told);
    assert.equal((await clock.run(answer)).status, "running");
    assert.deepEqual(server.effects, [{
      path: `/runs/${RUN_ID}/interrupts/gate`,
      body: {
        resumeValue: {
          action: "accept",
          feedback: "LGTM",
          decidedAt: new Date(clock.now()).toISOString(),
        },
      },
    }]);
    assert.equal(clock.pending, 0);
  }
});

test("reject() and resolve() answer at once when the question is already open", async () => {
  const { run, clock, server } = wopBench();
  server.append(
    ["run.started", { workflowId: "review" }],
    requested,
    suspended,
  );
  await clock.run(run.interrupt("gate").reject());
  await clock.run(run.interrupt("gate").resolve({ answers: { q: 1 } }));
  assert.deepEqual(
    server.effects.map(({ body }) =>
      (body as { resumeValue: unknown }).resumeValue
    ),
    [
      { action: "reject", decidedAt: new Date(clock.now()).toISOString() },
      { answers: { q: 1 } },
    ],
  );
  assert.equal(server.to("/events").length, 0);
});

test("accept() answers once when the reply is lost", async () => {
  const { run, clock, server } = wopBench();
  server.append(requested);
  server.lostReplies = 1;
  await clock.run(run.interrupt("gate").accept());
  assert.equal(server.effects.length, 1);
});

test("accept() waits for the next question when the last one has been answered", async () => {
  const { run, clock, server } = wopBench();
  server.append(requested, suspended, resolved, ["node.completed", {
    nodeId: "gate",
  }, "gate"]);
  const answer = run.interrupt("gate").accept();
  await clock.advance(5_000);
  assert.equal(server.effects.length, 0);
  server.append(suspended);
  await clock.run(answer);
  assert.equal(server.effects.length, 1);
});

test("accept() reads a long history page by page before it answers", async () => {
  const { run, clock, server } = wopBench();
  server.pageSize = 2;
  for (let visit = 0; visit < 5; visit++) server.append(suspended, resolved);
  const answer = run.interrupt("gate").accept();
  await clock.advance(5_000);
  assert.equal(server.effects.length, 0);
  server.append(suspended);
  await clock.run(answer);
  assert.equal(server.effects.length, 1);
});

test("accept() throws when the run ends without asking", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const answer = run.interrupt("gate").accept();
  answer.catch(() => {});
  await clock.advance(1_000);
  server.append(["run.failed", { error: { code: "boom", message: "m" } }]);
  await assert.rejects(clock.run(answer), (error) => {
    assert.ok(InterruptNotPendingError.is(error));
    assert.equal(error.code, "interrupt-not-pending");
    assert.equal(error.interruptName, "gate");
    assert.ok(RunFailedError.is(error.cause));
    assert.equal(error.hint, "this run asked nothing");
    return true;
  });
  assert.equal(server.effects.length, 0);
});

test("accept() says what the run did ask when the name is wrong or the answer is late", async () => {
  const { run, clock, server } = wopBench();
  server.append(requested, suspended, resolved, [
    "run.completed",
    { outputs: {} },
  ]);
  const hint = async (name: string): Promise<string | undefined> => {
    try {
      await clock.run(run.interrupt(name).accept());
    } catch (error) {
      assert.ok(InterruptNotPendingError.is(error));
      assert.equal(error.cause, undefined);
      return error.hint;
    }
  };
  assert.equal(await hint("gaet"), 'this run asked: "gate"');
  assert.equal(await hint("gate"), "it has been answered before");
});

test("accept() says that the question is not open any more, in whichever words the host does", async () => {
  for (
    const [status, code] of [
      [409, "interrupt_already_resolved"],
      [404, "interrupt_not_found"],
      [410, "interrupt_expired"],
      [422, "interrupt_cancelled"],
    ] as const
  ) {
    const { run, clock, server } = wopBench();
    server.append(requested, suspended);
    server.first.push(() => undefined, () => refusal(status, code));
    await assert.rejects(
      clock.run(run.interrupt("gate").accept()),
      (error) =>
        InterruptNotPendingError.is(error) && OpenwopError.is(error.cause) &&
        error.cause.platformCode === code &&
        error.message.endsWith("it is not open any more"),
      code,
    );
  }
});

test("accept() throws the refusal itself when it is not about the time", async () => {
  for (
    const [status, code] of [
      [400, "validation_error"],
      [403, "forbidden"],
      [409, "idempotency_key_mismatch"],
      [422, "correlation_mismatch"],
    ] as const
  ) {
    const { run, clock, server } = wopBench();
    server.append(requested, suspended);
    server.first.push(() => undefined, () => refusal(status, code));
    await assert.rejects(
      clock.run(run.interrupt("gate").accept()),
      (error) => OpenwopError.is(error) && error.platformCode === code,
      code,
    );
  }
});

test("accept() waits for days by default, and no longer than it is told", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const patient = run.interrupt("gate").accept();
  await clock.advance(2 * 3_600_000);
  server.append(suspended);
  await clock.run(patient);
  server.append(resolved);

  await assert.rejects(
    clock.run(run.interrupt("gate").accept({}, { timeoutMs: 1_000 })),
    (error) => TimeoutError.is(error) && error.message.includes('"gate"'),
  );
  const controller = new AbortController();
  const answer = run.interrupt("gate").wait({ signal: controller.signal });
  answer.catch(() => {});
  await settle();
  controller.abort("home");
  await assert.rejects(
    answer,
    (error) => AbortedError.is(error) && error.cause === "home",
  );
  assert.equal(clock.pending, 0);
});

test("accept() tells the key that it was sent under when a budget or a signal cuts it off, and does nothing twice under it", async () => {
  for (const end of ["timeout", "aborted"] as const) {
    const { run, server, clock } = wopBench({ retry: false });
    server.append(requested);
    const controller = new AbortController();
    // The host has done its work and is silent about it.
    server.fate = () => new Promise<never>(() => {});
    const answer = run.interrupt("gate").accept({}, {
      timeoutMs: 5_000,
      signal: controller.signal,
    });
    const failed = assert.rejects(answer, (error) => {
      assert.ok(TuttiError.is(error));
      assert.equal(error.code, end);
      assert.equal(
        error.idempotencyKey,
        server.requests.at(-1)?.headers.get("idempotency-key"),
      );
      server.fate = undefined;
      return true;
    });
    await settle();
    if (end === "timeout") await clock.advance(5_000);
    else controller.abort();
    await failed;
    const idempotencyKey = await answer.catch((error) => error.idempotencyKey);
    await clock.run(run.interrupt("gate").accept({}, { idempotencyKey }));
    assert.equal(server.effects.length, 1);
  }
});

test("get() gives the question if it is open now, wait() as soon as it is", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const gate = run.interrupt("gate");
  assert.equal(await clock.run(gate.get()), undefined);
  server.append(requested, suspended);
  const open = {
    runId: RUN_ID,
    nodeId: "gate",
    kind: "approval",
    votes: [],
    sequence: 1,
    payload: question,
    interruptId: "acme/interrupt-1",
  };
  assert.deepEqual(dataOf(await clock.run(gate.get())), open);
  assert.deepEqual(dataOf(await clock.run(gate.wait())), open);
  server.append(resolved);
  assert.equal(await clock.run(gate.get()), undefined);
  server.append(suspended, ["run.cancelled", {}]);
  assert.equal(await clock.run(gate.get()), undefined);
});

test("get() never asks the host for nothing but news, which it would hold", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }], suspended);
  await clock.run(run.interrupt("gate").get());
  server.append(resolved);
  for (let look = 0; look < 3; look++) {
    assert.equal(await clock.run(run.interrupt("gate").get()), undefined);
  }
  assert.deepEqual(
    server.to("/poll").map(({ path }) => path.split("?")[1]),
    [
      "timeout=1",
      "afterSequence=0&timeout=1",
      "afterSequence=1&timeout=1",
      "afterSequence=1&timeout=1",
    ],
  );
});

test("get() gives up reading when a host promises more than it gives", async () => {
  const { run, clock, server } = wopBench();
  server.append(suspended);
  const page = {
    runId: RUN_ID,
    events: [],
    lastSequence: 99,
    status: "running",
    isTerminal: false,
  };
  server.first.push(
    () => reply({ ...page, events: server.log }),
    () => reply(page),
  );
  const open = await clock.run(run.interrupt("gate").get());
  assert.equal(open?.nodeId, "gate");
  assert.equal(server.requests.length, 2);
});

test("two questions are answered in any order when both are waited for at once", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  server.onResolve = (nodeId) =>
    server.append(["node.completed", { nodeId }, nodeId]);
  const both = Promise.all([
    run.interrupt("first").accept(),
    run.interrupt("second").accept(),
    run.result(),
  ]);
  await clock.advance(1_000);
  for (const nodeId of ["second", "first"]) {
    server.append(["node.suspended", { nodeId, interruptId: "i" }, nodeId]);
    await clock.advance(1_000);
  }
  server.append(["run.completed", { outputs: {} }]);
  await clock.run(both);
  assert.deepEqual(
    server.effects.map(({ path }) => path.split("/").at(-1)),
    ["second", "first"],
  );
  assert.equal(clock.pending, 0);
});

test("an open question is answered itself, and refuses the answer at once when it was closed or asked anew", async () => {
  const again: Parameters<WopServer["append"]>[0] = [
    "interrupt.requested",
    { ...question as object, interruptId: "acme/interrupt-2" },
    "gate",
  ];
  for (const later of [[resolved], [resolved, again]]) {
    const { run, clock, server } = wopBench();
    server.append(["run.started", { workflowId: "review" }], requested);
    const open = await clock.run(run.interrupt("gate").get());
    server.append(...later);
    assert.ok(open?.kind === "approval");
    await assert.rejects(
      clock.run(open.accept()),
      (error) =>
        InterruptNotPendingError.is(error) &&
        /it is not open any more/.test(error.message),
    );
    assert.equal(server.effects.length, 0);
    assert.equal(clock.pending, 0);
  }
});
