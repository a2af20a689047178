import {
  clarify,
  defineNode,
  forEach,
  sub,
  type,
  workflow,
} from "@tutti/sdk/dsl";

/** Asks about one text. */
export const review = workflow("child-review", { version: "1.0.0" })
  .input(type<{ text: string }>({ text: "string" }))
  .approval("gate", ({ input }) => ({
    title: "Print?",
    data: { text: input.text },
  }), { edit: type<{ text: string }>() })
  .branch(({ gate }) => gate.action, {
    accept: (w) => w,
    reject: (w) => w,
    "edit-accept": (w) => w,
  })
  .output(({ gate }) => ({ decided: gate.action, why: gate.comment }))
  .build();

/** Has one text looked at. */
export const page = workflow("child-page", { version: "1.0.0" })
  .input(type<{ text: string }>({ text: "string" }))
  .use(clarify("size", { points: { ask: "How big?", answer: type<number>() } }))
  .use(sub("review", review, ({ input }) => ({ text: input.text })))
  .output(({ review, size }) => ({
    decided: review.decided,
    points: size.points,
  }))
  .build();

const split = defineNode({
  typeId: "local.children.split",
  input: type<{ text: string }>(),
  output: type<{ pages: { text: string }[] }>(),
  run: ({ text }) => ({
    pages: text.split(" ").map((text) => ({ text })),
  }),
});

/** Has each word looked at, and then asks itself. */
export const book = workflow("child-book", { version: "1.0.0" })
  .input(type<{ text: string }>({ text: "string" }))
  .step("split", split, ({ input }) => ({ text: input.text }))
  .use(forEach("pages", ({ split }) => split.pages, page, (page) => ({
    text: page.text,
  })))
  .approval("gate", () => ({ title: "Bind?" }))
  .branch(({ gate }) => gate.action, { accept: (w) => w, reject: (w) => w })
  .output(({ pages, gate }) => ({ pages: pages.results, bound: gate.action }))
  .build();
