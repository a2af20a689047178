// Web standards only.
import { createEventStream, DecodeError, parseJson } from "../http/mod.ts";
import type {
  CallOptions,
  EventStream,
  JsonObject,
  JsonValue,
  RetryOptions,
} from "../http/mod.ts";
import type { OpenwopApi } from "./api.ts";
import { createMethods, openStream } from "./invoke.ts";

/** What the host itself does, apart from its runs. */
export interface HostResource {
  /**
   * Gets every place where the host acts on the world outside, and what guards it during a replay. Retried. Source:
   * v2 §6.3.
   *
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `replay`, and in version 1.
   */
  effectSeams(options?: CallOptions): Promise<EffectSeamManifest>;

  /**
   * Follows what happens on the host itself, heartbeats for example, until the loop is left. It reconnects after a cut
   * and hands back the last id it has seen; whether the host resumes there is the host's affair. Source: v2 §6.2 row 26.
   *
   * @param options How to be patient.
   * @throws {UnsupportedError} `unsupported`, from the loop, capability `heartbeat`, and in version 1.
   */
  events(options?: HostEventsOptions): EventStream<HostEvent>;

  /**
   * Gets a task of the agent-to-agent bridge: a run in other words. Retried. Version 1 only. Source: v1 §5.2.
   *
   * @param taskId Which one: the id of the run.
   * @param options Options of the call.
   * @throws {UnsupportedError} `unsupported`, capability `a2a.durableTasks`, and in version 2.
   */
  a2aTask(taskId: string, options?: CallOptions): Promise<A2aTask>;
}

/** Makes the resource. Sends nothing. */
export function createHostFacts(api: OpenwopApi): HostResource {
  return createMethods<HostResource>(api, "host", {
    events(options = {}) {
      const action = "GET /host/events";
      const { clock, random, observe } = api.transport;
      const { headers, trace, connectTimeoutMs, onAnswer } = options;
      const each = { headers, trace, connectTimeoutMs, onAnswer };
      return createEventStream<HostEvent>({
        action,
        open: async ({ lastEventId }, signal) => {
          const input = { headers: { "last-event-id": lastEventId } };
          const call = { ...each, signal };
          const { response } = await openStream(
            api,
            "host.events",
            [],
            input,
            call,
          );
          return response;
        },
        decode({ id, event, data }) {
          try {
            return [{ id, type: event, data: parseJson(data) }];
          } catch {
            throw new DecodeError(action, "an event is not JSON");
          }
        },
        sequenceOf: () => undefined,
        isTerminal: () => false,
      }, { ...options, clock, random, observe });
    },
  });
}

/** Where a host acts on the world outside. Source: v2 §6.3. */
export interface EffectSeamManifest {
  /** Of this shape. */
  readonly manifestVersion: string;
  /** Which build of which host. */
  readonly host: {
    readonly name: string;
    readonly build: { readonly kind: string; readonly id: string };
  };
  /** At least one. */
  readonly seams: readonly {
    readonly seam: string;
    readonly kind: string;
    readonly guarded: boolean;
    readonly guardedBy: string;
    readonly branchReFires?: boolean;
    readonly note?: string;
  }[];
}

/** Something that happened on the host. */
export interface HostEvent {
  /** Of the frame, where it has one. */
  readonly id: string | undefined;
  /** `heartbeat.evaluated`, `heartbeat.stateChanged` … */
  readonly type: string;
  /** What happened. */
  readonly data: JsonValue;
}

/** Settings of the stream of host events. */
export interface HostEventsOptions
  extends
    Pick<CallOptions, "headers" | "trace" | "connectTimeoutMs" | "onAnswer"> {
  /** Ends the stream. */
  readonly signal?: AbortSignal | undefined;
  /** The longest silence before a reconnect, in milliseconds. @default 60_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** Reconnects in a row that fail. @default 10 retries from 250 ms to 10 s */
  readonly retry?: RetryOptions | false | undefined;
}

/** A task of the agent-to-agent bridge. Source: v1 §5.2. */
export interface A2aTask extends JsonObject {
  /** The same as `runId`. */
  readonly taskId: string;
  /** The run behind it. */
  readonly runId: string;
  /** In the words of that protocol. */
  readonly state: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}
