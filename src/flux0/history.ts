// Web standards only.
import {
  checkWhole,
  createPulledStream,
  HttpError,
  sleep,
} from "../http/mod.ts";
import type { PulledStream } from "../http/mod.ts";
import type { Flux0Api, Flux0CallOptions } from "./api.ts";
import { operationAt } from "./protocol/mod.ts";
import type { EventFilter, StoredEvent } from "./protocol/mod.ts";

/** How to read a history. */
export interface ListEventsOptions extends Flux0CallOptions {
  /**
   * What to do when the server cannot write one of the events down and therefore answers 500 for all of them: `true`
   * gives those behind the last such event, found with a few more requests. Gaps show in the offsets. @default false
   */
  readonly skipUnreadable?: boolean | undefined;
}

/** How to follow a history. */
export interface FollowOptions extends ListEventsOptions {
  /** Pause after a look that brought nothing, in milliseconds. @default 1_000 */
  readonly pollIntervalMs?: number | undefined;
}

/** A 500 for events that the server has and cannot write down: it does not pass. */
const isUnreadable = (error: unknown): boolean =>
  HttpError.is(error) && error.status === 500;

/** Reads what fits the filter, and tells from which offset on to ask for what comes later. */
export async function readEvents(
  api: Flux0Api,
  sessionId: string,
  filter: EventFilter,
  options: ListEventsOptions = {},
): Promise<{ readonly events: readonly StoredEvent[]; readonly next: number }> {
  const { types, ...query } = filter;
  const read = (min_offset: number | undefined) =>
    api.call<readonly StoredEvent[]>(
      "sessions.listEvents",
      [sessionId],
      options,
      {
        query: { ...query, min_offset },
        isRetryable: (error) => error.retryable && !isUnreadable(error),
      },
    );
  const readable = async (min_offset: number) => {
    try {
      return await read(min_offset);
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
  };

  let next = filter.min_offset ?? 0;
  let events: readonly StoredEvent[] | undefined;
  try {
    events = await read(filter.min_offset);
  } catch (error) {
    if (!options.skipUnreadable || !isUnreadable(error)) throw error;
    // Only what is given out is written down: behind the last event that cannot be, all is well.
    let good = next;
    for (let step = 1; !events; step *= 2) {
      // No session is that long: the server is broken in another way.
      if (step > 2 ** 30) throw error;
      good += step;
      events = await readable(good);
      if (!events) next = good;
    }
    // The last offset that fails is at `next` or after it, and before `good`.
    while (good - next > 1) {
      const middle = Math.floor((next + good) / 2);
      const more = await readable(middle);
      if (more) {
        events = more;
        good = middle;
      } else next = middle;
    }
    next = good;
  }
  const last = events.at(-1)?.offset;
  return {
    events: types ? events.filter(({ type }) => types.includes(type)) : events,
    next: last === undefined ? next : last + 1,
  };
}

/** Polls for what comes, for ever. */
export function followEvents(
  api: Flux0Api,
  sessionId: string,
  filter: EventFilter = {},
  options: FollowOptions = {},
): PulledStream<StoredEvent> {
  const { clock, observe } = api.transport;
  const { pollIntervalMs = 1_000 } = options;
  checkWhole("pollIntervalMs", pollIntervalMs, 0, Infinity);
  // Refuses here what no path can hold.
  const { action } = operationAt("sessions.listEvents", sessionId);
  let { min_offset } = filter;
  let isNew = true;
  const stream: PulledStream<StoredEvent> = createPulledStream({
    action,
    clock,
    observe,
    signal: options.signal,
    onEnd: () => api.open.delete(stream),
  }, (signal) => {
    api.open.set(stream, stream);
    return async () => {
      if (!isNew) await sleep(clock, pollIntervalMs, signal);
      const { events, next } = await readEvents(
        api,
        sessionId,
        { ...filter, min_offset },
        { ...options, signal },
      );
      isNew = next !== (min_offset ?? 0);
      min_offset = next;
      return events;
    };
  });
  return stream;
}
