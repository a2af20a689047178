// Functions of the DSL as plain JavaScript calls them, with arguments that are right, and what else each of them takes.
import * as dsl from "@tutti/sdk/dsl";

/** Anything, as in plain JavaScript. */
// deno-lint-ignore no-explicit-any
export type Any = any;

const d = dsl as Any;
export const load = d.defineNode({
  typeId: "local.test.load",
  input: d.type(),
  output: d.type(),
  run: () => ({}),
});
const begin = (): Any => d.workflow("w", { version: "1.0.0" }).input(d.type());
export const flow = (): Any => begin().step("a", load, () => ({}));
export const chain = (name: string) => (w: Any) =>
  w.step(name, load, () => ({}));
const use = (make: (...given: Any[]) => Any) => (...given: Any[]) =>
  flow().use(make(...given)).build();
export const built = flow().approval("gate", () => ({ title: "?" })).build();
const { definition } = built;
const { input } = flow();
const inFork = (change: (plan: Any) => Any) =>
  built.run({}).fork("f", { at: "gate" }, change).toJSON();
const ifAll = (condition: Any) =>
  flow().use(d.when(() => ({ x: condition }), { x: chain("p") })).build();

export class Sent extends Error {}
export const sends = (): never => {
  throw new Sent();
};
const client = { runs: { start: sends, handle: sends } };
const registry = { get: () => Promise.resolve(definition), register: sends };

/** What is handed over in the place of each argument. */
export const wrong: Readonly<Record<string, unknown>> = {
  undefined: undefined,
  null: null,
  zero: 0,
  empty: "",
  text: "xyz",
  list: [],
  object: {},
  function: () => {},
  "function of zero": () => 0,
  "list of null": [null],
};
const json = "null zero empty text list object list-of-null".split(" ");

