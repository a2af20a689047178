// Web standards only.
import type {
  ApprovalAction,
  ApprovalData,
  InterruptPayload,
  JsonObject,
  JsonValue,
} from "../openwop/protocol/mod.ts";
import { frameQuestion } from "./frame.ts";
import type { GraphNode } from "./graph.ts";
import { isCount, isObject, merge, millisecondsOf, own } from "./json.ts";
import type { Occasion, Step } from "./steps.ts";
import type { Answer, InterruptAnswer, Vote } from "./types.ts";

const knownActions: ReadonlySet<JsonValue | undefined> = new Set<
  ApprovalAction
>(["accept", "reject", "refine", "edit-accept", "ask"]);

/** What an approval asks when its definition says no more. */
export interface ApprovalDefaults {
  readonly artifactId: string;
  readonly title: string;
  readonly artifactType?: string;
  readonly artifactData?: JsonValue;
}

/**
 * The question of a `core.approvalGate`: its inputs are what is to be approved, except a text port `title`, which is the
 * question itself.
 */
export function questionOfGate(
  { node, state, inputs }: Occasion,
): InterruptPayload | string {
  const { config, name } = node.node;
  const title = own(inputs, "title");
  const { title: _, ...others } = inputs;
  const data = approvalData(
    typeof title === "string" ? merge([config, { title }]) : config,
    {
      artifactId: node.id,
      title: name,
      ...(node.node.artifactType !== undefined &&
        { artifactType: node.node.artifactType }),
      artifactData: typeof title === "string" ? others : inputs,
    },
  );
  return frameQuestion({ kind: "approval", data, node, state });
}

/**
 * Reads the data of an approval from constants of a definition. What is there but wrong is refused, never replaced by a
 * default: a mistyped quorum must not become a quorum of one.
 *
 * @returns the data, or what is wrong with it.
 */
export function approvalData(
  from: JsonObject,
  defaults: ApprovalDefaults,
): ApprovalData | string {
  const actions = own(from, "actions") ?? ["accept", "reject"];
  if (!Array.isArray(actions) || actions.length === 0) {
    return "actions must be a list that is not empty";
  }
  // v1 §10.2: "edit" is an older spelling.
  const wanted = actions.map((action) =>
    action === "edit" ? "edit-accept" : action
  );
  const unknown = wanted.find((action) => !knownActions.has(action));
  if (unknown !== undefined) {
    return `actions must be among ${[...knownActions].join(", ")}`;
  }
  const required = own(from, "requiredApprovals");
  if (required !== undefined && !isCount(required)) {
    return "requiredApprovals must be a whole number of at least 1";
  }
  const policy = own(from, "rejectionPolicy");
  if (
    policy !== undefined && policy !== "single-veto" && policy !== "majority"
  ) return "rejectionPolicy must be single-veto or majority";
  const approvers = own(from, "approversList");
  if (approvers !== undefined && !isTexts(approvers)) {
    return "approversList must be a list of subject ids";
  }
  const groups = own(from, "approverGroupRefs");
  const roles = own(from, "approverRoleRefs");
  if (
    (groups !== undefined && !isTexts(groups)) ||
    (roles !== undefined && !isTexts(roles))
  ) return "approverGroupRefs and approverRoleRefs must be lists of names";
  const widened = groups?.length || roles?.length || own(from, "escalation");
  if (
    approvers?.length && !widened &&
    new Set(approvers).size < (required ?? 1)
  ) {
    return `requiredApprovals is ${required}, but approversList has fewer subjects`;
  }
  const text = (key: string, otherwise: string): string => {
    const value = own(from, key);
    return typeof value === "string" && value !== "" ? value : otherwise;
  };
  const description = text("description", "");
  const artifactData = own(from, "artifactData") ?? defaults.artifactData;
  return {
    artifactId: text("artifactId", defaults.artifactId),
    artifactType: text("artifactType", defaults.artifactType ?? "data"),
    title: text("title", defaults.title),
    // Checked above, one by one.
    actions: [...new Set(wanted as ApprovalAction[])],
    ...(description !== "" && { description }),
    ...(artifactData !== undefined && { artifactData }),
    ...(required !== undefined && { requiredApprovals: required }),
    // An empty list restricts nobody: the quorum fixture of the protocol is written that way.
    ...(approvers?.length && { approversList: approvers }),
    ...(groups?.length && { approverGroupRefs: groups }),
    ...(roles?.length && { approverRoleRefs: roles }),
    ...(policy !== undefined && { rejectionPolicy: policy }),
  };
}

