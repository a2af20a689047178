// Web standards only.
import type {
  ClarificationData,
  CustomData,
  ExternalEventData,
  InterruptPayload,
  JsonObject,
  JsonValue,
} from "../openwop/protocol/mod.ts";
import { approvalData } from "./approvals.ts";
import { frameQuestion } from "./frame.ts";
import type { GraphNode } from "./graph.ts";
import { equal, isObject, merge, own } from "./json.ts";
import { schemaProblem } from "./schema.ts";
import type { Occasion, Step } from "./steps.ts";
import type { InterruptAnswer } from "./types.ts";

/** The question of a `core.clarificationGate`. */
export function questionOfClarification(
  { node, state }: Occasion,
): InterruptPayload | string {
  const data = clarificationData(node.node.config);
  return frameQuestion({ kind: "clarification", data, node, state });
}

/** The question of a `core.interrupt`, of any kind that needs no optional capability. */
export function questionOfInterrupt(
  { node, state, inputs }: Occasion,
): InterruptPayload | string {
  const { config, name } = node.node;
  const kind = own(config, "kind");
  const given = own(config, "data") ?? {};
  if (!isObject(given)) return "data must be an object";
  switch (kind) {
    case "approval": {
      const data = approvalData(given, { artifactId: node.id, title: name });
      return frameQuestion({ kind, data, node, state });
    }
    case "clarification":
      return frameQuestion({
        kind,
        data: clarificationData(given),
        node,
        state,
      });
    case "external-event":
      return frameQuestion({
        kind,
        data: externalData(given, inputs),
        node,
        state,
      });
    case "custom":
      return frameQuestion({ kind, data: customData(given), node, state });
    default:
      return "kind must be approval, clarification, external-event or custom";
  }
}

function clarificationData(from: JsonObject): ClarificationData | string {
  const questions = own(from, "questions");
  const wanted =
    "questions must be a list of at least one {id, question}, each id once";
  if (!Array.isArray(questions) || questions.length === 0) return wanted;
  const ids = new Set<string>();
  const read: ClarificationData["questions"][number][] = [];
  for (const entry of questions) {
    const id = isObject(entry) ? own(entry, "id") : undefined;
    const question = isObject(entry) ? own(entry, "question") : undefined;
    if (typeof id !== "string" || typeof question !== "string") return wanted;
    if (id === "" || id === "__proto__" || ids.has(id)) return wanted;
    ids.add(id);
    const schema = own(entry, "schema");
    read.push({ id, question, ...(isObject(schema) && { schema }) });
  }
  const contextType = own(from, "contextType");
  return {
    questions: read,
    ...(typeof contextType === "string" && { contextType }),
  };
}

/** Ports of the node are keys that the event must repeat. */
function externalData(
  from: JsonObject,
  inputs: JsonObject,
): ExternalEventData | string {
  const eventType = own(from, "eventType");
  const correlation = own(from, "correlation");
  if (typeof eventType !== "string" || eventType === "") {
    return "data.eventType must be a text";
  }
  return isObject(correlation)
    ? {
      eventType,
      correlation: Object.keys(inputs).length > 0
        ? merge([correlation, inputs])
        : correlation,
    }
    : "data.correlation must be an object";
}

function customData(from: JsonObject): CustomData | string {
  const customKind = own(from, "customKind");
  const payload = own(from, "payload");
  if (typeof customKind !== "string" || customKind === "") {
    return "data.customKind must be a text";
  }
  return { customKind, ...(payload !== undefined && { payload }) };
}

/** An answer in its normal form, or what is wrong with it. */
export type ReadAnswer =
  | { readonly value: JsonValue }
  | { readonly problem: string; readonly details?: JsonObject };

/** Reads the answer to a clarification: an object by question id, or a list of `{id, answer}` (v1 §10.1). */
export function readClarification(
  value: JsonValue,
  data: ClarificationData,
): ReadAnswer {
  const given = isObject(value) ? own(value, "answers") : undefined;
  const answers = new Map<string, JsonValue>();
  if (Array.isArray(given)) {
    for (const entry of given) {
      const id = isObject(entry) ? own(entry, "id") : undefined;
      const answer = isObject(entry) ? own(entry, "answer") : undefined;
      if (typeof id === "string" && answer !== undefined) {
        answers.set(id, answer);
      }
    }
  } else if (isObject(given)) {
    for (const [id, answer] of Object.entries(given)) answers.set(id, answer);
  } else return { problem: "the answer must hold answers by question id" };

  const asked = data.questions.map(({ id }) => id);
  const missing = asked.filter((id) => !answers.has(id));
  if (missing.length > 0) {
    return {
      problem: `every question must be answered: ${missing.length} is missing`,
      details: { missing },
    };
  }
  const unknown = [...answers.keys()].filter((id) => !asked.includes(id));
  if (unknown.length > 0) {
    return {
      problem: "it answers a question that was not asked",
      details: { asked },
    };
  }
  for (const { id, schema } of data.questions) {
    const misfit = schema && schemaProblem(schema, answers.get(id)!);
    if (!misfit) continue;
    return {
      problem:
        `the answer to "${id}" does not fit its schema: ${misfit.message}`,
      details: { pointer: `/resumeValue/answers/${id}${misfit.pointer}` },
    };
  }
  return {
    value: {
      answers: Object.fromEntries(asked.map((id) => [id, answers.get(id)!])),
    },
  };
}

/**
 * Reads an external event, bare or wrapped as `{eventPayload}` (v1 §10.6): it must repeat every key of the correlation
 * with an equal value.
 */
export function readExternalEvent(
  value: JsonValue,
  data: ExternalEventData,
): ReadAnswer {
  const wrapped = isObject(value) ? own(value, "eventPayload") : undefined;
  const event = isObject(wrapped) ? wrapped : value;
  if (!isObject(event)) return { problem: "the event must be an object" };
  const wrong = Object.entries(data.correlation)
    .filter(([key, wanted]) => !equal(own(event, key), wanted))
    .map(([key]) => key);
  return wrong.length === 0 ? { value: event } : {
    problem: "the event is another one: its correlation differs",
    details: { correlation: wrong },
  };
}

/** What a node does with an answer that is no approval. A question that nobody answered in time fails it (v1 §10.6). */
export function finishQuestion(
  { id }: GraphNode,
  { value, decision }: InterruptAnswer,
): Step {
  if (decision === "rejected") {
    return {
      kind: "fail",
      error: {
        code: "interrupt_timeout",
        message:
          `Cannot pass node "${id}": its question was not answered in time`,
        details: { nodeId: id },
        retryable: false,
      },
    };
  }
  return {
    kind: "complete",
    outputs: isObject(value) ? merge([value]) : { value },
  };
}
