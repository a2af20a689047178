import assert from "node:assert/strict";
import { test } from "node:test";
import {
  channel,
  clarify,
  configurable,
  delay,
  emit,
  eq,
  fragment,
  insert,
  repeat,
  set,
  settings,
  trigger,
  type,
  variable,
  waitFor,
  workflow,
  write,
} from "@tutti/sdk/dsl";
import { z } from "zod";
import { begin, built, codesOf, load, nodeOf } from "../support/constructs.ts";
import { lint } from "../support/review_workflow.ts";

test("clarify() and waitFor() are questions with typed answers", () => {
  const definition = built(
    begin()
      .use(clarify("details", {
        budget: { ask: "How much?", answer: z.number() },
      }, { timeout: "1h" }))
      .use(waitFor("paid", {
        type: "payment.settled",
        data: type<{ amount: number }>({ amount: "number" }),
        correlation: ({ input }) => ({ day: input.day, fixed: 1 }),
      }))
      .output(({ details, paid }) => ({
        budget: details.budget,
        amount: paid.amount,
      })),
  );
  const { config } = nodeOf(definition, "details");
  assert.equal(config["timeoutMs"], 3_600_000);
  assert.equal(
    (config["questions"] as { schema: { type: string } }[])[0]?.schema.type,
    "number",
  );
  assert.deepEqual(nodeOf(definition, "paid").config, {
    kind: "external-event",
    data: { eventType: "payment.settled", correlation: {} },
  });
  assert.deepEqual(nodeOf(definition, "paid").inputs["fixed"], {
    type: "static",
    value: 1,
  });
  assert.deepEqual(nodeOf(definition, "output").inputs, {
    budget: {
      type: "connection",
      nodeId: "details",
      outputKey: "answers.budget",
    },
    amount: { type: "connection", nodeId: "paid", outputKey: "amount" },
  });
});

test("clarify() and waitFor() refuse to ask nothing and to take any event", () => {
  const issues = begin()
    .use(clarify("details", {}))
    .use(clarify("more", { "a.b": { ask: " ", answer: type<string>() } }))
    .use(waitFor("paid", {
      type: "",
      data: type<{ amount: number }>(),
      correlation: () => ({}),
    }, { timeout: "never" })).check();
  assert.deepEqual(codesOf(issues), [
    "bad-option more",
    "bad-option more",
    "bad-option paid",
    "bad-option paid",
    "bad-option paid",
    "interrupt-unanswerable details",
  ]);
});

test("variable(), channel(), configurable(), settings() and trigger() stand at the top of the definition", () => {
  const definition = built(
    begin()
      .use(settings({ timeout: "1h", maxRetries: 2, tags: ["nightly"] }))
      .use(configurable(type<{ model: string }>({ model: "string" })))
      .use(variable("total", { default: 0, sensitive: true }))
      .use(variable("seen", { default: [] as string[] }))
      .use(channel("notes", {
        reducer: "append",
        of: z.string(),
        ttl: "1d",
        maxSize: 3,
        access: { writers: ["note"] },
      }))
      .use(trigger("at-three", {
        type: "schedule",
        cron: "0 3 * * *",
        timeZone: "Europe/Berlin",
        overlap: "skip",
        inputs: { day: "today" },
      }))
      .use(trigger("hook", { type: "webhook", path: "/in" }))
      .use(trigger("paid", {
        type: "event",
        event: "payment.settled",
        match: { kind: "big" },
      }))
      .use(set("keep", ({ total }) => total, ({ pull }) => pull.n))
      .use(write("note", ({ notes }) => notes, ({ input }) => input.day))
      .output(({ total, notes, configurable }) => ({
        total,
        notes,
        model: configurable.model,
      })),
  );
  assert.deepEqual(definition.settings, { timeout: 3_600_000, maxRetries: 2 });
  assert.deepEqual(definition.metadata, { tags: ["nightly"] });
  assert.deepEqual(definition.variables.slice(2), [
    { name: "total", type: "number", defaultValue: 0, sensitive: true },
    { name: "seen", type: "array", defaultValue: [] },
  ]);
  const notes = definition.channels?.["notes"];
  assert.equal(notes?.reducer, "append");
  assert.equal(notes?.ttlMs, 86_400_000);
  assert.equal(notes?.schema?.["type"], "string");
  assert.deepEqual(definition.configurableSchema, {
    type: "object",
    properties: { model: { type: "string" } },
    required: ["model"],
    additionalProperties: false,
  });
  assert.deepEqual(definition.triggers, [
    { id: "manual", type: "manual" },
    {
      id: "at-three",
      type: "schedule",
      config: {
        cron: "0 3 * * *",
        timeZone: "Europe/Berlin",
        overlap: "skip",
        inputs: { day: "today" },
      },
    },
    { id: "hook", type: "webhook", config: { path: "/in" } },
    {
      id: "paid",
      type: "event",
      eventType: "payment.settled",
      config: { match: { kind: "big" } },
    },
  ]);
  assert.deepEqual(nodeOf(definition, "keep").config, { name: "total" });
  assert.deepEqual(nodeOf(definition, "note").config, {
    channelName: "notes",
    reducer: "append",
    ttlMs: 86_400_000,
    maxSize: 3,
  });
  assert.deepEqual(nodeOf(definition, "output").inputs["model"], {
    type: "variable",
    variableName: "configurable.model",
    optional: true,
  });
});

