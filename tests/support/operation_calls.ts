import type { OperationName } from "@tutti/sdk/openwop";
import { both, first, only1, only2, RUN } from "./operation_call.ts";
import type { OperationCall } from "./operation_call.ts";
import { optionalCalls } from "./operation_calls_optional.ts";

const created = { runId: RUN, status: "pending", eventsUrl: "/e" };
const snapshot = {
  runId: RUN,
  workflowId: "w",
  status: "running",
  owner: { tenant: "acme", subject: { subjectId: "s" } },
  eventLogSchemaVersion: 3,
};
/** Every operation of both majors. Source: v2 §6.2; v1 §5.1, §5.2. */
export const operationCalls: Readonly<Record<OperationName, OperationCall>> = {
  "discovery.get": {
    call: (c, o) => c.discovery.get(o),
    v2: "GET /.well-known/openwop",
    v1: "GET /.well-known/openwop",
    auth: false,
    answer: {
      protocolVersion: "1.1",
      protocolVersions: ["1.1", "2.0"],
      preferredVersion: "1.1",
    },
  },
  "discovery.openapi": {
    call: (c, o) => c.discovery.openapi(o),
    ...both("GET", "/openapi.json"),
    auth: false,
  },
  "workflows.get": {
    call: (c, o) => c.workflows.get("a:b", o),
    v2: "GET /workflows/a~3Ab",
    v1: "GET /v1/workflows/a%3Ab",
    answer: { id: "a:b", nodes: [], edges: [] },
  },
  "runs.create": {
    call: (c, o) => c.runs.create({ workflowId: "w", tags: ["t"] }, o),
    ...both("POST", "/runs"),
    body: { workflowId: "w", tags: ["t"] },
    answer: created,
  },
  "runs.list": {
    call: (c, o) => first(c.runs.list({ workflowId: "w", limit: 2 }, o)),
    ...both("GET", "/runs?workflowId=w&limit=2"),
    answer: { runs: [created] },
    gate: ["runList"],
  },
  "runs.get": {
    call: (c, o) => c.runs.get(RUN, o),
    ...both("GET", "/runs/RUN"),
    answer: snapshot,
  },
  "runs.stream": {
    call: (c, o) => first(c.runs.stream(RUN, o)),
    ...both("GET", "/runs/RUN/events?streamMode=debug"),
  },
  "runs.poll": {
    call: (c, o) => c.runs.poll(RUN, o),
    ...both("GET", "/runs/RUN/events/poll?timeout=1"),
    answer: {
      runId: RUN,
      events: [],
      lastSequence: -1,
      status: "running",
      isTerminal: false,
    },
  },
  "runs.cancel": {
    call: (c, o) => c.runs.cancel(RUN, { reason: "r" }, o),
    ...both("POST", "/runs/RUN/cancel"),
    body: { reason: "r" },
    answer: { runId: RUN, status: "cancelling" },
  },
  "runs.bulkCancel": {
    call: (c, o) => c.runs.bulkCancel({ runIds: [RUN] }, o),
    ...both("POST", "/runs:bulk-cancel"),
    body: { runIds: [RUN] },
    answer: { results: [] },
  },
  "runs.pause": {
    call: (c, o) => c.runs.pause(RUN, { drainPolicy: "immediate" }, o),
    ...both("POST", "/runs/RUN:pause"),
    body: { drainPolicy: "immediate" },
    answer: { runId: RUN, status: "paused" },
    gate: [undefined, "runs.pauseResume"],
  },
  "runs.resume": {
    call: (c, o) => c.runs.resume(RUN, undefined, o),
    ...both("POST", "/runs/RUN:resume"),
    body: {},
    answer: { runId: RUN, status: "running" },
    gate: [undefined, "runs.pauseResume"],
  },
  "runs.fork": {
    call: (c, o) => c.runs.fork(RUN, { mode: "branch", fromSeq: 3 }, o),
    ...both("POST", "/runs/RUN:fork"),
    body: { mode: "branch", fromSeq: 3 },
    answer: created,
    gate: ["replay"],
  },
  "runs.diff": {
    call: (c, o) => c.runs.diff(RUN, "acme/other-0123456789ab", o),
    v2:
      "GET /runs/acme~2Frun-0123456789abcdef:diff?against=acme%2Fother-0123456789ab",
    v1:
      "GET /v1/runs/acme%2Frun-0123456789abcdef:diff?against=acme%2Fother-0123456789ab",
    answer: {
      a: RUN,
      b: "acme/other-0123456789ab",
      divergedAtSeq: null,
      eventDiffs: [],
      stateDiff: {},
    },
  },
  "runs.ancestry": {
    call: (c, o) => c.runs.ancestry(RUN, o),
    ...both("GET", "/runs/RUN/ancestry"),
    gate: ["multiAgent.executionModel.crossHostCausation"],
    answer: { runId: RUN, hostId: "h", parent: null },
  },
  "runs.createAnnotation": {
    call: (c, o) =>
      c.runs.createAnnotation(
        RUN,
        { signal: { kind: "rating", rating: 5 } },
        o,
      ),
    ...both("POST", "/runs/RUN/annotations"),
    body: { signal: { kind: "rating", rating: 5 } },
    gate: ["feedback"],
    answer: { annotationId: "a-1" },
  },
  "runs.listAnnotations": {
    call: (c, o) => c.runs.listAnnotations(RUN, o),
    ...both("GET", "/runs/RUN/annotations"),
    answer: { annotations: [] },
    gate: ["feedback"],
  },
  "runs.getArtifact": {
    call: (c, o) => c.runs.getArtifact(RUN, "x/y", o),
    v2: "GET /runs/acme~2Frun-0123456789abcdef/artifacts/x~2Fy",
    v1: "GET /v1/runs/acme%2Frun-0123456789abcdef/artifacts/x%2Fy",
  },
  "runs.evalSummary": {
    call: (c, o) => c.runs.evalSummary(RUN, o),
    ...both("GET", "/runs/RUN/eval-summary"),
    gate: ["agents.evalSuite"],
    answer: { suiteId: "s", tasks: [] },
  },
  "runs.compensation": {
    call: (c, o) => c.runs.compensation(RUN, o),
    ...only2("GET", "/runs/RUN/compensation"),
    gate: ["compensation"],
    answer: { runId: RUN, status: "completed", plan: [], attempts: [] },
  },
  "runs.effects": {
    call: (c, o) => c.runs.effects(RUN, o),
    ...only2("GET", "/runs/RUN/effects"),
    answer: { runId: RUN, effects: [] },
    gate: ["idempotency"],
  },
  "runs.debugBundle": {
    call: (c, o) => c.runs.debugBundle(RUN, { maxEvents: 9 }, o),
    ...only1("GET", "/runs/RUN/debug-bundle?maxEvents=9"),
    gate: ["debugBundle"],
  },
  "interrupts.resolve": {
    call: (c, o) => c.interrupts.resolve(RUN, "gate", { action: "accept" }, o),
    ...both("POST", "/runs/RUN/interrupts/gate"),
    body: { resumeValue: { action: "accept" } },
    answer: { runId: RUN, nodeId: "gate", status: "running" },
    gate: ["interrupt", undefined!],
  },
  "interrupts.inspectByToken": {
    call: (c, o) => c.interrupts.inspectByToken("ow2.secret", o),
    ...both("GET", "/interrupts/ow2.secret"),
    answer: { kind: "approval", key: "k", data: {} },
    auth: false,
    gate: ["interrupt", undefined!],
  },
  "interrupts.resolveByToken": {
    call: (c, o) => c.interrupts.resolveByToken("ow2.secret", 1, o),
    ...both("POST", "/interrupts/ow2.secret"),
    body: { resumeValue: 1 },
    auth: false,
    gate: ["interrupt", undefined!],
  },
  "host.effectSeams": {
    call: (c, o) => c.host.effectSeams(o),
    ...only2("GET", "/host/effect-seams"),
    answer: { manifestVersion: "1", host: {}, seams: [] },
    gate: ["replay"],
  },
  "host.events": {
    call: (c, o) => first(c.host.events(o)),
    ...only2("GET", "/host/events"),
    gate: ["heartbeat"],
  },
  "host.a2aTask": {
    call: (c, o) => c.host.a2aTask("t/1", o),
    v1: "GET /v1/host/sample/a2a/tasks/t%2F1",
    gate: ["a2a.durableTasks"],
    answer: { taskId: "t/1", runId: "t/1", state: "working" },
  },
  "webhooks.register": {
    call: (c, o) =>
      c.webhooks.register(
        { url: "https://a.test", events: ["run.completed"] },
        o,
      ),
    ...both("POST", "/webhooks"),
    body: { url: "https://a.test", events: ["run.completed"] },
    answer: { webhookId: "acme/w-0123456789abcdef" },
    gate: ["webhooks"],
  },
  "webhooks.unregister": {
    call: (c, o) => c.webhooks.unregister("acme/w", { tenantId: "acme", ...o }),
    v2: "DELETE /webhooks/acme~2Fw",
    v1: "DELETE /v1/webhooks/acme%2Fw?tenantId=acme",
    contract: "never",
    gate: ["webhooks"],
  },
  "webhooks.list": {
    call: (c, o) => c.webhooks.list(o),
    ...only1("GET", "/webhooks"),
  },
  "webhooks.deadLetters": {
    call: (c, o) => first(c.webhooks.deadLetters("acme/w", { limit: 5 }, o)),
    v2: "GET /webhooks/acme~2Fw/dead-letters?limit=5",
    answer: { deliveries: [{ runId: RUN }] },
    gate: ["webhooks.deadLetter"],
  },
  "webhooks.rotateSecret": {
    call: (c, o) => c.webhooks.rotateSecret("acme/w", "s3cret", o),
    v2: "POST /webhooks/acme~2Fw/rotate-secret",
    body: { secret: "s3cret" },
    gate: ["webhooks.secretRotation"],
  },
  ...optionalCalls,
};