function isTexts(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((entry) => typeof entry === "string");
}

/** What an approver said, in its normal form. */
export interface Say extends Omit<Vote, "by" | "at" | "action"> {
  readonly action: ApprovalAction;
}

/**
 * Reads an answer to an approval, in the current or in the legacy form (v1 §10.2). Who and when are not read from it: the
 * host knows them from the credential.
 *
 * @returns the answer, or what is wrong with it.
 */
export function readSay(value: JsonValue, data: ApprovalData): Say | string {
  if (!isObject(value)) return "the answer must be an object with an action";
  const feedback = own(value, "feedback");
  if (feedback !== undefined && typeof feedback !== "string") {
    return "feedback must be a text";
  }
  const say = own(value, "action") === undefined
    ? readLegacy(value, feedback ?? "", data)
    : value;
  if (say === undefined) {
    return `an action is missing: it must be one of ${data.actions.join(", ")}`;
  }
  const given = own(say, "action");
  const wanted = given === "edit" ? "edit-accept" : given;
  const action = data.actions.find((known) => known === wanted);
  if (action === undefined) {
    return `the action must be one of ${data.actions.join(", ")}`;
  }
  const words = { action, ...(feedback !== undefined && { feedback }) };
  if (action === "ask") return readAsk(value, feedback);
  if (action === "refine") {
    const refineFeedback = own(say, "refineFeedback");
    return isObject(refineFeedback) && isScope(own(refineFeedback, "scope"))
      ? { ...words, refineFeedback }
      : "refine needs refineFeedback with a scope of whole, section or items";
  }
  if (action === "edit-accept") {
    const editedArtifactData = own(say, "editedArtifactData");
    if (editedArtifactData === undefined) {
      return "edit-accept needs editedArtifactData";
    }
    // The others would have accepted something that they have not seen.
    if ((data.requiredApprovals ?? 1) > 1) {
      return `edit-accept is for one approver: this approval needs ${data.requiredApprovals}`;
    }
    return { ...words, editedArtifactData };
  }
  return words;
}

function readLegacy(
  value: JsonObject,
  feedback: string,
  data: ApprovalData,
): JsonObject | undefined {
  switch (own(value, "decision")) {
    case "approved":
      return { action: "accept" };
    case "rejected":
      // Older clients know no refine, so a reason makes it one where the approval offers it.
      return feedback !== "" && data.actions.includes("refine")
        ? {
          action: "refine",
          refineFeedback: { scope: "whole", text: feedback },
        }
        : { action: "reject" };
    default:
      return undefined;
  }
}

function readAsk(
  value: JsonObject,
  feedback: string | undefined,
): Say | string {
  const question = own(value, "question") ?? feedback;
  return typeof question === "string" && question !== ""
    ? { action: "ask", feedback: question }
    : "ask needs a question";
}

function isScope(scope: JsonValue | undefined): boolean {
  return scope === "whole" || scope === "section" || scope === "items";
}

/** The end of an approval. */
export interface Resolution {
  /** The deciding answer, with who and when. */
  readonly value: JsonObject;
  readonly action: string;
  readonly decision: string;
}

/**
 * What the votes amount to, `undefined` while more are needed. Everything but an acceptance counts against: under
 * `single-veto` one such vote decides, under `majority` more than half of the required number. The last vote of the
 * side that prevailed gives the action and the words.
 *
 * Source: v1 §10.6, "Quorum".
 */
export function settle(
  data: ApprovalData,
  votes: readonly Vote[],
): Resolution | undefined {
  const needed = data.requiredApprovals ?? 1;
  const veto = data.rejectionPolicy === "majority"
    ? Math.floor(needed / 2) + 1
    : 1;
  const accepting = votes.filter((vote) => accepts(vote.action));
  const against = votes.filter((vote) => !accepts(vote.action));
  const last = accepting.length >= needed
    ? accepting.at(-1)
    : against.length >= veto
    ? against.at(-1)
    : undefined;
  if (last === undefined) return undefined;
  const { by, at = "", ...said } = last;
  return {
    value: { ...said, decidedBy: by, decidedAt: at },
    action: last.action,
    decision: decisions.get(last.action) ?? "rejected",
  };
}

