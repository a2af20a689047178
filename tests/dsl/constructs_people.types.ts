// Type tests of the constructs: what must compile does, and each line marked @ts-expect-error must not. Nothing is run.
import {
  channel,
  clarify,
  configurable,
  core,
  defineNode,
  delay,
  emit,
  fragment,
  insert,
  node,
  orElse,
  set,
  settings,
  trigger,
  type,
  variable,
  waitFor,
  workflow,
  write,
} from "@tutti/sdk/dsl";
import type {
  JsonValue,
  OpenwopClient,
  PendingInterrupt,
} from "@tutti/sdk/openwop";
import { lint } from "../support/review_workflow.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true
  : false;
declare const client: OpenwopClient;

interface Row {
  id: number;
  name: string;
  tags?: string[];
}

const pull = defineNode({
  typeId: "local.test.pull",
  input: type<{ day: string }>(),
  output: type<
    {
      rows: Row[];
      kind: "big" | "small";
      user: { name: string; age: number; mail?: string };
    }
  >(),
  run: () => ({ rows: [], kind: "big" as const, user: { name: "", age: 1 } }),
});
const load = defineNode({
  typeId: "local.test.load",
  input: type<{ id: number; day: string }>(),
  output: type<{ bytes: number }>(),
  run: () => ({ bytes: 1 }),
});
const flow = workflow("constructs", { version: "1.0.0" })
  .input(type<{ day: string; note?: string }>())
  .step("pull", pull, ({ input }) => ({ day: input.day }));

// approval
flow.approval("gate", () => ({ title: "?" }), {
  edit: type<{ text: string }>(),
  refine: true,
}).branch(({ gate }) => gate.action, {
  accept: (w) => w,
  reject: (w) => w,
  "edit-accept": (w) =>
    w.step("next", lint, ({ gate }) => ({
      diff: orElse(gate.edited.text, ""),
    })),
  refine: (w) => w,
});
flow.approval("gate", () => ({ title: "?" }))
  .branch(({ gate }) => gate.action, {
    accept: (w) => w,
    reject: (w) => w,
    // @ts-expect-error nobody was allowed to refine
    refine: (w) => w,
  });

// clarify, waitFor
const asking = flow
  .use(clarify("details", {
    budget: { ask: "How much?", answer: type<number>() },
    where: { ask: "Where to?", answer: type<"sea" | "hills">() },
  }))
  .use(waitFor("paid", {
    type: "payment.settled",
    data: type<{ amount: number }>(),
    correlation: ({ input }) => ({ day: input.day }),
  }))
  .approval("gate", () => ({ title: "?" }), {
    edit: type<{ text: string }>(),
  });
asking.step("next", load, ({ details, input }) => ({
  id: details.budget,
  day: input.day,
}));
// @ts-expect-error a number where a text is wanted
asking.step("next", lint, ({ details }) => ({ diff: details.budget }));
// @ts-expect-error the event brings no "amonut"
asking.step("next", lint, ({ paid }) => ({ diff: paid.amonut }));

export async function answers(): Promise<void> {
  const run = await asking.build().start(client, { day: "today" });
  await run.interrupt("details").resolve({
    answers: { budget: 3, where: "sea" },
  });
  await run.interrupt("details").answer({ budget: 3, where: "sea" });
  // @ts-expect-error "moon" is not an answer
  await run.interrupt("details").answer({ budget: 3, where: "moon" });
  // @ts-expect-error an approval asks no questions
  await run.interrupt("gate").answer({ budget: 3 });
  await run.interrupt("gate").edit({ text: "better" });
  // @ts-expect-error a text is wanted
  await run.interrupt("gate").edit({ text: 7 });
  // @ts-expect-error this approval is not sent back
  await run.interrupt("gate").refine("shorter");
  await run.interrupt("details").resolve({
    // @ts-expect-error "moon" is not an answer
    answers: { budget: 3, where: "moon" },
  });
  // @ts-expect-error the question "where" is not answered
  await run.interrupt("details").resolve({ answers: { budget: 3 } });
  await run.interrupt("gate").resolve({
    action: "edit-accept",
    editedArtifactData: { text: "new" },
  });
  // @ts-expect-error nobody was allowed to refine
  await run.interrupt("gate").resolve({ action: "refine" });
  await run.interrupt("gate").resolve({
    action: "edit-accept",
    // @ts-expect-error a number where a text is wanted
    editedArtifactData: { text: 3 },
  });
  await run.interrupt("paid").resolve({ amount: 3, day: "today" });
  // @ts-expect-error the event must repeat "day"
  await run.interrupt("paid").resolve({ amount: 3 });
  // @ts-expect-error there is no interrupt "pay"
  run.interrupt("pay");
  // What is open under a name is of the sort that was declared, or of one that the host does not tell.
  const gate = await run.interrupt("gate").wait();
  await gate.accept();
  const gateKind: "approval" | "unknown" = gate.kind;
  if (gate.kind === "approval") {
    const title: string = gate.payload?.data.title ?? "";
    console.log(title, gateKind);
    // @ts-expect-error an approval is not answered like questions
    await gate.answer({});
  }
  const details = await run.interrupt("details").get();
  await details?.answer({ budget: 3 });
  // @ts-expect-error and questions are not accepted
  if (details?.kind === "clarification") await details.accept();
  const paid = await run.interrupt("paid").wait();
  // @ts-expect-error nor is an event, whose kind is neither
  if (paid.kind === "approval") console.log(paid);
  // @ts-expect-error there is no step "pul"
  await run.fork({ after: "pul" });
}

