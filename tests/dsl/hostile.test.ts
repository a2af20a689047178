import assert from "node:assert/strict";
import { test } from "node:test";
import {
  attempt,
  channel,
  clarify,
  configurable,
  core,
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
  matches,
  node,
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
  write,
} from "@tutti/sdk/dsl";
import {
  checkDefinition,
  DefinitionError,
  InvalidArgumentError,
} from "@tutti/sdk/openwop";

// What plain JavaScript may hand in where a text, a number, an object or a list belongs.
const circular: Record<string, unknown> = {};
circular["self"] = circular;
const odd: readonly unknown[] = [
  undefined,
  null,
  0,
  -1.5,
  Number.NaN,
  "",
  " ",
  "a b",
  "__proto__",
  "constructor",
  "x".repeat(300),
  true,
  {},
  { constructor: 1 },
  [],
  [null],
  [""],
  new Date(0),
  circular,
  1n,
  () => 1,
];

// deno-lint-ignore no-explicit-any
type Loose = any;

const add = defineNode({
  typeId: "local.hostile.add",
  input: type<{ n: number }>(),
  output: type<{ sum: number; rows: number[] }>(),
  run: () => ({ sum: 1, rows: [] }),
});
const child = defineWorkflow("child", { version: "1.0.0" })
  .input(type<{ n: number }>())
  .step("a", add, () => ({ n: 1 }))
  .build();

/** A chain with one step and an approval, for what is declared behind it. */
const begun = (): Loose =>
  defineWorkflow("hostile", { version: "1.0.0" })
    .input(type<{ n: number; s: string }>({ n: "number", s: "string" }))
    .step("one", add, ({ input }) => ({ n: input.n }))
    .approval("gate", () => ({ title: "Go?" }));
const begin = (id: Loose, options: Loose, input?: Loose): Loose =>
  (defineWorkflow as Loose)(id, options).input(input)
    .step("one", add, () => ({ n: 1 }));
const step = (kind: Loose): Loose => begun().step("x", kind, () => ({}));
const use = (construct: Loose, ...given: Loose[]): Loose =>
  begun().use(construct(...given));
const part = fragment(
  type<{ n: number }>(),
  (w) => w.step("p", add, () => ({ n: 1 })),
);
const same = (w: Loose): Loose => w;
const inner = (w: Loose): Loose => w.step("in", add, () => ({ n: 1 }));
const v = { version: "1.0.0" };

