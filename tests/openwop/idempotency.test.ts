import assert from "node:assert/strict";
import test from "node:test";
import type { Answer } from "@tutti/sdk/http";
import {
  isCode,
  isReplayed,
  keyGrammar,
  OpenwopClient,
  toIdempotencyKey,
} from "@tutti/sdk/openwop";
import {
  CHILD_ID,
  refusal,
  reply,
  RUN_ID,
  wopBench,
} from "../support/wop_server.ts";

test("runs.create() sends dedup and the engine under the names of the major", async () => {
  for (const major of [1, 2] as const) {
    const { client, server, clock } = wopBench({ major });
    server.first.push(() =>
      Response.json({ runId: RUN_ID, status: "pending" }, {
        headers: major === 2 ? { "OpenWOP-Version": "2.0" } : {},
      })
    );
    await clock.run(
      client.runs.create({ workflowId: "w", scopeId: "s" }, {
        dedup: "enforce",
        forceEngineVersion: 7,
      }),
    );
    const { headers } = server.requests[0]!;
    const prefix = major === 2 ? "openwop-" : "x-";
    assert.equal(headers.get(`${prefix}dedup`), "enforce");
    assert.equal(headers.get(`${prefix}force-engine-version`), "7");
  }
});

test("runs.create() under dedup tells of the run that is active, and is not repeated", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(() =>
    refusal(409, "run_already_active", { "retry-after": "30" }, {
      activeRunId: CHILD_ID,
    })
  );
  await assert.rejects(
    clock.run(
      client.runs.create({ workflowId: "w", scopeId: "s" }, {
        dedup: "enforce",
      }),
    ),
    (error) =>
      isCode(error, "run_already_active") && error.retryAfterMs === 30_000 &&
      (error.details as { activeRunId?: string }).activeRunId === CHILD_ID,
  );
  assert.equal(server.requests.length, 1);
});

test("every spelling of a key conflict is one error", async () => {
  for (
    const [major, spelling] of [
      [1, "idempotency_key_conflict"],
      [1, "idempotency_key_replay_mismatch"],
      [1, "idempotency_key_mismatch"],
      [2, "idempotency_key_mismatch"],
    ] as const
  ) {
    const { client, server, clock } = wopBench({ major });
    server.first.push(() => refusal(409, spelling));
    await assert.rejects(
      clock.run(
        client.runs.pause(RUN_ID, {}, {
          idempotencyKey: "mine-0123456789-abcdef",
        }),
      ),
      (error) =>
        isCode(error, "idempotency_key_mismatch") &&
        error.rawCode === spelling && !error.retryable &&
        error.hint !== undefined,
    );
    assert.equal(server.requests.length, 1);
  }
});

test("a key whose first use is still at work is tried again, the same", async () => {
  const { client, server, clock } = wopBench();
  server.first.push(
    () => refusal(409, "idempotency_in_flight", { "retry-after": "2" }),
    () => reply({ runId: RUN_ID, status: "paused" }, 202),
  );
  const begun = clock.now();
  await clock.run(client.runs.pause(RUN_ID));
  assert.equal(clock.now() - begun, 2_000);
  const keys = server.requests.map(({ headers }) =>
    headers.get("idempotency-key")
  );
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1]);
});

test("isReplayed() takes true for true, in either major's spelling of the header", () => {
  const answer = (
    headers: Record<string, string>,
  ): Pick<Answer, "headers"> => ({
    headers: new Headers(headers),
  });
  assert.equal(
    isReplayed(answer({ "openwop-Idempotent-Replay": "true" })),
    true,
  );
  assert.equal(
    isReplayed(answer({ "OpenWOP-Idempotent-Replay": "true" })),
    true,
  );
  // Hosts of version 1 say false, or nothing at all.
  assert.equal(isReplayed(answer({ "openwop-idempotent-replay": "" })), false);
  assert.equal(
    isReplayed(answer({ "openwop-idempotent-replay": "false" })),
    false,
  );
  assert.equal(isReplayed(answer({})), false);
});

test("toIdempotencyKey() keeps a key that fits and makes a fitting one of any other, always the same", async () => {
  const fitting = ["a".repeat(22), "~._-".repeat(32), crypto.randomUUID()];
  for (const key of fitting) assert.equal(await toIdempotencyKey(key), key);
  const others = ["a", "a".repeat(21), "a".repeat(129), "ä".repeat(30), "a b"];
  const made = new Set<string>();
  for (const key of others) {
    const one = await toIdempotencyKey(key);
    assert.match(one, keyGrammar);
    assert.equal(await toIdempotencyKey(key), one);
    made.add(one);
  }
  assert.equal(made.size, others.length);
});

test("a call that changes something makes a key of its own, and every one another", async () => {
  const { client, server, clock } = wopBench();
  for (let time = 0; time < 3; time++) {
    server.first.push(() => reply({ runId: RUN_ID, status: "paused" }, 202));
    await clock.run(client.runs.pause(RUN_ID));
  }
  const keys = server.requests.map(({ headers }) =>
    headers.get("idempotency-key")!
  );
  for (const key of keys) assert.match(key, keyGrammar);
  assert.equal(new Set(keys).size, 3);
});

test("an answer that the host has given before says so, and holds what it held", async () => {
  const { client, server, clock } = wopBench();
  const seen: boolean[] = [];
  const create = (): Promise<{ readonly runId: string }> =>
    clock.run(client.runs.create({ workflowId: "w" }, {
      idempotencyKey: "nightly-2026-10-04-0001",
      onAnswer: (answer) => seen.push(isReplayed(answer)),
    }));
  const first = await create();
  assert.deepEqual(await create(), first);
  assert.deepEqual(seen, [false, true]);
  assert.equal(server.effects.length, 1);
});

test("a key of a caller is made to fit where version 2 asks for it, and stays as it is in version 1", async () => {
  for (const major of [1, 2] as const) {
    const sent: (string | null)[] = [];
    const client = new OpenwopClient({
      baseUrl: "https://wop.test",
      major,
      fetch: ({ headers }) => {
        sent.push(headers.get("idempotency-key"));
        return Response.json({ runId: RUN_ID, status: "paused" }, {
          headers: major === 2 ? { "OpenWOP-Version": "2.0" } : {},
        });
      },
    });
    const options = { idempotencyKey: "short" };
    await client.runs.pause(RUN_ID, {}, options);
    await client.interrupts.resolve(RUN_ID, "gate", true, options);
    await client.runs.create({ workflowId: "w" }, options);
    const wanted = major === 1 ? "short" : await toIdempotencyKey("short");
    assert.deepEqual(sent, [wanted, wanted, wanted]);
  }
});
