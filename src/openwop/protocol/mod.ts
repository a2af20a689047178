// Web standards only.
/**
 * The vocabulary of OpenWOP, in the spelling of version 2: definitions, runs, events, interrupts, ids. Client, host,
 * engine and DSL share it.
 *
 * @module
 */
export { canonicalJson, contentHash } from "./canonical.ts";
export { checkDefinition } from "./check.ts";
export * from "./definition.ts";
export * from "./errors.ts";
export * from "./events.ts";
export * from "./headers.ts";
export * from "./ids.ts";
export * from "./interrupts.ts";
export * from "./nodes.ts";
export * from "./poll.ts";
export { toRunEvent, wireTypeOf } from "./read_event.ts";
export * from "./plain_json.ts";
export * from "./runs.ts";
export type {
  JsonObject,
  JsonValue,
  StandardIssue,
  StandardResult,
  StandardSchemaProps,
  StandardSchemaV1,
} from "../../http/mod.ts";
export { issuePointer, pointerPart } from "../../http/mod.ts";
