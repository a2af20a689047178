import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError, asyncDispose } from "@tutti/sdk/http";
import { OpenwopError, ProtocolMismatchError } from "@tutti/sdk/openwop";
import type { RunEvent } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";
import { settle } from "../support/fake_clock.ts";
import { collect } from "../support/scripted_fetch.ts";
import type { BodyEnd } from "../support/scripted_fetch.ts";
import {
  events,
  frameOf,
  question,
  refusal,
  RUN_ID,
  wopBench,
} from "../support/wop_server.ts";
import type { WopBench, WopServer } from "../support/wop_server.ts";

/** A run that asked, was answered, and ended; with a type that nobody knows in between. */
function writeLog(server: WopServer): void {
  server.append(
    ["run.started", { workflowId: "review" }],
    ["node.started", { nodeId: "fetch", typeId: "local.fetch" }, "fetch"],
    ["log.appended", { level: "info", message: "größe 😀" }],
    ["acme.progress", { percent: 50 }],
    ["node.completed", { nodeId: "fetch", outputs: { n: 1 } }, "fetch"],
    ["node.started", { nodeId: "gate", typeId: "core.approvalGate" }, "gate"],
    ["interrupt.requested", question, "gate"],
    ["node.suspended", { nodeId: "gate", interruptId: "acme/i1" }, "gate"],
    ["interrupt.resolved", { nodeId: "gate", interruptId: "acme/i1" }, "gate"],
    ["node.completed", { nodeId: "gate", outputs: {} }, "gate"],
    ["run.completed", { outputs: { sha: "abc" } }],
  );
}

function written(): WopBench {
  const bench = wopBench();
  writeLog(bench.server);
  return bench;
}

const sequences = (all: readonly RunEvent[]): number[] =>
  all.map(({ sequence }) => sequence);
const whole = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

test("events() and poll() take -1, the end of an empty log, for the beginning", async () => {
  const { run, client, clock, server } = written();
  const all = await clock.run(collect(run.events({ afterSequence: -1 })));
  assert.deepEqual(sequences(all), whole);
  assert.equal(server.requests[0]?.headers.get("last-event-id"), null);
  const page = await client.runs.poll(RUN_ID, { afterSequence: -1 });
  assert.equal(page.events.length, whole.length);
});

test("events() gives every event, typed, and ends with the run", async () => {
  const { run, clock, server } = written();
  const all = await clock.run(collect(run.events()));
  assert.deepEqual(sequences(all), whole);
  const last = all.at(-1);
  assert.ok(last?.type === "run.completed");
  assert.deepEqual(last.payload.outputs, { sha: "abc" });
  const odd = all[3];
  assert.ok(odd?.type === "unknown");
  assert.equal(odd.wireType, "acme.progress");
  assert.deepEqual(odd.payload, { percent: 50 });
  const [request] = server.requests;
  assert.equal(request?.path, `/runs/${RUN_ID}/events?streamMode=debug`);
  assert.equal(request?.headers.get("accept"), "text/event-stream");
  assert.equal(request?.headers.get("openwop-version"), "2.0");
  assert.equal(request?.headers.get("authorization"), "Bearer key-1");
  assert.equal(request?.headers.has("last-event-id"), false);
  assert.equal(server.requests.length, 1);
});

test("events() follows a run live, waiting as long as it takes", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  const seen: number[] = [];
  const all = (async () => {
    for await (const { sequence } of run.events()) seen.push(sequence);
  })();
  await settle();
  assert.deepEqual(seen, [0]);
  // Days of silence are no failure.
  await clock.advance(3 * 86_400_000 / 60);
  server.append(["run.cancelled", { reason: "enough" }]);
  await clock.run(all);
  assert.deepEqual(seen, [0, 1]);
  assert.equal(clock.pending, 0);
});

test("events() gives the same events when the wire is cut at random points", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          bytes: fc.nat(2_500),
          end: fc.constantFrom<BodyEnd>("close", "cut", "stay"),
        }),
        { maxLength: 50 },
      ),
      async (faults) => {
        const { run, clock, server } = written();
        server.faults.push(...faults);
        const all = await clock.run(
          collect(run.events({ retry: { retries: 60 } })),
        );
        assert.deepEqual(sequences(all), whole);
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 60 },
  );
});

test("events() resumes behind the last event it gave when the wire is cut", async () => {
  const { run, clock, server } = written();
  const bytes = new TextEncoder()
    .encode(server.log.slice(0, 3).map(frameOf).join("")).length;
  server.faults.push({ bytes: bytes + 7, end: "cut" });
  await clock.run(collect(run.events()));
  assert.deepEqual(
    server.to("/events").map(({ headers }) => headers.get("last-event-id")),
    [null, "2"],
  );
});

test("events() begins behind a sequence when it is told to, also behind sequence 0 and behind the end", async () => {
  for (const afterSequence of [0, 4, 9]) {
    const { run, clock } = written();
    const all = await clock.run(collect(run.events({ afterSequence })));
    assert.deepEqual(sequences(all), whole.slice(afterSequence + 1));
  }
  const { run, clock, server } = written();
  assert.deepEqual(
    await clock.run(collect(run.events({ afterSequence: 10 }))),
    [],
  );
  assert.equal(server.to("/poll").length, 1);
});

test("events() polls when the host has no event stream", async () => {
  const substitutes = [
    () => refusal(404, "not_found"),
    () => refusal(405, "not_found"),
    () => refusal(501, "not_implemented"),
    () => refusal(406, "not_acceptable"),
    () =>
      Response.json({ events: [] }, { headers: { "OpenWOP-Version": "2.0" } }),
  ];
  for (const noStream of substitutes) {
    for (const pageSize of [1, 4, Infinity]) {
      const { run, clock, server } = written();
      server.noStream = noStream;
      server.pageSize = pageSize;
      const all = await clock.run(collect(run.events()));
      assert.deepEqual(sequences(all), whole);
      assert.equal(server.to("/events").length, 1);
      assert.equal(clock.pending, 0);
    }
  }
});

