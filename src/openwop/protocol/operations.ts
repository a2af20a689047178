// Web standards only.

/**
 * Every operation of the protocol, in the least bytes: all clients carry this table. {@linkcode readOperation} spells an
 * entry out.
 *
 * `METHOD[marks] path [capability] [=answer] [@major]`. Marks: `!` declares no idempotency key, so it is sent once; `-`
 * carries no credential; `?` takes a query. The path is that of version 2; version 1 has the same below `/v1`. A
 * capability is that of version 2, then, after a slash, that of version 1 where they differ; a `~` in front says that
 * hosts are known to offer the operation without being able to make the whole claim. An answer has to have these fields:
 * strings, arrays `[]`, objects `{}`, booleans `?`. Source: v2 §6.1, §6.2; v1 §5.1, §5.2.
 */
export const OPERATIONS = {
  "discovery.get": "GET- /.well-known/openwop",
  "discovery.openapi": "GET- /openapi.json",
  "workflows.get": "GET /workflows/{workflowId} =id,nodes[],edges[]",
  "runs.create": "POST /runs =runId,status",
  "runs.list": "GET? /runs runList/ =runs[]",
  "runs.get": "GET /runs/{runId} =runId,status,workflowId",
  "runs.stream": "GET? /runs/{runId}/events",
  "runs.poll": "GET? /runs/{runId}/events/poll =events[],isTerminal?",
  "runs.cancel": "POST /runs/{runId}/cancel =runId,status",
  "runs.bulkCancel": "POST /runs:bulk-cancel =results[]",
  "runs.pause": "POST /runs/{runId}:pause /~runs.pauseResume =runId,status",
  "runs.resume": "POST /runs/{runId}:resume /~runs.pauseResume =runId,status",
  "runs.fork": "POST /runs/{runId}:fork ~replay =runId,status",
  "runs.diff": "GET? /runs/{runId}:diff =eventDiffs[]",
  "runs.ancestry":
    "GET /runs/{runId}/ancestry multiAgent.executionModel.crossHostCausation =runId",
  "runs.createAnnotation":
    "POST /runs/{runId}/annotations feedback =annotationId",
  "runs.listAnnotations":
    "GET /runs/{runId}/annotations feedback =annotations[]",
  "runs.getArtifact": "GET /runs/{runId}/artifacts/{artifactId}",
  "runs.evalSummary":
    "GET /runs/{runId}/eval-summary agents.evalSuite =tasks[]",
  "runs.compensation": "GET /runs/{runId}/compensation compensation =status @2",
  "runs.effects": "GET /runs/{runId}/effects ~idempotency =effects[] @2",
  "runs.debugBundle": "GET? /runs/{runId}/debug-bundle debugBundle @1",
  "interrupts.resolve":
    "POST /runs/{runId}/interrupts/{nodeId} ~interrupt/ =runId,status",
  "interrupts.inspectByToken": "GET- /interrupts/{token} ~interrupt/ =kind",
  "interrupts.resolveByToken": "POST- /interrupts/{token} ~interrupt/",
  "host.effectSeams": "GET /host/effect-seams ~replay =seams[] @2",
  "host.events": "GET /host/events heartbeat @2",
  "host.a2aTask":
    "GET /host/sample/a2a/tasks/{taskId} a2a.durableTasks =runId @1",
  "webhooks.register": "POST /webhooks ~webhooks =webhookId",
  "webhooks.unregister": "DELETE!? /webhooks/{webhookId} ~webhooks",
  "webhooks.list": "GET /webhooks @1",
  "webhooks.deadLetters":
    "GET? /webhooks/{webhookId}/dead-letters webhooks.deadLetter =deliveries[] @2",
  "webhooks.rotateSecret":
    "POST /webhooks/{webhookId}/rotate-secret webhooks.secretRotation @2",
  "agents.list": "GET /agents agents.manifestRuntime =agents[]",
  "agents.get": "GET /agents/{agentId} agents.manifestRuntime =agentId",
  "agents.listDeployments":
    "GET /agents/{agentId}/deployments agents.deployment =[]",
  "agents.deploy": "POST /agents/{agentId}/deployments agents.deployment",
  "agents.listRoster": "GET /agents/roster agents.roster =roster[]",
  "agents.getRosterEntry":
    "GET /agents/roster/{rosterId} agents.roster =rosterId",
  "agents.orgChart":
    "GET /agents/org-chart agents.orgChart =departments[],members[]",
  "agents.getDepartment":
    "GET? /agents/org-chart/{departmentId} agents.orgChart =department{},members[]",
  "tools.list": "GET? /tools toolCatalog",
  "tools.get": "GET? /tools/{toolId} toolCatalog =toolId",
  "prompts.list": "GET? /prompts prompts/prompts.endpointsSupported =items[]",
  "prompts.create": "POST /prompts prompts/prompts.mutableLibrary =templateId",
  "prompts.get":
    "GET? /prompts/{templateId} prompts/prompts.endpointsSupported =templateId",
  "prompts.update":
    "PUT /prompts/{templateId} prompts/prompts.mutableLibrary =templateId",
  "prompts.delete":
    "DELETE! /prompts/{templateId} prompts/prompts.mutableLibrary",
  "prompts.render":
    "POST! /prompts:render prompts/prompts.endpointsSupported =hash",
  "content.listPages": "GET /content/pages content",
  "content.createPage": "POST! /content/pages content",
  "content.getPage": "GET- /content/pages/{slug} content =slug,sections[]",
  "content.deletePage": "DELETE! /content/pages/{slug} content @2",
  "content.updateSection":
    "PUT! /content/pages/{pageId}/sections/{sectionId} content",
  "content.getSettings": "GET /content/settings content =baseLocale",
  "content.updateSettings": "PUT! /content/settings content =baseLocale",
  "triggerSubscriptions.create":
    "POST /trigger-subscriptions triggerBridge/triggerBridge.ingestion.registrationEndpoint =subscription{}",
  "audit.verify": "GET? /audit/verify auditLogIntegrity/ =chainValid?",
  "workspace.list": "GET? /host/workspace/files workspace =files[] @1",
  "workspace.read":
    "GET? /host/workspace/files/{path} workspace =path,content @1",
  "workspace.write": "PUT /host/workspace/files/{path} workspace =path @1",
  "workspace.delete": "DELETE /host/workspace/files/{path} workspace @1",
  "packs.get": "GET /packs/{name}/-/{version}.json =name,version @1",
} as const;

