// Teaches: a run that waits for something that happens elsewhere, told apart by its correlation.
import { defineNode, type, waitFor, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const ship = defineNode({
  typeId: "local.webhook.ship",
  input: type<{ orderId: string; paid: number }>(),
  output: type<{ parcel: string }>(),
  run: ({ orderId, paid }) => ({ parcel: `${orderId}, paid ${paid}` }),
});

export const order = workflow("order", { version: "1.0.0" })
  .input(type<{ orderId: string }>({ orderId: "string" }))
  .use(waitFor("payment", {
    type: "payment.settled",
    data: type<{ amount: number }>({ amount: "number" }),
    correlation: ({ input }) => ({ orderId: input.orderId }),
  }, { timeout: "14d" }))
  .step("ship", ship, ({ input, payment }) => ({
    orderId: input.orderId,
    paid: payment.amount,
  }))
  .output(({ ship }) => ({ parcel: ship.parcel }))
  .build();

const host = createHost({ workflows: [order] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
const run = await order.start(client, { orderId: "A-17" });
await run.waitFor({ interrupt: "payment" });

/** What your web server does when the payment provider calls it. */
async function onPayment(event: { orderId: string; amount: number }) {
  await client.runs.handle(run.id).interrupt("payment").resolve(event);
}

// Somebody else's payment does not wake this order.
await assert.rejects(onPayment({ orderId: "B-1", amount: 5 }));
assert.equal(await run.status(), "waiting-external");
await onPayment({ orderId: "A-17", amount: 40 });
const { output } = await run.result();
assert.deepEqual(output, { parcel: "A-17, paid 40" });
console.log(`Shipped: ${output.parcel}`);
await host.close();
