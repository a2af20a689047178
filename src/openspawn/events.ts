// Web standards only.
import type { CallOptions } from "../http/mod.ts";
import { OpenSpawnError } from "./openspawn_error.ts";
import type * as Wire from "./protocol/mod.ts";

/** What happened in the organisation. Reads only, retried; the server has no stream of them. */
export interface EventsResource {
  /**
   * Gets a page of events, newest first; `listEvents()` of the module goes through all of them.
   *
   * @throws {OpenSpawnError} 400 for a filter that the server does not know.
   */
  list(
    query?: Wire.EventQuery,
    options?: CallOptions,
  ): Promise<Wire.EventPage>;
  /**
   * Gets an event.
   *
   * @throws {OpenSpawnError} 404 where there is none, though the server answers with a success.
   */
  get(id: string, options?: CallOptions): Promise<Wire.AgentEvent>;
}

/** Makes the resource out of the operations of the server. */
export function createEvents(methods: EventsResource): EventsResource {
  return {
    ...methods,
    get: async (id, options) =>
      await methods.get(id, options) ?? missing(`GET /events/${id}`),
  };
}

/** The answer that the server should have given. */
function missing(action: string): never {
  throw new OpenSpawnError(action, {
    status: 404,
    headers: new Headers(),
    platformCode: "Not Found",
  });
}
