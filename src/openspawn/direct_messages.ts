// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Direct messages of the agent that asks. An API key stands for nobody, so it has none. */
export interface DirectMessageMethods {
  /**
   * Says something to an agent.
   *
   * @throws {OpenSpawnError} 404 where there is no such agent.
   */
  send(
    message: Wire.SendDirectMessage,
    options?: CallOptions,
  ): Promise<Wire.Message>;
  /** Gets the newest messages with an agent, as `messages.list()` does; makes their channel where there is none. */
  list(
    agentId: string,
    query?: Wire.BackwardsQuery,
    options?: CallOptions,
  ): Promise<readonly Wire.DirectMessage[]>;
  /** Gets all conversations, the most recent one first. */
  listConversations(
    options?: CallOptions,
  ): Promise<readonly Wire.Conversation[]>;
  /** Gets how many are unread. */
  countUnread(options?: CallOptions): Promise<{ readonly count: number }>;
  /** Marks what an agent wrote as read. Do not rely on the number: the server counts unrelated messages, too. */
  markRead(
    agentId: string,
    options?: CallOptions,
  ): Promise<{ readonly markedRead: number }>;
}

/** {@linkcode DirectMessageMethods}, for whoever the client stands for. */
export type DirectMessagesResource<Who extends Wire.Credential> = ForCredential<
  Who,
  DirectMessageMethods,
  keyof DirectMessageMethods
>;
