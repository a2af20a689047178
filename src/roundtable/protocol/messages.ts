// Web standards only.
import type { JsonObject } from "../../http/mod.ts";

/** What a message is; the server refuses others where one sandbox writes to another. */
export type MessageType = "request" | "response" | "notification" | "command";

/** What has become of a message. */
export interface MessageStatus {
  /** Always `pending` today. */
  readonly status: string;
  /** UTC without a zone. */
  readonly sent_at: string | null;
  /** Never set. */
  readonly delivered_at: string | null;
  /** Never set. */
  readonly failed_at: string | null;
  /** Never set. */
  readonly error_message: string | null;
}

/** A message from one sandbox to another. */
export interface AgentMessage {
  /** `msg_` and 10 hex digits. */
  readonly message_id: string;
  /** Who wrote it. */
  readonly from_sandbox_id: string;
  /** Who is to read it. */
  readonly to_sandbox_id: string | null;
  /** The workspace of both. */
  readonly workspace_id: string;
  /** What it says. */
  readonly content: JsonObject;
  /** What it is. */
  readonly message_type: MessageType | (string & Record<never, never>);
  /** An object; the models of the official SDKs say text, so look at `status.status`. */
  readonly status: MessageStatus;
  /** UTC without a zone. */
  readonly created_at: string | null;
  /** UTC without a zone. */
  readonly updated_at: string | null;
}

/** A message to send. */
export interface SendMessage {
  /** A sandbox of the same workspace, also the sender itself. */
  readonly to_sandbox_id: string;
  /** An object; the server refuses text and lists. */
  readonly content: JsonObject;
  /** What it is; the server's default is `request`. */
  readonly message_type?: MessageType | null | undefined;
}

/** A message to all sandboxes of a workspace. */
export interface Broadcast {
  /** An object. */
  readonly content: JsonObject;
  /** Any text; the server's default is `notification`. */
  readonly message_type?: string | null | undefined;
  /** Taken by the server, without effect: a broadcast has no sender. */
  readonly exclude_sender?: boolean | null | undefined;
}

/** What became of a broadcast. The guides print a `message_id`, which there is none: no message is stored. */
export interface BroadcastResult {
  /** `ws_…` */
  readonly workspace_id: string;
  /** How many sandboxes the workspace has, at most 100. */
  readonly broadcast_to: number;
  /** What it was. */
  readonly message_type: string;
}
