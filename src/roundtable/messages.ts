// Web standards only.
import type { CallOptions, OnceCallOptions, Pages } from "../http/mod.ts";
import type { ListOptions } from "./lists.ts";
import type {
  AgentMessage,
  Broadcast,
  BroadcastResult,
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
   * @param options Of the call.
   * @throws {RoundTableError} `not-found` for the recipient, `bad-request` where it is in another workspace,
   * `forbidden`, `validation` for content that is no object.
   */
  send(
    fromSandboxId: string,
    request: SendMessage,
    options?: OnceCallOptions,
  ): Promise<AgentMessage>;

  /**
   * Lists the messages that a sandbox sent or got, newest first, at most the newest 100: the server gives no others.
   * Those of one second are in no promised order. Retried.
   *
   * With pages smaller than 100, a message that arrives between two of them moves the others down, so that one is seen
   * twice.
   *
   * @param sandboxId Whose.
   * @param options Of the list and of each call.
   * @throws {RoundTableError} from the loop: `not-found`, `forbidden`.
   */
  list(sandboxId: string, options?: ListOptions): Pages<AgentMessage, number>;

  /**
   * Gets a message. Retried.
   *
   * @param messageId Which one.
   * @param options Of the call.
   * @throws {RoundTableError} `not-found`, `forbidden`.
   */
  get(messageId: string, options?: CallOptions): Promise<AgentMessage>;

  /**
   * Sends a message to all sandboxes of a workspace. Never repeated. Today's server counts the sandboxes and delivers
   * nothing: no message is stored, and none can be got.
   *
   * @param workspaceId To whom.
   * @param request What.
   * @param options Of the call.
   * @throws {RoundTableError} `not-found`, also where the workspace is somebody else's; `bad-request` where it has no
   * sandbox.
   */
  broadcast(
    workspaceId: string,
    request: Broadcast,
    options?: OnceCallOptions,
  ): Promise<BroadcastResult>;
}
