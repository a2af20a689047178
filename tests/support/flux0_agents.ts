import type { Json, Operation } from "./json_patch.ts";

/** What an agent can do while it answers. */
export interface Emit {
  /** Says where it stands. */
  status(word: string, more?: { id?: string; data?: Json }): void;
  /** Writes a piece of a document. */
  chunk(
    id: string,
    patches: readonly Operation[],
    more?: { seq?: number; meta?: { readonly [name: string]: Json } },
  ): void;
  /** Writes text. */
  say(id: string, ...texts: readonly string[]): void;
  /** Finishes a document. */
  ready(id: string): void;
  /** Says that it is done; the stream closes. */
  completed(): void;
  /** Breaks the connection. */
  breaks(): void;
  /** Lets time pass. */
  wait(ms: number): Promise<void>;
  /** What the user said. */
  readonly content: string;
  /** The agent, as chunks name it. */
  readonly meta: { readonly [name: string]: Json };
}

/** An implementation of an agent; what throws is a crash, which nobody hears of. */
export type AgentCode = (emit: Emit) => void | Promise<void>;

const add = (path: string, value: Json): Operation => ({
  op: "add",
  path,
  value,
});
const replace = (path: string, value: Json): Operation => ({
  op: "replace",
  path,
  value,
});

/** Agents that end as they should. Each name is a shape of stream. */
export const endingAgents: Readonly<Record<string, AgentCode>> = {
  echo(emit) {
    emit.status("acknowledged");
    emit.status("typing", { id: "e" });
    emit.say("e", "Prob", "ably ", "dry. \u{1f327}\ud83c", "\udf08 ", "");
    emit.say("e", emit.content);
    emit.ready("e");
    emit.completed();
  },
  object(emit) {
    emit.chunk("o", [add("/title", "Rain")], { seq: 0 });
    emit.chunk("o", [add("/days/2/name", "Sat")], { seq: 1 });
    emit.chunk("o", [
      replace("/title", "Sun"),
      add("/days/0/name", "Thu"),
    ], { seq: 2 });
    emit.ready("o");
    emit.completed();
  },
  gaps(emit) {
    emit.chunk("g", [add("/3/a/1", true)], { seq: 0 });
    emit.chunk("g", [add("/0/b", null)], { seq: 1 });
    emit.chunk("g", [add("/5", "x")], { seq: 2 });
    emit.chunk("g", [add("/4", "between")], { seq: 2 });
    emit.ready("g");
    emit.completed();
  },
  escapes(emit) {
    emit.chunk("k", [add("", { "a/b": { "~": 1 }, list: [] })], { seq: 0 });
    emit.chunk("k", [replace("/a~1b", { deep: [] })], { seq: 1 });
    emit.chunk("k", [add("/a~1b/deep", [1])], { seq: 2 });
    emit.chunk("k", [add("/list/0", "constructor"), add("/toString", 1)], {
      seq: 3,
    });
    emit.ready("k");
    emit.completed();
  },
  "wrong seq"(emit) {
    emit.chunk("w", [add("/a", 1)], { seq: 0 });
    emit.chunk("w", [add("/lost", 1)], { seq: 7 });
    emit.chunk("w", [add("/list", [])], { seq: 1 });
    emit.chunk("w", [add("/list/-", "kept")], { seq: 99 });
    emit.chunk("w", [add("/b", 2)], { seq: 2 });
    emit.ready("w");
    emit.completed();
  },
  "failing patch"(emit) {
    emit.chunk("f", [add("/a", 1)], { seq: 0 });
    emit.chunk("f", [replace("/missing", 1)], { seq: 1 });
    emit.chunk("f", [add("/b", 2)], { seq: 2 });
    emit.ready("f");
    emit.completed();
  },
  "error status"(emit) {
    emit.say("e", "half an ans");
    emit.ready("e");
    emit.status("error", { data: { detail: "out of tokens" } });
    emit.completed();
  },
  recovered(emit) {
    emit.status("error", { data: "try again" });
    emit.status("processing");
    emit.say("e", "there it is");
    emit.ready("e");
    emit.completed();
  },
  tool(emit) {
    emit.status("processing", { id: "r1" });
    const call = {
      type: "tool_call",
      tool_call_id: "c1",
      tool_name: "",
      args: [],
    };
    emit.chunk("r1", [add("/tool_calls/0", call)]);
    emit.chunk("r1", [replace("/tool_calls/0/tool_name", "weather")], {
      seq: 1,
    });
    for (const text of ['{"ci', 'ty":', '"Köln"}']) {
      emit.chunk("r1", [add("/tool_calls/0/args/-", text)]);
    }
    const second = { ...call, tool_call_id: "c2", tool_name: "time" };
    emit.chunk("r1", [add("/tool_calls/1", second)], { seq: 1 });
    emit.chunk("r1", [replace("/tool_calls/1/args", { zone: 1 })], { seq: 2 });
    emit.ready("r1");
    emit.chunk("t1", [add("/tool_call_results", [])]);
    emit.chunk("t1", [add("/tool_call_results/-", {
      tool_call_id: "c1",
      tool_name: "weather",
      args: { city: "Köln" },
      data: { result: 0 },
    })]);
    emit.ready("t1");
    emit.say("r2", "Wet.");
    emit.ready("r2");
    emit.completed();
  },
  reasoning(emit) {
    const meta = { ...emit.meta, kind: "reasoning", model: "m" };
    emit.chunk("think", [add("/-", "Hm, ")], { meta });
    emit.chunk("think", [add("/-", "clouds.")], { meta });
    emit.ready("think");
    emit.say("e", "Rain.");
    emit.ready("e");
    emit.completed();
  },
  "whole root"(emit) {
    emit.chunk("v", [add("", "Ra")], { seq: 0 });
    emit.chunk("v", [replace("", "Rain")], { seq: 1 });
    emit.chunk("v", [replace("", "Rain.")], { seq: 2 });
    emit.ready("v");
    emit.completed();
  },
  rewritten(emit) {
    emit.chunk("v", [add("", "Sun")], { seq: 0 });
    emit.chunk("v", [replace("", "Rain")], { seq: 1 });
    emit.chunk("v", [replace("", ["a", { b: 1 }])], { seq: 2 });
    emit.chunk("v", [replace("", ["Ra", "in", "s"])], { seq: 3 });
    emit.chunk("v", [replace("/0", "Tra"), add("/-", "!")], { seq: 4 });
    emit.ready("v");
    emit.completed();
  },
  "content path"(emit) {
    emit.chunk("c", [add("/content/-", "a")]);
    emit.chunk("c", [add("/content/-", "b")]);
    emit.ready("c");
    emit.completed();
  },
  "no name"(emit) {
    emit.chunk("n", [add("/-", "who?")], { meta: { agent_id: "x" } });
    emit.ready("n");
    emit.say("e", "me");
    emit.ready("e");
    emit.completed();
  },
  interleaved(emit) {
    emit.say("a", "A1");
    emit.say("b", "B1");
    emit.say("a", "A2");
    emit.say("b", "B2");
    emit.ready("b");
    emit.say("a", "A3");
    emit.ready("a");
    emit.completed();
    emit.say("late", "nobody hears this");
    emit.ready("late");
  },
  "reused id"(emit) {
    emit.say("same", "first");
    emit.ready("same");
    emit.say("same", "second");
    emit.ready("same");
    emit.completed();
  },
  nan(emit) {
    emit.chunk("x", [add("/score", Infinity)], { seq: 0 });
    emit.chunk("x", [add("/list", [NaN, -Infinity, 'NaN \\" Infinity'])], {
      seq: 1,
    });
    emit.ready("x");
    emit.completed();
  },
  "unknown status"(emit) {
    emit.say("before", "lost to readers");
    emit.ready("before");
    emit.status("pondering");
    emit.status("typing");
    emit.say("e", "still here");
    emit.ready("e");
    emit.completed();
  },
  nothing(emit) {
    emit.chunk("y", [add("", {})], { seq: 0 });
    emit.ready("y");
    emit.completed();
  },
  cancelled(emit) {
    emit.status("cancelled");
    emit.completed();
  },
};

/** Agents that leave the stream open, or break it, or what they began. */
export const brokenAgents: Readonly<Record<string, AgentCode>> = {
  "never completed"(emit) {
    emit.say("e", "That is all");
    emit.ready("e");
  },
  crash(emit) {
    emit.say("e", "Half a wo");
    throw new Error("boom");
  },
  "crash at once"() {
    throw new Error("boom");
  },
  "crash later"(emit) {
    emit.say("e", "One.");
    emit.ready("e");
    emit.say("f", "Two and a h");
    throw new Error("boom");
  },
  async "cut off"(emit) {
    emit.say("e", "Half a wo");
    // What breaks at once takes along what is under way.
    await emit.wait(1_000);
    emit.breaks();
  },
  "waits for cancel"(emit) {
    emit.say("e", "I go on and");
    emit.status("cancelled");
  },
  unfinished(emit) {
    emit.say("e", "Done.");
    emit.ready("e");
    emit.say("f", "Never fin");
    emit.completed();
  },
  async slow(emit) {
    for (const text of ["One", ", two", ", three"]) {
      await emit.wait(40_000);
      emit.say("e", text);
    }
    emit.ready("e");
    emit.completed();
  },
};
