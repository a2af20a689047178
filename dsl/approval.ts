// Web standards only.
import type {
  DefinitionIssue,
  JsonObject,
} from "../src/openwop/protocol/mod.ts";
import { parseDuration } from "./duration.ts";
import { type Ref, targetOf } from "./ref.ts";
import type { GraphNode, Link } from "./graph.ts";

/** What an approver is shown. */
export interface Question {
  /** The question in one line. */
  readonly title: string | Ref<string>;
  /** More words. */
  readonly description?: string;
  /** What the decision is about: references or literals, by name. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Who decides, and by when. */
export interface ApprovalOptions {
  /** How many must accept. @default 1 */
  readonly quorum?: number;
  /** Whether one rejection suffices (`single-veto`) or more than half are needed. @default "single-veto" */
  readonly rejection?: "single-veto" | "majority";
  /** Subject ids of those who may answer. @default anyone */
  readonly approvers?: readonly string[];
  /** After this time the approval rejects itself, as in `"48h"`; a number is milliseconds. @default never */
  readonly timeout?: string | number;
}

/** What a step can take from an approval that was answered. */
export interface DecisionRefs {
  /**
   * What was decided. A branch on it makes a rejection a value like any other; where no branch asks, a rejection fails
   * the run, so that nothing behind an approval runs without it.
   */
  readonly action: Ref<"accept" | "reject">;
  /** The words of the approver, empty where none were given. Travels as `feedback`. */
  readonly comment: Ref<string>;
  /** Subject id of the approver whose answer decided. */
  readonly decidedBy: Ref<string>;
}

/** How the ports of a {@linkcode DecisionRefs} travel. Source: v2 §9.2. */
export const decisionPorts: Readonly<Record<string, string>> = {
  comment: "feedback",
};

/** The node of an approval, and what is wrong with its options. */
export function approvalNode(
  id: string,
  question: Question,
  options: ApprovalOptions,
  after: readonly Link[],
  within: readonly string[],
): { node: GraphNode; issues: DefinitionIssue[] } {
  const issues: DefinitionIssue[] = [];
  const { quorum, rejection, approvers, timeout } = options;
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  const problem = (message: string, hint: string): void => {
    issues.push({
      code: "approval-impossible",
      message,
      pointer: "",
      source: id,
      hint,
    });
  };
  if (timeout !== undefined && timeoutMs === undefined) {
    problem(
      `the timeout ${JSON.stringify(timeout)} is not a length of time`,
      'write it as in "48h" or "1h 30m"',
    );
  }
  if (quorum !== undefined && !(Number.isInteger(quorum) && quorum >= 1)) {
    problem(`a quorum of ${quorum} cannot be met`, "ask for 1 or more");
  }
  if (approvers && (quorum ?? 1) > approvers.length) {
    problem(
      `${quorum ?? 1} must accept and only ${approvers.length} may answer`,
      "name more approvers or lower the quorum",
    );
  }
  const asked = targetOf(question.title) ? undefined : question.title as string;
  const config: Record<string, JsonObject[string]> = {
    title: asked ?? id,
    actions: ["accept", "reject"],
  };
  if (question.description !== undefined) {
    config["description"] = question.description;
  }
  if (quorum !== undefined) config["requiredApprovals"] = quorum;
  if (rejection !== undefined) config["rejectionPolicy"] = rejection;
  if (approvers) config["approversList"] = approvers;
  if (timeoutMs !== undefined) config["timeoutMs"] = timeoutMs;
  const inputs = {
    ...question.data,
    ...(asked === undefined ? { title: question.title } : {}),
  };
  return {
    issues,
    node: {
      id,
      kind: "approval",
      typeId: "core.approvalGate",
      config,
      inputs,
      after,
      afterInputs: false,
      within,
    },
  };
}
