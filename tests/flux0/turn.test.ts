import assert from "node:assert/strict";
import test from "node:test";
import { AgentFailedError, Flux0Client, Flux0Error } from "@tutti/sdk/flux0";
import {
  NetworkError,
  StreamInterruptedError,
  TimeoutError,
} from "@tutti/sdk/http";
import { createScriptedFetch, eventReply } from "@tutti/sdk/testing";
import { flux0Bench } from "../support/flux0.ts";

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("it was to fail");
}

test("Turn gives growing messages, statuses and the whole at the end", async () => {
  const { client, server, clock } = flux0Bench();
  const turn = client.sessions.send(server.session("echo"), "Hi");
  assert.equal(turn.correlationId, undefined);
  const seen: string[] = [];
  for await (const part of turn) {
    if (part.type === "status") seen.push(`<${part.status}>`);
    else if (part.type === "message") seen.push(part.draft.text);
  }
  assert.deepEqual(seen, [
    "<acknowledged>",
    "<typing>",
    "Prob",
    "Probably ",
    "Probably dry. \u{1f327}\ud83c",
    "Probably dry. \u{1f327}\u{1f308} ",
    "Probably dry. \u{1f327}\u{1f308} ",
    "Probably dry. \u{1f327}\u{1f308} Hi",
  ]);
  assert.match(turn.correlationId!, /^RID\(/);
  assert.equal(turn.outcome, "completed");
  const result = await turn.collect();
  assert.equal(result.text, "Probably dry. \u{1f327}\u{1f308} Hi");
  assert.equal(result.history.stored[0]?.offset, 3);
  assert.equal(await turn.collect(), result);
  assert.equal(clock.pending, 0);
});

test("Turn.tokens() gives the pieces of the text, an empty line between messages", async () => {
  const { client, server } = flux0Bench();
  const tokensOf = async (type: string): Promise<string[]> => {
    const tokens: string[] = [];
    const turn = client.sessions.send(server.session(type), "Hi");
    for await (const token of turn.tokens()) tokens.push(token);
    return tokens;
  };
  const echo = await tokensOf("echo");
  assert.equal(echo.length, 5);
  assert.equal(echo.join(""), "Probably dry. \u{1f327}\u{1f308} Hi");
  assert.deepEqual(await tokensOf("tool"), ["Wet."]);
  assert.deepEqual(await tokensOf("reasoning"), ["Rain."]);
  assert.deepEqual(await tokensOf("whole root"), ["Ra", "in", "."]);
  assert.deepEqual((await tokensOf("interleaved")).slice(0, 3), [
    "A1",
    "\n\n",
    "B1",
  ]);
});

test("Turn.collect() gives tool calls, their results, reasoning and structured content", async () => {
  const { client, server } = flux0Bench();
  const collect = (type: string) =>
    client.sessions.send(server.session(type), "Hi").collect();
  const tool = await collect("tool");
  assert.deepEqual(
    tool.toolCalls.map(({ tool_name, args }) => [tool_name, args]),
    [
      ["weather", { city: "Köln" }],
      ["time", { zone: 1 }],
    ],
  );
  assert.equal(tool.toolResults[0]?.result?.data, 0);
  assert.equal(tool.text, "Wet.");
  const reasoning = await collect("reasoning");
  assert.equal(reasoning.reasoning, "Hm, clouds.");
  assert.equal(reasoning.text, "Rain.");
  assert.deepEqual(reasoning.events[0]?.metadata, { model: "m" });
  const object = await collect("object");
  assert.deepEqual(JSON.parse(object.text), {
    title: "Sun",
    days: [{ name: "Thu" }, {}, { name: "Sat" }],
  });
});

test("Turn shows a tool call while it grows", async () => {
  const { client, server } = flux0Bench();
  const turn = client.sessions.send(server.session("tool"), "Hi");
  const names: unknown[] = [];
  for await (const part of turn) {
    if (part.type !== "tool_call") continue;
    const [call] = part.draft.parts;
    assert.equal(call?.type, "tool_call");
    if (call?.type === "tool_call") names.push([call.tool_name, call.args]);
  }
  assert.deepEqual(names.slice(0, 5), [
    ["", {}],
    ["weather", {}],
    ["weather", ['{"ci']],
    ["weather", ['{"ci', 'ty":']],
    ["weather", { city: "Köln" }],
  ]);
});

test("Turn tells of a rewrite by a delta that is undefined", async () => {
  const { client, server } = flux0Bench();
  const turn = client.sessions.send(server.session("rewritten"), "Hi");
  const seen: unknown[] = [];
  for await (const part of turn) {
    if (part.type === "message") seen.push([part.delta, part.draft.text]);
  }
  assert.deepEqual(seen, [
    ["Sun", "Sun"],
    [undefined, "Rain"],
    [undefined, ""],
    ["Rains", "Rains"],
    [undefined, "Trains!"],
  ]);
  assert.equal(await turn.text(), "Trains!");
});

test("Turn ends silent when an agent stored what it showed and never says that it is done", async () => {
  const { client, server, clock } = flux0Bench();
  const started = clock.now();
  const turn = client.sessions.send(server.session("never completed"), "Hi");
  const result = await clock.run(turn.collect());
  assert.equal(result.outcome, "silent");
  assert.equal(result.text, "That is all");
  assert.equal(result.history.state, "exact");
  assert.equal(clock.now() - started, 60_000);
  assert.equal(clock.pending, 0);
});

for (const type of ["crash", "crash at once", "crash later", "no such type"]) {
  test(`Turn throws after the idle timeout when an agent is "${type}"`, async () => {
    const { client, server, clock } = flux0Bench();
    const started = clock.now();
    const sessionId = server.session(type);
    const turn = client.sessions.send(sessionId, "Hi", {
      idleTimeoutMs: 5_000,
    });
    const error = await clock.run(thrown(turn.collect()));
    assert.ok(StreamInterruptedError.is(error));
    assert.equal(error.retryable, false);
    assert.ok(TimeoutError.is(error.cause));
    assert.equal(error.cause.budget, "idle");
    assert.equal(clock.now() - started, 5_000);
    assert.equal(turn.outcome, undefined);
    assert.equal(await thrown(turn.collect()), error);
    assert.deepEqual(
      turn.drafts.map(({ text }) => text),
      { crash: ["Half a wo"], "crash later": ["One.", "Two and a h"] }[type] ??
        [],
    );
    const posts = server.requests.filter(({ method }) => method === "POST");
    assert.equal(posts.length, 1);
    assert.equal(clock.pending, 0);
    const history = await clock.run(turn.reconcile());
    assert.deepEqual(
      history.stored.map(({ offset }) => offset),
      type === "crash later" ? [1] : [],
    );
  });
}

test("Turn waits for a slow agent as long as it says something", async () => {
  const { client, server, clock } = flux0Bench();
  const turn = client.sessions.send(server.session("slow"), "Hi");
  assert.equal(await clock.run(turn.text()), "One, two, three");
});

test("Turn throws and keeps what it has when the connection breaks in the middle", async () => {
  const { client, server, clock } = flux0Bench();
  const turn = client.sessions.send(server.session("cut off"), "Hi");
  const seen: string[] = [];
  const error = await clock.run(thrown((async () => {
    for await (const token of turn.tokens()) seen.push(token);
  })()));
  assert.ok(StreamInterruptedError.is(error));
  assert.ok(NetworkError.is(error.cause));
  assert.match(error.hint ?? "", /history/);
  assert.deepEqual(seen, ["Half a wo"]);
  assert.equal(await thrown(turn.text()), error);
  const posts = server.requests.filter(({ method }) => method === "POST");
  assert.equal(posts.length, 1);
});

test("Turn throws when a body ends within an event", async () => {
  const { fetch } = createScriptedFetch({
    replies: [eventReply(['event: chunk\ndata: {"event_id": "e", "patc'])],
  });
  const client = new Flux0Client({ fetch });
  const error = await thrown(client.sessions.send("talk-00001", "Hi").text());
  assert.ok(StreamInterruptedError.is(error));
});

test("Turn.collect() says that an agent failed, and text() throws", async () => {
  const { client, server } = flux0Bench();
  const turn = client.sessions.send(server.session("error status"), "Hi");
  const result = await turn.collect();
  assert.equal(result.outcome, "failed");
  assert.equal(result.text, "half an ans");
  const error = await thrown(turn.text());
  assert.ok(AgentFailedError.is(error));
  assert.equal(error.outcome, "failed");
  assert.deepEqual(error.data, { detail: "out of tokens" });
  assert.doesNotMatch(JSON.stringify(error), /tokens/);
  const again = client.sessions.send(server.session("error status"), "Hi");
  await assert.rejects(async () => {
    for await (const _ of again.tokens());
  }, { code: "agent-failed" });
  const recovered = client.sessions.send(server.session("recovered"), "Hi");
  assert.equal(await recovered.text(), "there it is");
  const cancelled = client.sessions.send(server.session("cancelled"), "Hi");
  await assert.rejects(cancelled.text(), {
    code: "agent-failed",
    outcome: "cancelled",
  });
});

test("Turn ends cancelled when the agent says so and falls silent", async () => {
  const { client, server, clock } = flux0Bench();
  const turn = client.sessions.send(server.session("waits for cancel"), "Hi");
  const result = await clock.run(turn.collect());
  assert.equal(result.outcome, "cancelled");
  assert.deepEqual(result.history.unstored.map(({ text }) => text), [
    "I go on and",
  ]);
});

test("Turn.collect() tells what was shown and never stored", async () => {
  const { client, server } = flux0Bench();
  const turn = client.sessions.send(server.session("unfinished"), "Hi");
  const { history, text } = await turn.collect();
  assert.equal(history.state, "different");
  assert.deepEqual(history.unstored.map((draft) => draft.text), ["Never fin"]);
  assert.equal(text, "Done.");
});

test("Turn.collect() gives the answer all the same when the history cannot be read", async () => {
  const { client, server } = flux0Bench({ retry: false });
  const failing = client.with({
    fetch: (request) =>
      request.method === "GET"
        ? new Response("no", { status: 403 })
        : server.fetch(request),
  });
  const sessionId = server.session("echo");
  const result = await failing.sessions.send(sessionId, "Hi").collect();
  assert.match(result.text, /^Probably/);
  assert.equal(result.history.state, "unread");
  assert.ok(Flux0Error.is(result.history.error));
  await assert.rejects(
    failing.sessions.send(server.session("echo"), "Hi").reconcile(),
    { status: 403 },
  );
});

test("Turn asks for no history when nobody wants it", async () => {
  const { client, server } = flux0Bench();
  const turn = client.sessions.send(server.session("echo"), "Hi", {
    reconcile: false,
  });
  await turn.text();
  assert.deepEqual(server.requests.map(({ method }) => method), ["POST"]);
});
