// Exported without written types: the compiler must be able to emit and to name them. Nothing here is run.
import {
  attempt,
  channel,
  clarify,
  configurable,
  defineNode,
  defineWorkflow,
  delay,
  either,
  emit,
  eq,
  forEach,
  fragment,
  insert,
  join,
  repeat,
  sub,
  type,
  variable,
  when,
  workflow,
} from "@tutti/sdk/dsl";
const say = defineNode({
  typeId: "local.a.b",
  input: type<{ text: string }>(),
  output: type<{ said: string; deep: { x: number[] } }>(),
  run: ({ text }) => ({ said: text, deep: { x: [] } }),
});
export const part = fragment(
  type<{ text: string }>(),
  (w) =>
    w.step("say", say, ({ input }) => ({ text: input.text })).approval(
      "ok",
      () => ({ title: "?" }),
    ),
);
export const flow = workflow("x", { version: "1.0.0" }).input(
  type<{ text: string }>(),
)
  .use(variable("v", { default: 1 })).use(
    channel("c", { reducer: "append", of: type<string>() }),
  ).use(configurable(type<{ ai?: { model?: string } }>()))
  .use(insert("p", part, ({ input }) => ({ text: input.text })))
  .use(
    attempt("t", say, ({ input }) => ({ text: input.text }), {
      onError: (w) => w.use(delay("d", 1)),
    }),
  )
  .use(
    when(({ v }) => ({ a: eq(v, 1) }), {
      a: (w) => w.step("s2", say, () => ({ text: "" })),
    }),
  )
  .use(clarify("q", { n: { ask: "?", answer: type<number>() } }))
  .use(emit("e", "acme.done", () => ({})));
export const done = flow.use(either("o", ({ t, s2 }) => [t.said, s2.said]))
  .output(({ o, q, p }) => ({ o: o.value, n: q.n, by: p.ok.decidedBy }));
export const built = done.build();
export const plan = built.run({ text: "" }).fork("a", "start");
export const defined = defineWorkflow("y", { version: "1.0.0" })
  .input(type<{ texts: string[]; text?: string }>())
  .use(forEach("all", ({ input }) => input.texts, say, (text) => ({ text })))
  .use(join("some", { atLeast: 1 }, {
    a: (w) => w.step("a", say, () => ({ text: "" })),
    b: (w) => w.use(sub("b", built, () => ({ text: "" }))),
  }))
  .use(repeat("again", (w) => w.step("c", say, () => ({ text: "" })), {
    until: ({ c }) => eq(c.said, "x"),
    max: 2,
  }))
  .output(({ a, all, c }) => ({ a: a.said, all: all.results, deep: c.deep.x }))
  .build();
export const start = () => built.start(null as never, { text: "" });
