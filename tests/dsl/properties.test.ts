import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  accept,
  type AnyQuestion,
  fromDefinition,
  hostNeeds,
  toDot,
  toMermaid,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import {
  checkDefinition,
  type JsonObject,
  OpenwopClient,
} from "@tutti/sdk/openwop";
import fc from "../support/properties.ts";
import {
  asking,
  child,
  declare,
  type Given,
  type Piece,
  pieces,
  quiet,
} from "../support/any_workflow.ts";
import { schemaFaults } from "../support/json_schema.ts";

const schema = JSON.parse(
  readFileSync(
    new URL("../vectors/openwop_workflow_definition.json", import.meta.url),
    "utf8",
  ),
);
// Version 2 has one thing more for a node. Source: v2 §13.
schema["$defs"]["WorkflowNode"]["properties"]["compensation"] = {
  type: "object",
  required: ["nodeTypeId"],
  properties: {
    nodeTypeId: { type: "string", minLength: 1 },
    inputMapping: { type: "object", additionalProperties: { type: "string" } },
    retry: { type: "object" },
    requiresApproval: { type: "boolean" },
    waiveRequiresApproval: { type: "boolean" },
  },
  additionalProperties: false,
};
const everything = pieces([...quiet, ...asking]);
const given: fc.Arbitrary<Given> = fc.record({
  day: fc.constantFrom("today", "tomorrow"),
  n: fc.integer({ min: -5, max: 9 }),
});

/** What anybody would answer. */
function answer({ kind, data }: AnyQuestion): JsonObject {
  if (kind === "approval") return accept() as object as JsonObject;
  if (kind === "clarification") return { answers: { n: 7 } };
  return { ...data as JsonObject, ok: true };
}

/** Runs a generated workflow to its end on the embedded host, whatever it asks. */
async function outcome(built: ReturnType<typeof declare>, input: Given) {
  const host = createHost({ workflows: [built, child] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  try {
    return await built.run(input).onAny(answer).execute(client);
  } finally {
    await host.close();
  }
}

test("any graph that the builder can make passes the schema, survives the round trip and can be drawn", () => {
  fc.assert(
    fc.property(
      everything,
      fc.constantFrom("chain", "handles"),
      (list, style) => {
        const built = declare(list, style);
        const text = JSON.stringify(built);
        assert.deepEqual(schemaFaults(schema, JSON.parse(text)), []);
        assert.deepEqual(checkDefinition(JSON.parse(text)), []);
        const read = fromDefinition(text, built.nodes);
        assert.equal(JSON.stringify(read), text);
        assert.equal(toMermaid(read.definition), built.toMermaid());
        assert.equal(toDot(read.definition), toDot(built.definition));
        assert.deepEqual(
          hostNeeds(read.definition),
          hostNeeds(built.definition),
        );
      },
    ),
    { numRuns: 150 },
  );
});

test("any graph runs to its end on the embedded host, and gives the same read back and with handles", async () => {
  await fc.assert(
    fc.asyncProperty(everything, given, async (list, input) => {
      const built = declare(list);
      const result = await outcome(built, input);
      assert.equal(result.status, "completed", JSON.stringify(result.error));
      assert.equal(result.output.kind, input.day === "today" ? "a" : "b");
      const read = fromDefinition(JSON.stringify(built), built.nodes);
      const again = await outcome(read as object as typeof built, input);
      assert.deepEqual(again.output, result.output);
      // Of chains that race, now one and now the other is first.
      const races = JSON.stringify(list).includes('"join"');
      if (!races) assert.deepEqual(again.steps, result.steps);
      const handles = await outcome(declare(list, "handles"), input);
      assert.equal(handles.status, "completed", JSON.stringify(handles.error));
      assert.deepEqual(handles.output, result.output);
      // Where chains part and meet, one of the two may need a node more.
      for (const [name, outcome] of Object.entries(handles.steps)) {
        const other: string | undefined = result.steps[name];
        if (!races && other) assert.equal(outcome, other, name);
      }
    }),
    { numRuns: 40 },
  );
});

test("any construct is made, alone and inside of every other", async () => {
  const leaf = (kind: string, variant: number): Piece => ({
    kind,
    variant,
    inner: [[], [], []],
  });
  const nesting = quiet.filter((kind) =>
    JSON.stringify(declare([{
      ...leaf(kind, 0),
      inner: [[leaf("step", 0)], [], []],
    }])) !== JSON.stringify(declare([leaf(kind, 0)]))
  );
  assert.deepEqual(nesting.sort(), [
    "attempt",
    "branch",
    "join",
    "otherwise",
    "parallel",
    "repeat",
    "when",
  ]);
  for (const kind of [...quiet, ...asking]) {
    for (let variant = 0; variant < 12; variant++) {
      const alone = leaf(kind, variant);
      const lists = [
        [alone],
        ...nesting.map((outer) => [{
          ...leaf(outer, variant),
          inner: [[alone], [alone], []],
        }]),
      ];
      const list = lists[variant % lists.length]!;
      for (const chosen of [lists[0]!, list]) {
        const built = declare(chosen);
        assert.deepEqual(
          schemaFaults(schema, JSON.parse(JSON.stringify(built))),
          [],
        );
      }
      const { status, error } = await outcome(declare(list), {
        day: "today",
        n: 5,
      });
      assert.equal(
        status,
        "completed",
        `${kind} ${variant}: ${JSON.stringify(error)}`,
      );
    }
  }
});

test("any chain of steps gives the same definition through handles", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(0, 2, 3, 4), { maxLength: 12 }),
      async (variants) => {
        const list = variants.map((variant): Piece => ({
          kind: "step",
          variant,
          inner: [[], []],
        }));
        const [one, two] = [declare(list), declare(list, "handles")];
        const linear = (built: typeof one) => ({
          nodes: built.definition.nodes.map((node) => ({
            ...node,
            position: 0,
          })),
          ports: built.definition.nodes.map(({ inputs }) => inputs),
        });
        assert.deepEqual(linear(two), linear(one));
        const input = { day: "today", n: 1 };
        const [left, right] = [
          await outcome(one, input),
          await outcome(two, input),
        ];
        assert.deepEqual(right.output, left.output);
      },
    ),
    { numRuns: 15 },
  );
});

test("no step of a case that is not taken runs, whatever lies in the case", async () => {
  await fc.assert(
    fc.asyncProperty(
      pieces(quiet, 2),
      pieces(quiet, 2),
      given,
      fc.constantFrom("chain", "handles"),
      async (first, second, input, style) => {
        const branch = (second: readonly Piece[]) =>
          declare(
            [{ kind: "branch", variant: 0, inner: [first, second] }],
            style,
          );
        const built = branch(second);
        const ids = ({ definition }: typeof built) =>
          definition.nodes.map(({ id }) => id);
        const inFirst = new Set(ids(branch([])));
        const { status, steps } = await outcome(built, input);
        assert.equal(status, "completed");
        for (const { id, typeId } of built.definition.nodes) {
          const isWork = typeId.startsWith("local.") ||
            typeId === "core.subWorkflow" || typeId === "core.channelWrite";
          if (!isWork || id === "begin") continue;
          if (inFirst.has(id) === (input.day === "today")) continue;
          assert.ok([undefined, "skipped"].includes(steps[id]), id);
        }
      },
    ),
    { numRuns: 60 },
  );
});
