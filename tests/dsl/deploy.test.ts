import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkHost,
  core,
  deploy,
  eq,
  forEach,
  hostNeeds,
  type NodeType,
  planDeploy,
  repeat,
  sub,
  type,
  undo,
  workflow,
} from "@tutti/sdk/dsl";
import { DefinitionError, type WorkflowDefinition } from "@tutti/sdk/openwop";
import { load } from "../support/constructs.ts";
import { review } from "../support/review_workflow.ts";

const child = workflow("child", { version: "1.0.0" })
  .input(type<{ n: number }>())
  .step("load", load, ({ input }) => ({ id: input.n }))
  .build();
const needy = (version = "1.0.0") =>
  workflow("needy", { version })
    .input(type<{ n: number }>({ n: "number" }))
    .use(repeat("again", (w) => w.step("load", load, () => ({ id: 1 })), {
      until: ({ load }) => eq(load.bytes, 3),
      max: 2,
    }))
    .use(sub("child", child, ({ input }) => ({ n: input.n })))
    .step("last", load, () => ({ id: 1 }), {
      undo: undo(load, ({ output }) => ({ id: output.bytes }) as never),
    })
    .build();

/** A registry that remembers. */
function shelf() {
  let stored: WorkflowDefinition | undefined;
  const sent: string[] = [];
  return {
    sent,
    get: () => Promise.resolve(stored),
    register: (definition: WorkflowDefinition) => {
      stored = definition;
      sent.push(definition.version);
      return Promise.resolve({
        workflowId: definition.id,
        contentHash: "",
        outcome: "created" as const,
      });
    },
  };
}

test("hostNeeds() names node types and capabilities beside the core, with their places", () => {
  assert.deepEqual(
    hostNeeds(needy().definition).map(({ kind, need, pointer, source }) =>
      `${kind} ${need} ${pointer} ${source}`
    ),
    [
      "node-type local.test.load /nodes/0/typeId load",
      "node-type tutti.repeat /nodes/1/typeId again",
      "capability subWorkflow.inputMapping /nodes/2/config/inputMapping child",
      "node-type local.test.load /nodes/3/typeId last",
      "capability compensation /nodes/3/compensation last",
      "node-type local.test.load /nodes/3/compensation/nodeTypeId last",
    ],
  );
});

test("hostNeeds() and checkHost() look at what is done for each entry of a list", () => {
  const ask = core.callPrompt("greet");
  const each = (body: unknown) =>
    workflow("each", { version: "1.0.0" })
      .input(type<{ list: number[] }>())
      .use(forEach(
        "all",
        ({ input }) => input.list,
        body as NodeType<object, unknown>,
        () => ({}),
      ))
      .build().definition;
  assert.deepEqual(
    hostNeeds(each(ask)).map(({ need, pointer }) => `${need} ${pointer}`),
    [
      "tutti.forEach /nodes/0/typeId",
      "core.ai.callPrompt /nodes/0/config/nodeTypeId",
    ],
  );
  // Of its core, a host of Tutti has all but the packs that call models.
  const tutti = { discovery: { implementation: { name: "tutti" } } };
  assert.deepEqual(
    checkHost(each(ask), tutti).map(({ pointer }) => pointer),
    ["/nodes/0/config/nodeTypeId"],
  );
  assert.deepEqual(
    checkHost(each(load), tutti).map(({ message }) => message),
    ['the host does not have "local.test.load"'],
  );
  // A workflow is started for each: which ones a host has is for the host to say.
  assert.deepEqual(checkHost(each(child), tutti), []);
});

test("checkHost() reads both majors' discovery and types that are known", () => {
  const { definition } = needy();
  const codes = (host: Parameters<typeof checkHost>[1]) =>
    checkHost(definition, host).map(({ message }) => message.slice(23));
  const nodeTypes = ["local.*", "tutti.repeat"];
  assert.deepEqual(codes({ nodeTypes }), [
    '"subWorkflow.inputMapping"',
    '"compensation"',
  ]);
  assert.deepEqual(
    codes({
      nodeTypes,
      discovery: {
        compensation: { status: "stable" },
        subWorkflow: { inputMapping: true },
      },
    }),
    [],
  );
  assert.deepEqual(
    codes({
      nodeTypes,
      discovery: {
        capabilities: {
          compensation: { supported: false },
          subWorkflow: { supported: true, inputMapping: true },
        },
      },
    }),
    ['"compensation"'],
  );
  assert.deepEqual(
    codes({
      nodeTypes: ["local.test.load"],
      discovery: { implementation: { name: "tutti" } },
    }),
    [],
  );
});

test("deploy() refuses by name what a host lacks, and sends nothing", async () => {
  const registry = shelf();
  await assert.rejects(
    deploy(needy(), { registry }),
    (error) =>
      DefinitionError.is(error) && error.issues.length === 6 &&
      /does not have "tutti.repeat"/.test(error.message),
  );
  assert.deepEqual(registry.sent, []);
});

test("deploy() sends what differs once, and planDeploy() shows it before", async () => {
  const registry = shelf();
  const target = {
    registry,
    nodeTypes: ["local.*", "tutti.*"],
    discovery: { compensation: {}, subWorkflow: { inputMapping: true } },
  };
  assert.equal((await planDeploy(needy(), target)).action, "create");
  await deploy(needy(), target);
  assert.equal((await deploy(needy(), target)).outcome, "unchanged");
  const plan = await planDeploy(needy("1.1.0"), target);
  assert.equal(plan.action, "replace");
  assert.deepEqual(
    plan.diff?.changes.map(({ what, id }) => `${what} ${id}`),
    ["property version"],
  );
  await deploy(needy("1.1.0"), target);
  assert.deepEqual(registry.sent, ["1.0.0", "1.1.0"]);
  assert.deepEqual(plan.issues, []);
  assert.equal(plan.contentHash, await needy("1.1.0").hash());
});

test("planDeploy() sees that code steps live elsewhere", async () => {
  const { issues } = await planDeploy(review, { registry: shelf() });
  assert.deepEqual(issues.map(({ source }) => source), [
    "fetch",
    "sec",
    "sty",
    "merge",
    "comment",
  ]);
});
