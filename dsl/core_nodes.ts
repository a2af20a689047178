// Web standards only.
/**
 * OpenWOP's own kinds of steps, for `.step()` and `.add()`. A host without one refuses the workflow by name.
 *
 * @module
 */
import type {
  ApprovalAction,
  JsonObject,
  JsonValue,
} from "../src/openwop/protocol/mod.ts";
import { nodeChecks } from "./check/nodes.ts";
import type { Operator } from "./condition.ts";
import type { NodeType } from "./node.ts";

function make<In, Out>(typeId: string, config: object = {}): NodeType<In, Out> {
  return { typeId, config: config as JsonObject, checks: nodeChecks };
}

/** Gives back what it gets. */
export function noop<T>(): NodeType<T, T> {
  return make("core.noop");
}

/** Gives back what it gets, under the same names. */
export function identity<T>(): NodeType<T, T> {
  return make("core.identity");
}

/** Fails, always. */
export function fail(
  code: string,
  message: string,
): NodeType<unknown, Record<string, never>> {
  return make("core.fail", { code, message });
}

/** Lets time pass. */
export function delay(): NodeType<
  { readonly delayMs: number },
  { readonly waitedMs: number }
> {
  return make("core.delay");
}

/** What an approval gate is told. */
export interface GateConfig {
  /** The question in one line. */
  readonly title: string;
  /** More words. */
  readonly description?: string;
  /** What may be answered. @default accept and reject */
  readonly actions?: readonly ApprovalAction[];
  /** How many must accept. @default 1 */
  readonly requiredApprovals?: number;
  /** Whether one rejection suffices. @default "single-veto" */
  readonly rejectionPolicy?: "single-veto" | "majority";
  /** Subject ids of those who may answer. */
  readonly approversList?: readonly string[];
  /** After so many milliseconds it rejects itself. */
  readonly timeoutMs?: number;
  /** `output` makes a rejection a value; otherwise it fails the step. */
  readonly rejection?: "output";
}

/** Waits for a decision; its inputs are shown. */
export function approvalGate(config: GateConfig): NodeType<
  Readonly<Record<string, JsonValue>>,
  {
    readonly action: ApprovalAction;
    readonly feedback: string;
    readonly decidedBy: string;
    readonly decidedAt: string;
  }
> {
  return make("core.approvalGate", config);
}

/** Waits for answers to questions, by id. */
export function clarificationGate<Answers>(
  questions: readonly {
    readonly id: keyof Answers & string;
    readonly question: string;
    readonly schema?: JsonObject;
  }[],
): NodeType<unknown, { readonly answers: Answers }> {
  return make("core.clarificationGate", { questions });
}

/** Runs a prompt that the host keeps. */
export function callPrompt<In>(
  promptId: string,
): NodeType<In, { readonly text: string }> {
  return make("core.ai.callPrompt", { promptId });
}

/** What a value is asked. */
export interface ValuePredicate {
  /** Dot path into the value. @default the value itself */
  readonly path?: string;
  /** The question. */
  readonly op: Operator;
  /** What it is compared with. */
  readonly value?: JsonValue;
}

/** Says whether a value is as wanted. */
export function flowIf<T = JsonValue>(predicate: ValuePredicate): NodeType<
  { readonly value: T },
  {
    readonly branch: "then" | "else";
    readonly matched: boolean;
    readonly value: T;
  }
> {
  return make("core.flow.if", { predicate });
}

/** Names the case of a value. */
export function flowSwitch<const Label extends string, T = JsonValue>(
  cases: Readonly<Record<string, Label>>,
  otherwise?: Label,
): NodeType<
  { readonly value: T },
  { readonly label: Label; readonly matched: boolean; readonly value: T }
> {
  return make("core.flow.switch", {
    cases,
    ...(otherwise === undefined ? {} : { default: otherwise }),
  });
}

/** Names the routes of a value: the first that fits, or all. */
export function flowRouter<const Label extends string, T = JsonValue>(
  routes: readonly {
    readonly label: Label;
    readonly predicate?: ValuePredicate;
  }[],
  mode: "first-match" | "all-match" = "first-match",
): NodeType<
  { readonly value: T },
  { readonly branches: readonly Label[]; readonly value: T }
> {
  return make("core.flow.router", { routes, mode });
}

/** Ends the run with an error of your own. */
export function flowStopAndError(
  code: string,
  message: string,
  details?: JsonObject,
): NodeType<unknown, Record<string, never>> {
  return make("core.flow.stop-and-error", {
    code,
    message,
    ...(details ? { details } : {}),
  });
}

/** Waits for a time of day: `timestamp` in ISO 8601. */
export function flowWaitUntil(
  timestamp: string,
): NodeType<unknown, Record<string, never>> {
  return make("core.flow.wait", { mode: "until", timestamp });
}

/** Asks a person to fill in a form; the fields of the form are its outputs. */
export function hitlFormRequest<Fields>(
  formSchema: JsonObject,
  deadlineSeconds?: number,
): NodeType<unknown, Fields> {
  return make("core.hitl.form-request", {
    formSchema,
    ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }),
  });
}

/** Asks people to approve. */
export function hitlApprovalRequest<Decision>(config: {
  readonly approvers?: readonly string[];
  readonly quorum?: number;
  readonly deadlineSeconds?: number;
}): NodeType<unknown, Decision> {
  return make("core.hitl.approval-request", config);
}

/** Asks a person something. */
export function hitlAskUser<In, Answer>(
  config: JsonObject = {},
): NodeType<In, Answer> {
  return make("core.hitl.ask-user", config);
}

/** How a model is called. */
export interface ModelConfig {
  /** As the host names it. */
  readonly provider: string;
  /** As the provider names it. */
  readonly model: string;
  /** What it is told first. */
  readonly systemPrompt?: string;
  /** From 0. */
  readonly temperature?: number;
  /** The most it may answer. */
  readonly maxTokens?: number;
  /** Texts that end an answer. */
  readonly stopSequences?: readonly string[];
}

/** One message to a model, or from it. */
export interface ModelMessage {
  /** Who says it. */
  readonly role: string;
  /** What is said. */
  readonly content: string;
}

/** Asks a model. */
export function aiChatCompletion(config: ModelConfig): NodeType<
  { readonly messages: readonly ModelMessage[] },
  {
    readonly content: string;
    readonly usage: JsonObject;
    readonly finishReason: string;
  }
> {
  return make("core.ai.chatCompletion", config);
}

/** Asks a model for data of a certain shape. */
export function aiStructuredOutput<Data>(
  config: ModelConfig & {
    readonly outputSchema: JsonObject;
    readonly retryOnInvalidJson?: boolean;
  },
): NodeType<
  { readonly messages: readonly ModelMessage[] },
  { readonly data: Data }
> {
  return make("core.ai.structuredOutput", config);
}
