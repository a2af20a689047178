// Web standards only.
/**
 * The workflow interpreter as pure functions over the event log: no I/O, no clock, no randomness.
 *
 * @module
 */
export * from "./types.ts";