const decisions: ReadonlyMap<string, string> = new Map([
  ["accept", "approved"],
  ["edit-accept", "approved"],
  ["refine", "refined"],
]);

function accepts(action: string): boolean {
  return action === "accept" || action === "edit-accept";
}

/** An approval that nobody answered in time is a rejection, never an acceptance (v2 §9.2). */
export function rejectLate(at: string): Resolution {
  return {
    value: {
      action: "reject",
      feedback: "timeout",
      decidedBy: "",
      decidedAt: at,
    },
    action: "reject",
    decision: "rejected",
  };
}

/** What a node does with the end of its approval: a rejection fails it, unless its config makes that an output. */
export function finishApproval(
  { id, node }: GraphNode,
  { value, decision }: InterruptAnswer,
): Step {
  const given = isObject(value) ? value : {};
  const text = (key: string): string => {
    const found = own(given, key);
    return typeof found === "string" ? found : "";
  };
  // Foreign logs may lack the action; what is not clearly an acceptance is none.
  const action = text("action") ||
    (decision === "approved" ? "accept" : "reject");
  const edited = own(given, "editedArtifactData");
  const refine = own(given, "refineFeedback");
  const outputs: JsonObject = {
    action,
    feedback: text("feedback"),
    decidedBy: text("decidedBy"),
    decidedAt: text("decidedAt"),
    ...(edited !== undefined && { editedArtifactData: edited }),
    ...(refine !== undefined && { refineFeedback: refine }),
  };
  if (action !== "reject" || own(node.config, "rejection") === "output") {
    return { kind: "complete", outputs };
  }
  return {
    kind: "fail",
    error: {
      code: "approval_rejected",
      message: `Cannot pass approval "${id}": it was rejected, not accepted`,
      details: outputs,
      retryable: false,
    },
  };
}

/** One step of an escalation: after that time these may answer too. */
export interface Escalation {
  readonly afterMs: number;
  readonly approversList?: readonly string[];
  readonly approverGroupRefs?: readonly string[];
  readonly approverRoleRefs?: readonly string[];
}

const escalations = new WeakMap<JsonObject, readonly Escalation[]>();

/** The steps of the escalation of an approval, in the order of their time. */
export function escalationsOf({ node }: GraphNode): readonly Escalation[] {
  let steps = escalations.get(node.config);
  if (steps === undefined) {
    const given = own(node.config, "escalation");
    steps = (Array.isArray(given) ? given : []).flatMap(readEscalation)
      .sort((a, b) => a.afterMs - b.afterMs);
    escalations.set(node.config, steps);
  }
  return steps;
}

function readEscalation(value: JsonValue): readonly Escalation[] {
  if (!isObject(value)) return [];
  const afterMs = millisecondsOf(own(value, "afterMs"));
  if (afterMs === undefined) return [];
  const names = (key: string): { [name: string]: readonly string[] } => {
    const list = own(value, key);
    return list !== undefined && isTexts(list) ? { [key]: list } : {};
  };
  return [{
    afterMs,
    ...names("approversList"),
    ...names("approverGroupRefs"),
    ...names("approverRoleRefs"),
  }];
}

/**
 * Whether a subject may answer an approval. Groups and roles count where the host knows those of the subject; where
 * nobody is named, everybody may.
 */
export function mayAnswer(
  node: GraphNode | undefined,
  data: ApprovalData,
  requestedAt: string,
  { by, at, groups, roles }: Answer,
): boolean {
  const waited = Date.parse(at) - Date.parse(requestedAt);
  const rounds: Partial<Escalation>[] = [
    data,
    ...(node ? escalationsOf(node) : []).filter(({ afterMs }) =>
      afterMs <= waited
    ),
  ];
  let restricted = false;
  for (const [index, round] of rounds.entries()) {
    const { approversList, approverGroupRefs, approverRoleRefs } = round;
    if (approversList?.includes(by.subjectId)) return true;
    if (approverGroupRefs?.some((group) => groups?.includes(group))) {
      return true;
    }
    if (approverRoleRefs?.some((role) => roles?.includes(role))) return true;
    if (index > 0) continue;
    restricted = approversList !== undefined ||
      (approverGroupRefs !== undefined && groups !== undefined) ||
      (approverRoleRefs !== undefined && roles !== undefined);
  }
  return !restricted;
}
