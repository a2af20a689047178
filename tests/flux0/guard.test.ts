import assert from "node:assert/strict";
import test from "node:test";
import { SessionBusyError } from "@tutti/sdk/flux0";
import { settle } from "@tutti/sdk/testing";
import { flux0Bench } from "../support/flux0.ts";

const message = { type: "message", source: "user", content: "Hi" } as const;

function posts({ server }: ReturnType<typeof flux0Bench>): number {
  return server.requests.filter(({ method }) => method === "POST").length;
}

test("send() refuses a second post while an answer is read, and sends nothing", async () => {
  const bench = flux0Bench();
  const { client, server, clock } = bench;
  const sessionId = server.session("slow");
  const first = client.sessions.send(sessionId, "one").text();
  await settle(10);
  for (
    const second of [
      client.sessions.send(sessionId, "two"),
      client.sessions.stream(sessionId, message),
    ]
  ) {
    const error = await second.next().catch((error: unknown) => error);
    assert.ok(SessionBusyError.is(error));
    assert.equal(error.code, "session-busy");
    assert.equal(error.sessionId, sessionId);
    assert.match(error.hint ?? "", /replace/);
  }
  assert.equal(posts(bench), 1);
  assert.equal(await clock.run(first), "One, two, three");
  // Free again.
  const third = client.sessions.send(sessionId, "three").text();
  assert.equal(await clock.run(third), "One, two, three");
  assert.equal(posts(bench), 2);
});

test("send() lets one of two posts at once through", async () => {
  const bench = flux0Bench();
  const sessionId = bench.server.session("echo");
  const both = await Promise.allSettled([
    bench.client.sessions.send(sessionId, "a").text(),
    bench.client.sessions.send(sessionId, "b").text(),
  ]);
  assert.deepEqual(both.map(({ status }) => status), ["fulfilled", "rejected"]);
  assert.equal(posts(bench), 1);
});

test("send() closes the other answer when it is to replace it", async () => {
  const bench = flux0Bench();
  const { client, server, clock } = bench;
  const sessionId = server.session("slow");
  const first = client.sessions.send(sessionId, "one");
  const firstText = first.text().catch((error: { code: string }) => error.code);
  await settle(10);
  const options = { whileBusy: "replace" } as const;
  const second = client.sessions.send(sessionId, "two", options);
  const third = client.sessions.send(sessionId, "three", options);
  const secondText = second.text().catch((error: { code: string }) =>
    error.code
  );
  const thirdText = third.text();
  assert.equal(await clock.run(firstText), "stream-interrupted");
  assert.equal(await clock.run(secondText), "stream-interrupted");
  assert.equal(await clock.run(thirdText), "One, two, three");
  assert.equal(clock.pending, 0);
});

test("send() replaces from within the loop that reads the other answer", async () => {
  const { client, server } = flux0Bench();
  const sessionId = server.session("echo");
  let text = "";
  for await (const _ of client.sessions.send(sessionId, "one")) {
    text = await client.sessions.send(sessionId, "two", {
      whileBusy: "replace",
    }).text();
    break;
  }
  assert.match(text, /two$/);
});

test("send() does not mind what other sessions and other clients do", async () => {
  const bench = flux0Bench();
  const { client, server, clock } = bench;
  const texts = Promise.all([
    client.sessions.send(server.session("slow"), "a").text(),
    client.sessions.send(server.session("slow"), "b").text(),
    client.with({}).sessions.send(server.session("slow"), "c").text(),
  ]);
  assert.deepEqual(await clock.run(texts), Array(3).fill("One, two, three"));
});

test("send() frees the session after every kind of end", async () => {
  const { client, server, clock } = flux0Bench();
  for (const type of ["crash", "cut off", "never completed", "error status"]) {
    const sessionId = server.session(type);
    await clock.run(
      client.sessions.send(sessionId, "a").text().catch(() => {}),
    );
    const again = client.sessions.send(sessionId, "b");
    const first = await clock.run(again.next());
    assert.equal(first.done, false, type);
    await again.close();
  }
  // Refused by the server.
  for (let times = 0; times < 2; times++) {
    await assert.rejects(client.sessions.send("unknown-00", "a").text(), {
      status: 400,
    });
  }
});
