// Web standards only.
/**
 * The vocabulary of OpenWOP, in the spelling of version 2: definitions, runs, events, interrupts, ids. Client, host,
 * engine and DSL share it.
 *
 * @module
 */
export { canonicalJson, contentHash } from "./canonical.ts";
export { checkBuilt, checkDefinition } from "./check.ts";
export { checkConditions } from "./check_edges.ts";
export { edgesBy, levelsOf } from "./check_graph.ts";
export type {
  Codec,
  HostCodec,
  Major,
  WireError,
  WireOperation,
  WopOperation,
} from "./codec.ts";
export { codecV1 } from "./codec_v1.ts";
export { hostCodecV1 } from "./codec_v1_host.ts";
export { codecV2, hostCodecV2 } from "./codec_v2.ts";
export { fromV1EventType, toV1EventType } from "./codemap.ts";
export {
  checkConfigurable,
  CONFIGURABLE_SECTIONS,
  flattenConfigurable,
  nestConfigurable,
} from "./configurable.ts";
export type { RunConfigurable } from "./configurable.ts";
export * from "./definition.ts";
export * from "./error_codes.ts";
export * from "./errors.ts";
export { EVENT_TYPES, isEventType } from "./event_names.ts";
export * from "./events.ts";
export type { AgentPayloads, OrchestratorDecision } from "./events_agent.ts";
export type { InterruptPayloads } from "./events_interrupt.ts";
export type { OperationPayloads } from "./events_operation.ts";
export type { ChunkMeta, RunPayloads } from "./events_run.ts";
export * from "./headers.ts";
export * from "./ids.ts";
export * from "./interrupts.ts";
export { patternRisk, searchSteps } from "./linear_pattern.ts";
export * from "./nodes.ts";
export * from "./operations.ts";
export * from "./poll.ts";
export { toRunEvent, wireTypeOf } from "./read_event.ts";
export { readV1Event } from "./v1_event.ts";
export * from "./plain_json.ts";
export * from "./run_reads.ts";
export * from "./runs.ts";
export type {
  JsonObject,
  JsonValue,
  StandardIssue,
  StandardResult,
  StandardSchemaProps,
  StandardSchemaV1,
} from "../../http/mod.ts";
export { isJsonObject, issuePointer, pointerPart } from "../../http/mod.ts";
