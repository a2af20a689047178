import assert from "node:assert/strict";
import process from "node:process";
import test from "node:test";
import fc from "../support/properties.ts";
import { createHost, memoryStore, sqliteStore } from "@tutti/sdk/host";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { collector, heapUsed } from "../support/heap.ts";
import { mutate, places, soon, untouched } from "../support/hostile.ts";
import { hasSqlite } from "../support/store_file.ts";
import {
  definitionOf,
  gate,
  stepOf,
  Wire,
  workflowOf,
} from "../support/wire.ts";

// HOSTILE=10000 sends that many requests.
const requests = Number(process.env.HOSTILE ?? 600);
/** So many before the first look: everything is compiled, and what is kept at hand is there. */
const WARM = 600;

const nested = (depth: number, open: string, close: string): string =>
  open.repeat(depth) + "1" + close.repeat(depth);
const deepList = (depth: number): string => nested(depth, "[", "]");
const deepObject = (depth: number): string => nested(depth, '{"a":', "}");

test("a host that answers mutated requests keeps nothing of them in memory", async () => {
  // What is created is kept on the other side of SQLite, which the heap does not count.
  const store = hasSqlite() ? sqliteStore(":memory:") : memoryStore();
  const errors: unknown[] = [];
  const host = createHost({
    workflows: [gate(), stepOf((input) => input)],
    store,
    clock: new FakeClock(),
    onError: (error, { nodeId }) => {
      if (nodeId === undefined) errors.push(error);
    },
  });
  const wire = new Wire(host);
  const gated = await wire.start("gated");
  await wire.reach(gated, "waiting-approval");
  const whole = {
    workflowId: "one-step",
    inputs: { value: { a: [1, 2] } },
    metadata: { a: 1 },
    configurable: { version: 1, run: { runTimeoutMs: 60_000 } },
  };
  const bodies: [path: string, body: unknown][] = [
    ["/runs", whole],
    [`${gated}:fork`, { mode: "branch", fromSeq: 1, runOptionsOverlay: whole }],
    [`${gated}/interrupts/gate`, { resumeValue: { action: "none" } }],
    ["/runs:bulk-cancel", { runIds: ["local/aaaaaaaaaaaaaaaa"] }],
  ];
  const one = fc.tuple(fc.constantFrom(...bodies), places);
  const { seed = Date.now() } = fc.readConfigureGlobal();
  let sent = 0;
  const send = async (count: number): Promise<void> => {
    while (sent < count) {
      for (
        const [[path, body], at] of fc.sample(one, {
          numRuns: 100,
          seed: seed + sent,
        })
      ) {
        const { status } = await soon(wire.post(path, mutate(body, at)), path);
        assert.ok(status < 500, `${path} gave ${status}`);
        sent++;
      }
      await settle(5);
    }
    untouched();
  };
  await send(WARM);
  const gc = hasSqlite() ? collector() : undefined;
  const before = gc && await heapUsed(gc);
  await send(WARM + requests);
  if (gc && before !== undefined) {
    const grown = await heapUsed(gc) - before;
    // Nothing for each, and room for what the runtime compiles and fast-check remembers.
    const most = 4_000_000 + 100 * requests;
    assert.ok(grown < most, `${requests} requests left ${grown} bytes behind`);
  }
  assert.deepEqual(errors, []);
  await host.close();
});

/** Patterns with too many ways to match, and those that are allowed and take long on a long text. */
const endless = ["(a+)+$", "(a|a)*b", "(a*)*b", "a*a*a*b", "(?=(a+))\\1b"];
const slow = ["a*b", "a?a?a?a?a?a?a?a?a?a*b", "a*a{400}b"];

test("a definition with an endless pattern or too deep a place is refused, by code and over HTTP", async () => {
  const host = createHost({ workflows: [], registration: {} });
  const wire = new Wire(host);
  const put = (id: string, body: string) =>
    soon(wire.send("PUT", `/host/tutti/workflows/${id}`, body), id);
  const refuses = async (
    what: string,
    definition: ReturnType<typeof definitionOf>,
  ): Promise<void> => {
    assert.throws(
      () => createHost({ workflows: [{ definition, nodes: [] }] }),
      { code: "definition-invalid" },
      what,
    );
    const { status } = await put(definition.id, JSON.stringify(definition));
    assert.ok(status === 400 || status === 422, `${what}: ${status}`);
  };
  const node = { id: "a", typeId: "core.identity" };
  for (const pattern of endless) {
    const both = [node, { id: "b", typeId: "core.noop" }];
    await refuses(
      `a condition with ${pattern}`,
      definitionOf("condition", both, {
        edges: [{
          id: "e",
          sourceNodeId: "a",
          targetNodeId: "b",
          condition: { type: "regex", left: "value", right: pattern },
        }],
      }),
    );
    await refuses(
      `a configurable with ${pattern}`,
      definitionOf("configurable", [node], {
        configurableSchema: { properties: { a: { pattern } } },
      }),
    );
    await refuses(
      `a question with ${pattern}`,
      definitionOf("question", [{
        id: "ask",
        typeId: "core.approvalGate",
        config: { title: "Go?", resumeSchema: { pattern } },
      }]),
    );
    await refuses(
      `a loop with ${pattern}`,
      definitionOf("loop", [node, {
        id: "again",
        typeId: "tutti.repeat",
        after: ["a"],
        config: {
          body: ["a"],
          until: { path: "a", op: "regex", value: pattern },
          maxIterations: 3,
        },
      }]),
    );
  }
  const text = JSON.stringify(definitionOf("deep", [node]));
  for (const deep of [deepList(300), deepObject(300), deepList(100_000)]) {
    const body = text.replace('"config":{}', `"config":{"x":${deep}}`);
    assert.notEqual(body, text);
    assert.equal((await put("deep", body)).status, 400);
  }
  const deep = JSON.parse(deepObject(5_000));
  assert.throws(
    () =>
      createHost({
        workflows: [{
          definition: definitionOf("deep", [{ ...node, config: { deep } }]),
          nodes: [],
        }],
      }),
    { code: "definition-invalid" },
  );
  let schema: Record<string, unknown> = { type: "string" };
  for (let n = 0; n < 100; n++) schema = { not: schema };
  await refuses(
    "a schema that is nested too deeply",
    definitionOf("nested", [node], { configurableSchema: schema as never }),
  );
  await host.close();
  untouched();
});