// What an approver wants changed can be handed on.
flow.use(variable("wish", { default: "" }))
  .approval("look", () => ({ title: "?" }), { refine: true })
  .use(
    set(
      "keep",
      ({ wish }) => wish,
      ({ look }) => orElse(look.refinement.text, ""),
    ),
  )
  .step("next", lint, ({ look }) => ({
    // @ts-expect-error only one who wants it changed says how
    diff: look.refinement.text,
  }));

// variables, channels, configurable
const stateful = flow
  .use(variable("total", { default: 0 }))
  .use(channel("notes", { reducer: "append", of: type<string>() }))
  .use(channel("hits", { reducer: "counter", of: type<number>() }))
  .use(configurable(type<{ model: string; depth?: number }>()));
stateful
  .use(set("keep", ({ total }) => total, ({ pull }) => pull.user.age))
  .use(write("note", ({ notes }) => notes, ({ pull }) => pull.user.name))
  .use(write("hit", ({ hits }) => hits, () => 1))
  .step("next", load, ({ total, input }) => ({ id: total, day: input.day }))
  .output(({ notes, configurable }) => ({ notes, model: configurable.model }));
// @ts-expect-error a counter adds numbers: use another reducer
flow.use(channel("c", { reducer: "counter", of: type<string>() }));
// @ts-expect-error merge takes objects: use another reducer
flow.use(channel("c", { reducer: "merge", of: type<string>() }));
// @ts-expect-error lists do not merge: use the reducer append
flow.use(channel("c", { reducer: "merge", of: type<string[]>() }));
// @ts-expect-error it is a Date, which JSON makes a string: give text
flow.use(channel("c", { reducer: "append", of: type<Date>() }));
flow.use(channel("c", { reducer: "merge", of: type<Record<string, number>>() }))
  .use(write("w", ({ c }) => c, () => ({ a: 1 })));
// One of several, or of an interface, if its first value says so.
interface Address {
  street: string;
}
const typed = flow
  .use(variable("mode", { default: "a" as "a" | "b" }))
  .use(variable("to", { default: null as Address | null }))
  .use(set("one", ({ mode }) => mode, () => "b"))
  .use(set("two", ({ to }) => to, () => ({ street: "x" })));
// @ts-expect-error the mode is "a" or "b"
typed.use(set("three", ({ mode }) => mode, () => "c"));
// @ts-expect-error a street is a text
typed.use(set("three", ({ to }) => to, () => ({ street: 1 })));
// @ts-expect-error it is a Date, which JSON makes a string: give text
flow.use(variable("when", { default: new Date() }));
// @ts-expect-error a variable begins with a value
flow.use(variable("when", { default: undefined }));
// @ts-expect-error the variable holds numbers
stateful.use(set("keep", ({ total }) => total, ({ input }) => input.day));
// @ts-expect-error a step is not a variable
stateful.use(set("keep", ({ pull }) => pull.kind, () => "big"));
// @ts-expect-error the channel takes texts
stateful.use(write("note", ({ notes }) => notes, () => 1));
// @ts-expect-error a variable is not a channel
stateful.use(write("note", ({ total }) => total, () => 1));
stateful.step("next", lint, ({ configurable }) => ({
  // @ts-expect-error whoever starts the run may leave it out
  diff: configurable.model,
}));
// @ts-expect-error the name "total" is already taken
stateful.use(variable("total", { default: 1 }));
// @ts-expect-error there is no such reducer
flow.use(channel("x", { reducer: "sum", of: type<number>() }));