/** A function, arguments that are right, and for each of them what else is fine. */
export type Row = readonly [
  name: string,
  call: (...given: Any[]) => unknown,
  given: readonly unknown[],
  ...fine: string[][],
];
const optional = ["undefined", "object"];
export const rows: readonly Row[] = [
  [
    "workflow",
    (...all) => d.workflow(...all).input().output(() => ({})).build(),
    [
      "w",
      { version: "1.0.0" },
    ],
    ["text"],
  ],
  [
    "defineWorkflow",
    (...all) => d.defineWorkflow(...all).input().output(() => ({})).build(),
    [
      "w",
      { version: "1.0.0" },
    ],
    ["text"],
  ],
  [
    "input",
    (schema) =>
      d.workflow("w", { version: "1.0.0" }).input(schema).output(() => ({}))
        .build(),
    [
      d.type(),
    ],
    ["undefined"],
  ],
  [
    "defineNode",
    (spec) => begin().step("a", d.defineNode(spec), () => ({})).build(),
    [load],
  ],
  ["node", (...all) => begin().step("a", d.node(...all), () => ({})).build(), [
    "local.a.b",
    load,
  ]],
  [
    "step",
    (...all) => flow().step(...all).build(),
    [
      "s",
      load,
      () => ({}),
      { retry: 1 },
    ],
    ["text"],
    [],
    [],
    optional,
  ],
  [
    "add",
    (...all) => {
      const w = flow();
      w.add(...all);
      return w.build();
    },
    ["s", load, {}, {}],
    ["text"],
    [],
    ["object"],
    optional,
  ],
  [
    "approval",
    (...all) => flow().approval(...all).build(),
    [
      "s",
      () => ({ title: "?" }),
      {},
    ],
    ["text"],
    [],
    optional,
  ],
  ["parallel", (parts) => flow().parallel(parts).build(), [{ a: chain("p") }], [
    "object",
  ]],
  [
    "branch",
    (...all) =>
      flow().approval("gate", () => ({ title: "?" })).branch(...all).build(),
    [
      ({ gate }: Any) => gate.action,
      { accept: chain("p"), reject: chain("q") },
    ],
  ],
  ["use", (construct) => void flow().use(construct), [(w: Any) => w]],
  ["output", (outputs) => flow().output(outputs).build(), [() => ({})]],
  ["output as", (...all) => flow().output(...all).build(), [
    d.type(),
    () => ({}),
  ]],
  ["attempt", use(d.attempt), ["s", load, () => ({}), {
    onError: (w: Any) => w,
  }], ["text"]],
  ["variable", use(d.variable), ["v", { default: 1 }], ["text"]],
  [
    "set",
    (...all) =>
      flow().use(d.variable("v", { default: 1 })).use(d.set(...all)).build(),
    [
      "s",
      ({ v }: Any) => v,
      () => 1,
    ],
    ["text"],
    [],
    ["function of zero"],
  ],
  ["channel", use(d.channel), ["c", { reducer: "append", of: d.type() }], [
    "text",
    "empty",
  ]],
  [
    "write",
    (...all) =>
      flow().use(d.channel("c", { reducer: "append", of: d.type() }))
        .use(d.write(...all)).build(),
    ["s", ({ c }: Any) => c, () => 1],
    [
      "text",
    ],
    [],
    ["function of zero"],
  ],
  [
    "clarify",
    use(d.clarify),
    [
      "q",
      { n: { ask: "How many?", answer: d.type() } },
      {},
    ],
    ["text"],
    [],
    optional,
  ],
  ["delay", use(d.delay), ["z", "1s"], ["text"]],
  ["either", use(d.either), ["e", ({ a }: Any) => [a.x, null]], ["text"]],
  ["emit", use(d.emit), ["e", "acme.done", () => ({})], ["text"]],
  [
    "forEach",
    use(d.forEach),
    ["f", ({ a }: Any) => a.list, load, () => ({}), {}],
    [
      "text",
    ],
    [],
    [],
    [],
    optional,
  ],
  [
    "fragment",
    (...all) =>
      flow().use(d.insert("p", d.fragment(...all), () => ({}))).build(),
    [
      d.type(),
      chain("x"),
    ],
  ],
  [
    "insert",
    use(d.insert),
    ["p", d.fragment(d.type(), chain("x")), () => ({})],
    [
      "text",
      "empty",
    ],
  ],
  ["join", use(d.join), ["j", "any", { a: chain("p"), b: chain("q") }], [
    "text",
  ]],
  ["repeat", use(d.repeat), [
    "r",
    chain("p"),
    { until: ({ p }: Any) => d.eq(p.x, 1), max: 2 },
  ], ["text"]],
  ["sub", use(d.sub), ["s", built, () => ({}), {}], ["text"], [], [], optional],
  [
    "waitFor",
    use(d.waitFor),
    [
      "s",
      { type: "paid", data: d.type(), correlation: () => ({ id: 1 }) },
      {},
    ],
    ["text"],
    [],
    optional,
  ],
  ["when", use(d.when), [({ a }: Any) => ({ x: d.truthy(a.x) }), {
    x: chain("p"),
  }]],
  ["settings", use(d.settings), [{}], ["object"]],
  ["configurable", use(d.configurable), [d.type({ ai: "object?" })]],
  ["trigger", use(d.trigger), ["t", { type: "manual" }], ["text"]],
  [
    "undo",
    (...all) =>
      begin().step("a", load, () => ({}), { undo: d.undo(...all) }).build(),
    [
      load,
      ({ output }: Any) => ({ id: output.id }),
      1,
    ],
    [],
    [],
    ["undefined", "zero"],
  ],
  [
    "orElse",
    (...all) => flow().output(() => ({ x: d.orElse(...all) })).build(),
    [
      input.x,
      1,
    ],
    [],
    json,
  ],
  ...[
    "eq",
    "ne",
    "lt",
    "lte",
    "gt",
    "gte",
    "contains",
    "startsWith",
    "endsWith",
  ]
    .map((
      name,
    ): Row => [
      name,
      (...all) => ifAll(d[name](...all)),
      [input.x, "1"],
      [],
      json,
    ]),
  ["matches", (...all) => ifAll(d.matches(...all)), [input.x, "1"], [], [
    "empty",
    "text",
  ]],
  ["oneOf", (...all) => ifAll(d.oneOf(...all)), [input.x, ["a"]], [], [
    "list",
    "list-of-null",
  ]],
  ...["exists", "missing", "truthy", "falsy"]
    .map((name): Row => [name, (ref) => ifAll(d[name](ref)), [input.x]]),
  ...["not", "all", "any"]
    .map((
      name,
    ): Row => [name, (one) => ifAll(d[name](one)), [d.truthy(input.x)]]),
  ["fromDefinition", d.fromDefinition, [JSON.stringify(built)]],
  ["diffDefinitions", d.diffDefinitions, [definition, definition]],
  ["hostNeeds", d.hostNeeds, [definition]],
  ["checkHost", d.checkHost, [definition, {}], [], ["object"]],
  ["toMermaid", d.toMermaid, [definition]],
  ["toDot", d.toDot, [definition]],
  ["pictureOfDiff", d.pictureOfDiff, [definition, definition]],
  ["pictureOfRun", d.pictureOfRun, [definition, []], [], [
    "empty",
    "text",
    "list",
  ]],
  ["compareResults", d.compareResults, [
    { status: "completed", steps: {}, answers: [] },
    { status: "completed", steps: {}, answers: [] },
  ]],
  ["deploy", d.deploy, [built, { registry, nodeTypes: ["local.*"] }]],
  ["planDeploy", d.planDeploy, [built, { registry }]],
  ["planFromJson", d.planFromJson, [built, {
    workflowId: "w",
    version: "1.0.0",
    input: {},
  }]],
  ["votes", (all) => d.votes(all), [{ ann: d.accept() }]],
  [
    "start",
    (...all) => built.start(...all),
    [client, {}, {}],
    [],
    ["object"],
    optional,
  ],
  ["handle", (...all) => built.handle(...all), [client, "t/x"], [], [
    "text",
    "empty",
  ]],
  ["on", (...all) => built.run({}).on(...all), ["gate", d.accept()], [], [
    ...json,
    "function",
    "function of zero",
  ]],
  ["onAny", (answer) => built.run({}).onAny(answer), [d.accept()], [
    ...json,
    "function",
    "function of zero",
  ]],
  ["tag", (tag) => built.run({}).tag(tag), ["x"], ["text", "empty"]],
  ["metadata", (all) => built.run({}).metadata(all), [{}], ["object"]],
  ["configure", (all) => built.run({}).configure(all), [{}], ["object"]],
  ["idempotencyKey", (key) => built.run({}).idempotencyKey(key), ["k"], [
    "text",
    "empty",
  ]],
  ["deadline", (time) => built.run({}).deadline(time), ["1h"]],
  ["expect", (all) => built.run({}).expect(all), [{}], [
    "object",
    "function",
    "function of zero",
  ]],
  [
    "fork",
    (...all) => built.run({}).fork(...all),
    ["f", { at: "gate" }, (f: Any) => f],
    [
      "text",
      "empty",
    ],
    [],
    ["undefined"],
  ],
  ["state", (edit) => inFork((f) => f.state(edit)), [{}], ["object"]],
  ["fork input", (all) => inFork((f) => f.input(all)), [{}], ["object"]],
  ["definition", (all) => inFork((f) => f.definition(all)), [built]],
  [
    "execute",
    (...all) => built.run({}).execute(...all),
    [client, {}],
    [],
    optional,
  ],
];
