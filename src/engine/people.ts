// Web standards only.
import type {
  InterruptPayload,
  JsonObject,
  JsonValue,
} from "../openwop/protocol/mod.ts";
import { approvalData } from "./approvals.ts";
import { frameQuestion } from "./frame.ts";
import { isObject, millisecondsOf, own } from "./json.ts";
import type { Occasion } from "./steps.ts";

/** The question of a `core.hitl.approval-request`: an approval under the names of its pack. Source: v1 §17.8. */
export function questionOfApprovalRequest(
  { node, state, inputs }: Occasion,
): InterruptPayload | string {
  const { config, name } = node.node;
  const approvers = own(config, "approvers") ?? own(inputs, "approvers");
  const quorum = own(config, "quorum");
  const data = approvalData({
    ...config,
    ...(approvers !== undefined && { approversList: approvers }),
    ...(quorum !== undefined && { requiredApprovals: quorum }),
  }, {
    artifactId: node.id,
    title: textOf(inputs, "title") ?? name,
    artifactData: inputs,
  });
  return frameQuestion(
    { kind: "approval", data, node, state },
    limitOf(config),
  );
}

/** The question of a `core.hitl.form-request`: an object that fits `formSchema`, whose fields are the outputs. */
export function questionOfForm(
  { node, state, inputs }: Occasion,
): InterruptPayload | string {
  const { config } = node.node;
  const formSchema = own(config, "formSchema");
  const data = isObject(formSchema)
    ? { customKind: "form", payload: { ...inputs, formSchema } }
    : "formSchema must be a JSON Schema";
  return frameQuestion({ kind: "custom", data, node, state }, {
    ...limitOf(config),
    ...(isObject(formSchema) && { resumeSchema: formSchema }),
  });
}

/** The question of a `core.hitl.ask-user`: one question, whose answer is `answers.answer`. */
export function questionOfUser(
  { node, state, inputs }: Occasion,
): InterruptPayload | string {
  const { config, name } = node.node;
  const question = textOf(inputs, "question") ?? textOf(config, "question") ??
    textOf(config, "prompt") ?? name;
  const schema = own(config, "schema");
  const data = {
    questions: [{
      id: "answer",
      question,
      ...(isObject(schema) && { schema }),
    }],
  };
  return frameQuestion(
    { kind: "clarification", data, node, state },
    limitOf(config),
  );
}

/** What a `core.flow.wait` waits for in its mode `webhook`: its inputs are what the call must repeat. */
export function questionOfWebhook(
  { node, state, inputs }: Occasion,
): InterruptPayload | string {
  const { config } = node.node;
  const data = {
    eventType: textOf(config, "eventType") ?? "webhook",
    correlation: inputs,
  };
  return frameQuestion(
    { kind: "external-event", data, node, state },
    limitOf(config),
  );
}

/** The deadline of a question, which the packs write in seconds. */
function limitOf(config: JsonObject): JsonObject {
  const seconds = millisecondsOf(
    own(config, "deadlineSeconds") ?? own(config, "timeoutSec"),
  );
  return seconds === undefined ? {} : { timeoutMs: seconds * 1000 };
}

function textOf(
  from: Readonly<Record<string, JsonValue>>,
  key: string,
): string | undefined {
  const value = own(from, key);
  return typeof value === "string" && value !== "" ? value : undefined;
}
