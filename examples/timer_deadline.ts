// Teaches: a run that waits for days and then gives up, on a clock that is not the wall's.
import { defineNode, delay, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";
import { FakeClock } from "@tutti/sdk/testing";

const remind = defineNode({
  typeId: "local.timer.remind",
  input: type<{ who: string }>(),
  output: type<{ reminded: string }>(),
  run: ({ who }) => ({ reminded: who }),
});

export const renewal = workflow("renewal", { version: "1.0.0" })
  .input(type<{ who: string }>({ who: "string" }))
  .use(delay("quiet", "30d"))
  .step("remind", remind, ({ input }) => ({ who: input.who }))
  .approval("renew", ({ input }) => ({
    title: "Renew the contract?",
    data: { who: input.who },
  }), { timeout: "14d" })
  .branch(({ renew }) => renew.action, {
    accept: (w) => w,
    // A deadline that passes is a rejection, with these words.
    reject: (w) => w,
  })
  .output(({ renew, remind }) => ({
    decision: renew.action,
    why: renew.comment,
    reminded: remind.reminded,
  }))
  .build();

const clock = new FakeClock();
const host = createHost({ workflows: [renewal], clock });
const client = new OpenwopClient({
  baseUrl: host.url,
  fetch: host.fetch,
  clock,
});

const run = await renewal.start(client, { who: "Ada" });
const day = 24 * 3_600_000;
await clock.advance(30 * day);
await run.waitFor({ interrupt: "renew" });
await clock.advance(14 * day);
const { output } = await run.result();
assert.deepEqual(output, {
  decision: "reject",
  why: "timeout",
  reminded: "Ada",
});
console.log(`44 days later, unanswered: ${output.decision} (${output.why})`);
await host.close();
