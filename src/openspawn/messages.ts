// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Messages in channels. Reads are retried; `send()` too, under an idempotency key, but never after a 500. */
export interface MessageMethods {
  /** Says something in a channel. An unknown channel is answered with 500. */
  send(message: Wire.SendMessage, options?: CallOptions): Promise<Wire.Message>;
  /**
   * Gets the newest messages of a channel, or those before one of them, oldest first. To go back, hand in the id of the
   * *first* one as `before`; `listMessages()` goes through all of them.
   */
  list(
    query: Wire.MessageQuery,
    options?: CallOptions,
  ): Promise<readonly Wire.Message[]>;
  /** Gets a message. Throws an `OpenSpawnError` with 404 where there is none. */
  get(id: string, options?: CallOptions): Promise<Wire.Message>;
  /** Gets the direct answers to a message, oldest first; none for an unknown one. */
  getThread(
    id: string,
    options?: CallOptions,
  ): Promise<readonly Wire.Message[]>;
}

/** {@linkcode MessageMethods}, for whoever the client stands for. */
export type MessagesResource<Who extends Wire.Credential> = ForCredential<
  Who,
  MessageMethods,
  "send"
>;

/** Makes the resource out of the operations of the server. */
export function createMessages(methods: MessageMethods): MessageMethods {
  return {
    ...methods,
    send: (message, options) =>
      methods.send({ ...message, type: message.type ?? "text" }, options),
  };
}

/** Channels. A task gets none by itself. */
export interface ChannelMethods {
  /** Makes a channel. Throws an `OpenSpawnError` with 409 where the name is taken. With an API key it takes effect and is answered with 500. */
  create(
    channel: Wire.CreateChannel,
    options?: CallOptions,
  ): Promise<Wire.Channel>;
  /** Gets all channels, newest first. */
  list(options?: CallOptions): Promise<readonly Wire.Channel[]>;
  /** Gets a channel. Throws an `OpenSpawnError` with 404 where there is none. */
  get(id: string, options?: CallOptions): Promise<Wire.Channel>;
}

/** {@linkcode ChannelMethods}, for whoever the client stands for. */
export type ChannelsResource<Who extends Wire.Credential> = ForCredential<
  Who,
  ChannelMethods,
  never,
  "create"
>;

/** Direct messages of the agent that asks. An API key stands for nobody, so it has none. */
export interface DirectMessageMethods {
  /** Says something to an agent. Throws an `OpenSpawnError` with 404 where there is no such agent. */
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