test("events() goes on by poll from where the stream was when it goes away", async () => {
  const { run, clock, server } = written();
  server.faults.push({ bytes: 600, end: "cut" });
  const seen: number[] = [];
  const all = (async () => {
    for await (const { sequence } of run.events()) {
      seen.push(sequence);
      server.noStream = () => refusal(501, "not_implemented");
    }
  })();
  await clock.run(all);
  assert.deepEqual(seen, whole);
  assert.match(server.to("/poll")[0]?.path ?? "", /afterSequence=\d+/);
});

test("events() only polls when it is told to", async () => {
  const { run, clock, server } = written();
  const all = await clock.run(collect(run.events({ transport: "poll" })));
  assert.deepEqual(sequences(all), whole);
  assert.equal(server.to("/events").length, 0);
});

test("events() throws the refusal itself when the run is not there or the key is wrong", async () => {
  const gone = wopBench();
  const other = gone.client.runs.handle("acme/another-0123456789ab");
  await assert.rejects(
    gone.clock.run(collect(other.events())),
    (error) => OpenwopError.is(error) && error.platformCode === "not_found",
  );
  const { run, clock, server } = written();
  server.first.push(() => refusal(401, "unauthenticated"));
  await assert.rejects(
    clock.run(collect(run.events())),
    (error) => OpenwopError.is(error) && error.status === 401,
  );
  const elsewhere = written();
  elsewhere.server.first.push(() => new Response("<html>"));
  await assert.rejects(
    elsewhere.clock.run(collect(elsewhere.run.events())),
    ProtocolMismatchError,
  );
});

test("events() falls back to updates when the host has no debug mode, and accepts its gaps", async () => {
  const { run, clock, server } = written();
  server.first.push(
    () =>
      refusal(400, "unsupported_stream_mode", {}, { supported: ["updates"] }),
    () => {
      const some = server.log.filter(({ sequence }) => sequence % 2 === 0);
      return events(some.map(frameOf).join(""));
    },
  );
  const all = await clock.run(collect(run.events()));
  assert.deepEqual(sequences(all), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(
    server.requests.map(({ path }) => path.split("?")[1]),
    ["streamMode=debug", "streamMode=updates"],
  );
  const strict = written();
  strict.server.first.push(() => refusal(400, "unsupported_stream_mode"));
  await assert.rejects(
    strict.clock.run(collect(strict.run.events({ streamMode: "debug" }))),
    (error) => OpenwopError.is(error) && error.status === 400,
  );
});

test("events() flattens batches and skips frames that hold no event", async () => {
  const { run, clock, server } = written();
  const log = JSON.stringify(server.log);
  server.first.push(() =>
    events(
      `: open\n\nevent: ping\ndata: still here\n\nevent: hello\ndata: {}\n\nevent: batch\ndata: ${log}\n\n`,
    )
  );
  assert.deepEqual(sequences(await clock.run(collect(run.events()))), whole);
  assert.equal(server.requests.length, 1);
});

test("events() asks again when an event comes garbled", async () => {
  const { run, clock, server } = written();
  server.first.push(() =>
    events(
      `${frameOf(server.log[0]!)}id: 1\nevent: node.started\ndata: {"se\n\n`,
    )
  );
  assert.deepEqual(sequences(await clock.run(collect(run.events()))), whole);
});

test("events() reads on when a host closes the stream before the end of the log", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  // Closes cleanly, three times, having said less and less.
  server.faults.push(
    { bytes: 9_999, end: "close" },
    { bytes: 0, end: "close" },
    { bytes: 0, end: "close" },
  );
  const all = collect(run.events());
  await clock.advance(2_000);
  server.append(["run.failed", { error: { code: "c", message: "m" } }]);
  assert.deepEqual(sequences(await clock.run(all)), [0, 1]);
});

test("events() ends when the run is over but its log has no end", async () => {
  const { run, clock, server } = wopBench();
  server.append(["run.started", { workflowId: "review" }]);
  server.status = "completed";
  assert.deepEqual(sequences(await clock.run(collect(run.events()))), [0]);
});

test("events() releases the connection when the loop is left, aborted, closed or disposed of", async () => {
  const endings = [
    async ({ run }: WopBench) => {
      for await (const _ of run.events()) break;
    },
    async ({ run, clock }: WopBench) => {
      const controller = new AbortController();
      const all = collect(run.events({ signal: controller.signal }));
      all.catch(() => {});
      await clock.advance(10);
      controller.abort("bye");
      await assert.rejects(
        all,
        (error) => AbortedError.is(error) && error.cause === "bye",
      );
    },
    async ({ run, clock }: WopBench) => {
      const stream = run.events();
      const all = collect(stream);
      await clock.advance(10);
      await stream.close();
      assert.equal((await all).length, 1);
    },
    async ({ run, clock }: WopBench) => {
      const all = collect(run.events());
      await clock.advance(10);
      await (run as unknown as Record<symbol, () => Promise<void>>)[
        asyncDispose
      ]!();
      assert.equal((await all).length, 1);
    },
  ];
  for (const [index, end] of endings.entries()) {
    const bench = wopBench();
    bench.server.append(["run.started", { workflowId: "review" }]);
    await end(bench);
    await settle();
    assert.equal(bench.server.requests[0]?.signal.aborted, true, `${index}`);
    assert.equal(bench.clock.pending, 0, `${index}`);
    assert.equal(bench.server.effects.length, 0);
  }
});
