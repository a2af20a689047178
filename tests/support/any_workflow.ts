// Makes any workflow: every construct of the DSL, in any order and nesting, as chains or with handles.
import {
  attempt,
  channel,
  clarify,
  configurable,
  core,
  defineNode,
  delay,
  emit,
  eq,
  forEach,
  fragment,
  gt,
  insert,
  join,
  matches,
  not,
  orElse,
  repeat,
  set,
  settings,
  sub,
  trigger,
  type,
  undo,
  variable,
  waitFor,
  when,
  workflow,
  write,
} from "@tutti/sdk/dsl";
import type { Workflow } from "@tutti/sdk/dsl";
import fc from "./properties.ts";

/** One construct of a generated workflow, in one of twelve variants, with the chains inside of it. */
export interface Piece {
  readonly kind: string;
  readonly variant: number;
  readonly inner: readonly (readonly Piece[])[];
}

/** Constructs that need nobody. */
export const quiet: readonly string[] = [
  "step",
  "parallel",
  "branch",
  "otherwise",
  "when",
  "join",
  "repeat",
  "forEach",
  "attempt",
  "sub",
  "delay",
  "emit",
  "set",
  "write",
  "insert",
  "builtin",
];

/** Constructs that ask somebody. */
export const asking: readonly string[] = ["approval", "clarify", "waitFor"];

/** Chains of these kinds. */
export function pieces(
  kinds: readonly string[],
  depth = 3,
): fc.Arbitrary<readonly Piece[]> {
  const inner = depth === 0
    ? fc.constant([[], []])
    : fc.array(pieces(kinds, depth - 1), { minLength: 2, maxLength: 3 });
  return fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      variant: fc.nat(11),
      inner,
    }),
    { maxLength: 3 },
  );
}

const begin = defineNode({
  typeId: "local.any.begin",
  input: type<{ day: string }>(),
  output: type<{ rows: { id: number }[]; kind: "a" | "b"; n: number }>({
    rows: "array",
    kind: "string",
    n: "number",
  }),
  run: ({ day }) => ({
    rows: [{ id: 1 }, { id: 2 }, { id: 3 }],
    kind: day === "today" ? "a" : "b",
    n: 1,
  }),
});
const plus = defineNode({
  typeId: "local.any.plus",
  input: type<{ n: number; by?: number }>(),
  output: type<{ n: number; secret?: string }>({
    n: "number",
    secret: "string?",
  }),
  run: ({ n, by = 1 }) => ({ n: n + by, secret: "hidden" }),
});
const minus = defineNode({
  typeId: "local.any.minus",
  input: type<{ n: number }>(),
  output: type<{ n: number }>(),
  run: ({ n }) => ({ n: n - 1 }),
});
const fails = defineNode({
  typeId: "local.any.fails",
  input: type<{ n: number }>(),
  output: type<{ n: number }>({ n: "number" }),
  run: (): { n: number } => {
    throw new Error("it always does");
  },
});

/** What the parts of a generated workflow run besides. */
export const child: Workflow<{ n: number }, { n: number }, string, object> =
  workflow("any-child", { version: "1.0.0" })
    .input(type<{ n: number }>({ n: "number" }))
    .step("plus", plus, ({ input }) => ({ n: input.n }))
    .output(({ plus }) => ({ n: plus.n }))
    .build();

const twice = fragment(
  type<{ n: number }>(),
  (w) =>
    w.step("one", plus, ({ input }) => ({ n: input.n }))
      .step("two", plus, ({ one }) => ({ n: one.n })),
);

const reducers = [
  ["replace", 1],
  ["append", 1],
  ["merge", { a: 1 }],
  ["counter", 2],
  ["votes", { voter: "ann", vote: "yes" }],
  ["feedback", "shorter"],
  ["message", { messageId: "m1", text: "hello" }],
] as const;

const triggers = [
  { type: "manual", name: "by hand", inputs: { n: 2 } },
  { type: "schedule", cron: "0 3 * * *", timeZone: "Europe/Berlin" },
  { type: "webhook", path: "/hook", method: "POST" },
  { type: "event", event: "acme.day-over", match: { n: 1 } },
] as const;

