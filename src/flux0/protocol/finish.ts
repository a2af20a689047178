// Web standards only.
import { isJsonObject, own, parseJson } from "../../http/mod.ts";
import type { JsonObject, JsonValue } from "../../http/mod.ts";
import type { FinishedEvent, ToolCallPart, ToolResult } from "./events.ts";
import type { Document } from "./patch.ts";
import { isText } from "./text.ts";

/**
 * What a server stores for a finished document, `undefined` for nothing.
 *
 * @param document What the chunks made.
 * @param metadata Of the first chunk.
 */
export function finish(
  document: Document | undefined,
  metadata: JsonObject,
): FinishedEvent | undefined {
  if (
    document === undefined || document === null || document === "" ||
    (typeof document === "object" && Object.keys(document).length === 0)
  ) return undefined;
  const { agent_id: id = null, agent_name: name, kind, ...rest } = metadata;
  const participant = { id, name } as { id: string | null; name: string };
  const message = (
    parts: readonly JsonObject[],
    metadata: JsonObject | null,
  ): FinishedEvent => ({
    type: "message",
    data: {
      type: "message",
      parts: parts as unknown as readonly ToolCallPart[],
      participant,
      tags: null,
      flagged: null,
    },
    metadata,
  });

  if (isJsonObject(document)) {
    const calls = own(document, "tool_calls");
    if (calls !== undefined) {
      const parts = recordsOf(calls).map((call) => ({
        type: "tool_call",
        ...named(call),
        args: argsOf(call.args ?? null),
      }));
      return message(parts, null);
    }
    const results = own(document, "tool_call_results");
    if (results !== undefined) {
      return {
        type: "tool",
        data: {
          type: "tool_call_result",
          tool_calls: recordsOf(results).map((entry) => ({
            ...named(entry),
            args: entry.args ?? null,
            result: {
              data: own(entry.data, "result") ?? null,
              metadata: {},
              control: { mode: "auto" },
            },
            error: null,
          })) as unknown as readonly ToolResult[],
        },
        metadata: null,
      };
    }
  }
  const content: JsonValue = Array.isArray(document) &&
      document.every(isText)
    ? document.join("")
    : document;
  return message([
    kind === "reasoning"
      ? { type: "reasoning", reasoning: content }
      : { type: "content", content },
  ], rest);
}

/** Fragments are put together and read; while they cannot be, they are given as they are. */
function argsOf(args: JsonValue): JsonValue {
  if (!Array.isArray(args) || !args.every(isText)) {
    return args;
  }
  if (args.length === 0) return {};
  try {
    return parseJson(args.join(""));
  } catch {
    // A copy: the next fragment goes into the list itself.
    return [...args];
  }
}

function named(entry: JsonObject): JsonObject {
  const { tool_call_id = null, tool_name = null } = entry;
  return { tool_call_id, tool_name };
}

const recordsOf = (list: JsonValue): readonly JsonObject[] =>
  Array.isArray(list) ? list.filter(isJsonObject) : [];