/** One place for each thing that can be handed in. */
const places: Readonly<Record<string, (given: Loose) => Loose>> = {
  id: (x) => begin(x, v),
  version: (version) => begin("a", { version }),
  name: (name) => begin("a", { ...v, name }),
  description: (description) => begin("a", { ...v, description }),
  shape: (x) => begin("a", v, type(x)),
  shapeField: (x) => begin("a", v, type({ f: x } as Loose)),
  shapeKey: (x) => begin("a", v, type({ [String(x)]: "string" } as Loose)),
  step: (x) => begun().step(x, add, () => ({ n: 1 })),
  kind: (x) => step({ typeId: x, config: {} }),
  config: (x) => step({ typeId: "local.hostile.x", config: x }),
  coded: (x) => step(defineNode({ ...add, typeId: x } as Loose)),
  known: (x) => step(node("core.interrupt", { config: x } as Loose)),
  inputs: (x) => begun().step("x", add, () => x),
  port: (x) => begun().step("x", add, () => ({ n: x })),
  portName: (x) => begun().step("x", add, () => ({ [String(x)]: 1 })),
  from: (x) => begun().step("x", add, (r: Loose) => ({ n: r[String(x)].y })),
  field: (x) => begun().step("x", add, (r: Loose) => ({ n: r.one[String(x)] })),
  inputField: (x) =>
    begun().step("x", add, (r: Loose) => ({ n: r.input[String(x)] })),
  retry: (retry) => begun().step("x", add, () => ({ n: 1 }), { retry }),
  retryMax: (max) =>
    begun().step("x", add, () => ({ n: 1 }), { retry: { max } }),
  delayed: (x) =>
    begun().step("x", add, () => ({ n: 1 }), { retry: { max: 1, delay: x } }),
  backoff: (backoff) =>
    begun().step("x", add, () => ({ n: 1 }), { retry: { max: 1, backoff } }),
  timeout: (timeout) => begun().step("x", add, () => ({ n: 1 }), { timeout }),
  notes: (notes) => begun().step("x", add, () => ({ n: 1 }), { notes }),
  sensitive: (x) =>
    begun().step("x", add, () => ({ n: 1 }), { sensitive: [x] }),
  undone: (x) =>
    begun().step("x", add, () => ({ n: 1 }), {
      undo: undo(add as Loose, () => ({ n: x }) as Loose),
    }),
  after: (x) => {
    const w = begun();
    w.add("x", add, { n: 1 }, { after: [x] });
    return w;
  },
  handle: (x) => {
    const w = begun();
    w.add(x, add, { n: 1 });
    return w;
  },
  approval: (x) => begun().approval(x, () => ({ title: "?" })),
  title: (title) => begun().approval("x", () => ({ title })),
  shown: (data) => begun().approval("x", () => ({ title: "?", data })),
  told: (x) => begun().approval("x", () => ({ title: "?", description: x })),
  quorum: (x) => begun().approval("x", () => ({ title: "?" }), { quorum: x }),
  who: (x) => begun().approval("x", () => ({ title: "?" }), { approvers: x }),
  escalate: (x) =>
    begun().approval("x", () => ({ title: "?" }), {
      escalate: [{ after: "1d", approvers: x }],
    }),
  parallel: (x) => begun().parallel({ [String(x)]: inner }),
  cases: (x) =>
    begun().branch((r: Loose) => r.gate.action, { [String(x)]: inner }),
  branch: (x) =>
    begun().branch((r: Loose) => r.one[String(x)], {
      a: inner,
      otherwise: same,
    }),
  outputs: (x) => begun().output(() => ({ o: x })),
  outputName: (x) => begun().output(() => ({ [String(x)]: 1 })),
  variable: (x) => use(variable, x, { default: 1 }),
  variableDefault: (x) => use(variable, "x", { default: x }),
  variableWords: (x) => use(variable, "x", { default: 1, description: x }),
  variableMask: (x) => use(variable, "x", { default: 1, sensitive: x }),
  set: (x) =>
    use(variable, "t", { default: 1 }).use(
      (set as Loose)(x, (r: Loose) => r.t, () => 1),
    ),
  setValue: (x) =>
    use(variable, "t", { default: 1 }).use(
      (set as Loose)("x", (r: Loose) => r.t, () => x),
    ),
  channel: (x) => use(channel, x, { reducer: "append", of: type() }),
  reducer: (x) => use(channel, "x", { reducer: x, of: type() }),
  channelDefault: (x) =>
    use(channel, "x", { reducer: "append", of: type(), default: x }),
  channelSize: (x) =>
    use(channel, "x", { reducer: "append", of: type(), maxSize: x }),
  access: (x) =>
    use(channel, "x", { reducer: "append", of: type(), access: x }),
  write: (x) =>
    use(channel, "c", { reducer: "append", of: type() }).use(
      (write as Loose)(x, (r: Loose) => r.c, () => 1),
    ),
  configurable: (x) => use(configurable, type(x)),
  knobs: (x) =>
    use(configurable, {
      "~standard": {
        version: 1,
        vendor: "x",
        validate: (value: unknown) => ({ value }),
        jsonSchema: { input: () => x, output: () => x },
      },
    }),
  settings: (x) => use(settings, { maxRetries: x }),
  tags: (x) => use(settings, { tags: x }),
  trigger: (x) => use(trigger, x, { type: "manual" }),
  triggerType: (x) => use(trigger, "x", { type: x }),
  triggerName: (x) => use(trigger, "x", { type: "manual", name: x }),
  triggerEvent: (x) => use(trigger, "x", { type: "event", event: x }),
  triggerInputs: (x) => use(trigger, "x", { type: "manual", inputs: x }),
  clarify: (x) => use(clarify, x, { q: { ask: "?", answer: type() } }),
  question: (x) =>
    use(clarify, "x", { [String(x)]: { ask: "?", answer: type() } }),
  ask: (x) => use(clarify, "x", { q: { ask: x, answer: type() } }),
  waitFor: (x) =>
    use(waitFor, "x", { type: x, data: type(), correlation: () => ({ a: 1 }) }),
  correlation: (x) =>
    use(waitFor, "x", {
      type: "a.b",
      data: type(),
      correlation: () => ({ a: x }),
    }),
  delay: (x) => use(delay, "x", x),
  emit: (x) => use(emit, "x", x, () => ({})),
  payload: (x) => use(emit, "x", "acme.told", () => ({ a: x })),
  either: (x) => use(either, "x", (r: Loose) => [r.one.sum, x]),
  forEach: (x) =>
    use(forEach, x, (r: Loose) => r.one.rows, add, () => ({ n: 1 })),
  concurrency: (x) =>
    use(forEach, "x", (r: Loose) => r.one.rows, add, () => ({ n: 1 }), {
      concurrency: x,
    }),
  sub: (x) => use(sub, x, child, () => ({ n: 1 })),
  subVersion: (x) => use(sub, "x", child, () => ({ n: 1 }), { version: x }),
  insert: (x) => use(insert, x, part, () => ({ n: 1 })),
  join: (x) => use(join, x, "any", { a: inner }),
  policy: (x) => use(join, "x", x, { a: inner }),
  repeat: (x) =>
    use(repeat, x, inner, { until: (r: Loose) => eq(r.in.sum, 1), max: 2 }),
  max: (x) =>
    use(repeat, "x", inner, { until: (r: Loose) => eq(r.in.sum, 1), max: x }),
  until: (x) =>
    use(repeat, "x", inner, { until: (r: Loose) => eq(r.in.sum, x), max: 2 }),
  when: (x) =>
    use(when, (r: Loose) => ({ [String(x)]: eq(r.input.n, 1) }), {
      [String(x)]: inner,
    }),
  value: (x) =>
    use(when, (r: Loose) => ({ a: eq(r.gate.action, x) }), { a: inner }),
  pattern: (x) =>
    use(when, (r: Loose) => ({ a: matches(r.gate.comment, x) }), { a: inner }),
  attempt: (x) => use(attempt, x, add, () => ({ n: 1 }), { onError: same }),
  builtin: (x) => step(core.approvalGate(x)),
};

test("build() gives a definition or a reason, whatever plain JavaScript hands in", () => {
  for (const [place, declare] of Object.entries(places)) {
    for (const [index, given] of odd.entries()) {
      const what = `${place}: ${index}`;
      let built: unknown;
      try {
        built = declare(given).build();
      } catch (error) {
        // Some of it is so far from what is meant that the call itself fails.
        assert.ok(
          InvalidArgumentError.is(error) || DefinitionError.is(error),
          `${what}: ${error}`,
        );
        continue;
      }
      const json = JSON.parse(JSON.stringify(built));
      assert.deepEqual(checkDefinition(json), [], what);
    }
  }
});
