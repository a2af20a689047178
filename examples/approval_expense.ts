// Teaches: an approval with a deadline, escalation, and a way for each answer.
import { defineNode, either, type, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import assert from "node:assert/strict";

const pay = defineNode({
  typeId: "local.expense.pay",
  input: type<{ amount: number; to: string }>(),
  output: type<{ receipt: string }>(),
  run: ({ amount, to }) => ({ receipt: `${amount} EUR to ${to}` }),
});
const tell = defineNode({
  typeId: "local.expense.tell",
  input: type<{ who: string; why: string }>(),
  output: type<{ message: string }>(),
  run: ({ who, why }) => ({ message: `Dear ${who}, not this time: ${why}` }),
});

export const expense = workflow("expense", { version: "1.0.0" })
  .input(
    type<{ who: string; amount: number }>({ who: "string", amount: "number" }),
  )
  .approval("manager", ({ input }) => ({
    title: "Pay this expense?",
    data: { who: input.who, amount: input.amount },
  }), {
    approvers: ["user:mia"],
    timeout: "5d",
    // Who may answer too, when nobody has answered for two days.
    escalate: [{ after: "2d", roles: ["head-of-finance"] }],
  })
  .branch(({ manager }) => manager.action, {
    accept: (w) =>
      w.step("pay", pay, ({ input }) => ({
        amount: input.amount,
        to: input.who,
      }), { retry: { max: 3, delay: "1s", backoff: "exponential" } }),
    reject: (w) =>
      w.step("tell", tell, ({ input, manager }) => ({
        who: input.who,
        why: manager.comment,
      })),
  })
  .use(either("outcome", ({ pay, tell }) => [pay.receipt, tell.message]))
  .output(({ outcome }) => ({ outcome: outcome.value }))
  .build();

const host = createHost({ workflows: [expense], subject: () => "user:mia" });
const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });

const run = await expense.start(client, { who: "Ada", amount: 120 });
await run.interrupt("manager").accept({ comment: "have fun" });
const { output } = await run.result();
assert.deepEqual(output, { outcome: "120 EUR to Ada" });
console.log(`Mia accepted: ${output.outcome}`);
await host.close();
