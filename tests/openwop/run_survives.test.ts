import assert from "node:assert/strict";
import test from "node:test";
import type { JsonValue, RunEvent } from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";
import { collect } from "../support/scripted_fetch.ts";
import type { BodyEnd } from "../support/scripted_fetch.ts";
import { refused, v1Bench, v1Hosts } from "../support/v1_server.ts";
import { question, refusal, wopBench } from "../support/wop_server.ts";

type Step = [type: string, payload: JsonValue, nodeId?: string];

/** Anything that a log may have before its end, whole characters of four bytes included. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }).map((message): Step => [
    "log.appended",
    { level: "info", message },
  ]),
  fc.constantFrom<Step>(
    ["node.started", { nodeId: "a", typeId: "core.noop" }, "a"],
    ["node.completed", { nodeId: "a", outputs: { n: 1 } }, "a"],
    ["interrupt.requested", question, "gate"],
    ["node.suspended", { nodeId: "gate", interruptId: "acme/i1" }, "gate"],
    ["run.resumed", {}],
    ["acme.progress", { percent: 50 }],
    ["output.chunk", { nodeId: "a", chunk: "Hel", isLast: false }, "a"],
  ),
);

const fault = fc.record({
  bytes: fc.nat(2_500),
  end: fc.constantFrom<BodyEnd>("close", "cut", "stay"),
});

function benchOf(host: "version 2" | typeof v1Hosts[number]) {
  if (host !== "version 2") {
    return { ...v1Bench(host), refuse: () => refused(501, "not_implemented") };
  }
  return { ...wopBench(), refuse: () => refusal(501, "not_implemented") };
}

test("events() gives the same events through 50 cuts, a restart of the host and a switch to polling", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("version 2" as const, ...v1Hosts),
      fc.array(step, { maxLength: 12 }),
      fc.array(step, { maxLength: 12 }),
      fc.array(step, { maxLength: 12 }),
      fc.array(fault, { minLength: 50, maxLength: 50 }),
      fc.constantFrom(0, 200),
      fc.constantFrom(1, 3, 100),
      async (host, during, between, after, faults, bufferMs, pageSize) => {
        const { run, clock, server, refuse } = benchOf(host);
        server.pageSize = pageSize;
        server.append(["run.started", { workflowId: "review" }]);
        server.faults.push(...faults);
        const seen: RunEvent[] = [];
        const all = (async () => {
          const events = run.events({ bufferMs, retry: { retries: 200 } });
          for await (const event of events) seen.push(event);
        })();

        // While it is being cut, the run goes on.
        const steps = [...during];
        for (let turn = 0; server.faults.length > 0 && turn < 500; turn++) {
          const next = steps.shift();
          if (next) server.append(next);
          await clock.advance(20_000);
        }
        assert.equal(server.faults.length, 0);
        server.append(...steps);

        // The host goes down and comes back with its log, and the run went on meanwhile.
        server.restart();
        await clock.advance(5_000);
        server.append(...between);
        server.isDown = false;
        await clock.advance(20_000);

        // The stream breaks once more, and there is no other.
        server.restart();
        server.noStream = refuse;
        server.isDown = false;
        for (const one of after) {
          server.append(one);
          await clock.advance(1_500);
        }
        server.append(["run.completed", { outputs: { sha: "abc" } }]);
        await clock.run(all);

        server.noStream = undefined;
        const undisturbed = await clock.run(collect(run.events()));
        assert.deepEqual(seen, undisturbed);
        assert.equal(
          seen.length,
          during.length + between.length + after.length + 2,
        );
        assert.ok(server.to("/poll").length > 0);
        assert.deepEqual((await clock.run(run.result())).output, {
          sha: "abc",
        });
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 40 },
  );
});

test("events({ streamMode }) gives the same through cuts and a switch to polling in every mode that is a part of the log", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("version 2" as const, ...v1Hosts),
      fc.array(step, { maxLength: 20 }),
      fc.array(fault, { maxLength: 10 }),
      fc.constantFrom(
        "updates" as const,
        "messages" as const,
        ["updates", "messages"] as const,
        ["debug", "messages"] as const,
      ),
      async (host, steps, faults, streamMode) => {
        const { run, clock, server, refuse } = benchOf(host);
        server.append(["run.started", { workflowId: "review" }]);
        server.append(...steps);
        server.append(["run.completed", { outputs: {} }]);
        const undisturbed = await clock.run(
          collect(run.events({ streamMode })),
        );
        server.faults.push(...faults);
        const seen: unknown[] = [];
        const all = (async () => {
          const retry = { retries: 50 };
          for await (const item of run.events({ streamMode, retry })) {
            seen.push(item);
            if (seen.length > steps.length / 4) server.noStream = refuse;
          }
        })();
        await clock.run(all);
        assert.deepEqual(seen, undisturbed);
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 60 },
  );
});
