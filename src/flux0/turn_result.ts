// Web standards only.
import type { JsonValue } from "../http/mod.ts";
import type { Draft, MessagePart } from "./protocol/mod.ts";
import type { TurnHistory, TurnResult } from "./turn.ts";

/** Puts the whole of an answer together: from the history where it was read, else from what was shown. */
export function toResult(
  head: Pick<
    TurnResult,
    "sessionId" | "correlationId" | "outcome" | "statuses" | "warnings"
  >,
  drafts: readonly Draft[],
  history: TurnHistory = { state: "unread", stored: [], unstored: [] },
): TurnResult {
  const events = history.state === "unread"
    ? drafts.flatMap((draft) => draft.toEvent() ?? [])
    : history.stored;
  const messages = events.flatMap(({ data }) =>
    data.type === "message" ? [data] : []
  );
  const written = (
    pick: (part: MessagePart) => JsonValue | undefined,
  ): string =>
    messages.map(({ parts }) =>
      parts.map((part) => {
        const value = pick(part) ?? "";
        return typeof value === "string" ? value : JSON.stringify(value);
      }).join("")
    ).filter((text) => text !== "").join("\n\n");
  return {
    ...head,
    text: written((part) => part.type === "content" ? part.content : ""),
    reasoning: written((part) =>
      part.type === "reasoning" ? part.reasoning : ""
    ),
    messages,
    toolCalls: messages.flatMap(({ parts }) =>
      parts.flatMap((part) => part.type === "tool_call" ? [part] : [])
    ),
    toolResults: events.flatMap(({ data }) =>
      data.type === "tool_call_result" ? data.tool_calls : []
    ),
    events,
    history,
  };
}