// delay, emit, settings, trigger
flow.use(delay("pause", ({ pull }) => pull.user.age));
// @ts-expect-error a delay is a number
flow.use(delay("pause", ({ pull }) => pull.user.name));
flow.use(emit("tell", "acme.done", ({ pull }) => ({ kind: pull.kind })));
// @ts-expect-error a Date would not survive JSON
flow.use(emit("tell", "acme.done", () => ({ at: new Date() })));
flow.use(settings({ timeout: "1h" })).use(
  trigger("nightly", { type: "schedule", cron: "0 3 * * *" }),
);
// @ts-expect-error a schedule needs its times
flow.use(trigger("nightly", { type: "schedule" }));

// fragments
const part = fragment(
  type<{ text: string }>(),
  (w) =>
    w.step("lint", lint, ({ input }) => ({ diff: input.text }))
      .approval("ok", () => ({ title: "Fine?" })),
);
const inserted = flow
  .use(insert("head", part, ({ input }) => ({ text: input.day })))
  .use(insert("rest", part, ({ pull }) => ({ text: pull.user.name })));
inserted.step("next", lint, ({ head }) => ({ diff: head.ok.decidedBy }));
// @ts-expect-error the fragment needs a text
flow.use(insert("head", part, ({ pull }) => ({ text: pull.user.age })));
// @ts-expect-error the fragment has no step "lnt"
inserted.step("next", lint, ({ head }) => ({ diff: head.lnt.notes }));
// @ts-expect-error the name "head" is already taken
inserted.use(insert("head", part, ({ input }) => ({ text: input.day })));
export async function ofFragments(): Promise<void> {
  const run = await inserted.build().start(client, { day: "" });
  run.interrupt("rest-ok");
  // @ts-expect-error there is no interrupt "ok"
  run.interrupt("ok");
}

// Types of the host.
const lookup = node("vendor.acme.lookup", {
  input: type<{ mail: string }>(),
  output: type<{ id: string }>(),
});
flow.step("who", lookup, ({ input }) => ({ mail: input.day }));
// @ts-expect-error the step has no port "email"
flow.step("who", lookup, ({ input }) => ({ mail: input.day, email: "" }));
flow.step("if", core.flowIf({ op: "gt", value: 3 }), ({ pull }) => ({
  value: pull.user.age,
})).step("next", core.noop<{ x: boolean }>(), (refs) => ({
  x: refs.if.matched,
}));
// @ts-expect-error there is no such question
core.flowIf({ op: "greater", value: 3 });

// Handles take them too.
const w = workflow("handles", { version: "1.0.0" }).input(
  type<{ day: string }>(),
);
const rows = w.add("rows", pull, { day: w.input.day }, { retry: 2 });
w.add("gate", core.approvalGate({ title: "?" }), { name: rows.user.name });
// @ts-expect-error a number where a text is wanted
w.add("look", lint, { diff: rows.user.age });

// What an open question shows and takes is what was declared.
interface Letter {
  subject: string;
  tags?: string[];
}
const letters = workflow("letters", { version: "1.0.0" })
  .input(type<{ pr: number; letter: Letter; extra?: unknown }>())
  .approval("gate", ({ input }) => ({
    title: "Send it?",
    data: { letter: input.letter, extra: input.extra, copies: 2 },
  }), { edit: type<Letter>() })
  .approval("bare", () => ({ title: "Sure?" }))
  .build();
const letterRun = letters.handle(client, "acme/r");
const askedNow = await letterRun.interrupt("gate").wait();
if (askedNow.kind === "approval") {
  const shown = askedNow.payload?.data.artifactData;
  const subject: string | undefined = shown?.letter.subject;
  const tags: readonly string[] | undefined = shown?.letter.tags;
  const copies: number | undefined = shown?.copies;
  // @ts-expect-error nothing of that name is shown
  shown?.lettre;
  // @ts-expect-error a subject is a text
  await askedNow.edit({ subject: 1 });
  await askedNow.edit({ subject: `${subject}${tags}${copies}` });
  // @ts-expect-error nobody was allowed to send it back
  await askedNow.refine("shorter");
}
const bare = await letterRun.interrupt("bare").get();
if (bare?.kind === "approval") {
  const anything: JsonValue | undefined = bare.payload?.data.artifactData;
  // @ts-expect-error it takes no edited version
  await bare.edit(anything);
}
// It is still one of all the questions that there are, for a function that shows any of them.
const anyOfThem: readonly (PendingInterrupt | undefined)[] = [askedNow, bare];
console.log(anyOfThem);
