// Web standards only.
import { checkObject, refuse } from "../http/mod.ts";
import type { OnceCallOptions, PulledStream } from "../http/mod.ts";
import { checkText } from "./check_input.ts";
import type { Flux0Api, Flux0CallOptions } from "./api.ts";
import { streamEvents } from "./event_stream.ts";
import type { StreamOptions } from "./event_stream.ts";
import { followEvents, readEvents } from "./history.ts";
import type { FollowOptions, ListEventsOptions } from "./history.ts";
import { createTurn } from "./live_turn.ts";
import type {
  CreateSession,
  EventFilter,
  PostEvent,
  Session,
  StoredEvent,
  StreamEvent,
} from "./protocol/mod.ts";
import type { SendOptions, Turn } from "./turn.ts";

/** The sessions of a server, and what is said in them. They can be neither changed nor deleted. */
export interface SessionsResource {
  /**
   * Gets the sessions of the user that `userSub` names, in the order in which they were made. Retried.
   *
   * @param filter Only those with one agent.
   * @param options Options of the call.
   */
  list(
    filter?: { readonly agent_id?: string | undefined },
    options?: Flux0CallOptions,
  ): Promise<readonly Session[]>;

  /**
   * Makes a session. Sent once: the server would make a second one, or greet a second time.
   *
   * @param session With which agent, and what else there is to say about it.
   * @param options Options of the call.
   * @throws {InvalidArgumentError} `invalid-argument`, nothing was sent.
   * @throws {Flux0Error} 400, `isNotFound`, for an unknown agent; 422 with `issues`, for `mode` and `metadata` on a
   * server that is older than they are, too.
   */
  create(
    session: CreateSession,
    options?: OnceCallOptions,
  ): Promise<Session>;

  /**
   * Gets a session, whoever made it; the vendor's SDK calls it `retrieve`. Retried.
   *
   * @param sessionId Which one.
   * @param options Options of the call.
   * @throws {Flux0Error} 404, `isNotFound`; 422 for an id that is not ten characters long.
   */
  get(sessionId: string, options?: Flux0CallOptions): Promise<Session>;

  /**
   * Says something to the agent and gives its answer while it grows; see {@linkcode Turn}. Sent once, and not before it
   * is read.
   *
   * @param sessionId Where.
   * @param content What. Servers take text only.
   * @param options How to be patient, and what to do when the agent is still answering.
   * @throws {InvalidArgumentError} `invalid-argument`, at once: nothing was sent.
   */
  send(sessionId: string, content: string, options?: SendOptions): Turn;

  /**
   * Posts an event and gives what comes of it as it comes, chunk by chunk; the vendor's SDK calls it `create_event`.
   * Sent once, and not before it is read. `send()` puts the chunks together.
   *
   * @param sessionId Where.
   * @param event What. The servers that were seen refuse all but messages of the user.
   * @param options How to be patient, and what to do when the agent is still answering.
   * @throws {StreamInterruptedError} `stream-interrupted`, from the loop: the connection broke, or nothing came for
   * `idleTimeoutMs`; `cause` says which. It is not known whether the agent goes on.
   * @throws {SessionBusyError} `session-busy`, from the loop: nothing was sent.
   * @throws {Flux0Error} from the loop: 400, `isNotFound`, for an unknown session; 422 for another kind of event.
   */
  stream(
    sessionId: string,
    event: PostEvent,
    options?: StreamOptions,
  ): PulledStream<StreamEvent>;

  /**
   * Gets what was said, in order. Retried, except after 500: that is an event which the server cannot write down, now
   * and later; see `skipUnreadable`.
   *
   * @param sessionId Where.
   * @param filter Which events.
   * @param options Options of the call.
   * @throws {Flux0Error} 400, `isNotFound`, for an unknown session; 500 for events that cannot be read.
   */
  listEvents(
    sessionId: string,
    filter?: EventFilter,
    options?: ListEventsOptions,
  ): Promise<readonly StoredEvent[]>;

  /**
   * Gives what was said and whatever is said from now on, whoever says it, until you leave the loop, close it, or abort.
   * The servers cannot tell by themselves, so it asks again and again.
   *
   * @param sessionId Where.
   * @param filter Which events; `min_offset` is where to begin.
   * @param options How often to ask.
   * @throws {Flux0Error} from the loop, as `listEvents()`.
   */
  follow(
    sessionId: string,
    filter?: EventFilter,
    options?: FollowOptions,
  ): PulledStream<StoredEvent>;
}

/** Makes the resource. Sends nothing. */
export function createSessions(api: Flux0Api): SessionsResource {
  return {
    list: ({ agent_id } = {}, options) =>
      api.call("sessions.list", [], options, { query: { agent_id } }),
    async create(session, options) {
      checkObject("session", session);
      const { allow_greeting, ...json } = session;
      checkText("agent_id", json.agent_id);
      const { id } = json;
      // The server takes any ten characters, also those that no path to the session can hold.
      if (typeof id === "string" && !/^[\w.~-]{10}$/.test(id)) {
        refuse(
          "id",
          "ten characters that are safe in a URL are wanted",
        );
      }
      const query = { allow_greeting };
      return await api.call("sessions.create", [], options, { query, json });
    },
    get: (sessionId, options) => api.call("sessions.get", [sessionId], options),
    send(sessionId, content, options) {
      checkText("content", content);
      return createTurn(api, sessionId, content, options);
    },
    stream: (sessionId, event, options) =>
      streamEvents(api, sessionId, event, options),
    listEvents: async (sessionId, filter = {}, options) =>
      (await readEvents(api, sessionId, filter, options)).events,
    follow: (sessionId, filter, options) =>
      followEvents(api, sessionId, filter, options),
  };
}
