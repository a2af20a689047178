// Web standards only.
/**
 * The workflow interpreter as pure functions over the event log: no I/O, no clock, no randomness.
 *
 * @module
 */
export { isBuiltin } from "./builtins.ts";
export { type CancelOptions, cancelRun } from "./cancel.ts";
export { decide } from "./decide.ts";
export { fold, initialState } from "./fold.ts";
export { resolveInterrupt } from "./interrupts.ts";
export { wake } from "./timers.ts";
export * from "./types.ts";
