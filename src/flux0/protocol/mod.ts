// Web standards only.
export * from "./agents.ts";
export { Assembly } from "./draft.ts";
export type { Draft, DraftChange, DraftType } from "./draft.ts";
export * from "./events.ts";
export { readFrame } from "./frames.ts";
export type {
  ChunkEvent,
  JsonPatch,
  PostEvent,
  StatusEvent,
  StreamEvent,
} from "./frames.ts";
export { DEFAULT_BASE_URL, identityHeader } from "./identity.ts";
export { operationAt, OPERATIONS, OTHER_NAMES } from "./operations.ts";
export type { OperationAt, OperationName, OtherNames } from "./operations.ts";
export * from "./sessions.ts";
export { sortedText } from "./text.ts";