/** The name of an operation: the resource, a dot, the method. */
export type OperationName = keyof typeof OPERATIONS;

/** An operation, spelled out. */
export interface OperationSpec {
  /** Upper case. */
  readonly method: string;
  /** Ids in braces; below `/v1` in version 1. */
  readonly path: string;
  /** The majors that have it. */
  readonly majors: readonly (1 | 2)[];
  /**
   * Whether it may be repeated: a read may (`safe`), a change may under an idempotency key (`keyed`), and one that
   * declares no key may not (`never`).
   */
  readonly contract: "safe" | "keyed" | "never";
  /** Whether it carries the credential. */
  readonly auth: boolean;
  /** Whether it takes a query. */
  readonly query: boolean;
  /** The capability whose absence from discovery means that the host has no such operation. */
  readonly capability: string | undefined;
  /** Whether an absent capability is certain to mean that. */
  readonly certain: boolean;
  /** Fields that an answer has to have to be believed, and their types; `""` stands for the answer itself. */
  readonly answer: Readonly<
    Record<string, "string" | "array" | "object" | "boolean">
  >;
}

/**
 * Spells an entry of {@linkcode OPERATIONS} out for one major.
 *
 * @param name Which operation.
 * @param major Whose capability to tell.
 *
 * @example
 * ```ts
 * import { readOperation } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const pause = readOperation("runs.pause", 1);
 * assert.equal(`${pause.method} ${pause.path}`, "POST /runs/{runId}:pause");
 * assert.equal(pause.capability, "runs.pauseResume");
 * assert.equal(readOperation("runs.pause", 2).capability, undefined);
 * ```
 */
export function readOperation(
  name: OperationName,
  major: 1 | 2,
): OperationSpec {
  const [, method, marks, path, gates, fields, only] =
    /^(\w+)([-!?]*) (\S+)(?: ([^=@]\S*))?(?: =(\S+))?(?: @(.))?$/
      .exec(OPERATIONS[name]) as unknown as string[];
  const [second, first = second] = (gates ?? "").split("/");
  const gate = (major === 2 ? second : first)!;
  return {
    method: method!,
    path: path!,
    majors: only ? [Number(only) as 1 | 2] : [1, 2],
    contract: method === "GET"
      ? "safe"
      : marks!.includes("!")
      ? "never"
      : "keyed",
    auth: !marks!.includes("-"),
    query: marks!.includes("?"),
    capability: gate.replace("~", "") || undefined,
    certain: gate[0] !== "~",
    answer: Object.fromEntries(
      (fields?.split(",") ?? []).map((field) => [
        field.replace(/\W+/, ""),
        types[field.replace(/\w+/, "")]!,
      ]),
    ),
  };
}

const types: Readonly<Record<string, OperationSpec["answer"][string]>> = {
  "": "string",
  "[]": "array",
  "{}": "object",
  "?": "boolean",
};