test("the constructs at the top refuse what cannot be", () => {
  const issues = begin()
    .use(settings({ timeout: "long" }))
    .use(channel("notes", {
      reducer: "replace",
      of: type<string>(),
      ttl: "900d",
      maxSize: 0,
    }))
    .use(trigger("at", { type: "schedule", cron: "often" }))
    .use(emit("tell", "openwop.done", () => ({})))
    .use(
      set(
        "keep",
        (({ pull }: { pull: { n: unknown } }) => pull.n) as never,
        () => 1 as never,
      ),
    )
    .use(
      write(
        "note",
        (({ pull }: { pull: { n: unknown } }) => pull.n) as never,
        () => 1 as never,
      ),
    )
    .check();
  assert.deepEqual(codesOf(issues).slice(0, 9), [
    "bad-option settings",
    "bad-option notes",
    "bad-option notes",
    "bad-option notes",
    "bad-option at",
    "bad-option tell",
    "bad-option keep",
    "bad-option note",
    "host-extension tell",
  ]);
});

test("delay() takes words, numbers and references; emit() carries its payload as inputs", () => {
  const { nodes } = built(
    begin()
      .use(delay("a", "1m"))
      .use(delay("b", ({ pull }) => pull.n))
      .use(
        emit(
          "tell",
          "acme.done",
          ({ pull }) => ({ kind: pull.kind, ok: true }),
        ),
      ),
  );
  assert.deepEqual(nodes.slice(1).map(({ inputs }) => inputs), [
    { delayMs: { type: "static", value: 60_000 } },
    { delayMs: { type: "connection", nodeId: "pull", outputKey: "n" } },
    {
      kind: { type: "connection", nodeId: "pull", outputKey: "kind" },
      ok: { type: "static", value: true },
    },
  ]);
});

test("insert() prefixes names, binds inputs and keeps loops together", () => {
  const part = fragment(
    type<{ text: string; deep: { n: number } }>(),
    (w) =>
      w.use(repeat("again", (w) =>
        w.step(
          "lint",
          lint,
          ({ input }) => ({ diff: input.text, level: input.deep.n }),
        ), {
        until: ({ lint }) => eq(lint.notes, []),
        max: 2,
      })).approval("ok", ({ lint }) => ({
        title: "Fine?",
        data: { notes: lint.notes },
      })),
  );
  const definition = built(
    begin()
      .use(insert("one", part, ({ input }) => ({
        text: input.day,
        deep: { n: 4 },
      })))
      .use(insert("two", part, ({ pull }) => ({
        text: pull.kind,
        deep: pull.rows[0]!.at as never,
      })))
      .output(({ one, two }) => ({ by: one.ok.decidedBy, or: two.ok.comment })),
  );
  assert.deepEqual(definition.nodes.map(({ id }) => id), [
    "pull",
    "one-lint",
    "one-again",
    "one-ok",
    "two-lint",
    "two-again",
    "two-ok",
    "output",
  ]);
  assert.deepEqual(nodeOf(definition, "two-again").config["body"], [
    "two-lint",
  ]);
  assert.deepEqual(nodeOf(definition, "one-lint").inputs, {
    diff: { type: "variable", variableName: "day" },
    level: { type: "static", value: 4 },
  });
  assert.deepEqual(nodeOf(definition, "two-lint").inputs["level"], {
    type: "connection",
    nodeId: "pull",
    outputKey: "rows.0.at.n",
    optional: true,
  });
  assert.deepEqual(nodeOf(definition, "output").inputs["or"], {
    type: "connection",
    nodeId: "two-ok",
    outputKey: "feedback",
  });
});

test("insert() refuses a fragment that declares variables, and passes its problems on", () => {
  const part = fragment(
    type<{ text: string }>(),
    (w) => w.use(variable("x", { default: 1 })).use(delay("wait", "soon")),
  );
  const issues = begin()
    .use(insert("one", part, ({ input }) => ({ text: input.day }))).check();
  assert.deepEqual(codesOf(issues), ["bad-option one-wait", "bad-option one"]);
});

test("fragment() takes handles too", () => {
  const part = fragment(type<{ id: number }>(), (w) => {
    const first = w.add("first", load, { id: w.input.id });
    w.add("second", load, { id: first.bytes });
    return w;
  });
  const { nodes } = begin()
    .use(insert("p", part, ({ pull }) => ({ id: pull.n }))).build().definition;
  assert.deepEqual(nodes.map(({ id }) => id), ["pull", "p-first", "p-second"]);
});

test("check() finds words and masks of a variable that are none", () => {
  const found = (options: object) =>
    workflow("odd", { version: "1.0.0" }).input()
      .use(variable("total", { default: 0, ...options } as { default: number }))
      .step("one", load, () => ({ id: 1 }))
      .check().map(({ code, source, message }) =>
        `${code} ${source}: ${message}`
      );
  assert.deepEqual(found({ description: null }), [
    "bad-option total: its description is not a string",
  ]);
  assert.deepEqual(found({ sensitive: "yes" }), [
    "bad-option total: it is sensitive or not: true or false is wanted",
  ]);
  assert.deepEqual(found({ description: "sum", sensitive: true }), []);
});
