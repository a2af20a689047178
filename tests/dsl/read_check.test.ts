// What check() finds in definitions that were read: written by hand, made by an editor, fetched from a host.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  channel,
  core,
  delay,
  deploy,
  fromDefinition,
  type KnownKind,
  node,
  planDeploy,
  type,
  variable,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import {
  DefinitionError,
  type DefinitionIssue,
  type JsonObject,
  OpenwopClient,
  type PortValue,
  type WorkflowDefinition,
  type WorkflowEdge,
} from "@tutti/sdk/openwop";
import { declare, pieces, quiet } from "../support/any_workflow.ts";
import { load } from "../support/constructs.ts";
import fc from "../support/properties.ts";

interface Written {
  readonly id: string;
  readonly typeId: string;
  readonly config?: JsonObject;
  readonly inputs?: Readonly<Record<string, PortValue>>;
}

/** A definition as somebody writes it by hand. */
const byHand = (
  nodes: readonly Written[],
  edges: readonly Partial<WorkflowEdge>[] = [],
  more: Partial<WorkflowDefinition> = {},
): WorkflowDefinition => ({
  id: "by-hand",
  name: "By hand",
  version: "1.0.0",
  nodes: nodes.map(({ id, typeId, config = {}, inputs = {} }, x) => ({
    id,
    typeId,
    name: id,
    position: { x, y: 0 },
    config,
    inputs,
  })),
  edges: edges.map((edge, index) => ({
    id: `e${index}`,
    ...edge,
  })) as WorkflowEdge[],
  triggers: [],
  variables: [],
  metadata: {},
  settings: {},
  ...more,
});

const said = (issues: readonly DefinitionIssue[]): string[] =>
  issues.map(({ code, source, pointer }) => `${code} ${source} ${pointer}`);
const isFault = ({ severity }: DefinitionIssue): boolean => !severity;

test("check() of what was read finds configs that can never be, each with its place and what to do", () => {
  const body = ["nap", "ghost"];
  const read = fromDefinition(byHand([
    {
      id: "gate",
      typeId: "core.approvalGate",
      config: { title: "?", requiredApprovals: 2, approversList: ["ann"] },
    },
    { id: "ask", typeId: "core.clarificationGate", config: { questions: [] } },
    { id: "odd", typeId: "core.interrupt", config: { kind: "riddle" } },
    { id: "set", typeId: "core.setVariable", config: { name: "x" } },
    {
      id: "put",
      typeId: "core.channelWrite",
      config: { channelName: "c", reducer: "append" },
    },
    { id: "nap", typeId: "core.delay", config: { ms: -1 } },
    {
      id: "rest",
      typeId: "core.delay",
      inputs: { delayMs: { type: "static", value: "2h" } },
    },
    {
      id: "again",
      typeId: "tutti.repeat",
      config: { body, until: { op: "regex", path: "a", value: "(a+)+" } },
    },
    {
      id: "each",
      typeId: "tutti.forEach",
      config: { nodeTypeId: "core.setVariable", nodeConfig: { name: "y" } },
    },
  ]));
  const faults = read.check().filter(isFault);
  assert.deepEqual(said(faults).sort(), [
    "approval-impossible gate /nodes/0/config/requiredApprovals",
    "channel-unknown put /nodes/4/config/channelName",
    "delay-impossible nap /nodes/5/config/ms",
    "delay-impossible rest /nodes/6/inputs/delayMs",
    "interrupt-unanswerable ask /nodes/1/config/questions",
    "interrupt-unanswerable odd /nodes/2/config/kind",
    "loop-body again /nodes/7/config/body",
    "loop-unbounded again /nodes/7/config",
    "pattern-refused again /nodes/7/config/until/value",
    "variable-unknown each /nodes/8/config/nodeConfig/name",
    "variable-unknown set /nodes/3/config/name",
  ]);
  assert.ok(faults.every(({ hint, message }) => hint && message));
  assert.deepEqual(
    said(read.check().filter((issue) => !isFault(issue))),
    ["host-extension again /nodes/7", "host-extension each /nodes/8"],
  );
});

test("check() of what was read finds ways that are never taken, and knobs that nobody can turn", () => {
  const read = fromDefinition(byHand(
    [
      { id: "gate", typeId: "core.approvalGate", config: { title: "?" } },
      { id: "late", typeId: "core.noop" },
    ],
    [{
      sourceNodeId: "gate",
      targetNodeId: "late",
      condition: { type: "equals", left: "action", right: "perhaps" },
    }],
    { configurableSchema: { properties: { tone: { type: "string" } } } },
  ));
  assert.deepEqual(said(read.check()), [
    "dead-branch late /edges/0/condition/right",
    "unreachable-node late /nodes/1",
    "knob-unturnable configurable /configurableSchema/properties/tone",
  ]);
});

test("check() of what was read has no opinion of names that only a declaration gives a meaning", () => {
  const read = fromDefinition(byHand([
    { id: "input", typeId: "core.noop" },
    { id: "output", typeId: "core.noop" },
  ]));
  assert.deepEqual(read.check(), []);
});

test("check() leaves alone a delay whose time is known only to the run", () => {
  const connected: PortValue = {
    type: "connection",
    nodeId: "one",
    outputKey: "ms",
  };
  const read = fromDefinition(byHand([
    { id: "one", typeId: "core.noop" },
    { id: "two", typeId: "core.delay", inputs: { delayMs: connected } },
    { id: "three", typeId: "core.delay", config: { ms: 0 } },
    { id: "four", typeId: "core.delay" },
  ], [{ sourceNodeId: "one", targetNodeId: "two" }]));
  assert.deepEqual(read.check(), []);
});

