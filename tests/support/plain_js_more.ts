// The rest of what the DSL exports, as plain JavaScript calls it: kinds of steps, answers, and runs on a host.
import * as dsl from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import { type Any, built, chain, flow, type Row } from "./plain_js.ts";

const d = dsl as Any;
const step = (kind: Any) => flow().step("x", kind, () => ({})).build();
const config = { provider: "p", model: "m", outputSchema: { type: "object" } };
const title = { title: "?", actions: ["accept"], approversList: ["ann"] };
const onGate = (answer: Any) => built.run({}).on("gate", answer).toJSON();

const kinds: Readonly<Record<string, readonly unknown[]>> = {
  noop: [],
  identity: [],
  fail: ["no", "never"],
  delay: [],
  approvalGate: [title],
  clarificationGate: [[{ id: "q", question: "?", schema: {} }]],
  callPrompt: ["prompt"],
  flowIf: [{ op: "eq", value: { a: [1] } }],
  flowSwitch: [{ a: "b" }, "c"],
  flowRouter: [
    [{ label: "a", predicate: { op: "eq", value: 1 } }],
    "all-match",
  ],
  flowStopAndError: ["no", "never", { a: 1 }],
  flowWaitUntil: ["2030-01-01T00:00:00Z"],
  hitlFormRequest: [{ type: "object" }, 60],
  hitlApprovalRequest: [{ approvers: ["ann"], quorum: 1 }],
  hitlAskUser: [{ a: 1 }],
  aiChatCompletion: [config],
  aiStructuredOutput: [config],
};

/** Does something with a run that waits at its gate, on a host of its own. */
const onHost = (work: (client: Any, run: Any) => Any) => async () => {
  const host = createHost({ workflows: [asking] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  try {
    return await work(client, await asking.start(client, {}));
  } finally {
    await host.close();
  }
};
const asking: Any = d.workflow("asking", { version: "1.0.0" }).input()
  .approval("gate", () => ({ title: "?" }), { edit: d.type() })
  .output(() => ({}))
  .build();

const handles = flow();
const added = handles.add("h", { typeId: "vendor.x.y", config: {} }, {});
const inFork = handles.approval("gate", () => ({ title: "?" })).build().run({});

/** As in `plain_js.ts`. */
export const more: readonly Row[] = [
  ...Object.entries(kinds).map(([name, given]): Row => [
    `core.${name}`,
    (...all) => step(d.core[name](...all)),
    given,
  ]),
  ["accept", (text) => onGate(d.accept(text)), ["fine"]],
  ["reject", (text) => onGate(d.reject(text)), ["no"]],
  ["acceptEdited", (...all) => onGate(d.acceptEdited(...all)), [
    { a: [1] },
    "so",
  ]],
  ["refine", (text) => onGate(d.refine(text)), ["shorter"]],
  [
    "type",
    (shape) =>
      d.workflow("w", { version: "1.0.0" }).input(d.type(shape)).check(),
    [
      { a: "string" },
    ],
  ],
  ["run", (input) => built.run(input).toJSON(), [{ a: 1 }]],
  ["accept input", (input) => built.accept(input), [{ a: 1 }]],
  ["stepName", (step) => d.stepName(step), [added]],
  [
    "state of a handle",
    (...all) =>
      inFork.fork("f", { at: "gate" }, (f: Any) => f.state(...all)).toJSON(),
    [
      added,
      { a: [1] },
    ],
  ],
  // A construct put somewhere else than at the end of a chain.
  ["delay at", (w) => d.delay("z", "1s")(w), [flow()]],
  [
    "when at",
    (w) => d.when(({ a }: Any) => ({ x: d.truthy(a.x) }), { x: chain("p") })(w),
    [
      flow(),
    ],
  ],
  // Each of these begins a run of its own.
  [
    "start on a host",
    (...all) => onHost((client) => asking.start(client, ...all))(),
    [{ a: 1 }],
  ],
  ["interrupt", (which) => onHost((_, run) => run.interrupt(which).wait())(), [
    "gate",
  ]],
  ["fork of a run", (...all) => onHost((_, run) => run.fork(...all))(), [
    { at: "gate" },
  ]],
  [
    "edit",
    (...all) => onHost((_, run) => run.interrupt("gate").edit(...all))(),
    [{ a: [1] }],
  ],
  [
    "on, carried out",
    (answer) =>
      onHost((client) => asking.run({}).on("gate", answer).execute(client))(),
    [{ action: "accept", feedback: "so" }],
  ],
  [
    "expect, carried out",
    (expected) =>
      onHost((client) =>
        asking.run({}).onAny(d.accept()).expect(expected).execute(client)
      )(),
    [{ status: "completed", output: { a: 1 } }],
  ],
  [
    "execute with options",
    (options) =>
      onHost((client) =>
        asking.run({}).onAny(d.accept()).execute(client, options)
      )(),
    [{ signal: new AbortController().signal, onEvent: () => ({ a: 1 }) }],
  ],
  [
    "votes, carried out",
    (as) =>
      onHost((client) =>
        asking.run({}).onAny(d.votes({ ann: d.accept() })).execute(client, {
          as,
        })
      )(),
    [() => undefined],
  ],
];
