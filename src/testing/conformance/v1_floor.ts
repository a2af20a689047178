// Web standards only.
import { dense, holds, oneOf, same, text } from "./expect.ts";
import type { Json } from "./expect.ts";
import { status } from "./probe.ts";
import type { Probe } from "./probe.ts";
import type { Scenarios } from "./scenarios.ts";
import { NotChecked } from "./subject.ts";

const ENDS = ["run.completed", "run.failed", "run.cancelled"];

/** The floor of version 1: discovery, runs, logs, keys. Source: v1 §21. */
export const v1Floor: Scenarios = {
  "v1-discovery": {
    "the document has its four fields, without a credential": async (probe) => {
      const document = await probe.discovery();
      holds(typeof document.protocolVersion === "string", "protocolVersion");
      holds(
        Array.isArray(document.supportedEnvelopes),
        "supportedEnvelopes is no list",
      );
      const limits = Object.entries(document.limits ?? {});
      holds(document.limits !== undefined, "there are no limits");
      for (const [name, limit] of limits) {
        holds(
          Number.isInteger(limit) && (limit as number) >= 0,
          `limits.${name}: ${text(limit)}`,
        );
      }
      const { fixtures } = document;
      if (fixtures !== undefined) {
        same(new Set(fixtures).size, fixtures.length, "number of fixtures");
      }
      const answer = await probe.get("/.well-known/openwop", { key: null });
      holds(answer.headers.get("cache-control"), "there is no Cache-Control");
    },
  },
  "v1-auth": {
    "who has no key, or a wrong one, is refused": async (probe) => {
      await probe.discovery();
      if (probe.subject.apiKey === undefined) {
        throw new NotChecked("inapplicable", "the host asks for no key");
      }
      const { path } = await probe.start();
      for (const key of [null, "openwop-conformance-not-a-key"]) {
        status(await probe.get(path, { key }), 401);
        const body = { workflowId: "conformance-noop" };
        status(await probe.post("/runs", body, { key }), 401);
      }
    },
  },
  "v1-runs-lifecycle": {
    "a run is created, read and completed": async (probe) => {
      const { path, runId } = await probe.start();
      await probe.reach(path, ["completed"]);
      const { body } = await probe.get(path);
      same(body.runId, runId, "runId");
      same(body.workflowId, "conformance-noop", "workflowId");
    },
    "an unknown run is not found": async (probe) => {
      await probe.discovery();
      status(await probe.get("/runs/openwop-conformance-none"), 404, 403);
    },
  },
  "v1-routes": {
    "a workflow can be read": async (probe) => {
      await probe.needs("conformance-noop");
      const answer = await probe.get("/workflows/conformance-noop");
      status(answer, 200);
      same(answer.body.id, "conformance-noop", "id");
      holds(Array.isArray(answer.body.nodes), "it has no nodes");
      status(await probe.get("/workflows/openwop-none"), 404, 403);
    },
    "bodies that are no object are refused": async (probe) => {
      await probe.discovery();
      for (const body of ["null", "[]", "{"]) {
        status(await probe.send("POST", "/runs", { body }), 400);
      }
    },
  },
  "v1-failure-path": {
    "a run that fails says why": async (probe) => {
      const { path } = await probe.start("conformance-failure");
      await probe.reach(path, ["failed"]);
      const { error } = (await probe.get(path)).body;
      holds(typeof error?.code === "string", `error: ${text(error)}`);
      holds(typeof error?.message === "string", `error: ${text(error)}`);
      const types = (await probe.log(path)).map(({ type }) => type);
      for (const type of ["run.started", "node.failed", "run.failed"]) {
        oneOf(type, types, "types of the log");
      }
    },
  },
  "v1-identity": {
    "what goes in is found in the variables": async (probe) => {
      const payload = { a: [1, "two", null], b: { c: true } };
      const { path } = await probe.start("conformance-identity", {
        inputs: { payload },
      });
      await probe.reach(path, ["completed"]);
      same((await probe.get(path)).body.variables?.payload, payload, "payload");
    },
  },
  "v1-multi-node": {
    "nodes end in the order of their edges": async (probe) => {
      const { path } = await probe.start("conformance-multi-node");
      await probe.reach(path, ["completed"]);
      const ended = (await probe.log(path))
        .filter(({ type }) => type === "node.completed")
        .map(({ nodeId, payload }) => nodeId ?? payload.nodeId);
      same(ended, ["a", "b", "c"], "nodes that ended");
    },
  },
  "v1-event-ordering": {
    "a log is dense, the same each time, and has one end": async (probe) => {
      const { path } = await probe.start();
      await probe.reach(path, ["completed"]);
      const log = await probe.log(path);
      dense(log, log[0]?.sequence);
      same(await probe.log(path), log, "the log when it is read again");
      const ends = log.filter(({ type }) => ENDS.includes(type));
      same(ends, log.slice(-1), "ends of the run");
      for (const event of log) {
        for (const key of ["eventId", "runId", "type", "timestamp"]) {
          holds(typeof event[key] === "string", `an event without ${key}`);
        }
        holds("payload" in event, "an event without payload");
      }
    },
  },
  "v1-poll": {
    "a cursor beyond the end finds nothing": async (probe) => {
      const { path } = await probe.start();
      await probe.reach(path, ["completed"]);
      const answer = await probe.get(
        `${path}/events/poll?lastSequence=100000&timeout=1`,
      );
      status(answer, 200);
      same(answer.body.events, [], "events");
    },
  },
  "v1-cancellation": {
    "a run is cancelled in 5 s, and stays so": async (probe) => {
      const { path } = await probe.start("conformance-cancellable", {
        inputs: { delayMs: 15_000 },
      });
      await probe.reach(path, ["running"]);
      status(await probe.post(`${path}/cancel`, {}), 200);
      await probe.reach(path, ["cancelled"]);
      await probe.wait(20_000);
      same((await probe.get(path)).body.status, "cancelled", "status after it");
    },
    "the cancel of a run that is over changes nothing": async (probe) => {
      const { path } = await probe.start();
      await probe.reach(path, ["completed"]);
      status(await probe.post(`${path}/cancel`, {}), 200);
      same((await probe.get(path)).body.status, "completed", "status after it");
    },
  },
  "v1-idempotency": {
    "one key makes one run": async (probe) => {
      await probe.needs("conformance-noop");
      const headers = { "idempotency-key": crypto.randomUUID() };
      const body = { workflowId: "conformance-noop" };
      const first = await probe.post("/runs", body, { headers });
      status(first, 201);
      const again = await probe.post("/runs", body, { headers });
      status(again, 200, 201);
      same(again.body.runId, first.body.runId, "runId of the repeat");
      holds(
        again.headers.get("openwop-idempotent-replay"),
        "the repeat is not marked as one",
      );
      const other = { ...body, inputs: { other: true } };
      const answer = await probe.post("/runs", other, { headers });
      status(answer, 409);
      oneOf(
        answer.body.error,
        ["idempotency_key_mismatch", "idempotency_key_conflict"],
        "code",
      );
    },
    "a burst of repeats makes one run": async (probe) => {
      await probe.needs("conformance-noop");
      const headers = { "idempotency-key": crypto.randomUUID() };
      const body = { workflowId: "conformance-noop" };
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => probe.post("/runs", body, { headers })),
      );
      const ids = answers.filter(({ status }) => status < 300)
        .map(({ body }) => body.runId);
      holds(ids.length > 0, "no request succeeded");
      same(new Set(ids).size, 1, "number of runs");
    },
  },
  "v1-stream-modes": {
    "each mode shows what it is for, and is closed": async (probe) => {
      const { path } = await probe.start();
      await probe.reach(path, ["completed"]);
      const updates = await probe.frames(path, "streamMode=updates");
      const types = updates.map(({ event }) => event);
      oneOf("run.started", types, "frames of updates");
      oneOf("run.completed", types, "frames of updates");
      const debug = await probe.frames(path, "streamMode=debug");
      holds(debug.length >= updates.length, "debug shows less than updates");
      const rest = await probe.frames(path, "streamMode=debug", {
        "last-event-id": String(debug[0]!.id),
      });
      same(rest, debug.slice(1), "frames after the first");
    },
    "a mode that is none is refused with those that are": async (probe) => {
      const { path } = await probe.start();
      const answer = await probe.get(`${path}/events?streamMode=bogus`);
      status(answer, 400);
      holds(
        Array.isArray(answer.body.details?.supported),
        "no details.supported",
      );
    },
  },
  "v1-approval": {
    "an approval is asked for, and goes on when it is given": async (probe) => {
      const { path } = await probe.start("conformance-approval");
      await probe.reach(path, ["waiting-approval"]);
      same((await probe.get(path)).body.currentNodeId, "gate", "currentNodeId");
      const answer = (action: string) => ({ resumeValue: { action } });
      const gate = `${path}/interrupts/gate`;
      status(await probe.post(gate, answer("shrug")), 400, 422);
      const nowhere = `${path}/interrupts/nowhere`;
      status(await probe.post(nowhere, answer("accept")), 404);
      status(await probe.post(gate, answer("accept")), 200);
      await probe.reach(path, ["completed"]);
      status(await probe.post(gate, answer("accept")), 404, 409, 410);
    },
  },
  "v1-clarification": {
    "a question is asked, and its answer taken": async (probe) => {
      const { path } = await probe.start("conformance-clarification");
      await probe.reach(path, ["waiting-input"]);
      same((await probe.get(path)).body.currentNodeId, "ask", "currentNodeId");
      const resumeValue = { answers: { q1: "green" } };
      const answer = await probe.post(`${path}/interrupts/ask`, {
        resumeValue,
      });
      status(answer, 200);
      await probe.reach(path, ["completed"]);
    },
  },
  "v1-tokens": {
    "tokens that are none are refused": async (probe) => {
      await probe.discovery();
      for (const token of ["malformed", "anVuaw.anVuaw"]) {
        const answer = await probe.get(`/interrupts/${token}`, { key: null });
        status(answer, 400, 401, 404);
      }
    },
  },
  "v1-fork": {
    "a replay ends as its source did": async (probe) => {
      const { path, runId } = await probe.start();
      await probe.reach(path, ["completed"]);
      const answer = await probe.post(`${path}:fork`, {
        mode: "replay",
        fromSeq: 0,
      });
      if (answer.status === 404 || answer.status === 501) {
        throw new NotChecked("inapplicable", "the host forks no runs");
      }
      status(answer, 201);
      holds(answer.body.runId !== runId, "the fork has the id of its source");
      same(await endOf(probe, answer.body), "completed", "status");
    },
  },
};

async function endOf(probe: Probe, { runId }: Json): Promise<string> {
  return await probe.end(`/runs/${encodeURIComponent(runId)}`);
}