test("check() asks of a delay that was named by its type what it asks of one that was read", () => {
  const draft = workflow("naps", { version: "1.0.0" }).input()
    .step("nap", core.delay(), () => ({ delayMs: -1 }))
    .use(delay("rest", "1s"));
  const [issue, ...others] = draft.check();
  assert.deepEqual(others, []);
  assert.deepEqual(issue, {
    code: "delay-impossible",
    message: "a delay of -1 cannot be",
    pointer: "/nodes/0/inputs/delayMs",
    source: "nap",
    hint: "give milliseconds from 0",
  });
});

test("fromDefinition() takes kinds of steps for their rules, each asked once, and the code of those that have any", async () => {
  let asked = 0;
  const lookup: KnownKind = {
    ...node("vendor.acme.lookup", { input: type(), output: type() }),
    checks: [({ nodes }) => {
      asked++;
      return nodes.flatMap(({ id, typeId, config }, index) =>
        typeId !== "vendor.acme.lookup" || config.region ? [] : [{
          code: "region-missing",
          message: "it does not say where",
          pointer: `/nodes/${index}/config/region`,
          source: id,
          hint: "name a region",
        }]
      );
    }],
  };
  const mine = byHand([
    { id: "who", typeId: "vendor.acme.lookup" },
    { id: "take", typeId: load.typeId },
  ]);
  const read = fromDefinition(mine, [lookup, lookup, load, core.noop()]);
  assert.deepEqual(said(read.check()), [
    "region-missing who /nodes/0/config/region",
  ]);
  assert.equal(asked, 1);
  assert.deepEqual(read.nodes.map(({ typeId }) => typeId), [load.typeId]);

  const runnable = fromDefinition(
    byHand([{ id: "take", typeId: load.typeId }]),
    [lookup, load],
  );
  const host = createHost({ workflows: [runnable] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const run = await runnable.start(client, {});
  await run.result();
  await host.close();
  assert.throws(() => fromDefinition(mine, [{} as never]), {
    code: "invalid-argument",
    path: "kinds.typeId",
  });
});

test("deploy() refuses what check() finds wrong in what was read, and lets warnings pass", async () => {
  const sent: string[] = [];
  const registry = {
    get: () => Promise.resolve(undefined),
    register: ({ id }: WorkflowDefinition) => {
      sent.push(id);
      return Promise.resolve({
        workflowId: id,
        contentHash: "",
        outcome: "created" as const,
      });
    },
  };
  const never = fromDefinition(byHand([
    {
      id: "gate",
      typeId: "core.approvalGate",
      config: { title: "?", approversList: [] },
    },
  ]));
  const { issues } = await planDeploy(never, { registry });
  assert.deepEqual(said(issues), [
    "interrupt-unanswerable gate /nodes/0/config/approversList",
  ]);
  await assert.rejects(
    deploy(never, { registry }),
    (error) => DefinitionError.is(error) && error.issues.length === 1,
  );
  assert.deepEqual(sent, []);
  const warned = fromDefinition(byHand([
    { id: "tell", typeId: "tutti.emit", config: { eventType: "acme.told" } },
  ]));
  assert.deepEqual(said(warned.check()), ["host-extension tell /nodes/0"]);
  await deploy(warned, { registry, nodeTypes: ["tutti.*"] });
  assert.deepEqual(sent, ["by-hand"]);
});

test("check() of what was read finds no fault in anything that the builder makes", () => {
  fc.assert(
    fc.property(
      pieces([...quiet, "approval", "clarify", "waitFor"]),
      fc.constantFrom("chain", "handles"),
      (list, style) => {
        const built = declare(list, style);
        const read = fromDefinition(JSON.stringify(built), built.nodes);
        assert.deepEqual(read.check().filter(isFault), []);
      },
    ),
    { numRuns: 100 },
  );
});

test("check() of what was read says what check() of its declaration said", () => {
  const draft = workflow("same", { version: "1.0.0" }).input()
    .use(variable("x", { default: 1 }))
    .use(channel("c", { reducer: "append", of: type<string>() }))
    .step("nap", core.delay(), () => ({ delayMs: -1 }))
    .approval("gate", () => ({ title: "?" }), {
      quorum: 3,
      approvers: ["ann"],
    })
    .step("stop", core.fail("no", "never"), () => ({}))
    .step("next", core.noop<object>(), () => ({}));
  const declared = draft.check();
  assert.equal(declared.length, 3);
  assert.throws(() => draft.build(), { code: "definition-invalid" });
  // What draft.build() would have written.
  const read = fromDefinition(byHand(
    [
      {
        id: "nap",
        typeId: "core.delay",
        inputs: { delayMs: { type: "static", value: -1 } },
      },
      {
        id: "gate",
        typeId: "core.approvalGate",
        config: { title: "?", requiredApprovals: 3, approversList: ["ann"] },
      },
      { id: "stop", typeId: "core.fail" },
      { id: "next", typeId: "core.noop" },
    ],
    [
      { sourceNodeId: "nap", targetNodeId: "gate" },
      { sourceNodeId: "gate", targetNodeId: "stop" },
      { sourceNodeId: "stop", targetNodeId: "next" },
    ],
  ));
  const sorted = (issues: readonly DefinitionIssue[]) =>
    [...issues].sort((a, b) => a.code < b.code ? -1 : 1);
  assert.deepEqual(sorted(read.check()), sorted(declared));
});
