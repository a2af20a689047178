// Type tests of what results and state know of steps that were added by handle. Nothing here is run.
import {
  compareResults,
  core,
  type StepName,
  stepName,
  type StepOutcome,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import type { OpenwopClient } from "@tutti/sdk/openwop";
import { load, pull } from "../support/constructs.ts";

declare const client: OpenwopClient;

const w = workflow("handles", { version: "1.0.0" })
  .input(type<{ day: string }>());
const pulled = w.add("pull", pull, { day: w.input.day });
const gate = w.add("gate", core.approvalGate({ title: "?" }), {});
const form = w.add("form", core.hitlFormRequest<{ name: string }>({}), {});
const only = w.output(() => ({ kind: pulled.kind })).build();
const mixed = w.step("last", load, () => ({ id: pulled.n })).build();

export async function results(): Promise<void> {
  const one = await only.run({ day: "" })
    .expect(({ steps }) => steps[stepName(gate)] === "waiting")
    .fork("again", { after: pulled })
    .execute(client);
  const outcome: StepOutcome | undefined = one.steps[stepName(pulled)];
  // @ts-expect-error it may not have begun
  const begun: StepOutcome = one.steps[stepName(pulled)];
  // @ts-expect-error no step is known here by a name
  one.steps.pull;
  // @ts-expect-error a text is not the name of a step
  one.steps["pull" as string];
  // @ts-expect-error an output is no step
  stepName(pulled.kind);
  // @ts-expect-error nor is a text
  stepName("pull");
  const again: StepOutcome | undefined = one.forks.again.steps[stepName(gate)];
  console.log(outcome, begun, again);

  // A chain has names, and its handles are handles.
  const both = await mixed.run({ day: "" }).execute(client);
  const last: StepOutcome | undefined = both.steps.last;
  const first: StepOutcome | undefined = both.steps[stepName(pulled)];
  // @ts-expect-error there is no step "pull" among the names
  both.steps.pull;
  const [change] = compareResults(both, both).steps;
  const step: "last" | StepName | undefined = change?.step;
  // @ts-expect-error what has changed may be what was added by handle
  const known: "last" | undefined = change?.step;
  console.log(last, first, step, known);
}

const plan = only.run({ day: "" });
plan.fork(
  "x",
  { after: pulled },
  (f) =>
    f.state(pulled, { kind: "b" })
      .state(pulled, { n: 2, rows: [{ id: 1, at: { n: 1 } }] })
      .fork("y", { after: pulled }, (g) => g.state(pulled, { n: 3 })),
);
// @ts-expect-error the kind is "a" or "b"
plan.state(pulled, { kind: "c" });
// @ts-expect-error "n" is a number
plan.state(pulled, { n: "2" });
// @ts-expect-error a row has an "at"
plan.state(pulled, { rows: [{ id: 1 }] });
// @ts-expect-error it has no "kinds"
plan.state(pulled, { kinds: "a" });
const kinds = { kinds: "a" };
// @ts-expect-error it has no "kinds", wherever that comes from
plan.state(pulled, kinds);
// @ts-expect-error outputs are an object
plan.state(pulled, 3);
// @ts-expect-error an output is no step
plan.state(pulled.n, 3);
// @ts-expect-error it is a question: say with on() how it is answered
plan.state(gate, { action: "accept" });
// @ts-expect-error it is a question: say with on() how it is answered
plan.state(form, { name: "Ada" });
// @ts-expect-error there is no step of that name among the names
plan.state({ pull: { n: 2 } });
// Names stay names.
mixed.run({ day: "" }).state({ last: { bytes: 2 } }).state(pulled, { n: 2 });
// @ts-expect-error a name is no handle
mixed.run({ day: "" }).state("last", { bytes: 2 });
