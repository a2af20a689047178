import assert from "node:assert/strict";
import test from "node:test";
import { Flux0Client } from "@tutti/sdk/flux0";
import type { Flux0RetryOptions } from "@tutti/sdk/flux0";
import { createScriptedFetch } from "@tutti/sdk/testing";
import type { ScriptedReply } from "@tutti/sdk/testing";
import { FakeClock } from "../support/fake_clock.ts";

function failing(reply: ScriptedReply, retry?: Flux0RetryOptions | false) {
  const clock = new FakeClock();
  const { fetch, requests } = createScriptedFetch({ otherwise: reply });
  const waits: unknown[] = [];
  const client = new Flux0Client({
    fetch,
    clock,
    random: () => 1,
    retry,
    observe: (step, _call, ms) => step === "retry" && waits.push(ms),
  });
  return { client, clock, requests, waits };
}
const busy: ScriptedReply = () => new Response(null, { status: 503 });
const broken: ScriptedReply = () => {
  throw new TypeError("reset");
};

test("reads are tried again, as the client and the call say", async () => {
  const { client, clock, waits } = failing(busy, {
    initialDelayMs: 500,
    maxDelayMs: 1_500,
    factor: 1.5,
    retries: 5,
  });
  await clock.run(client.agents.list().catch(() => {}));
  assert.deepEqual(waits.splice(0), [500, 750, 1_125, 1_500, 1_500]);
  await clock.run(
    client.agents.list({ retry: { maxElapsedMs: 1_500 } }).catch(() => {}),
  );
  assert.deepEqual(waits.splice(0), [500, 750]);
  await clock.run(client.agents.list({ retry: false }).catch(() => {}));
  assert.deepEqual(waits, []);
});

test("reads are tried again after connection errors, unless the client or the call says no", async () => {
  const lax = failing(broken);
  await lax.clock.run(lax.client.sessions.list().catch(() => {}));
  assert.equal(lax.requests.length, 4);
  await lax.clock.run(
    lax.client.sessions.list({}, { retry: { connectionErrors: false } })
      .catch(() => {}),
  );
  assert.equal(lax.requests.length, 5);

  const strict = failing(broken, { connectionErrors: false });
  await strict.clock.run(strict.client.agents.list().catch(() => {}));
  assert.equal(strict.requests.length, 1);
  await strict.clock.run(
    strict.client.agents.list({ retry: { connectionErrors: true } })
      .catch(() => {}),
  );
  assert.equal(strict.requests.length, 5);
  const both = failing(busy, { connectionErrors: false });
  await both.clock.run(both.client.agents.list().catch(() => {}));
  assert.equal(both.requests.length, 4);
});

test("posts are sent once, whatever is configured and whatever happens", async () => {
  for (const reply of [busy, broken]) {
    const { client, clock, requests } = failing(reply, { retries: 9 });
    const calls = [
      () => client.agents.create({ name: "a", type: "b" }),
      () => client.sessions.create({ agent_id: "a", allow_greeting: true }),
      () => client.sessions.send("talk-00001", "Hi").text(),
      () =>
        client.sessions.stream("talk-00001", {
          type: "message",
          source: "user",
          content: "Hi",
        }).next(),
    ];
    for (const call of calls) {
      const before = requests.length;
      const error = await clock.run(call().then(() => {}, (error) => error));
      assert.equal((error as { attempts: number }).attempts, 1);
      assert.equal(requests.length, before + 1);
    }
  }
});
