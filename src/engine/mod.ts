// Web standards only.
/**
 * The workflow interpreter as pure functions over the event log: no I/O, no clock, no randomness.
 *
 * @module
 */
export { isBuiltin } from "./builtins.ts";
export { type CancelOptions, cancelRun } from "./cancel.ts";
export {
  abandoned,
  type ChildEnd,
  childEnded,
  dispatched,
} from "./child_runs.ts";
export { checkExecutable, nodeTypesOf } from "./check.ts";
export { decide, type Plan, plan, type WorkPart } from "./decide.ts";
export { fold, initialState } from "./fold.ts";
export { visitedAs } from "./graph.ts";
export { resolveInterrupt } from "./interrupts.ts";
export { maskEvent, maskValuesOf } from "./mask.ts";
export { type PauseOptions, pauseRun, resumeRun } from "./pause.ts";
export { type SchemaProblem, schemaProblem } from "./schema.ts";
export { checkSchema } from "./schema_check.ts";
export { wake } from "./timers.ts";
export * from "./types.ts";
export { editedOutputs, outputsEdited } from "./fold_edits.ts";
export { isVendorType } from "./vendor_events.ts";
export {
  questionOfStep,
  type StepQuestion,
  stepQuestionKey,
  type WorkEnd,
  workEnded,
} from "./work.ts";
