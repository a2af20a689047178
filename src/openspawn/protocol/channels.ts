// Web standards only.
import type { JsonObject } from "../../http/mod.ts";
import type { ChannelType } from "./enums.ts";

/** A place for messages. */
export interface Channel {
  /** UUID. */
  readonly id: string;
  /** Its organisation. */
  readonly orgId: string;
  /** Up to 100 characters; each name is there once. */
  readonly name: string;
  /** What it is for. */
  readonly type: ChannelType;
  /** UUID of the task it is about. */
  readonly taskId: string | null;
  /** Kept with it. */
  readonly metadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** A new channel. */
export interface CreateChannel {
  /** Up to 100 characters. */
  readonly name: string;
  /** What it is for. */
  readonly type: ChannelType;
  /** UUID of the task it is about. */
  readonly taskId?: string | undefined;
  /** Kept with it. */
  readonly metadata?: JsonObject | undefined;
}
