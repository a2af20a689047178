import assert from "node:assert/strict";
import test from "node:test";
import { settle } from "../support/fake_clock.ts";
import { following } from "../support/roundtable_following.ts";

test("send() and the other commands get the answers that belong to them", async () => {
  const { server, live } = await following({ workspaceId: "ws_1" });
  const [sent, refused, subscribed, broadcast, unsubscribed, sentAgain] =
    await Promise.allSettled([
      live.send({ to_agent: "editor", content: { n: 1 }, priority: 3 }),
      live.send({ to_agent: "" }),
      live.subscribe(["alpha", "beta"]),
      live.broadcast({ content: { notice: "hi" } }),
      live.unsubscribe(["alpha"]),
      live.send({ to_agent: "editor", message_type: "command" }),
    ]);
  assert.equal(sent.status, "fulfilled");
  assert.match(
    sent.status === "fulfilled" ? sent.value.message_id : "",
    /^msg_[0-9a-f]{16}$/,
  );
  assert.equal(refused.status, "rejected");
  const { reason } = refused as PromiseRejectedResult;
  assert.equal(reason.code, "command-refused");
  assert.equal(reason.cause.message, "Missing to_agent");
  assert.doesNotMatch(reason.message, /Missing/);
  assert.equal(subscribed.status, "fulfilled");
  assert.deepEqual(broadcast.status === "fulfilled" && broadcast.value, {
    workspace_id: "ws_1",
    recipient_count: 0,
  });
  assert.equal(unsubscribed.status, "fulfilled");
  assert.equal(sentAgain.status, "fulfilled");
  assert.deepEqual(server.live.connections[0]?.info.subscriptions, ["beta"]);
  const [first, second] = server.live.backlog("editor");
  assert.equal(first?.priority, 3);
  assert.equal(second?.message_type, "command");
  await live.close();
});

test("commands wait for a session, and topics are subscribed to in each of them", async () => {
  const { clock, server, live } = await following({
    topics: ["always"],
    retry: { initialDelayMs: 1_000, jitter: 0 },
  });
  await live.subscribe(["later"]);
  server.live.restart();
  await settle();
  const sent = live.send({ to_agent: "editor", content: { n: 1 } });
  await clock.advance(1_000);
  await sent;
  assert.deepEqual(server.live.connections[0]?.info.subscriptions, [
    "always",
    "later",
  ]);
  await live.unsubscribe();
  server.live.restart();
  await clock.advance(2_000);
  assert.deepEqual(server.live.connections[0]?.info.subscriptions, []);
  await live.close();
});

test("a command whose answer is lost fails, and is not sent again", async () => {
  const { clock, server, live } = await following();
  const [connection] = server.live.all;
  connection!.isMute = true;
  const sent = live.send({ to_agent: "editor" });
  const timed = live.send({ to_agent: "editor" }, { timeoutMs: 5_000 });
  timed.catch(() => {});
  await clock.advance(5_000);
  await assert.rejects(timed, { code: "timeout", budget: "total" });
  server.live.restart();
  await assert.rejects(sent, { code: "network" });
  await clock.advance(10_000);
  assert.deepEqual(server.live.all.at(-1)?.received, []);
  await live.close();
  assert.equal(clock.pending, 0);
});

test("the answer to a command that nobody waits for any more is not given to the next one", async () => {
  const { server, live } = await following();
  const controller = new AbortController();
  const [connection] = server.live.all;
  const replies: string[] = [];
  const { send } = connection!.end;
  (connection!.end as { send: (text: string) => void }).send = (text) =>
    void replies.push(text);
  const first = live.subscribe(["a"], { signal: controller.signal });
  controller.abort(new Error("enough"));
  await assert.rejects(first, { code: "aborted" });
  const second = live.send({ to_agent: "editor" });
  for (const text of replies) send(text);
  assert.match((await second).message_id, /^msg_/);
  await live.close();
});

test("subscribe() refuses what the server would take letter by letter", async () => {
  const { live } = await following();
  for (const topics of ["alpha", [], undefined] as unknown as string[][]) {
    await assert.rejects(live.subscribe(topics), {
      code: "invalid-argument",
      path: "topics",
    });
  }
  await live.close();
});
