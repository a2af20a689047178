// Functions of the DSL with arguments that hold much, for what is wrong deep inside of them.
import * as dsl from "@tutti/sdk/dsl";
import { type Any, built, chain, flow, load, type Row } from "./plain_js.ts";

const d = dsl as Any;
const copy = () => JSON.parse(JSON.stringify(built));
const use = (make: Any) => (...given: Any[]) =>
  flow().use(make(...given)).build();
const says = (json: Any) => ({
  "~standard": {
    version: 1,
    vendor: "other",
    validate: (value: unknown) => ({ value }),
    jsonSchema: { input: () => json, output: () => json },
  },
});
const fields = says({ properties: { a: { type: "string" } }, required: ["a"] });
const retry = { max: 2, delay: "1s", backoff: "fixed", maxDelay: "1m" };
const options = { retry, timeout: "1s", sensitive: ["x"], notes: "n" };
const event = {
  type: "node.completed",
  nodeId: "a",
  timestamp: "2026-01-01T00:00:00Z",
  payload: { a: 1 },
};
const result = {
  status: "completed",
  output: { a: { b: 1 } },
  steps: { a: "completed" },
  answers: [{ name: "gate", round: 0, answer: { action: "accept" } }],
};
const registry = {
  get: () => Promise.resolve(undefined),
  register: () => Promise.resolve({}),
};

/** As in `plain_js.ts`. */
export const deep: readonly Row[] = [
  ["workflow", (...all) => d.workflow(...all).input().output(() => ({})), [
    "w",
    { version: "1.0.0", name: "W", description: "D" },
  ]],
  [
    "input",
    (schema) => d.workflow("w", { version: "1.0.0" }).input(schema).check(),
    [fields],
  ],
  ["defineNode", (spec) => flow().step("x", d.defineNode(spec), () => ({})), [
    { ...load, config: { a: { b: [1] } }, input: fields, output: fields },
  ]],
  ["step", (...all) => flow().step(...all).build(), [
    "s",
    { typeId: "vendor.a.b", config: { a: { b: [1] } }, output: fields },
    ({ a }: Any) => ({ x: a.x, y: { z: [{ q: 1 }] } }),
    options,
  ]],
  [
    "add",
    (...all) => {
      const w = flow();
      w.add(...all);
      return w.build();
    },
    ["s", load, { x: { y: [1] } }, { ...options, after: ["a"] }],
  ],
  [
    "undo",
    (...all) => flow().step("s", load, () => ({}), { undo: d.undo(...all) }),
    [
      load,
      ({ output }: Any) => ({ id: output.id }),
      retry,
    ],
  ],
  ["approval", (...all) => flow().approval(...all).build(), [
    "s",
    ({ a }: Any) => ({ title: "?", data: { x: a.x, y: { z: [1] } } }),
    {
      approvers: ["ann"],
      quorum: 1,
      timeout: "2d",
      escalate: [{ after: "1d", approvers: ["bob"] }],
    },
  ]],
  ["parallel", (parts) => flow().parallel(parts).build(), [{ a: chain("p") }]],
  ["output", (...all) => flow().output(...all).build(), [
    ({ a }: Any) => ({ x: a.x, y: { z: [1] } }),
  ]],
  ["attempt", use(d.attempt), ["s", load, () => ({ x: { y: 1 } }), {
    ...options,
    onError: (w: Any) => w,
  }]],
  ["variable", use(d.variable), ["v", { default: { a: [1] } }]],
  ["channel", use(d.channel), ["c", {
    reducer: "append",
    of: fields,
    default: [{ a: 1 }],
  }]],
  ["clarify", use(d.clarify), [
    "q",
    { n: { ask: "How many?", answer: fields } },
    { timeout: "1d" },
  ]],
  ["either", use(d.either), ["e", ({ a }: Any) => [a.x, { b: [1] }]]],
  ["emit", use(d.emit), ["e", "acme.done", () => ({ y: { z: [1] } })]],
  ["forEach", use(d.forEach), [
    "f",
    ({ a }: Any) => a.list,
    load,
    (item: Any) => ({ x: item.x, z: { q: 1 } }),
    { concurrency: 2, retry },
  ]],
  ["join", use(d.join), ["j", { atLeast: 1 }, { a: chain("p") }]],
  ["repeat", use(d.repeat), ["r", chain("p"), {
    until: ({ p }: Any) => d.eq(p.x, { a: [1] }),
    max: 2,
  }]],
  ["sub", use(d.sub), ["s", built, () => ({ y: { z: 1 } }), { retry }]],
  ["waitFor", use(d.waitFor), [
    "s",
    { type: "paid", data: fields, correlation: () => ({ k: { z: 1 } }) },
    { timeout: "1d" },
  ]],
  ["when", use(d.when), [
    ({ a }: Any) => ({ x: d.all(d.truthy(a.x), d.not(d.eq(a.y, 1))) }),
    { x: chain("p") },
  ]],
  ["settings", use(d.settings), [{ tags: ["a"], timeout: "1d" }]],
  ["trigger", use(d.trigger), ["t", {
    type: "schedule",
    cron: "0 0 * * *",
    inputs: { a: { b: 1 } },
  }]],
  ["fromDefinition", d.fromDefinition, [copy(), []]],
  ["diffDefinitions", d.diffDefinitions, [copy(), copy(), [event]]],
  ["hostNeeds", d.hostNeeds, [copy()]],
  ["checkHost", d.checkHost, [copy(), { nodeTypes: ["a"], discovery: {} }]],
  ["toMermaid", d.toMermaid, [copy()]],
  ["toDot", d.toDot, [copy()]],
  ["pictureOfDiff", (...all) => d.toDot(d.pictureOfDiff(...all)), [
    copy(),
    copy(),
  ]],
  ["pictureOfRun", (...all) => d.toDot(d.pictureOfRun(...all)), [copy(), [
    event,
  ]]],
  ["compareResults", d.compareResults, [result, result]],
  ["deploy", d.deploy, [built, { registry, nodeTypes: ["local.*"] }]],
  ["planFromJson", d.planFromJson, [built, {
    workflowId: "w",
    version: "1.0.0",
    input: { a: 1 },
    tags: ["a"],
    answers: { gate: { action: "accept" } },
    forks: [{
      name: "f",
      at: { at: "gate" },
      plan: {
        workflowId: "w",
        version: "1.0.0",
        input: { a: 1 },
        state: { a: {} },
      },
    }],
  }]],
  ["on", (...all) => built.run({}).on(...all).toJSON(), [
    "gate",
    { action: "accept", nested: { a: [1] } },
  ]],
  ["votes", (all) => built.run({}).on("gate", d.votes(all)).toJSON(), [
    { ann: { action: "accept" } },
  ]],
  ["expect", (all) => built.run({}).expect(all).toJSON(), [
    { status: "completed", output: { a: { b: 1 } } },
  ]],
];
