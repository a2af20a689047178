// Teaches: a small library of workflows that others are made of, each with its version.
import { defineNode, sub, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const charge = defineNode({
  typeId: "local.library.charge",
  input: type<{ amount: number }>(),
  output: type<{ receipt: string }>(),
  run: ({ amount }) => {
    if (amount > 1000) throw new Error("too much for this card");
    return { receipt: `R-${amount}` };
  },
});
const mail = defineNode({
  typeId: "local.library.mail",
  input: type<{ to: string; text?: string }>(),
  output: type<{ sent: string }>(),
  run: ({ to, text }) => ({ sent: `${to}: ${text ?? "it did not work"}` }),
});

export const payment = workflow("payment", { version: "2.1.0" })
  .input(type<{ amount: number }>({ amount: "number" }))
  .step("charge", charge, ({ input }) => ({ amount: input.amount }))
  .output(({ charge }) => ({ receipt: charge.receipt }))
  .build();

export const shop = workflow("shop", { version: "1.0.0" })
  .input(
    type<{ who: string; total: number }>({ who: "string", total: "number" }),
  )
  // A payment that fails does not fail the shop: it has no receipt then.
  .use(sub("pay", payment, ({ input }) => ({ amount: input.total }), {
    onFailure: "absorb",
  }))
  .step("mail", mail, ({ input, pay }) => ({
    to: input.who,
    text: pay.receipt,
  }))
  .output(({ mail, pay }) => ({ mail: mail.sent, status: pay.childStatus }))
  .build();

const host = createHost({ workflows: [payment, shop] });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
const [small, large] = await Promise.all([
  shop.run({ who: "Ada", total: 40 }).execute(client),
  shop.run({ who: "Bob", total: 4000 }).execute(client),
]);
assert.deepEqual(small.output, { mail: "Ada: R-40", status: "completed" });
assert.deepEqual(large.output, {
  mail: "Bob: it did not work",
  status: "failed",
});
console.log(`${small.output?.mail}; ${large.output?.mail}`);
await host.close();
