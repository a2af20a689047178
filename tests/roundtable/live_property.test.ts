import assert from "node:assert/strict";
import test from "node:test";
import fc from "../support/properties.ts";
import { settle } from "../support/fake_clock.ts";
import { following } from "../support/roundtable_following.ts";

/** What can happen between two moments. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("message" as const),
      priority: fc.nat(3),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("live" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      ms: fc.nat(20_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("restart" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("mute" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("garbage" as const),
      text: fc.string(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("send" as const) }) },
);

test("createLiveMessages() gives every message exactly once, whatever happens to the socket", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 25 }),
      fc.integer({ min: 1, max: 60 }),
      async (steps, maxWaiting) => {
        const { clock, server, live, got, end } = await following({
          maxWaiting,
          retry: { retries: 1_000 },
        });
        const wanted: string[] = [];
        const pass = async (ms: number): Promise<void> => {
          // The server pings by its own timer.
          for (let left = ms; left > 0; left -= 5_000) {
            await clock.advance(Math.min(left, 5_000));
            if (
              Math.floor(left / 30_000) !== Math.floor((left - 5_000) / 30_000)
            ) server.live.ping();
          }
          await settle();
        };
        for (const one of steps) {
          const connection = server.live.connections.at(-1);
          if (one.kind === "message" || one.kind === "live") {
            const data = server.live.enqueue("scout", {
              priority: one.kind === "message" ? one.priority : 0,
            });
            wanted.push(String(data.message_id));
            // A server that is repaired sends it at once, and keeps it for later as well.
            if (one.kind === "live" && connection && !connection.isMute) {
              connection.end.send(JSON.stringify({ type: "message", data }));
            }
          } else if (one.kind === "wait") await pass(one.ms);
          else if (one.kind === "restart") server.live.restart();
          else if (one.kind === "mute" && connection) connection.isMute = true;
          else if (one.kind === "forget" && connection) {
            connection.isForgotten = true;
            server.live.leave(connection);
          } else if (one.kind === "garbage") connection?.end.send(one.text);
          else if (one.kind === "send") {
            live.send({ to_agent: "editor" }).catch(() => {});
          }
          await settle();
        }
        // One break, for what a server that pushes has swallowed; then the backlog of 100 has it all.
        server.live.restart();
        await pass(300_000);
        server.live.restart();
        await pass(60_000);
        const ids = got.flatMap((frame) =>
          frame.type === "message" ? [frame.data.message_id] : []
        );
        assert.deepEqual([...ids].sort(), [...wanted].sort());
        await live.close();
        await end;
        assert.equal(clock.pending, 0);
      },
    ),
    { numRuns: 60 },
  );
});
