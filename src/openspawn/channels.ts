// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import type { ForCredential } from "./credentials.ts";
import type * as Wire from "./protocol/mod.ts";

/** Channels. A task gets none by itself. */
export interface ChannelMethods {
  /**
   * Makes a channel. With an API key it takes effect and is answered with 500.
   *
   * @throws {OpenSpawnError} 409 where the name is taken.
   */
  create(
    channel: Wire.CreateChannel,
    options?: CallOptions,
  ): Promise<Wire.Channel>;
  /** Gets all channels, newest first. */
  list(options?: CallOptions): Promise<readonly Wire.Channel[]>;
  /**
   * Gets a channel.
   *
   * @throws {OpenSpawnError} 404 where there is none.
   */
  get(id: string, options?: CallOptions): Promise<Wire.Channel>;
}

/** {@linkcode ChannelMethods}, for whoever the client stands for. */
export type ChannelsResource<Who extends Wire.Credential> = ForCredential<
  Who,
  ChannelMethods,
  never,
  "create"
>;
