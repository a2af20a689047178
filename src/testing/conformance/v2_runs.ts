// Web standards only.
import { HEADERS } from "../../openwop/protocol/mod.ts";
import { boundId, closedEvent, dense, holds, oneOf, same } from "./expect.ts";
import { refused, status } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";

/** Runs, keys and logs. Source: v2 §14.4, rows 4 to 8 and 12. */
export const v2Runs: Scenarios = {
  "v2-idempotency-key-grammar": {
    "a key of 22 characters is taken, and its request done once": async (
      probe,
    ) => {
      const bits = crypto.getRandomValues(new Uint8Array(22));
      const key = [...bits].map((bit) => (bit % 36).toString(36)).join("");
      const headers = { "idempotency-key": key };
      const run = await probe.start("conformance-noop", {}, { headers });
      boundId(run.runId, "runId");
      const again = await probe.post("/runs", {
        workflowId: "conformance-noop",
      }, { headers });
      status(again, 201);
      same(again.body.runId, run.runId, "runId of the repeated request");
      same(
        again.headers.get("openwop-idempotent-replay"),
        "true",
        "OpenWOP-Idempotent-Replay",
      );
      const other = await probe.post("/runs", {
        workflowId: "conformance-noop",
        inputs: { other: true },
      }, { headers });
      refused(other, 409, "idempotency_key_mismatch");
    },
    "a key that is too short is refused": async (probe) => {
      await probe.needs("conformance-noop");
      const answer = await probe.post("/runs", {
        workflowId: "conformance-noop",
      }, { headers: { "idempotency-key": "short" } });
      refused(answer, 400, "idempotency_key_invalid");
    },
  },
  "v2-era-key": {
    "a new run and the discovery document name the same era": async (probe) => {
      const { path } = await probe.start();
      const { eventLogSchemaVersion } = await probe.discovery();
      same(eventLogSchemaVersion, 3, "eventLogSchemaVersion of discovery");
      const { body } = await probe.get(path);
      same(body.eventLogSchemaVersion, 3, "eventLogSchemaVersion of a run");
    },
  },
  "v2-era-stamp-universal": {
    "a run that was created with inputs has the era as well": async (probe) => {
      const { path } = await probe.start("conformance-noop", { inputs: {} });
      const { body } = await probe.get(path);
      const { eventLogSchemaVersion } = await probe.discovery();
      same(
        body.eventLogSchemaVersion,
        eventLogSchemaVersion,
        "eventLogSchemaVersion",
      );
    },
  },
  "v2-event-type-closed": {
    "every event is in its closed envelope, of a type that exists": async (
      probe,
    ) => {
      const { path } = await probe.settled();
      const document = await probe.discovery();
      const log = await probe.log(path);
      holds(log.length > 0, `${path}: the log is empty`);
      for (const event of log) closedEvent(event, document);
      dense(log, 0);
    },
    "a log has one end, and nothing after it": async (probe) => {
      const { path } = await probe.settled();
      const log = await probe.log(path);
      const ends = log.filter(({ type }) =>
        /^run\.(completed|failed|cancelled)$/.test(type)
      );
      same(ends.map(({ type }) => type), ["run.completed"], "ends of the run");
      same(log.at(-1).type, "run.completed", "last event");
      holds("outputs" in log.at(-1).payload, "run.completed has no outputs");
      same(log[0].type, "run.started", "first event");
      same(await probe.log(path), log, "the log when it is read again");
    },
  },
  "v2-poll-cursor-v2": {
    "a poll answers with five keys, from sequence 0": async (probe) => {
      const { path, runId } = await probe.settled();
      const { body } = await probe.get(`${path}/events/poll?timeout=1`);
      same(Object.keys(body).sort(), [
        "events",
        "isTerminal",
        "lastSequence",
        "runId",
        "status",
      ], "keys of a poll");
      same(body.runId, runId, "runId");
      same(body.events[0].sequence, 0, "first sequence");
      holds(Number.isInteger(body.lastSequence), "lastSequence is no integer");
      const most = body.events.at(-1).sequence;
      holds(most <= body.lastSequence, "events beyond lastSequence");
    },
    "the cursor of a poll is exclusive": async (probe) => {
      const { path } = await probe.settled();
      const poll = `${path}/events/poll?timeout=1`;
      const all = (await probe.get(poll)).body.events;
      for (const [index, { sequence }] of all.entries()) {
        const { body } = await probe.get(`${poll}&afterSequence=${sequence}`);
        same(body.events, all.slice(index + 1), `events after ${sequence}`);
      }
    },
    "a cursor beyond the end finds nothing": async (probe) => {
      const { path } = await probe.settled();
      const poll = `${path}/events/poll?timeout=1`;
      const { body } = await probe.get(poll);
      const beyond = body.lastSequence + 1_000;
      const answer = await probe.get(`${poll}&afterSequence=${beyond}`);
      status(answer, 200);
      same(answer.body.events, [], "events");
    },
  },
  "v2-run-options-limits": {
    "too many tags, too long a tag and unknown keys are refused": async (
      probe,
    ) => {
      await probe.needs("conformance-noop");
      const odd = [
        { tags: Array.from({ length: 101 }, (_, index) => `t${index}`) },
        { tags: ["x".repeat(257)] },
        { openwopConformanceUnknown: true },
      ];
      for (const more of odd) {
        const answer = await probe.post("/runs", {
          workflowId: "conformance-noop",
          ...more,
        });
        refused(answer, 400, "validation_error");
      }
    },
    "tags and metadata come back as they were sent": async (probe) => {
      const tags = [
        "with space",
        "\u{1f3bb}",
        "p/u:n;c,t!",
        "MiXeD",
        "x".repeat(256),
      ];
      const metadata = { a: { b: [1, null, { c: "d" }] }, e: "f" };
      const { path } = await probe.start("conformance-noop", {
        tags,
        metadata,
      });
      const { body } = await probe.get(path);
      same(body.tags, tags, "tags");
      same(body.metadata, metadata, "metadata");
    },
    "a duplicate of an active run is refused where that is wanted": async (
      probe,
    ) => {
      const scopeId = crypto.randomUUID();
      const ask = { headers: { [HEADERS.dedup]: "enforce" } };
      const inputs = { delayMs: 15_000 };
      const workflowId = "conformance-cancellable";
      const one = await probe.start(workflowId, { scopeId, inputs }, ask);
      const body = { workflowId, scopeId, inputs };
      const two = await probe.post("/runs", body, ask);
      refused(two, 409, "run_already_active");
      holds(two.headers.get("retry-after"), `${two.what}: no Retry-After`);
      status(await probe.post(`${one.path}/cancel`, {}), 200);
      same(await probe.end(one.path), "cancelled", "status");
      const three = await probe.start(workflowId, body, ask);
      status(await probe.post(`${three.path}/cancel`, {}), 200);
    },
    "a version of the engine is forced by callers for tests alone": async (
      probe,
    ) => {
      await probe.needs("conformance-noop");
      const force = (version: string) =>
        probe.post("/runs", { workflowId: "conformance-noop" }, {
          headers: { [HEADERS.forceEngineVersion]: version },
        });
      const answer = await force("999999");
      oneOf(answer.status, [400, 403], `${answer.what}, status`);
      if (answer.status === 403) {
        same(answer.body.error, "force_engine_version_forbidden", "code");
      }
      status(await force("newest"), 400, 403);
    },
    "sections of the options are closed": async (probe) => {
      await probe.needs("conformance-noop");
      for (const section of ["run", "ai", "distillation"]) {
        const configurable = { version: 1, [section]: { openwopUnknown: 1 } };
        const answer = await probe.post("/runs", {
          workflowId: "conformance-noop",
          configurable,
        });
        refused(answer, 400, "validation_error");
      }
    },
    "bodies that are no object are refused": async (probe) => {
      await probe.discovery();
      for (const body of ["null", "[]", "1", '"text"', "", "{"]) {
        const answer = await probe.send("POST", "/runs", { body });
        refused(answer, 400, "validation_error");
      }
    },
    "a new run can be read at once, by both spellings of its id": async (
      probe,
    ) => {
      const { path, runId } = await probe.start();
      const { body } = await probe.get(path);
      same(body.runId, runId, "runId");
      boundId(runId, "runId");
      same(body.workflowId, "conformance-noop", "workflowId");
      holds(body.owner?.subject?.subjectId, "the snapshot has no owner");
      const projected = await probe.get(`/runs/${runId.replace("/", "~2F")}`);
      status(projected, 200);
      same(projected.body.runId, runId, "runId by its projection");
      const poll = await probe.get(`${path}/events/poll?timeout=1`);
      status(poll, 200);
    },
    "runs of others and runs that are none cannot be read": async (probe) => {
      const { runId } = await probe.start();
      const unknown = `${runId.split("/")[0]}/${"0".repeat(32)}`;
      refused(
        await probe.get(`/runs/${encodeURIComponent(unknown)}`),
        404,
        "not_found",
      );
      const foreign = `openwop-nobody/${"0".repeat(32)}`;
      const answer = await probe.get(`/runs/${encodeURIComponent(foreign)}`);
      oneOf(answer.status, [403, 404], `${answer.what}, status`);
      oneOf(answer.body.error, ["id_tenant_mismatch", "not_found"], "code");
    },
  },
};
