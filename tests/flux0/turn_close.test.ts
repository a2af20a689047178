import assert from "node:assert/strict";
import test from "node:test";
import { AbortedError, StreamInterruptedError } from "@tutti/sdk/http";
import { countListeners, settle } from "@tutti/sdk/testing";
import { flux0Bench } from "../support/flux0.ts";

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("it was to fail");
}

test("send() sends nothing before it is read, and one post however it is read", async () => {
  const { client, server } = flux0Bench();
  const turn = client.sessions.send(server.session("echo"), "Hi", {
    reconcile: false,
  });
  await settle();
  assert.equal(server.requests.length, 0);
  const [one, two] = await Promise.all([turn.collect(), turn.text()]);
  assert.equal(one.text, two);
  assert.deepEqual(server.requests.map(({ body }) => body), [
    { type: "message", source: "user", content: "Hi" },
  ]);
  assert.equal(
    server.requests[0]?.headers.get("accept"),
    "text/event-stream",
  );
});

test("Turn gives the connection back when the loop is left, and frees the session", async () => {
  const { client, server, clock } = flux0Bench();
  const sessionId = server.session("slow");
  const turn = client.sessions.send(sessionId, "Hi");
  const run = (async () => {
    for await (const _ of turn) break;
  })();
  await clock.run(run);
  assert.equal(turn.closed, true);
  assert.equal(turn.outcome, undefined);
  const error = await thrown(turn.collect());
  assert.ok(StreamInterruptedError.is(error));
  assert.match(error.hint ?? "", /closed/);
  // The agent goes on, as on the real server, and what it says is stored.
  const { stored } = await clock.run(turn.reconcile());
  assert.deepEqual(stored, []);
  await clock.advance(200_000);
  const later = await clock.run(turn.reconcile());
  assert.equal(later.state, "different");
  assert.equal(later.stored.length, 1);
});

test("Turn.close() ends a read that waits", async () => {
  const { client, server, clock } = flux0Bench();
  const turn = client.sessions.send(server.session("crash"), "Hi");
  const seen: string[] = [];
  const reading = (async () => {
    for await (const part of turn) seen.push(part.type);
  })();
  await settle(10);
  await turn.close();
  await reading;
  assert.deepEqual(seen, ["message"]);
  assert.equal(clock.pending, 0);
});

test("Turn obeys a signal, before and while it reads, and leaves nothing behind", async () => {
  const { client, server, clock } = flux0Bench();
  const sessionId = server.session("crash");
  const early = client.sessions.send(sessionId, "Hi", {
    signal: AbortSignal.abort("too late"),
  });
  const first = await thrown(early.text());
  assert.ok(AbortedError.is(first));
  assert.equal(first.cause, "too late");
  assert.equal(server.requests.length, 0);

  const controller = new AbortController();
  const listeners = countListeners(controller.signal);
  const turn = client.sessions.send(sessionId, "Hi", {
    signal: controller.signal,
  });
  const failing = thrown(turn.collect());
  await settle(10);
  controller.abort("enough");
  const error = await failing;
  assert.ok(AbortedError.is(error), String(error));
  assert.equal(error.cause, "enough");
  assert.equal(listeners(), 0);
  assert.equal(clock.pending, 0);
  assert.equal(turn.drafts[0]?.text, "Half a wo");
});

test("Turn.reconcile() finds the message of the user when the agent said nothing", async () => {
  const { client, server, clock } = flux0Bench();
  const sessionId = server.session("crash at once");
  const turn = client.sessions.send(sessionId, "unheard", {
    idleTimeoutMs: 10,
  });
  await clock.run(thrown(turn.text()));
  assert.deepEqual(await clock.run(turn.reconcile()), {
    state: "exact",
    stored: [],
    unstored: [],
  });
  const asked = server.requests.slice(1).map(({ path }) => path.split("?")[1]);
  assert.equal(asked[0], "source=user");
  assert.match(
    asked[1]!,
    /^correlation_id=RID%28id\d+%29%3A%3Aid\d+&source=ai_agent$/,
  );
});

test("client.close() ends every stream that is open", async () => {
  const { client, server, clock } = flux0Bench();
  const turn = client.sessions.send(server.session("crash"), "Hi");
  const follow = client.sessions.follow(server.session("echo"));
  const reading = Promise.all([
    (async () => {
      for await (const _ of turn);
    })(),
    (async () => {
      for await (const _ of follow);
    })(),
  ]);
  await settle(10);
  await client.close();
  await reading;
  assert.ok(turn.closed && follow.closed);
  assert.equal(clock.pending, 0);
  assert.equal((await client.agents.list()).length, 2);
});