for (const pattern of slow) {
  test(`values that take long to search for ${pattern} are answered soon: options, answers, outputs`, async () => {
    const errors: unknown[] = [];
    const host = createHost({
      clock: new FakeClock(),
      workflows: [
        workflowOf("asking", [{
          id: "gate",
          typeId: "core.clarificationGate",
          config: {
            questions: [{ id: "q1", question: "Which?" }],
            resumeSchema: {
              patternProperties: { [pattern]: {} },
              additionalProperties: { items: { pattern }, pattern },
            },
          },
        }]),
        workflowOf("choosing", [{ id: "a", typeId: "core.noop" }], [], {
          configurableSchema: {
            additionalProperties: { items: { pattern } },
            patternProperties: { [pattern]: {} },
          },
        }),
        workflowOf(
          "branching",
          [
            {
              id: "a",
              typeId: "core.identity",
              inputs: { value: { type: "variable", variableName: "value" } },
            },
            { id: "b", typeId: "core.noop" },
          ],
          [],
          {
            edges: [{
              id: "e",
              sourceNodeId: "a",
              targetNodeId: "b",
              condition: { type: "regex", left: "value", right: pattern },
            }],
            variables: [{ name: "value", type: "string", defaultValue: "" }],
          },
        ),
      ],
      onError: (error) => errors.push(error),
    });
    const wire = new Wire(host);
    for (const length of [2_000, 10_000, 200_000]) {
      const text = "a".repeat(length);
      const many = Array.from({ length: 400_000 / length }, () => text);
      for (const value of [text, many, { [text]: 1 }]) {
        const what = `${length} characters`;
        const run = await soon(
          wire.post("/runs", {
            workflowId: "choosing",
            configurable: { version: 1, extensions: { value } },
          }),
          what,
        );
        assert.ok(run.status < 500);
        const branching = await soon(
          wire.post("/runs", { workflowId: "branching", inputs: { value } }),
          what,
        );
        assert.ok(branching.status < 500);
        const asking = await wire.start("asking");
        const answer = await soon(
          wire.post(`${asking}/interrupts/gate`, {
            resumeValue: { answers: { q1: value }, value },
          }),
          what,
        );
        assert.ok(answer.status < 500);
      }
    }
    assert.deepEqual(errors, []);
    await host.close();
  });
}

test("values that are nested too deeply are refused wherever they are given, and those at the bound are taken", async () => {
  const host = createHost({
    workflows: [gate(), stepOf((input) => input)],
    clock: new FakeClock(),
  });
  const wire = new Wire(host);
  const run = await wire.start("gated");
  await wire.reach(run, "waiting-approval");
  const bodies: [path: string, body: (value: string) => string][] = [
    [
      "/runs",
      (value) => `{"workflowId":"one-step","inputs":{"value":${value}}}`,
    ],
    ["/runs", (value) => `{"workflowId":"one-step","metadata":{"a":${value}}}`],
    [
      "/runs",
      (value) =>
        `{"workflowId":"one-step","configurable":{"version":1,"extensions":{"a":${value}}}}`,
    ],
    [
      `${run}:fork`,
      (value) =>
        `{"mode":"branch","fromSeq":1,"runOptionsOverlay":{"metadata":{"a":${value}}}}`,
    ],
    [
      `${run}/interrupts/gate`,
      (value) =>
        `{"resumeValue":{"action":"none","editedArtifactData":${value}}}`,
    ],
    ["/runs:bulk-cancel", (value) => `{"runIds":[${value}]}`],
    ["/webhooks", (value) => `{"url":${value}}`],
  ];
  for (const [path, body] of bodies) {
    for (const deep of [deepList, deepObject]) {
      for (const depth of [250, 5_000, 100_000]) {
        const sent = wire.post(path, body(deep(depth)));
        const { status } = await soon(sent, path);
        assert.equal(status, 400, `${path} at ${depth}`);
      }
      const { status } = await soon(wire.post(path, body(deep(150))), path);
      assert.ok(status < 500, `${path} gave ${status}`);
    }
  }
  await host.close();
  untouched();
});
