// What the agent of the local server says: a thought, a call of a tool, its result, and an answer word by word.

/** One thing that an agent does. */
export interface Step {
  /** Says where it stands. */
  readonly status?: string;
  /** Which document. */
  readonly id?: string;
  /** Adds to the document. */
  readonly patch?: { readonly path: string; readonly value: unknown };
  /** `reasoning` for thoughts. */
  readonly kind?: string;
  /** Finishes a document: what is stored for it. */
  readonly stored?: (
    agent: { readonly id: string; readonly name: string },
  ) => [type: string, data: unknown, metadata?: unknown];
}

/** Everything that the agent does for a message, in order. */
export function* answerOf(content: string): Generator<Step> {
  yield { status: "acknowledged" };
  if (/weather|rain|sun|snow/i.test(content)) {
    const place = /\bin ([\p{L} ]+)/u.exec(content)?.[1]?.trim() ?? "Utopia";
    yield* say("thought", "reasoning", `Somebody asks about ${place}.`);
    yield* call("get_weather", { place }, { sky: "dry", celsius: 21 });
    yield { status: "typing", id: "answer" };
    yield* say("answer", "content", `It is dry in ${place}, at 21 degrees.`);
  } else {
    yield { status: "typing", id: "answer" };
    yield* say(
      "answer",
      "content",
      `I only know about the weather, not about "${content}".`,
    );
  }
}

function* say(id: string, type: string, text: string): Generator<Step> {
  for (const value of text.match(/\S+\s*/g) ?? []) {
    const patch = { path: "/-", value };
    yield type === "reasoning" ? { id, patch, kind: type } : { id, patch };
  }
  yield {
    stored: (participant) => ["message", {
      type: "message",
      parts: [{ type, [type]: text }],
      participant,
    }, {}],
  };
}

function* call(
  tool_name: string,
  args: unknown,
  result: unknown,
): Generator<Step> {
  const tool_call_id = "call-1";
  const request = { type: "tool_call", tool_call_id, tool_name, args };
  yield { id: "call", patch: { path: "/tool_calls/0", value: request } };
  yield {
    stored: (participant) => ["message", {
      type: "message",
      parts: [request],
      participant,
    }],
  };
  const entry = { tool_call_id, tool_name, args, data: { result } };
  yield {
    id: "result",
    patch: { path: "/tool_call_results", value: [entry] },
  };
  yield {
    stored: () => ["tool", {
      type: "tool_call_result",
      tool_calls: [{
        tool_call_id,
        tool_name,
        args,
        result: { data: result, metadata: {}, control: { mode: "auto" } },
      }],
    }],
  };
}
