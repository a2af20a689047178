// Web standards only.
/**
 * Declare workflows as code: steps, parallel branches, human approvals, cases. Every reference is typed, every
 * declaration is checked, and what comes out is an open OpenWOP definition.
 *
 * @module
 */
export type {
  ActionOf,
  AnswerOf,
  ApprovalAnswer,
  ApprovalOptions,
  Approvers,
  DecisionRefs,
  Escalation,
  Question,
  ShownOf,
  ToldByEdit,
} from "./approval.ts";
export { attempt, type AttemptOptions, type FailureRefs } from "./attempt.ts";
export {
  type RunHolder,
  type RunStarter,
  type StartOptions,
  Workflow,
} from "./built.ts";
export * from "./channel.ts";
export * from "./clarify.ts";
export {
  all,
  any,
  type Comparable,
  type Condition,
  contains,
  endsWith,
  eq,
  exists,
  falsy,
  gt,
  gte,
  lt,
  lte,
  matches,
  missing,
  ne,
  not,
  oneOf,
  type Operator,
  startsWith,
  truthy,
} from "./condition.ts";
export * as core from "./core_nodes.ts";
export * from "./delay.ts";
export {
  defineWorkflow,
  type NewDefinition,
  NewWorkflow,
  type NoInput,
  type WorkflowOptions,
} from "./define_workflow.ts";
export { DefinedWorkflow, type Finish, type Schemas } from "./defined.ts";
export { type BuiltFrom, Draft } from "./draft.ts";
export {
  deploy,
  type DeployableWorkflow,
  type DeployPlan,
  type DeployTarget,
  planDeploy,
} from "./deploy.ts";
export { type DefinitionDiff, diffDefinitions } from "./diff.ts";
export type {
  ChangeReason,
  DefinitionChange,
  Judgement,
} from "./diff_verdict.ts";
export { pictureOfDiff } from "./draw/diff.ts";
export { toDot } from "./draw/dot.ts";
export { toMermaid } from "./draw/mermaid.ts";
export type {
  Mark,
  NodeShape,
  Picture,
  PictureEdge,
  PictureNode,
} from "./draw/picture.ts";
export { pictureOfRun } from "./draw/run.ts";
export * from "./either.ts";
export * from "./emit.ts";
export {
  type Adding,
  type AddingAny,
  type Cases,
  type Chain,
  type Chains,
  Flow,
} from "./flow.ts";
export * from "./for_each.ts";
export {
  type AnyGates,
  fromDefinition,
  type KnownKind,
  type ReadWorkflow,
} from "./from_definition.ts";
export { type Fragment, fragment, insert, type Prefixed } from "./fragment.ts";
export type { DefinitionCheck, Graph, GraphNode, Link } from "./graph.ts";
export {
  checkHost,
  type HostFacts,
  type HostNeed,
  hostNeeds,
} from "./host_needs.ts";
export * from "./join.ts";
export {
  type CodeNode,
  defineNode,
  type HostNodeSpec,
  node,
  type NodeSpec,
  type NodeType,
} from "./node.ts";
export type { Flat, IfUncertain, OutputOf, PlainLiterals } from "./output.ts";
export type * from "./parts.ts";
export type { Place } from "./place.ts";
export type * from "./plain.ts";
export {
  type FieldRefs,
  type MaybeRef,
  type MaybeRefs,
  type MaybeRefTo,
  type OptionalPort,
  orElse,
  type Path,
  type Port,
  type Ports,
  type Present,
  type Ref,
  type Refs,
  type RefTo,
  type ValueOf,
  type Wire,
} from "./ref.ts";
export * from "./answers.ts";
export { type ForkResult, type OtherWorkflow, RunPlan } from "./plan.ts";
export * from "./plan_compare.ts";
export { planFromJson } from "./plan_json.ts";
export type {
  AnyPlanTypes,
  AnyQuestion,
  ExecuteOptions,
  ExpectationResult,
  ForkPoint,
  GivenAnswer,
  NoForks,
  PlanAnswer,
  PlanClient,
  PlanJson,
  PlannedWorkflow,
  PlanQuestion,
  PlanResult,
  PlanSpec,
  PlanStatus,
  PlanTypes,
  Sayable,
  StepOutcome,
  WantedResult,
} from "./plan_types.ts";
export * from "./repeat.ts";
export type * from "./run.ts";
export * from "./settings.ts";
export { stepName } from "./step_name.ts";
export {
  type Own,
  type RetryPolicy,
  type StepOptions,
  type Undo,
  undo,
} from "./step.ts";
export type * from "./state_types.ts";
export * from "./sub.ts";
export { type Shape, type Type, type, type VariableTypeOf } from "./type.ts";
export type { ValueChange } from "./value_diff.ts";
export * from "./variable.ts";
export * from "./wait_for.ts";
export * from "./when.ts";
export { workflow } from "./workflow.ts";
export type { NodeContext, StepInterrupt } from "../src/openwop/mod.ts";
