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
    call: (c) => c.discovery.get(),
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
    call: (c) => c.discovery.openapi(),
    ...both("GET", "/openapi.json"),
    auth: false,
  },
  "workflows.get": {
    call: (c) => c.workflows.get("a:b"),
    v2: "GET /workflows/a~3Ab",
    v1: "GET /v1/workflows/a%3Ab",
    answer: { id: "a:b", nodes: [], edges: [] },
  },
  "runs.create": {
    call: (c) => c.runs.create({ workflowId: "w", tags: ["t"] }),
    ...both("POST", "/runs"),
    body: { workflowId: "w", tags: ["t"] },
    answer: created,
  },
  "runs.list": {
    call: (c) => first(c.runs.list({ workflowId: "w", limit: 2 })),
    ...both("GET", "/runs?workflowId=w&limit=2"),
    answer: { runs: [created] },
    gate: ["runList"],
  },
  "runs.get": {
    call: (c) => c.runs.get(RUN),
    ...both("GET", "/runs/RUN"),
    answer: snapshot,
  },
  "runs.stream": {
    call: (c) => first(c.runs.stream(RUN)),
    ...both("GET", "/runs/RUN/events?streamMode=debug"),
  },
  "runs.poll": {
    call: (c) => c.runs.poll(RUN),
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
    call: (c) => c.runs.cancel(RUN, { reason: "r" }),
    ...both("POST", "/runs/RUN/cancel"),
    body: { reason: "r" },
    answer: { runId: RUN, status: "cancelling" },
  },
  "runs.bulkCancel": {
    call: (c) => c.runs.bulkCancel({ runIds: [RUN] }),
    ...both("POST", "/runs:bulk-cancel"),
    body: { runIds: [RUN] },
    answer: { results: [] },
  },
  "runs.pause": {
    call: (c) => c.runs.pause(RUN, { drainPolicy: "immediate" }),
    ...both("POST", "/runs/RUN:pause"),
    body: { drainPolicy: "immediate" },
    answer: { runId: RUN, status: "paused" },
    gate: [undefined, "runs.pauseResume"],
  },
  "runs.resume": {
    call: (c) => c.runs.resume(RUN),
    ...both("POST", "/runs/RUN:resume"),
    body: {},
    answer: { runId: RUN, status: "running" },
    gate: [undefined, "runs.pauseResume"],
  },
  "runs.fork": {
    call: (c) => c.runs.fork(RUN, { mode: "branch", fromSeq: 3 }),
    ...both("POST", "/runs/RUN:fork"),
    body: { mode: "branch", fromSeq: 3 },
    answer: created,
    gate: ["replay"],
  },
  "runs.diff": {
    call: (c) => c.runs.diff(RUN, "acme/other-0123456789ab"),
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
    call: (c) => c.runs.ancestry(RUN),
    ...both("GET", "/runs/RUN/ancestry"),
    gate: ["multiAgent.executionModel.crossHostCausation"],
    answer: { runId: RUN, hostId: "h", parent: null },
  },
  "runs.createAnnotation": {
    call: (c) =>
      c.runs.createAnnotation(RUN, { signal: { kind: "rating", rating: 5 } }),
    ...both("POST", "/runs/RUN/annotations"),
    body: { signal: { kind: "rating", rating: 5 } },
    gate: ["feedback"],
    answer: { annotationId: "a-1" },
  },
  "runs.listAnnotations": {
    call: (c) => c.runs.listAnnotations(RUN),
    ...both("GET", "/runs/RUN/annotations"),
    answer: { annotations: [] },
    gate: ["feedback"],
  },
  "runs.getArtifact": {
    call: (c) => c.runs.getArtifact(RUN, "x/y"),
    v2: "GET /runs/acme~2Frun-0123456789abcdef/artifacts/x~2Fy",
    v1: "GET /v1/runs/acme%2Frun-0123456789abcdef/artifacts/x%2Fy",
  },
  "runs.evalSummary": {
    call: (c) => c.runs.evalSummary(RUN),
    ...both("GET", "/runs/RUN/eval-summary"),
    gate: ["agents.evalSuite"],
    answer: { suiteId: "s", tasks: [] },
  },
  "runs.compensation": {
    call: (c) => c.runs.compensation(RUN),
    ...only2("GET", "/runs/RUN/compensation"),
    gate: ["compensation"],
    answer: { runId: RUN, status: "completed", plan: [], attempts: [] },
  },
  "runs.effects": {
    call: (c) => c.runs.effects(RUN),
    ...only2("GET", "/runs/RUN/effects"),
    answer: { runId: RUN, effects: [] },
    gate: ["idempotency"],
  },
  "runs.debugBundle": {
    call: (c) => c.runs.debugBundle(RUN, { maxEvents: 9 }),
    ...only1("GET", "/runs/RUN/debug-bundle?maxEvents=9"),
    gate: ["debugBundle"],
  },
  "interrupts.resolve": {
    call: (c) => c.interrupts.resolve(RUN, "gate", { action: "accept" }),
    ...both("POST", "/runs/RUN/interrupts/gate"),
    body: { resumeValue: { action: "accept" } },
    answer: { runId: RUN, nodeId: "gate", status: "running" },
    gate: ["interrupt", undefined!],
  },
  "interrupts.inspectByToken": {
    call: (c) => c.interrupts.inspectByToken("ow2.secret"),
    ...both("GET", "/interrupts/ow2.secret"),
    answer: { kind: "approval", key: "k", data: {} },
    auth: false,
    gate: ["interrupt", undefined!],
  },
  "interrupts.resolveByToken": {
    call: (c) => c.interrupts.resolveByToken("ow2.secret", 1),
    ...both("POST", "/interrupts/ow2.secret"),
    body: { resumeValue: 1 },
    auth: false,
    gate: ["interrupt", undefined!],
  },
  "host.effectSeams": {
    call: (c) => c.host.effectSeams(),
    ...only2("GET", "/host/effect-seams"),
    answer: { manifestVersion: "1", host: {}, seams: [] },
    gate: ["replay"],
  },
  "host.events": {
    call: (c) => first(c.host.events()),
    ...only2("GET", "/host/events"),
    gate: ["heartbeat"],
  },
  "host.a2aTask": {
    call: (c) => c.host.a2aTask("t/1"),
    v1: "GET /v1/host/sample/a2a/tasks/t%2F1",
    gate: ["a2a.durableTasks"],
    answer: { taskId: "t/1", runId: "t/1", state: "working" },
  },
  "webhooks.register": {
    call: (c) =>
      c.webhooks.register({ url: "https://a.test", events: ["run.completed"] }),
    ...both("POST", "/webhooks"),
    body: { url: "https://a.test", events: ["run.completed"] },
    answer: { webhookId: "acme/w-0123456789abcdef" },
    gate: ["webhooks"],
  },
  "webhooks.unregister": {
    call: (c) => c.webhooks.unregister("acme/w", { tenantId: "acme" }),
    v2: "DELETE /webhooks/acme~2Fw?tenantId=acme",
    v1: "DELETE /v1/webhooks/acme%2Fw?tenantId=acme",
    contract: "never",
    gate: ["webhooks"],
  },
  "webhooks.list": {
    call: (c) => c.webhooks.list(),
    ...only1("GET", "/webhooks"),
  },
  "webhooks.deadLetters": {
    call: (c) => first(c.webhooks.deadLetters("acme/w", { limit: 5 })),
    v2: "GET /webhooks/acme~2Fw/dead-letters?limit=5",
    answer: { deliveries: [{ runId: RUN }] },
    gate: ["webhooks.deadLetter"],
  },
  "webhooks.rotateSecret": {
    call: (c) => c.webhooks.rotateSecret("acme/w", "s3cret"),
    v2: "POST /webhooks/acme~2Fw/rotate-secret",
    body: { secret: "s3cret" },
    gate: ["webhooks.secretRotation"],
  },
  ...optionalCalls,
};
