import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { decide, fold, initialState } from "../../../src/engine/mod.ts";
import { type History, meaning } from "../../support/histories.ts";

const folder = new URL("../../histories/", import.meta.url);

/** What comes from outside: code, people, time. Everything else follows from the log before it. */
const outside =
  /^(interrupt\.resolved|approval\.received|node\.(resumed|retried|completed|failed)|log\..*)$/;

for (const version of readdirSync(folder).sort()) {
  for (const file of readdirSync(new URL(`${version}/`, folder)).sort()) {
    test(`decide() decides at each event of ${version}/${file} as it did then`, () => {
      const { record, events } = JSON.parse(
        readFileSync(new URL(`${version}/${file}`, folder), "utf8"),
      ) as History;
      const { definition } = record;
      let state = initialState(definition);
      let decided = 0;
      for (const [index, event] of events.entries()) {
        const [next] = decide(definition, state).flatMap((
          command,
        ): { type: string; payload: object }[] =>
          command.kind === "append"
            ? [command.event]
            : command.kind === "suspend"
            ? [{
              type: command.asked ? "node.suspended" : "interrupt.requested",
              payload: command.payload,
            }]
            : []
        );
        const { attempt } = meaning(event).payload;
        // A later attempt begins when its time has come.
        const isLater = event.type === "node.started" && Number(attempt) > 0;
        if (!outside.test(event.type) && !isLater && index > 0) {
          assert.equal(next?.type, event.type, `event ${index}`);
          const { payload } = meaning({ ...event, ...next } as never);
          if (event.type !== "node.suspended") {
            assert.deepEqual(payload, meaning(event).payload);
          }
          decided++;
        }
        state = fold(definition, state, [event]);
      }
      assert.deepEqual(decide(definition, state), []);
      assert.ok(decided >= 2, String(decided));
    });
  }
}
