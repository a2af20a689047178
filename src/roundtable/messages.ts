// Web standards only.
import type { CallOptions, OnceCallOptions } from "../http/mod.ts";
import type {
  AgentMessage,
  Broadcast,
  BroadcastResult,
  PageQuery,
  SendMessage,
} from "./protocol/mod.ts";

/** Messages between sandboxes, over REST. They never reach a socket; `watchMessages()` follows them. */
export interface MessagesResource {
  /**
   * Sends a message from one sandbox to another one of the same workspace. Never repeated: the server knows no
   * idempotency keys.
   *
   * @param fromSandboxId Who writes.
   * @param request To whom, and what.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found` for the recipient, `bad-request` where it is in another workspace,
   * `forbidden`, `validation` for content that is no object.
   */
  send(
    fromSandboxId: string,
    request: SendMessage,
    options?: OnceCallOptions,
  ): Promise<AgentMessage>;

  /**
   * Gets some of the messages that a sandbox sent or got, newest first, out of the newest 100: the server gives no
   * others. Those of one second are in no promised order. Retried. `listMessages()` of the module goes through all of
   * them, `watchMessages()` follows them.
   *
   * @param sandboxId Whose.
   * @param query Which part. The server cuts the offset off the page; here a page is as long as it should be.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, for a part that the server would refuse; nothing was sent.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  list(
    sandboxId: string,
    query?: PageQuery,
    options?: CallOptions,
  ): Promise<readonly AgentMessage[]>;

  /**
   * Gets a message. Retried.
   *
   * @param messageId Which one.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  get(messageId: string, options?: CallOptions): Promise<AgentMessage>;

  /**
   * Sends a message to all sandboxes of a workspace. Never repeated. Today's server counts the sandboxes and delivers
   * nothing: no message is stored, and none can be got.
   *
   * @param workspaceId To whom.
   * @param request What.
   * @param options Options of the call.
   * @throws {RoundTableError} `not-found`, also where the workspace is somebody else's; `bad-request` where it has no
   * sandbox.
   */
  broadcast(
    workspaceId: string,
    request: Broadcast,
    options?: OnceCallOptions,
  ): Promise<BroadcastResult>;
}
