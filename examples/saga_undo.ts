// Teaches: steps that know how to be undone; when a later one fails, the earlier ones are, last first.
import { defineNode, type, undo, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient, RunFailedError } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const ledger: string[] = [];
const book = defineNode({
  typeId: "local.saga.book",
  input: type<{ what: string; fails?: boolean }>(),
  output: type<{ ticket: string }>(),
  run: ({ what, fails }) => {
    ledger.push(fails ? `no ${what} left` : `booked ${what}`);
    if (fails) throw new Error("the trip cannot be booked");
    return { ticket: `ticket for ${what}` };
  },
});
const cancel = defineNode({
  typeId: "local.saga.cancel",
  input: type<{ ticket: string }>(),
  output: type<{ done: boolean }>(),
  run: ({ ticket }) => {
    ledger.push(`gave back ${ticket}`);
    return { done: true };
  },
});

export const trip = workflow("trip", { version: "1.0.0" })
  .input(type<{ city: string }>({ city: "string" }))
  .step("flight", book, () => ({ what: "flight" }), {
    undo: undo(cancel, ({ output }) => ({ ticket: output.ticket }), 3),
  })
  .step("hotel", book, () => ({ what: "hotel" }), {
    undo: undo(cancel, ({ output }) => ({ ticket: output.ticket }), 3),
  })
  .step("car", book, () => ({ what: "car", fails: true }))
  .build();

const host = createHost({ workflows: [trip] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });

const run = await trip.start(client, { city: "Lisbon" });
await assert.rejects(run.result(), (error) => RunFailedError.is(error));
assert.deepEqual(ledger, [
  "booked flight",
  "booked hotel",
  "no car left",
  "gave back ticket for hotel",
  "gave back ticket for flight",
]);
console.log(ledger.join("\n"));
await host.close();
