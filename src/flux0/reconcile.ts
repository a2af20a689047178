// Web standards only.
import type { Flux0Api, Flux0CallOptions } from "./api.ts";
import { readEvents } from "./history.ts";
import { sortedText } from "./protocol/mod.ts";
import type { Draft, FinishedEvent, StoredEvent } from "./protocol/mod.ts";
import type { TurnHistory } from "./turn.ts";

/** What is known of a turn before its history is read. */
export interface ShownTurn {
  /** The session. */
  readonly sessionId: string;
  /** What the user said. */
  readonly content: string;
  /** As the stream said. */
  readonly correlationId: string | undefined;
  /** What was shown. */
  readonly drafts: readonly Draft[];
}

/**
 * Reads what the history has of a turn, and compares.
 *
 * Source: messages are stored before the stream ends, under the correlation id of the stream and with ids of their own,
 * so that only their content tells which is which.
 */
export async function readTurn(
  api: Flux0Api,
  turn: ShownTurn,
  options: Flux0CallOptions = {},
): Promise<TurnHistory> {
  const { sessionId, content, drafts } = turn;
  const call = { ...options, skipUnreadable: true };
  let correlation_id = turn.correlationId;
  if (correlation_id === undefined) {
    // The agent said nothing; the message of the user is there all the same.
    const { events } = await readEvents(
      api,
      sessionId,
      { source: "user", types: ["message"] },
      call,
    );
    const said = sortedText([{ type: "content", content }]);
    correlation_id = events.filter(({ data }) =>
      data.type === "message" &&
      sortedText(data.parts, true) === said
    ).at(-1)?.correlation_id;
  }
  const stored = correlation_id === undefined ? [] : (await readEvents(
    api,
    sessionId,
    { correlation_id, source: "ai_agent", types: ["message", "tool"] },
    call,
  )).events;

  const left = stored.map(textOf);
  const unstored = drafts.filter((draft) => {
    // An empty one is stored nowhere, and nothing is missing.
    if (draft.parts.length + draft.toolResults.length === 0) return false;
    const event = draft.toEvent();
    const at = event ? left.indexOf(textOf(event)) : -1;
    return at < 0 || !left.splice(at, 1);
  });
  return {
    state: unstored.length + left.length > 0 ? "different" : "exact",
    stored,
    unstored,
  };
}

/** What an event says, without its place in the history. */
function textOf(
  { type, data, metadata }: FinishedEvent | StoredEvent,
): string {
  return sortedText({ type, data, metadata }, true);
}
