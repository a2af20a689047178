import assert from "node:assert/strict";
import test from "node:test";
import { createHost } from "@tutti/sdk/host";
import type { JsonObject } from "@tutti/sdk/openwop";
import { review } from "../support/review_workflow.ts";
import { tripWorkflows } from "../support/trip_workflow.ts";
import { Wire } from "../support/wire.ts";

test("a fork says what it cannot write over, and where", async () => {
  const workflows = [review];
  const wire = new Wire(createHost({ workflows }));
  const run = await wire.start("code-review", {
    inputs: { repo: "acme/api", pr: 7 },
  });
  await wire.reach(run, "waiting-approval");
  await wire.accept(run, "gate");
  const log = await wire.log(run);
  const at =
    log.find(({ type, nodeId }) => type === "node.started" && nodeId === "gate")
      .sequence;
  const edit = (forkState: unknown, more: JsonObject = {}) =>
    wire.post(`${run}:fork`, {
      mode: "branch",
      fromSeq: at,
      runOptionsOverlay: {
        configurable: { extensions: { tutti: { forkState } } },
      },
      ...more,
    } as JsonObject);
  for (
    const [forkState, status, code, message] of [
      [1, 400, "validation_error", /must be a JSON object/],
      [{ state: {} }, 400, "validation_error", /may hold/],
      [{ variables: [] }, 400, "validation_error", /variables must be/],
      [{ outputs: { fetch: 1 } }, 400, "validation_error", /fetch must be/],
      [{ variables: { no: 1 } }, 400, "validation_error", /variable "no"/],
      [{ channels: { no: 1 } }, 400, "validation_error", /channel "no"/],
      [{ outputs: { no: {} } }, 400, "validation_error", /step "no"/],
      [{ outputs: { merge: {} } }, 422, "fork_point_invalid", /it is pending/],
    ] as const
  ) {
    const { status: said, body } = await edit(forkState);
    assert.deepEqual([said, body.error], [status, code], JSON.stringify(body));
    assert.match(body.message, message);
  }
  const replay = await edit({ outputs: {} }, { mode: "replay" });
  assert.equal(replay.status, 400);
  const trips = new Wire(createHost({ workflows: [...tripWorkflows] }));
  const early = await trips.post(
    `${await trips.start("trip", { inputs: { to: "Rome" } })}:fork`,
    {
      mode: "branch",
      fromSeq: 0,
      runOptionsOverlay: {
        configurable: {
          extensions: { tutti: { forkState: { variables: { limit: 1 } } } },
        },
      },
    },
  );
  assert.equal(early.status, 422);
  assert.match(early.body.message, /before its first event/);
  const { body } = await wire.get("/.well-known/openwop");
  assert.deepEqual(body.extensions, { "tutti.fork-state": { version: 1 } });
  // Other options of the organisation are options, and stay.
  const { status, body: made } = await wire.post(`${run}:fork`, {
    mode: "branch",
    fromSeq: at,
    runOptionsOverlay: {
      configurable: {
        extensions: {
          acme: { a: 1 },
          tutti: { forkState: { outputs: { fetch: { diff: "other" } } }, b: 2 },
        },
      },
    },
  });
  assert.equal(status, 201, JSON.stringify(made));
  const fork = `/runs/${encodeURIComponent(made.runId)}`;
  const snapshot = (await wire.get(fork)).body;
  assert.deepEqual(snapshot.configurable.extensions, {
    acme: { a: 1 },
    tutti: { b: 2 },
  });
});
