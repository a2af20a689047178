// Type tests of the constructs: what must compile does, and each line marked @ts-expect-error must not. Nothing is run.
import {
  all,
  attempt,
  channel,
  contains,
  defineNode,
  either,
  eq,
  forEach,
  gt,
  join,
  node,
  not,
  oneOf,
  orElse,
  repeat,
  sub,
  type,
  undo,
  when,
  workflow,
} from "@tutti/sdk/dsl";
import type { MaybeRef, Ref, RefTo } from "@tutti/sdk/dsl";
import type { OpenwopClient } from "@tutti/sdk/openwop";
import { lint, mergePr } from "../support/review_workflow.ts";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true
  : false;
const is = <_Proof extends true>(): void => {};
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

// References lead deeper than one level, and know what may be missing.
flow.step("look", lint, ({ pull }) => {
  is<Equal<typeof pull.user.name, Ref<string>>>();
  is<Equal<typeof pull.user.mail, MaybeRef<string>>>();
  const first = pull.rows[0];
  is<
    Equal<
      NonNullable<typeof first>["name"],
      MaybeRef<string>
    >
  >();
  return { diff: pull.user.name };
});
// An entry of a tuple may be any of its entries; what may be null has no entries to refer to.
is<Equal<RefTo<[string, number]>[0], MaybeRef<string | number>>>();
is<Equal<RefTo<string[] | number[]>[0], MaybeRef<string | number>>>();
is<Equal<RefTo<number[] | null>, Ref<number[] | null>>>();
// @ts-expect-error there is no field "nam"
flow.step("look", lint, ({ pull }) => ({ diff: pull.user.nam }));
// @ts-expect-error a number where a string is wanted
flow.step("look", lint, ({ pull }) => ({ diff: pull.user.age }));
// @ts-expect-error a field that may be missing where a value is required
flow.step("look", lint, ({ pull }) => ({ diff: pull.user.mail }));
// With a default it is always there.
flow.step("look", lint, ({ pull }) => ({ diff: orElse(pull.user.mail, "") }));
// @ts-expect-error the default is a number where a string is wanted
flow.step("look", lint, ({ pull }) => ({ diff: orElse(pull.user.mail, 1) }));

// Options of a step.
flow.step("load", load, () => ({ id: 1, day: "" }), {
  retry: { max: 3, delay: "1s", backoff: "exponential" },
  sensitive: ["bytes"],
  undo: undo(load, ({ input, output }) => ({
    id: output.bytes,
    day: input.day,
  })),
});
flow.step("load", load, () => ({ id: 1, day: "" }), {
  // @ts-expect-error there is no output "bites"
  sensitive: ["bites"],
});
flow.step("load", load, () => ({ id: 1, day: "" }), {
  // @ts-expect-error its undoing needs "day"
  undo: undo(load, ({ output }) => ({ id: output.bytes })),
});
flow.step("load", load, () => ({ id: 1, day: "" }), {
  undo: undo(
    load,
    // @ts-expect-error there is no output "bites"
    ({ output, input }) => ({ id: output.bites, day: input.day }),
  ),
});

// Lists that the library gives fit ports of lists, also of lists that can be written.
const lists = node("vendor.acme.lists", {
  input: type<{
    rows: { bytes: number }[];
    errors: { index: number; error: { code: string; message: string } }[];
    names: string[];
    notes?: string[];
  }>(),
  output: type<{ ok: boolean }>(),
});
flow.use(channel("notes", { reducer: "append", of: type<string>() }))
  .use(forEach("load", ({ pull }) => pull.rows, load, (row, { input }) => ({
    id: row.id,
    day: input.day,
  })))
  .use(join("quick", { atLeast: 1 }, {
    a: (w) => w.step("a", mergePr, () => ({ pr: 1 })),
  }))
  .step("lists", lists, ({ load, quick, notes }) => ({
    rows: load.results,
    errors: load.errors,
    names: quick.completed,
    notes,
  }))
  .step("less", lists, ({ load, quick }) => ({
    // @ts-expect-error results have bytes, no names
    names: load.results,
    rows: load.results,
    // @ts-expect-error names of chains are no errors
    errors: quick.failed,
  }));

// forEach
flow.use(forEach(
  "load",
  ({ pull }) => pull.rows,
  load,
  (row, { input }) => ({ id: row.id, day: input.day }),
)).step("next", lint, ({ load }) => {
  is<Equal<typeof load.results, Ref<{ bytes: number }[]>>>();
  return { diff: "" };
});
flow.use(forEach(
  "load",
  ({ pull }) => pull.rows,
  load,
  (row, { input }) => ({ id: row.id, day: input.day }),
  { onItemError: "collect" },
)).step("next", lint, ({ load }) => {
  is<Equal<typeof load.results, Ref<({ bytes: number } | null)[]>>>();
  return { diff: "" };
});
flow.use(forEach(
  "load",
  ({ pull }) => pull.rows,
  load,
  // @ts-expect-error a text where a number is wanted
  (row, { input }) => ({ id: row.name, day: input.day }),
));
flow.use(forEach(
  "load",
  // @ts-expect-error it is no list
  ({ pull }) => pull.kind,
  load,
  () => ({ id: 1, day: "" }),
));
flow.use(forEach(
  // @ts-expect-error the name "pull" is already taken
  "pull",
  ({ pull }) => pull.rows,
  load,
  () => ({ id: 1, day: "" }),
));

