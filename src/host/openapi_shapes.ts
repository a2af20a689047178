// Web standards only.
import type { JsonObject } from "../openwop/protocol/mod.ts";

/**
 * What goes in and out of an operation of version 2, in the least bytes. A shape is a list of members: `name`, `!` for one
 * that is always there, and `:type` for what is no text. Types: `int`, `bool`, `obj`, `list` (of texts), `time`, `null`
 * (an object or null), `any`, the name of a schema, or `[Name]` for a list of them.
 */
export interface Shape {
  /** Of the request, which holds nothing else. */
  readonly body?: string;
  /** Of the query. */
  readonly query?: string;
  /** Of the answer, which may hold more. */
  readonly answer?: string;
}

/** By operation. Source: v2 §6 to §11. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  "discovery.get": {
    answer:
      "protocolVersions!:list preferredVersion! implementation!:obj engineVersion!:int eventLogSchemaVersion!:int minClientVersion fixtures:list",
  },
  "discovery.openapi": { answer: "openapi! info!:obj paths!:obj" },
  "workflows.get": {
    answer:
      "id! name! version! nodes!:[Any] edges!:[Any] triggers!:[Any] variables!:[Any] metadata!:obj settings!:obj",
  },
  "runs.create": {
    body:
      "workflowId! inputs:obj tags:list metadata:obj configurable:obj scopeId tenantId",
    answer: "runId! status!:Status eventsUrl! statusUrl!",
  },
  "runs.bulkCancel": {
    body: "runIds!:list reason",
    answer: "results!:[BulkEntry]",
  },
  "runs.get": { answer: "Snapshot" },
  "runs.stream": { query: "streamMode bufferMs:int" },
  "runs.poll": {
    query: "afterSequence:int timeout:int",
    answer:
      "runId! events!:[Event] lastSequence!:int status!:Status isTerminal!:bool",
  },
  "runs.cancel": { body: "reason", answer: "runId! status!:Status" },
  "runs.pause": {
    body: "reason drainPolicy",
    answer: "runId! status!:Status pausedAt!:time",
  },
  "runs.resume": {
    body: "reason",
    answer: "runId! status!:Status resumedAt!:time",
  },
  "runs.fork": {
    body: "mode! fromSeq:int runOptionsOverlay:obj",
    answer: "runId! sourceRunId! mode! fromSeq!:int status!:Status eventsUrl!",
  },
  "runs.diff": {
    query: "against!",
    answer:
      "a! b! divergedAtSeq!:any eventDiffs!:[Any] stateDiff!:obj truncated:bool",
  },
  "runs.ancestry": { answer: "runId! hostId! parent!:null" },
  "runs.effects": { answer: "runId! effects!:[Effect]" },
  "runs.debugBundle": {
    query: "maxEvents:int",
    answer:
      "bundleVersion! generatedAt!:time host!:obj run!:Snapshot events!:[Event] metrics!:obj redactionApplied!:bool redactionMode! truncated:bool truncatedReason",
  },
  "interrupts.resolve": {
    body: "resumeValue!:any",
    answer: "runId! nodeId! status!:Status",
  },
  "interrupts.inspectByToken": {
    answer: "kind! key! data!:obj resumeSchema:any timeoutMs:int",
  },
  "interrupts.resolveByToken": {
    body: "resumeValue!:any",
    answer: "runId! nodeId! status!:Status",
  },
  "host.effectSeams": { answer: "manifestVersion! host!:obj seams!:[Any]" },
  "webhooks.register": {
    body: "url! events!:list secret tags:list signatureAlgorithms:list",
    answer: "webhookId! signatureAlgorithms!:list secret",
  },
  "webhooks.rotateSecret": {
    body: "secret!",
    answer: "rotatedAt!:time previousSecretExpiresAt!:time",
  },
  "webhooks.deadLetters": {
    query: "limit:int cursor",
    answer: "deliveries!:[DeadLetter] nextCursor",
  },
  "tutti.listWorkflows": { answer: "workflowIds!:list nodeTypes!:list" },
  "tutti.putWorkflow": { answer: "workflowId! contentHash!" },
};

/** Schemas that several operations share; closed, but for entries of lists. */
const SHARED: Readonly<Record<string, string>> = {
  // Source: v2 §7.1.
  Event:
    "eventId! runId! type! payload!:obj timestamp!:time sequence!:int schemaVersion!:int nodeId engineVersion:int causationId",
  // Source: v2 §8.3.
  Snapshot:
    "runId! workflowId! status!:Status owner!:obj eventLogSchemaVersion!:int currentNodeId startedAt:time completedAt:time nodeStates:obj variables:obj channels:obj error:obj inputs:obj tags:list metadata:obj configurable:obj parentRunId",
  BulkEntry: "runId! ok!:bool status:Status error:Error",
  DeadLetter:
    "deliveryId! runId! sequence!:int attempts!:int deadLetteredAt!:time",
  Effect:
    "effectId! nodeId! attempt!:int keying! providerKey state! at!:time invocationId",
  Error: "error! message! details:obj",
};

const TYPES: Readonly<Record<string, JsonObject>> = {
  int: { type: "integer" },
  bool: { type: "boolean" },
  obj: { type: "object" },
  list: { type: "array", items: { type: "string" } },
  time: { type: "string", format: "date-time" },
  null: { oneOf: [{ type: "object" }, { const: null }] },
  any: {},
};

/** The members of a shape: name, schema, whether it is always there. */
export function membersOf(
  shape: string,
): readonly (readonly [name: string, schema: JsonObject, isThere: boolean])[] {
  return shape.split(" ").filter(Boolean).map((member) => {
    const [, name = "", mark, type] = /^(\w+)(!?)(?::(.+))?$/.exec(member)!;
    return [name, schemaOf(type), mark === "!"];
  });
}

/** A shape as a schema; the name of a shared one stands for that. */
export function objectSchema(shape: string, isClosed: boolean): JsonObject {
  if (Object.hasOwn(SHARED, shape)) return schemaOf(shape);
  const members = membersOf(shape);
  const required = members.filter(([, , isThere]) => isThere)
    .map(([name]) => name);
  return {
    type: "object",
    ...(required.length > 0 && { required }),
    properties: Object.fromEntries(
      members.map(([name, schema]) => [name, schema]),
    ),
    ...(isClosed && { additionalProperties: false }),
  };
}

/** The schemas that others refer to. */
export function sharedSchemas(): JsonObject {
  const objects = Object.entries(SHARED)
    .map(([name, shape]) => [name, objectSchema(shape, true)]);
  return {
    ...Object.fromEntries(objects),
    Any: {},
    Status: {
      enum:
        "pending running paused waiting-approval waiting-input waiting-external completed failed cancelling cancelled"
          .split(" "),
    },
  };
}

function schemaOf(type: string | undefined): JsonObject {
  if (type === undefined) return { type: "string" };
  if (Object.hasOwn(TYPES, type)) return TYPES[type]!;
  const [, of] = /^\[(\w+)\]$/.exec(type) ?? [];
  return of
    ? { type: "array", items: schemaOf(of) }
    : { $ref: `#/components/schemas/${type}` };
}
