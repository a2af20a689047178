import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  compareResults,
  defineNode,
  planFromJson,
  reject,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import type { PlanClient } from "@tutti/sdk/dsl";
import { createHost, sqliteStore } from "@tutti/sdk/host";
import type { Store } from "@tutti/sdk/host";
import { InvalidArgumentError, OpenwopClient } from "@tutti/sdk/openwop";
import { hasSqlite, StoreFile } from "../support/store_file.ts";
import { done, trip, tripWorkflows } from "../support/trip_workflow.ts";

function embed(store?: Store, majors?: readonly (1 | 2)[]) {
  const host = createHost({
    workflows: [...tripWorkflows],
    ...(store ? { store } : {}),
    ...(majors ? { majors } : {}),
  });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: host.fetch,
    ...(majors ? { major: 1 } : {}),
  });
  return { host, client };
}

const plain = {
  paid: 80,
  limit: 80,
  notes: ["Rome 12A"],
  seat: "Rome 12A",
  tax: 80,
};

const everything = trip.run({ to: "Rome" })
  .on("gate", accept())
  .fork("dear", { at: "gate" }, (f) =>
    f.state({
      limit: 500,
      notes: ["why so much?"],
      book: { price: 400 },
      tax: { tax: 7 },
    })
      .fork("deeper", { at: "pay" }, (g) => g.state({ limit: 450 }))
      .fork("poor", { at: "pay" }, (g) => g.state({ limit: 1 })));

async function tryEverything(store?: Store): Promise<void> {
  const { host, client } = embed(store);
  done.clear();
  const result = await everything.execute(client);
  assert.deepEqual(result.output, plain);
  const { dear } = result.forks;
  // What was not named stays as it was, also the other outputs of a step.
  const wanted = { ...plain, paid: 400, limit: 400, tax: 7 };
  assert.deepEqual(dear.output, { ...wanted, notes: ["why so much?"] });
  // Forks of the fork copy its log, and with it the edit.
  assert.deepEqual(dear.forks.deeper.output, dear.output);
  assert.equal(dear.forks.poor.status, "failed");
  // Nothing that lies before a fork point was done again; what failed was undone with the outputs that count.
  assert.equal(done.get("book"), 2, "the trip and its tax");
  assert.equal(done.get("pay"), 4);
  assert.deepEqual(
    [...done.keys()].filter((key) => key.startsWith("release")),
    [
      "release Rome 12A",
    ],
  );
  assert.equal(done.get("release Rome 12A"), 1);
  const delta = compareResults(result, dear);
  assert.deepEqual(
    delta.output.map(({ pointer, left, right }) => [pointer, left, right])
      .sort(),
    [
      ["/limit", 80, 400],
      ["/notes/0", "Rome 12A", "why so much?"],
      ["/paid", 80, 400],
      ["/tax", 80, 7],
    ],
  );
  await host.close();
}

test("state() writes over variables, channels and outputs where a fork begins", async () => {
  await tryEverything();
});

test("state() does the same where the runs are in a file", async () => {
  if (!hasSqlite()) return assert.throws(() => sqliteStore(":memory:"));
  const file = new StoreFile();
  try {
    await tryEverything(file.open());
  } finally {
    file.delete();
  }
});

test("state() survives toJSON(), and is checked again when it is read", async () => {
  const { host, client } = embed();
  const text = JSON.stringify(everything);
  const stored = planFromJson(trip, text);
  assert.deepEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(text));
  const result = await stored.execute(client);
  const direct = await everything.execute(client);
  assert.deepEqual(result.forks["dear"]?.output, direct.forks.dear.output);
  assert.throws(
    () => planFromJson(trip, text.replace('"limit":500', '"limits":500')),
    { code: "invalid-argument", path: "state.limits" },
  );
  await host.close();
});

test("state() speaks version 1 as well", async () => {
  const { host, client } = embed(undefined, [1, 2]);
  const { forks } = await everything.execute(client);
  assert.equal(forks.dear.output?.paid, 400);
  await host.close();
});

