import assert from "node:assert/strict";
import { test } from "node:test";
import {
  channel,
  delay,
  diffDefinitions,
  fromDefinition,
  pictureOfDiff,
  pictureOfRun,
  toDot,
  toMermaid,
  type,
  workflow,
  write,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import {
  DefinitionError,
  OpenwopClient,
  type RunEvent,
  type WorkflowDefinition,
} from "@tutti/sdk/openwop";
import { review } from "../support/review_workflow.ts";

const base = (version = "1.0.0") =>
  workflow("diffed", { version })
    .input(type<{ day: string }>({ day: "string" }));
const chain = (...steps: [string, string][]): WorkflowDefinition => {
  const w = base();
  const all = steps.reduce(
    (w, [name, time]) => w.use(delay(name as never, time)) as never,
    w,
  );
  return (all as typeof w).build().definition;
};

/** A log in which these events have happened, in order. */
const log = (
  ...events: [string, (string | undefined)?, object?][]
): RunEvent[] =>
  events.map(([type, nodeId, payload = {}], sequence) => ({
    eventId: `event-0000000000${sequence}`,
    runId: "t/r",
    type,
    payload,
    timestamp: new Date(Date.UTC(2026, 0, 1) + sequence * 60_000).toISOString(),
    sequence,
    schemaVersion: 1,
    ...(nodeId === undefined ? {} : { nodeId }),
  } as never));

const verdictOf = (
  before: WorkflowDefinition,
  after: WorkflowDefinition,
  events: RunEvent[],
) => {
  const { verdict, reasons } = diffDefinitions(before, after, events);
  return [verdict, ...reasons.map(({ message }) => message)];
};

test("diffDefinitions() finds nothing between a definition and itself, and only looks in a moved one", () => {
  const one = review.definition;
  assert.deepEqual(diffDefinitions(one, one), {
    same: true,
    changes: [],
    reasons: [],
  });
  const moved = {
    ...one,
    description: "new words",
    nodes: one.nodes.map((node) => ({ ...node, position: { x: 1, y: 1 } })),
    edges: one.edges.map((edge) => ({ ...edge, id: `other-${edge.id}` })),
  };
  const diff = diffDefinitions(one, moved, []);
  assert.equal(diff.same, true);
  assert.equal(diff.verdict, "compatible");
  assert.equal(diff.changes.length, 1 + one.nodes.length);
  assert.ok(diff.changes.every(({ cosmetic }) => cosmetic));
});

test("diffDefinitions() lists what was added, removed and changed, with pointers", () => {
  const diff = diffDefinitions(
    chain(["a", "1s"], ["b", "1s"]),
    chain(["a", "2s"], ["c", "1s"]),
  );
  assert.deepEqual(
    diff.changes.map(({ kind, what, id, pointer }) =>
      `${kind} ${what} ${id} ${pointer}`
    ),
    [
      "removed node b /nodes/1",
      "changed node a /nodes/0",
      "added node c /nodes/1",
      "removed edge a->b /edges/0",
      "added edge a->c /edges/0",
    ],
  );
  assert.equal(diff.verdict, undefined);
});

test("diffDefinitions() lets change what a run has not reached, and not what is under way", () => {
  const one = chain(["a", "1s"], ["b", "1s"]);
  const two = chain(["a", "1s"], ["b", "2s"]);
  const started = log(["run.started"], ["node.started", "a"]);
  assert.equal(verdictOf(one, two, started)[0], "compatible");
  assert.deepEqual(
    verdictOf(one, chain(["a", "2s"], ["b", "1s"]), started),
    ["incompatible", '"a" is under way and its inputs would change'],
  );
  const over = log(["node.started", "a"], ["node.completed", "a"]);
  assert.deepEqual(
    verdictOf(one, chain(["a", "2s"], ["b", "1s"]), over),
    ["compatible", '"a" is over: its outputs stay as they are'],
  );
});

test("an event says the same of its node in a picture and in a verdict", () => {
  const one = chain(["a", "1s"]);
  const two = chain(["a", "2s"]);
  const marks = {
    started: "running",
    resumed: "running",
    suspended: "waiting",
    completed: "completed",
    failed: "failed",
    skipped: "skipped",
    cancelled: "cancelled",
    retried: undefined,
  };
  for (const [word, mark] of Object.entries(marks)) {
    const events = log([`node.${word}`, "a"]);
    assert.equal(pictureOfRun(one, events).nodes[0]?.mark, mark);
    const goesOn = mark === "running" || mark === "waiting";
    assert.equal(
      diffDefinitions(one, two, events).verdict,
      goesOn ? "incompatible" : "compatible",
      word,
    );
  }
});

test("diffDefinitions() says when something removed or inserted needs a migration", () => {
  const one = chain(["a", "1s"], ["b", "1s"]);
  const over = log(
    ["node.started", "a"],
    ["node.completed", "a"],
    ["node.started", "b"],
  );
  assert.equal(verdictOf(one, chain(["b", "1s"]), over)[0], "needs-migration");
  assert.equal(verdictOf(one, chain(["a", "1s"]), over)[0], "incompatible");
  assert.deepEqual(
    verdictOf(one, chain(["a", "1s"], ["x", "1s"], ["b", "1s"]), over)[0],
    "needs-migration",
  );
  assert.deepEqual(
    verdictOf(one, chain(["a", "1s"], ["b", "1s"], ["x", "1s"]), over)[0],
    "compatible",
  );
  const other = {
    ...one,
    nodes: one.nodes.map((node) => ({ ...node, typeId: "core.noop" })),
  };
  assert.equal(
    verdictOf(
      one,
      other,
      log(["node.started", "a"], ["node.completed", "a"]),
    )[0],
    "needs-migration",
  );
});

test("diffDefinitions() knows inputs that a run lacks, and channels that were written to", () => {
  const one = chain(["a", "1s"]);
  const two: WorkflowDefinition = {
    ...one,
    variables: [...one.variables, {
      name: "who",
      type: "string",
      required: true,
    }],
  };
  const events = log(["run.started", undefined, { inputs: { day: "x" } }]);
  assert.deepEqual(verdictOf(one, two, events), [
    "incompatible",
    'the input "who" is required and the run was started without it',
  ]);
  const notes = (reducer: "append" | "replace") =>
    base().use(channel("notes", { reducer, of: type<string>() }))
      .use(write("w", ({ notes }) => notes as never, () => "x" as never))
      .build().definition;
  const written = log(["channel.written", "w", { channelName: "notes" }]);
  assert.equal(
    verdictOf(notes("append"), notes("replace"), written)[0],
    "incompatible",
  );
  assert.equal(
    verdictOf(notes("append"), notes("replace"), [])[0],
    "compatible",
  );
  assert.equal(
    verdictOf(one, { ...one, id: "another" }, [])[0],
    "incompatible",
  );
});

test("fromDefinition() refuses what is no definition, with every problem", () => {
  assert.throws(
    () => fromDefinition('{"id": "x"'),
    (error) => DefinitionError.is(error),
  );
  assert.throws(
    () => fromDefinition({ ...review.definition, extra: 1, version: "x" }),
    (error) => DefinitionError.is(error) && error.issues.length === 2,
  );
});

test("fromDefinition() runs what was stored, with the code handed in", async () => {
  const read = fromDefinition(JSON.stringify(review), review.nodes);
  const host = createHost({ workflows: [read] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const run = await read.start(client, { repo: "acme/api", pr: 7 });
  await run.interrupt("gate").resolve({ action: "accept" });
  assert.equal((await run.result()).output["sha"], "sha-7");
  await host.close();
});

test("pictureOfRun() shows what ran, waited and failed, and how long it took", () => {
  const events = log(
    ["run.started"],
    ["node.started", "fetch"],
    ["node.completed", "fetch"],
    ["node.started", "sec"],
    ["node.failed", "sec"],
    ["node.started", "sty"],
    ["node.completed", "sty"],
    ["node.started", "gate"],
    ["node.suspended", "gate"],
    ["node.skipped", "merge"],
  );
  const picture = pictureOfRun(review.definition, events);
  const text = toMermaid(picture);
  assert.equal(text, toMermaid(pictureOfRun(review.definition, events)));
  assert.match(text, /n0\["fetch<br\/>completed, 60 s"\]:::completed/);
  assert.match(text, /n1\["sec<br\/>failed, 60 s"\]:::failed/);
  assert.match(text, /n3\{\{"gate<br\/>waiting"\}\}:::waiting/);
  assert.match(text, /n4\["merge"\]:::skipped/);
  assert.match(text, /n5\["comment"\]\n/);
  assert.match(text, /n3 -\.->\|"accept"\| n4/);
  assert.match(text, /classDef waiting fill:#fdeec2,stroke:#a06a00/);
  assert.match(
    toDot(picture),
    /"gate" \[label="gate\\nwaiting", shape=hexagon, style=filled/,
  );
});

test("pictureOfDiff() marks what was added, removed and changed", () => {
  const text = toMermaid(
    pictureOfDiff(
      chain(["a", "1s"], ["b", "1s"]),
      chain(["a", "2s"], ["c", "1s"]),
    ),
  );
  assert.equal(
    text,
    `flowchart TD
  n0(("a<br/>changed: inputs")):::changed
  n1(("c<br/>added")):::added
  n2(("b<br/>removed")):::removed
  n0 --> n1
  n0 -.-> n2
  classDef added fill:#d7f0dd,stroke:#2b8a4b
  classDef changed fill:#fdeec2,stroke:#a06a00
  classDef removed fill:#f9d6d5,stroke:#b3261e
`,
  );
});

test("toDot() writes marks of the language in labels as they are meant", () => {
  const [first] = review.definition.nodes;
  assert.match(
    toDot({
      ...review.definition,
      nodes: [{ ...first!, name: 'say "hi" \\ there\u0007' }],
      edges: [],
    }),
    /label="say \\"hi\\" \\\\ there "/,
  );
});