// deno-lint-ignore no-explicit-any -- the generator is about graphs, not about types
type Any = any;

/** What a run of a generated workflow is given: "today" takes the case "a". */
export interface Given {
  readonly day: string;
  readonly n: number;
}

/** A workflow that is made of pieces, every name of it unique. */
export function declare(
  from: readonly Piece[],
  style: "chain" | "handles" = "chain",
): Workflow<Given, { kind: string; last: number }, string, object> {
  let count = 0;
  const name = (what: string): Any => `${what}-${count++}`;

  /** A step at the end, as a chain or with a handle, and where its number comes from. */
  const step = (w: Any, from: Any, variant: number, id: string = name("s")) => {
    const options = [
      {},
      { retry: { max: 2, delay: 1, backoff: "exponential", maxDelay: 5 } },
      { timeout: "1h" },
      { undo: undo(minus, ({ output }: Any) => ({ n: output.n })) },
      { sensitive: ["secret"], notes: "for people" },
      {},
    ][variant % 6];
    const inputs = (refs: Any) => {
      const n = from(refs);
      if (variant === 5) return { n, by: orElse(refs.configurable.by, 1) };
      return variant % 2 ? { n, by: refs.total } : { n };
    };
    const given = (refs: Any) => refs[id].n;
    if (style === "chain") return [w.step(id, plus, inputs, options), given];
    let refs: Any;
    w.use((same: Any) =>
      same.step("probe", plus, (all: Any) => {
        refs = all;
        return { n: 0 };
      })
    );
    w.add(id, plus, inputs(refs), options);
    return [w, given];
  };

  /** The pieces at the end of `w`; gives the chain, and where the last certain number comes from. */
  function add(w: Any, list: readonly Piece[], from: Any): [Any, Any] {
    return list.reduce<[Any, Any]>(
      ([w, from], piece) => one(w, piece, from),
      [w, from],
    );
  }
  const within = (list: readonly Piece[], from: Any) => (w: Any): Any =>
    add(w, list, from)[0];

  function one(w: Any, { kind, variant, inner }: Piece, from: Any): [Any, Any] {
    const [first = [], second = []] = inner;
    const chains = () =>
      Object.fromEntries(
        inner.map((each, i) => [`c${i}`, within(each, from)]),
      );
    const on = variant % 2
      ? ({ begin }: Any) => begin.kind
      : ({ begin }: Any) => begin.rows[0].label;
    const use = (construct: Any): [Any, Any] => [w.use(construct), from];
    switch (kind) {
      case "step":
        return step(w, from, variant) as [Any, Any];
      case "parallel":
        return [w.parallel(chains()), from];
      case "branch":
        return [
          w.branch(({ begin }: Any) => begin.kind, {
            a: within(first, from),
            b: within(second, from),
          }),
          from,
        ];
      case "otherwise":
        return [
          w.branch(on, {
            a: within(first, from),
            otherwise: within(second, from),
          }),
          from,
        ];
      case "when":
        return use(when((refs: Any) => ({
          x: eq(refs.begin.kind, "a"),
          y: variant % 2 ? gt(from(refs), 3) : not(gt(refs.input.n, 3)),
          z: matches(refs.begin.kind, "^b"),
        } as never), {
          x: within(first, from),
          y: within(second, from),
          z: within(inner[2] ?? [], from),
        } as never));
      case "join": {
        const some = { atLeast: 1 + variant % 2, cancelRest: variant % 3 > 0 };
        const policy = ["any", "first", "settled", some][variant % 4];
        return use(join(name("j"), policy as never, chains() as never));
      }
      case "repeat": {
        const id = name("s");
        return use(
          repeat(
            name("r"),
            (w: Any) => within(first, from)(step(w, from, 0, id)[0]),
            {
              until: (refs: Any) => gt(refs[id].n, variant % 2 ? 0 : 1e6),
              max: 2,
              onLimit: "continue",
            } as never,
          ),
        );
      }
      case "forEach":
        return use(forEach(
          name("each"),
          ({ begin }: Any) => begin.rows,
          (variant % 2 ? child : plus) as Any,
          (row: Any) => ({ n: row.id }) as never,
          {
            concurrency: 1 + variant % 3,
            order: variant % 4 ? "input" : "completion",
            onItemError: variant % 5 ? "fail" : "collect",
          },
        ));
      case "attempt": {
        const body = variant % 2 ? fails : plus;
        return use(
          attempt(
            name("try"),
            body as Any,
            (refs: Any) => ({ n: from(refs) }) as never,
            {
              retry: variant % 3,
              onError: within(first, from),
            } as never,
          ),
        );
      }
      case "sub": {
        const id = name("sub");
        const onFailure = variant % 2 ? "absorb" : "fail";
        const next = use(
          sub(
            id,
            child as Any,
            (refs: Any) =>
              ({ n: variant % 3 ? from(refs) : refs.input.n }) as never,
            {
              onFailure,
            },
          ),
        );
        return onFailure === "fail"
          ? [next[0], (refs: Any) => refs[id].n]
          : next;
      }
      case "delay":
        return use(delay(name("d"), 1));
      case "emit":
        return use(emit(name("e"), "acme.done", (refs: Any) => ({
          n: from(refs),
        })));
      case "set":
        return use(
          set(name("set"), ({ total }: Any) => total, () => 1 as never),
        );
      case "write": {
        const [channel, value] = reducers[variant % reducers.length]!;
        return use(
          write(name("w"), (refs: Any) => refs[channel], () => value as never),
        );
      }
      case "insert": {
        const id = name("part");
        const [next] = use(
          insert(id, twice as Any, (refs: Any) => ({ n: from(refs) }) as never),
        );
        return [next, (refs: Any) => refs[id].two.n];
      }
      case "builtin": {
        const id = name("core");
        const value = (refs: Any) => ({ value: from(refs) });
        return variant % 2
          ? [w.step(id, core.identity(), value), (refs: Any) => refs[id].value]
          : [w.step(id, core.flowIf({ op: "gt", value: 1 }), value), from];
      }
      case "approval":
        return [
          w.approval(
            name("gate"),
            (refs: Any) => ({
              title: "?",
              data: { n: from(refs) },
            }),
            [
              {},
              {
                timeout: "1h",
                escalate: [{ after: "1m", approvers: ["ann"] }],
              },
              { edit: type<{ n: number }>(), refine: true },
            ][variant % 3],
          ),
          from,
        ];
      case "clarify": {
        const id = name("ask");
        const asked = use(clarify(id, {
          n: { ask: "How many?", answer: type<number>() },
        }));
        return [asked[0], (refs: Any) => refs[id].n];
      }
      case "waitFor":
        return use(waitFor(name("wait"), {
          type: "acme.shipped",
          data: type<{ ok: boolean }>({ ok: "boolean" }),
          correlation: (refs: Any) => ({ n: from(refs) }),
        } as never));
      default:
        throw new Error(`no construct is named ${kind}`);
    }
  }

  let w: Any = workflow("any", { version: "1.0.0" })
    .input(type<Given>({ day: "string", n: "number" }))
    .use(configurable(type<{ by?: number }>({ by: "number?" })))
    .use(settings({ timeout: "1h", maxRetries: 1, tags: ["any"] }))
    .use(variable("total", { default: 1 }));
  for (const [reducer] of reducers) {
    const most = reducer === "append" ? { maxSize: 2, ttl: "1h" } : {};
    w = w.use(channel(
      reducer as never,
      { reducer, of: type<Any>(), ...most } as never,
    ));
  }
  triggers.forEach((options, n) => w = w.use(trigger(`t${n}`, options)));
  w = w.step("begin", begin, ({ input }: Any) => ({ day: input.day }));
  const [end, last] = add(w, from, ({ input }: Any) => input.n);
  return end.output((refs: Any) => ({
    kind: refs.begin.kind,
    last: last(refs),
  }))
    .build();
}
