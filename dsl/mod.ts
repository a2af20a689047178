// Web standards only.
/**
 * Declare workflows as code: steps, parallel branches, human approvals, cases. Every reference is typed, every
 * declaration is checked, and what comes out is an open OpenWOP definition.
 *
 * @module
 */
export * from "./approval.ts";
export * from "./built.ts";
export * from "./draft.ts";
export * from "./draw/mermaid.ts";
export * from "./flow.ts";
export * from "./node.ts";
export * from "./output.ts";
export * from "./ref.ts";
export { type Shape, type Type, type, type VariableTypeOf } from "./type.ts";
export * from "./workflow.ts";
