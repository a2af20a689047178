// Web standards only.
/**
 * The Round Table client: workspaces, sandboxes, messages, collaborations, tokens that renew themselves, live messages.
 *
 * @module
 */
export { InvalidArgumentError } from "../http/mod.ts";
export type { CallOptions, OnceCallOptions } from "../http/mod.ts";
export type { AuthResource } from "./auth.ts";
export { RoundTableClient } from "./client.ts";
export type { RoundTableClientOptions } from "./client.ts";
export type { CollaborationsResource } from "./collaborations.ts";
export type { Credentials, Session } from "./credentials.ts";
export { deleteWorkspace } from "./delete_workspace.ts";
export type { DeleteWorkspaceOptions } from "./delete_workspace.ts";
export { roundTableFromEnv } from "./env.ts";
export type { RoundTableEnv, RoundTableEnvOptions } from "./env.ts";
export { createLiveMessages } from "./live.ts";
export type {
  LiveMessages,
  LiveMessagesOptions,
  LiveSocket,
} from "./live_types.ts";
export type { MessagesResource } from "./messages.ts";
export * from "./pages.ts";
export { patchConfig } from "./patch_config.ts";
export type { WorkspaceSettingsPatch } from "./patch_config.ts";
export * from "./protocol/mod.ts";
export { RoundTableError } from "./roundtable_error.ts";
export type { RoundTableErrorKind } from "./roundtable_error.ts";
export type { SandboxesResource } from "./sandboxes.ts";
export type { SystemResource } from "./system.ts";
export { waitForCollaboration } from "./wait_for_collaboration.ts";
export type { WaitForCollaborationOptions } from "./wait_for_collaboration.ts";
export { watchMessages } from "./watch_messages.ts";
export type { WatchMessagesOptions } from "./watch_messages.ts";
export type { WorkspacesResource } from "./workspaces.ts";
