// Web standards only.
/**
 * Declare workflows as code: steps, parallel branches, human approvals, cases. Every reference is typed, every
 * declaration is checked, and what comes out is an open OpenWOP definition.
 *
 * @module
 */
export type { ApprovalOptions, DecisionRefs, Question } from "./approval.ts";
export { type RunStarter, type StartOptions, Workflow } from "./built.ts";
export { Draft, type Reserved } from "./draft.ts";
export { toMermaid } from "./draw/mermaid.ts";
export * from "./flow.ts";
export { defineNode, type NodeSpec, type NodeType } from "./node.ts";
export type { Flat, OutputOf, UncertainKeys, ValueOf } from "./output.ts";
export type { MaybeRef, MaybeRefs, Ports, Ref, Refs } from "./ref.ts";
export { type Shape, type Type, type, type VariableTypeOf } from "./type.ts";
export {
  NewWorkflow,
  type NoInput,
  workflow,
  type WorkflowOptions,
} from "./workflow.ts";