// branch with otherwise, and the value of whichever case was taken
const branched = flow.branch(({ pull }) => pull.user.name, {
  ann: (w) => w.step("a", mergePr, () => ({ pr: 1 })),
  otherwise: (w) => w.step("b", load, () => ({ id: 1, day: "" })),
});
branched.use(either("got", ({ a, b }) => [a.sha, b.bytes]))
  .step("next", lint, ({ got }) => {
    is<Equal<typeof got.value, Ref<string | number>>>();
    return { diff: "" };
  });
branched.use(either("got", ({ a, b }) => [a.sha, b.bytes]))
  // @ts-expect-error it may be a number where a string is wanted
  .step("next", lint, ({ got }) => ({ diff: got.value }));
branched.use(either("got", ({ a }) => [a.sha, null])).step(
  "next",
  lint,
  ({ got }) => {
    is<Equal<typeof got.value, Ref<string | null>>>();
    return { diff: "" };
  },
);
// @ts-expect-error it is a Date, which JSON makes a string: give text
branched.use(either("got", ({ a }) => [a.sha, new Date()]));
// @ts-expect-error the value may be any text: a case for all others is missing
flow.branch(({ pull }) => pull.user.name, { ann: (w) => w });
flow.branch(({ pull }) => pull.kind, { big: (w) => w, otherwise: (w) => w });
// @ts-expect-error the case "small" is missing
flow.branch(({ pull }) => pull.kind, { big: (w) => w });

// when
flow.use(when(({ pull, input }) => ({
  large: gt(pull.user.age, 10),
  odd: all(eq(pull.kind, "big"), not(contains(pull.rows[0]!.tags, "x"))),
  noted: oneOf(input.note, ["a", "b"]),
}), {
  large: (w) => w.step("m", mergePr, () => ({ pr: 1 })),
  odd: (w) => w,
  noted: (w) => w,
})).step("next", lint, ({ m }) => ({ diff: orElse(m.sha, "none") }));
flow.use(when(
  ({ pull }) => ({
    // @ts-expect-error it is compared with a text and is a number
    large: gt(pull.user.age, "10"),
  }),
  { large: (w) => w },
));
flow.use(when(
  ({ pull }) => ({
    // @ts-expect-error the value is never "huge"
    large: eq(pull.kind, "huge"),
  }),
  { large: (w) => w },
));
flow.use(
  // @ts-expect-error there is no condition for the chain "small"
  when(({ pull }) => ({ large: gt(pull.user.age, 1) }), {
    large: (w) => w,
    small: (w) => w,
  }),
);
flow.use(
  when(({ pull }) => ({ large: gt(pull.user.age, 1) }), {
    large: (w) => w.step("m", mergePr, () => ({ pr: 1 })),
  }),
  // @ts-expect-error the step "m" may not have run
).step("next", lint, ({ m }) => ({ diff: m.sha }));

// join
flow.use(join("quick", "first", {
  a: (w) => w.step("a", mergePr, () => ({ pr: 1 })),
  b: (w) => w.step("b", mergePr, () => ({ pr: 2 })),
  // @ts-expect-error the step "a" may not have run
})).step("next", lint, ({ a }) => ({ diff: a.sha }));
flow.use(join(
  "quick",
  // @ts-expect-error there is no such policy
  "fastest",
  { a: (w) => w },
));

// attempt
flow.use(attempt("m", mergePr, () => ({ pr: 1 }), {
  onError: (w, failure) =>
    w.step("tell", lint, () => ({ diff: failure.message })),
})).step("next", lint, ({ m, tell }) => {
  is<Equal<typeof m.sha, MaybeRef<string>>>();
  is<
    Equal<typeof tell.notes extends MaybeRef<string[]> ? true : false, true>
  >();
  return { diff: orElse(m.sha, "") };
});
flow.use(attempt("m", mergePr, () => ({ pr: 1 }), {
  onError: (w) => w,
  // @ts-expect-error the step "m" may have failed
})).step("next", lint, ({ m }) => ({ diff: m.sha }));

// repeat
flow.use(repeat(
  "polish",
  (w) =>
    w.step("draft", mergePr, () => ({ pr: 1 }))
      .approval("review", () => ({ title: "Good?" })),
  { until: ({ review }) => eq(review.action, "accept"), max: 3 },
)).step("next", lint, ({ draft, polish }) => {
  is<Equal<typeof polish.iterations, Ref<number>>>();
  return { diff: draft.sha };
});
flow.use(
  // @ts-expect-error a repetition needs a bound
  repeat("polish", (w) => w.step("d", mergePr, () => ({ pr: 1 })), {
    until: ({ pull }) => eq(pull.kind, "big"),
  }),
);
flow.use(repeat("polish", (w) => w.step("d", mergePr, () => ({ pr: 1 })), {
  // @ts-expect-error there is no step "dd"
  until: ({ dd }) => eq(dd.sha, "x"),
  max: 3,
}));

// sub
const child = workflow("child", { version: "1.0.0" })
  .input(type<{ amount: number }>())
  .step("m", mergePr, ({ input }) => ({ pr: input.amount }))
  .output(({ m }) => ({ receipt: m.sha }))
  .build();
flow.use(sub("pay", child, ({ pull }) => ({ amount: pull.user.age })))
  .step("next", lint, ({ pay }) => ({ diff: pay.receipt }));
// @ts-expect-error the child needs a number
flow.use(sub("pay", child, ({ pull }) => ({ amount: pull.user.name })));
// @ts-expect-error the child has no input "amont"
flow.use(sub("pay", child, () => ({ amount: 1, amont: 2 })));
flow.use(sub("pay", child, () => ({ amount: 1 }), { onFailure: "absorb" }))
  // @ts-expect-error a child that failed gives nothing
  .step("next", lint, ({ pay }) => ({ diff: pay.receipt }));
