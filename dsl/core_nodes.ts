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
import type { ApprovalAnswer } from "./approval.ts";
import { nodeChecks } from "./check/nodes.ts";
import type { ClarifyAnswer } from "./clarify.ts";
import type { Operator } from "./condition.ts";
import type { NodeType } from "./node.ts";
import type { Asks } from "./parts.ts";

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
export interface GateConfig<Action = ApprovalAction> {
  /** The question in one line. */
  readonly title: string;
  /** More words. */
  readonly description?: string;
  /** What may be answered. @default accept and reject */
  readonly actions?: readonly Action[];
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

/** What a gate shows: its inputs. */
export type ShownByGate = Readonly<Record<string, JsonValue>>;

/** How a gate that offers these actions is answered. */
export type GateAnswer<Action> = ApprovalAnswer<
  "edit-accept" extends Action ? JsonValue : never,
  "refine" extends Action ? true : false,
  ShownByGate
>;

/** What a gate gives. */
export interface GateDecision<Action> extends Asks<GateAnswer<Action>> {
  /** What was decided. */
  readonly action: Action;
  /** The words of the approver, empty where none were given. */
  readonly feedback: string;
  /** Subject id of the approver whose answer decided. */
  readonly decidedBy: string;
  /** When, ISO 8601. */
  readonly decidedAt: string;
}

/**
 * Waits for a decision; its inputs are shown. In a chain, `.approval()` is the same with more words.
 *
 * @param config The question, and who decides.
 *
 * @example
 * ```ts
 * import { accept, core, defineNode, reject, type, workflow } from "@tutti/sdk/dsl";
 * import { createHost } from "@tutti/sdk/host";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const count = defineNode({
 *   typeId: "local.example.count",
 *   input: type<{ text: string }>(),
 *   output: type<{ words: number }>(),
 *   run: ({ text }) => ({ words: text.split(" ").length }),
 * });
 * const w = workflow("post", { version: "1.0.0" }).input(type<{ text: string }>());
 * const counted = w.add("count", count, { text: w.input.text });
 * const gate = w.add("gate", core.approvalGate({ title: "Print it?", rejection: "output" }), {
 *   words: counted.words,
 * });
 * const post = w.output(() => ({ decided: gate.action })).build();
 *
 * const host = createHost({ workflows: [post] });
 * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
 * // A plan, and a run, know by the handle how the question is answered.
 * const { output } = await post.run({ text: "two words" })
 *   .on(gate, ({ data }) => Number(data.words) > 1 ? accept() : reject("too short"))
 *   .execute(client);
 * assert.deepEqual(output, { decided: "accept" });
 *
 * const run = await post.start(client, { text: "short" });
 * await run.interrupt(gate).reject({ comment: "too short" });
 * assert.deepEqual((await run.result()).output, { decided: "reject" });
 * await host.close();
 * ```
 */
export function approvalGate<
  Action extends ApprovalAction = "accept" | "reject",
>(config: GateConfig<Action>): NodeType<ShownByGate, GateDecision<Action>> {
  return make("core.approvalGate", config);
}

/** How several questions at once are answered. */
export interface AnswersGiven<Answers> extends Asks<ClarifyAnswer<Answers>> {
  /** By question. */
  readonly answers: Answers;
}

/** Waits for answers to questions, by id. */
export function clarificationGate<Answers>(
  questions: readonly {
    readonly id: keyof Answers & string;
    readonly question: string;
    readonly schema?: JsonObject;
  }[],
): NodeType<unknown, AnswersGiven<Answers>> {
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
): NodeType<unknown, Fields & Asks<{ readonly answer: Fields }>> {
  return make("core.hitl.form-request", {
    formSchema,
    ...(deadlineSeconds === undefined ? {} : { deadlineSeconds }),
  });
}

/** Asks people to approve. */
export function hitlApprovalRequest<Outcome>(config: {
  readonly approvers?: readonly string[];
  readonly quorum?: number;
  readonly deadlineSeconds?: number;
}): NodeType<
  unknown,
  Outcome & Asks<GateAnswer<"accept" | "reject">>
> {
  return make("core.hitl.approval-request", config);
}

/** Asks a person something. */
export function hitlAskUser<In, Answer>(
  config: JsonObject = {},
): NodeType<In, Answer & Asks<{ readonly answer: Answer }>> {
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
