// Web standards only.
import {
  type DefinitionIssue,
  definitionIssue,
  type JsonObject,
  type StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import { checkApprovals } from "./check/nodes.ts";
import { wanted } from "./given.ts";
import type { FragmentScope, Named, Tells } from "./parts.ts";
import type { Declared } from "./place.ts";
import { present } from "./present.ts";
import {
  type MaybeRefTo,
  type Ref,
  type RefTo,
  targetOf,
  type ValueOf,
} from "./ref.ts";
import { milliseconds } from "./step.ts";

/** What an approver is shown. */
export interface Question<Data = Readonly<Record<string, unknown>>> {
  /** The question in one line. */
  readonly title: string | Ref<string>;
  /** More words. */
  readonly description?: string;
  /** What the decision is about: references or literals, by name. */
  readonly data?: Data;
}

/**
 * People who may answer, all of the three together. An embedded host knows groups and roles from its `access`, and lets
 * nobody in by those that it was not told.
 */
export interface Approvers {
  /** Subject ids. */
  readonly approvers?: readonly string[];
  /** Names of groups, as the host knows them. */
  readonly groups?: readonly string[];
  /** Names of roles, as the host knows them. */
  readonly roles?: readonly string[];
}

/** People who may answer too, after some time. */
export interface Escalation extends Approvers {
  /** How long after the question was asked, as in `"24h"`; a number is milliseconds. */
  readonly after: string | number;
}

/** Who decides, by when, and what they may do besides accepting and rejecting. Without approvers, anyone may answer. */
export interface ApprovalOptions<Edited = never, Refine extends boolean = false>
  extends Approvers {
  /** How many must accept. @default 1 */
  readonly quorum?: number;
  /** Whether one rejection suffices (`single-veto`) or more than half are needed. @default "single-veto" */
  readonly rejection?: "single-veto" | "majority";
  /** After this time the approval rejects itself, as in `"48h"`; a number is milliseconds. @default never */
  readonly timeout?: string | number;
  /** Who may answer too if nobody has. */
  readonly escalate?: readonly Escalation[];
  /**
   * Lets the approver accept an edited version: what it looks like, as a schema or `type<T>()`. A handle and a plan of the
   * workflow check it by the schema before it is sent; a host, to which the definition does not tell it, does not.
   */
  readonly edit?: StandardSchemaV1<unknown, Edited>;
  /** Lets the approver send it back with words. @default false */
  readonly refine?: Refine;
  /** What sort of thing is decided on, for tools that show it. */
  readonly artifactType?: string;
}

/** What an approver may answer. An editor shows the words, and not the name of this type, for the `unknown`. */
export type ActionOf<Edited, Refine> =
  & (
    | "accept"
    | "reject"
    | ([Edited] extends [never] ? never : "edit-accept")
    | (true extends Refine ? "refine" : never)
  )
  & unknown;

/** What a step can take from an approval that was answered. */
export interface DecisionRefs<Edited = never, Refine = false> {
  /**
   * What was decided. A branch or a condition on it makes a rejection a value like any other; where none asks, a
   * rejection fails the run, so that nothing behind an approval runs without it.
   */
  readonly action: Ref<ActionOf<Edited, Refine>>;
  /** The words of the approver, empty where none were given. Travels as `feedback`. */
  readonly comment: Ref<string>;
  /** Subject id of the approver whose answer decided. */
  readonly decidedBy: Ref<string>;
  /** When, ISO 8601. */
  readonly decidedAt: Ref<string>;
  /** The edited version: certain in the case `edit-accept` of a branch on `action`. Travels as `editedArtifactData`. */
  readonly edited: MaybeRefTo<Edited>;
  /** What to change, if the action is `refine`. Travels as `refineFeedback`. */
  readonly refinement: MaybeRefTo<{ readonly text?: string }>;
}

/**
 * What a branch on the decision of the approval `Name` knows: where it was edited, there is an edited version. Nothing in a
 * fragment, whose approvals have other names outside.
 */
export type ToldByEdit<Scope, Name extends string, Edited> = [Edited] extends
  [never] ? unknown
  : Scope extends FragmentScope<unknown> ? unknown
  : Named<
    "action",
    Tells<Named<"edit-accept", Named<Name, Named<"edited", RefTo<Edited>>>>>
  >;

/** How an approval is answered. */
export interface ApprovalAnswer<
  Edited = never,
  Refine = false,
  Data = unknown,
> {
  /** Of which sort the interrupt is. */
  readonly kind: "approval";
  /** What may be answered. */
  readonly answer: AnswerOf<Edited, Refine>;
  /** What the approver is shown. */
  readonly data: Data;
}

/** What an approver is shown, as values. An editor shows them, and not the name of this type, for the `unknown`. */
export type ShownOf<Data> =
  & { readonly [Key in keyof Data]: ValueOf<Data[Key]> }
  & unknown;

/** The answers to an approval, in the words of the protocol. */
export type AnswerOf<Edited, Refine> =
  | {
    readonly action: "accept" | "reject";
    readonly feedback?: string;
  }
  | ([Edited] extends [never] ? never : {
    readonly action: "edit-accept";
    readonly editedArtifactData: Edited;
    readonly feedback?: string;
  })
  | (true extends Refine ? {
      readonly action: "refine";
      readonly refineFeedback: {
        readonly scope: "whole" | "section" | "items";
        readonly text?: string;
      };
      readonly feedback?: string;
    }
    : never);

/** The outputs that every answered approval has. */
const always = ["action", "feedback", "decidedBy", "decidedAt"];

/** The node of an approval, and what is wrong with its options. */
export function approvalNode(
  id: string,
  question: Question<object>,
  options: ApprovalOptions<unknown, boolean>,
): [Declared, DefinitionIssue[]] {
  const { edit, refine, escalate = [], timeout } = options;
  const { title, description, data } = question;
  const problems: string[] = [];
  const escalation = wanted(`${id}.options.escalate`, "list", escalate).map((
    { after, ...who },
  ) => ({
    afterMs: milliseconds("time of escalation", after, problems),
    ...people(who),
  }));
  const isAsked = targetOf(title);
  const config: JsonObject = {
    title: isAsked ? id : String(title ?? ""),
    actions: [
      "accept",
      "reject",
      ...(edit ? ["edit-accept"] : []),
      ...(refine ? ["refine"] : []),
    ],
    ...present({
      description,
      artifactType: options.artifactType || undefined,
      requiredApprovals: options.quorum,
      rejectionPolicy: options.rejection,
      ...people(options),
      timeoutMs: milliseconds("timeout", timeout, problems),
      escalation: escalation.length ? escalation : undefined,
    }),
  };
  return [
    {
      id,
      typeId: "core.approvalGate",
      config,
      inputs: { ...data, ...(isAsked ? { title } : {}) },
      gives: (key, isEdited) =>
        always.includes(key) || isEdited && key === "editedArtifactData",
      checks: [checkApprovals],
      edit,
      wire: {
        names: {
          comment: "feedback",
          edited: "editedArtifactData",
          refinement: "refineFeedback",
        },
      },
    },
    problems.map((message) =>
      definitionIssue("approval-impossible", message, "", undefined, id)
    ),
  ];
}

function people(
  { approvers, groups, roles }: Approvers,
): { readonly [key: string]: readonly string[] } {
  return present({
    approversList: approvers,
    approverGroupRefs: groups,
    approverRoleRefs: roles,
  });
}
