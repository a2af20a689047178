// Type tests of forks with edited state. Nothing here is run.
import { fromDefinition, type Workflow } from "@tutti/sdk/dsl";
import { review } from "../support/review_workflow.ts";
import { trip } from "../support/trip_workflow.ts";

const plan = trip.run({ to: "Rome" });

plan.fork("all", { at: "gate" }, (f) =>
  f.state({
    limit: 5,
    notes: ["a", "b"],
    aged: [],
    book: { price: 1, note: "cheap" },
    tax: { tax: 0 },
    noted: {},
  }).state({ book: { seat: "1A" } }));
plan.fork(
  "all",
  { at: "pay" },
  (f) => f.fork("deeper", { at: "pay" }, (g) => g.state({ limit: 2 })),
);

// @ts-expect-error there is no variable, channel or plain step "limits"
plan.state({ limits: 5 });
// @ts-expect-error the limit is a number
plan.state({ limit: "5" });
// @ts-expect-error the notes are a list
plan.state({ notes: "a" });
// @ts-expect-error a note is a text
plan.state({ notes: [1] });
// @ts-expect-error the price is a number
plan.state({ book: { price: "1" } });
// @ts-expect-error "book" has no "prize"
plan.state({ book: { prize: 1 } });
// @ts-expect-error a question is answered, not edited
plan.state({ gate: { action: "accept" } });
// @ts-expect-error what a run is given is no state
plan.state({ input: { to: "Oslo" } });
// @ts-expect-error an edit is an object
plan.state(3);
// @ts-expect-error one of two is wrong
plan.state({ limit: 1, pay: { payed: 1 } });

// Another workflow has other state.
plan.fork(
  "other",
  "start",
  (f) =>
    f.definition(review).fork(
      "inner",
      { at: "gate" },
      (g) => g.state({ fetch: { diff: "" } }),
    ),
);
plan.fork(
  "other",
  "start",
  (f) =>
    f.definition(review).fork("inner", { at: "gate" }, (g) =>
      // @ts-expect-error there is no variable, channel or plain step "limit"
      g.state({ limit: 1 })),
);

// Of what was read nothing is known: any name, any JSON.
fromDefinition("{}").run({}).state({ anything: [1], goes: { a: null } });
// @ts-expect-error a Date is no JSON
fromDefinition("{}").run({}).state({ anything: new Date() });

// What is exported with four words written down can still be edited, and says nothing about it.
export const four: Workflow<{ to: string }, object, string, object> = trip;
four.run({ to: "" }).state({ limit: "?" });