test("state() writes over a step that has the name of an input", async () => {
  const pick = defineNode({
    typeId: "local.same.pick",
    input: type<{ size: number }>(),
    output: type<{ size: number }>(),
    run: ({ size }) => ({ size: size + 1 }),
  });
  const same = workflow("same", { version: "1.0.0" })
    .input(type<{ size: number }>({ size: "number" }))
    .step("size", pick, ({ input }) => ({ size: input.size }))
    .step("again", pick, ({ size }) => ({ size: size.size }))
    .output(({ again }) => ({ size: again.size }))
    .build();
  const host = createHost({ workflows: [same] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const { output, forks } = await same.run({ size: 1 })
    .fork("large", { at: "again" }, (f) => f.state({ size: { size: 50 } }))
    .execute(client);
  assert.deepEqual(output, { size: 3 });
  assert.deepEqual(forks.large.output, { size: 51 });
  await host.close();
});

test("state() refuses what the workflow does not have, before anything is sent", () => {
  const plan = trip.run({ to: "Rome" });
  const edit = (state: object): () => unknown => () =>
    plan.fork("x", { at: "gate" }, (f) => f.state(state as { limit: number }));
  for (
    const [state, path, words] of [
      [{ limits: 1 }, "state.limits", /no variable, channel or step/],
      [{ gate: { action: "accept" } }, "state.gate", /on\("gate", …\)/],
      [{ book: 1 }, "state.book", /outputs of a step are an object/],
      [{ limit: new Date() }, "state.limit", /it is a Date/],
      [{ book: { price: NaN } }, "state.book", /\/price/],
      [{ __proto__: null, toString: 1 }, "state.toString", /no variable/],
    ] as const
  ) {
    assert.throws(edit(state), (error: unknown) => {
      assert.ok(InvalidArgumentError.is(error));
      assert.equal(error.path, path);
      assert.match(error.message, words);
      return true;
    });
  }
});

const handle = () => assert.fail("a run was followed");

test("execute() refuses edited state where there is none, before anything is sent", async () => {
  const client: PlanClient = {
    runs: { start: () => assert.fail("it was sent"), handle },
  };
  const plan = trip.run({ to: "Rome" });
  const another = trip.run({ to: "Oslo" });
  for (
    const [wrong, path] of [
      [plan.state({ limit: 1 }), "state()"],
      [
        plan.fork("x", "start", (f) => f.state({ limit: 1 })),
        'fork("x").state()',
      ],
      [
        plan.fork(
          "x",
          { at: "pay" },
          (f) => f.input({ to: "Oslo" }).state({ limit: 1 }),
        ),
        'fork("x").state()',
      ],
      [
        another.fork(
          "x",
          { at: "pay" },
          (f) => f.fork("y", "start", (g) => g.state({ limit: 1 })),
        ),
        'fork("x").fork("y").state()',
      ],
    ] as const
  ) {
    await assert.rejects(wrong.execute(client), {
      code: "invalid-argument",
      path,
    });
    assert.throws(() => planFromJson(trip, JSON.stringify(wrong)), { path });
  }
});

test("execute() refuses a host that cannot write over state, by name and before a run", async () => {
  const { host, client } = embed();
  const start = () => assert.fail("a run was started");
  const document = await client.discovery.get();
  for (
    const extensions of [undefined, {}, { "acme.fork-state": {} }, null, "yes"]
  ) {
    const { extensions: _, ...rest } = document;
    const said = extensions === undefined ? rest : { ...rest, extensions };
    await assert.rejects(
      everything.execute({
        runs: { start, handle },
        discovery: { get: () => Promise.resolve(said as typeof document) },
      }),
      {
        code: "invalid-argument",
        path: "client",
        message: /tutti\.fork-state/,
      },
    );
  }
  await assert.rejects(everything.execute({ runs: { start, handle } }), {
    path: "client",
  });
  // A plan without edited state asks nothing.
  const { status } = await trip.run({ to: "Rome" }).on("gate", accept())
    .fork("x", { at: "gate" })
    .execute({ runs: client.runs });
  assert.equal(status, "completed");
  await host.close();
});

test("a fork with edited state keeps the history of its source, and shows no secret", async () => {
  const { host, client } = embed();
  const result = await trip.run({ to: "Rome" }).on("gate", accept())
    .fork(
      "x",
      { at: "gate" },
      (f) => f.state({ book: { note: "my secret" }, limit: 90, aged: ["new"] }),
    )
    .execute(client);
  const log = async (runId: string) => {
    const events = [];
    for await (const event of client.runs.handle(runId).events()) {
      events.push(event);
    }
    return events;
  };
  const [source, fork] = await Promise.all([
    log(result.runId),
    log(result.forks.x.runId),
  ]);
  const at = source.findIndex(({ type, nodeId }) =>
    type === "node.started" && nodeId === "gate"
  );
  const bare = ({ type, payload, sequence }: typeof source[number]) => ({
    type,
    payload,
    sequence,
  });
  assert.deepEqual(fork.slice(0, at).map(bare), source.slice(0, at).map(bare));
  assert.deepEqual(
    fork.slice(at, at + 3).map(({ type, nodeId }) => [type, nodeId]),
    [
      ["variable.changed", undefined],
      ["channel.written", undefined],
      ["log.appended", "book"],
    ],
  );
  assert.doesNotMatch(JSON.stringify(fork), /my secret/);
  const snapshot = await client.runs.get(result.forks.x.runId);
  assert.equal(snapshot.configurable?.["extensions"], undefined);
  await host.close();
});

test("a replay of a fork with other outputs repeats what the fork did", async () => {
  const { host, client } = embed();
  const { forks } = await trip.run({ to: "Rome" }).on("gate", accept())
    .fork("x", { at: "gate" }, (f) => f.state({ book: { price: 10 } }))
    .execute(client);
  const replay = await client.runs.handle(forks.x.runId).fork({
    fromSequence: 0,
    mode: "replay",
  });
  const { output } = await replay.result();
  assert.deepEqual(output, forks.x.output);
  await host.close();
});

test("a fork with other answers and other state takes both", async () => {
  const { host, client } = embed();
  const { forks } = await trip.run({ to: "Rome" }).on("gate", accept())
    .fork(
      "no",
      { at: "gate" },
      (f) => f.state({ limit: 3 }).on("gate", reject("too dear")),
    )
    .execute(client);
  assert.equal(forks.no.status, "failed");
  assert.equal(forks.no.error?.code, "approval_rejected");
  await host.close();
});
