// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Messages in channels. Reads are retried; `send()` too, under an idempotency key, but never after a 500. */
export interface MessageMethods {
  /**
   * Says something in a channel.
   *
   * @throws {OpenSpawnError} 500 for an unknown channel.
   */
  send(message: Wire.SendMessage, options?: CallOptions): Promise<Wire.Message>;
  /**
   * Gets the newest messages of a channel, or those before one of them, oldest first. To go back, hand in the id of the
   * *first* one as `before`; `listMessages()` goes through all of them.
   */
  list(
    query: Wire.MessageQuery,
    options?: CallOptions,
  ): Promise<readonly Wire.Message[]>;
  /**
   * Gets a message.
   *
   * @throws {OpenSpawnError} 404 where there is none.
   */
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
