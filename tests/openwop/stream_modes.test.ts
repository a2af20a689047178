import assert from "node:assert/strict";
import test from "node:test";
import { InvalidArgumentError } from "@tutti/sdk/http";
import type { StreamModes } from "@tutti/sdk/openwop";
import { collect } from "../support/scripted_fetch.ts";
import {
  events,
  frameOf,
  refusal,
  RUN_ID,
  wopBench,
} from "../support/wop_server.ts";
import type { WopBench } from "../support/wop_server.ts";

function written(): WopBench {
  const bench = wopBench();
  bench.server.append(
    ["run.started", { workflowId: "review" }],
    ["node.started", { nodeId: "a", typeId: "local.a" }, "a"],
    ["output.chunk", { nodeId: "a", chunk: "Hel", isLast: false }, "a"],
    ["output.chunk", { nodeId: "a", chunk: "lo", isLast: true }, "a"],
    ["node.completed", { nodeId: "a" }, "a"],
    ["run.completed", { outputs: {} }],
  );
  return bench;
}

/** A run as a frame shows it. */
function snapshot(status: string, id: number): string {
  const run = { runId: RUN_ID, workflowId: "review", status };
  return `id: ${id}\nevent: state.snapshot\ndata: ${JSON.stringify(run)}\n\n`;
}

const types = (all: readonly { readonly type: string }[]): string[] =>
  all.map(({ type }) => type);

test("events({ streamMode }) asks for the modes and gives what they have", async () => {
  for (
    const [streamMode, query, wanted] of [
      ["updates", "updates", ["run.started", "node.completed"]],
      ["messages", "messages", ["ai.message.chunk", "ai.message.chunk"]],
      [["messages"], "messages", ["ai.message.chunk", "ai.message.chunk"]],
      [
        ["updates", "messages"],
        "updates%2Cmessages",
        [
          "run.started",
          "ai.message.chunk",
          "ai.message.chunk",
          "node.completed",
        ],
      ],
    ] as const
  ) {
    const { run, clock, server } = written();
    const all = await clock.run(collect(run.events({ streamMode })));
    assert.deepEqual(
      types(all).filter((type) => type !== "run.completed"),
      wanted,
    );
    assert.equal(
      server.requests[0]?.path.split("?")[1],
      `streamMode=${query}`,
    );
  }
});

test("events({ streamMode }) refuses modes that do not go together before anything is sent", () => {
  const { run, server } = written();
  for (
    const streamMode of [
      ["values", "updates"],
      [],
      "everything",
      "values,updates",
      ",updates",
      ["updates,"],
    ] as readonly unknown[] as readonly StreamModes[]
  ) {
    assert.throws(
      () => run.events({ streamMode }),
      (error) => InvalidArgumentError.is(error) && error.path === "streamMode",
      JSON.stringify(streamMode),
    );
  }
  assert.equal(server.requests.length, 0);
});

test("events({ streamMode: messages }) reads chunks that have no envelope, once each", async () => {
  const { run, clock, server } = wopBench();
  const chunk = (id: number, text: string): string =>
    `id: ${id}\nevent: ai.message.chunk\ndata: {"nodeId":"a","runId":"r","chunk":"${text}","isLast":false}\n\n`;
  server.append(["run.completed", { outputs: {} }]);
  server.first.push(
    () => events(`${chunk(3, "Hel")}event: ping\ndata: {}\n\n`),
    () => events(chunk(3, "Hel") + chunk(4, "lo")),
  );
  const all = await clock.run(
    collect(run.events({ streamMode: "messages" })),
  );
  assert.deepEqual(
    all.map(({ sequence, payload }) => [sequence, payload.chunk]),
    [[3, "Hel"], [4, "lo"]],
  );
  assert.equal(server.requests[1]?.headers.get("last-event-id"), "3");
});

test("events({ streamMode: values }) gives the run after each change, also across a cut", async () => {
  const { run, clock, server } = wopBench();
  server.first.push(
    () => events(snapshot("running", 0) + snapshot("paused", 4)),
    // The first one after a cut is where the stream was.
    () => events(snapshot("paused", 4) + snapshot("completed", 6)),
  );
  const all = await clock.run(collect(run.events({ streamMode: "values" })));
  assert.deepEqual(
    all.map(({ type, sequence, payload }) => [type, sequence, payload.status]),
    [
      ["state.snapshot", 0, "running"],
      ["state.snapshot", 4, "paused"],
      ["state.snapshot", 6, "completed"],
    ],
  );
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.get("last-event-id")),
    [null, "4"],
  );
});

test("events({ streamMode: values }) asks for the run when the stream goes away, and tells only changes", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  server.noStream = () => refusal(501, "not_implemented");
  const seen: string[] = [];
  const all = (async () => {
    for await (const { payload } of run.events({ streamMode: "values" })) {
      seen.push(payload.status);
    }
  })();
  await clock.advance(10_000);
  server.status = "waiting-input";
  await clock.advance(10_000);
  server.append(["run.completed", { outputs: {} }]);
  await clock.run(all);
  assert.deepEqual(seen, ["running", "waiting-input", "completed"]);
  assert.equal(clock.pending, 0);
});

test("events({ streamMode: values }) ends when the run had ended before", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.completed", { outputs: {} }]);
  server.faults.push({ bytes: 0, end: "close" });
  const all = await clock.run(collect(run.events({ streamMode: "values" })));
  assert.deepEqual(all.map(({ payload }) => payload.status), ["completed"]);
});

test("events({ bufferMs }) asks for batches and takes them apart", async () => {
  const { run, clock, server } = written();
  const [first, ...rest] = server.log;
  server.first.push(() =>
    events(
      `${frameOf(first!)}id: 5\nevent: batch\ndata: ${
        JSON.stringify(rest)
      }\n\n`,
    )
  );
  const all = await clock.run(collect(run.events({ bufferMs: 5_000 })));
  assert.deepEqual(all.map(({ sequence }) => sequence), [0, 1, 2, 3, 4, 5]);
  assert.match(server.requests[0]?.path ?? "", /bufferMs=5000/);
});

test("events() of one run can be followed in several modes at once", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const all = Promise.all([
    collect(run.events()),
    collect(run.events({ streamMode: "updates" })),
    collect(run.events({ transport: "poll" })),
  ]);
  await clock.advance(5_000);
  server.append(
    ["log.appended", { level: "info", message: "m" }],
    ["run.completed", { outputs: {} }],
  );
  const [debug, updates, polled] = await clock.run(all);
  assert.deepEqual(types(debug), [
    "run.started",
    "log.appended",
    "run.completed",
  ]);
  assert.deepEqual(types(updates), ["run.started", "run.completed"]);
  assert.deepEqual(polled, debug);
  assert.equal(clock.pending, 0);
});
