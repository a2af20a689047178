// Type tests of what handles know of the questions of their steps. Nothing here is run.
import {
  accept,
  acceptEdited,
  type Asks,
  core,
  node,
  refine,
  reject,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import type { JsonValue, OpenwopClient } from "@tutti/sdk/openwop";
import { load } from "../support/constructs.ts";

declare const client: OpenwopClient;

const w = workflow("handles", { version: "1.0.0" })
  .input(type<{ id: number }>());
const loaded = w.add("load", load, { id: w.input.id });
const gate = w.add("gate", core.approvalGate({ title: "?" }), {
  id: w.input.id,
});
const wide = w.add(
  "wide",
  core.approvalGate({
    title: "?",
    actions: ["accept", "edit-accept", "refine"],
  }),
  {},
);
const details = w.add(
  "details",
  core.clarificationGate<{ size: number }>([
    { id: "size", question: "How large?" },
  ]),
  {},
);
const form = w.add("form", core.hitlFormRequest<{ name: string }>({}), {});
const user = w.add(
  "user",
  core.hitlAskUser<unknown, { answers: { answer: string } }>(),
  {},
);
const paid = w.add(
  "paid",
  node("core.interrupt", {
    input: type<{ orderId: string }>(),
    output: type<
      & { amount: number }
      & Asks<{
        kind: "external-event";
        answer: { amount: number };
        data: { orderId: string };
      }>
    >(),
    config: { kind: "external-event" },
  }),
  { orderId: "7" },
);
const flow = w.output(() => ({ decided: gate.action })).build();

const plan = flow.run({ id: 1 })
  .on(gate, accept())
  .on(gate, ({ data, signal }) => signal.aborted ? reject() : accept(`${data}`))
  .on(wide, acceptEdited({ any: "thing" }))
  .on(wide, refine("shorter"))
  .on(details, { answers: { size: 3 } })
  .on(form, { name: "Ada" })
  .on(user, { answers: { answer: "yes" } })
  .on(paid, ({ data }) => ({ amount: data.orderId.length }));
// @ts-expect-error nobody was allowed to refine
plan.on(gate, refine("shorter"));
// @ts-expect-error nobody was allowed to edit
plan.on(gate, acceptEdited({}));
// @ts-expect-error the size is a number
plan.on(details, { answers: { size: "3" } });
// @ts-expect-error the form has no "nam"
plan.on(form, { nam: "Ada" });
// @ts-expect-error the event brings an amount
plan.on(paid, { orderId: "7" });
// @ts-expect-error what it must repeat has no "id"
plan.on(paid, ({ data }) => ({ amount: data.id }));
// @ts-expect-error this step asks nothing
plan.on(loaded, accept());
// @ts-expect-error no interrupt is known here by a name
plan.on("gate", accept());

// What offers two actions gives one of two: a branch needs no third case.
w.branch(() => gate.action, { accept: (w) => w, reject: (w) => w });
// @ts-expect-error the case "reject" is missing
w.branch(() => gate.action, { accept: (w) => w });

// A chain has names, and its handles are handles.
const mixed = workflow("mixed", { version: "1.0.0" }).input();
const first = mixed.add("first", core.approvalGate({ title: "?" }), {});
const both = mixed.approval("second", () => ({ title: "?" })).build();
both.run({}).on(first, accept()).on("second", accept());
// @ts-expect-error there is no interrupt "first" among the names
both.run({}).on("first", accept());

export async function answers(): Promise<void> {
  const run = await flow.start(client, { id: 1 });
  await run.interrupt(gate).accept();
  const open = await run.interrupt(gate).wait();
  if (open.kind === "approval") {
    const shown: JsonValue = open.payload?.data.artifactData ?? null;
    await open.accept({ comment: JSON.stringify(shown) });
    // @ts-expect-error this interrupt takes no edited version
    await open.edit({ any: "thing" });
  }
  await run.interrupt(wide).edit({ any: "thing" });
  await run.interrupt(details).answer({ size: 3 });
  // @ts-expect-error this interrupt takes no edited version
  await run.interrupt(gate).edit({ any: "thing" });
  // @ts-expect-error this interrupt asks no questions
  await run.interrupt(gate).answer({ size: 3 });
  // @ts-expect-error the size is a number
  await run.interrupt(details).answer({ size: "3" });
  // @ts-expect-error this step asks nothing
  run.interrupt(loaded);
  // @ts-expect-error no interrupt is known here by a name
  run.interrupt("gate");
}

// A fork begins at a handle too.
plan.fork("other", { at: gate }, (f) => f.on(gate, reject()));
plan.fork("later", { after: loaded });
// @ts-expect-error no step is known here by a name
plan.fork("other", { at: "gate" });
// @ts-expect-error this is no step
plan.fork("other", { at: { gate } });

export async function forks(): Promise<void> {
  const run = await flow.start(client, { id: 1 });
  const other = await run.fork({ at: gate });
  await other.interrupt(gate).reject();
  await run.fork({ after: loaded, mode: "replay" });
  // @ts-expect-error no step is known here by a name
  await run.fork({ at: "gate" });
}
