import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  compareResults,
  eq,
  planFromJson,
  type PlanJson,
  refine,
  reject,
  repeat,
  sub,
  type,
  votes,
  waitFor,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { InvalidArgumentError, OpenwopClient } from "@tutti/sdk/openwop";

const release = workflow("release", { version: "1.0.0" })
  .input(type<{ version: string }>())
  .approval("board", ({ input }) => ({
    title: "Release it?",
    data: { version: input.version },
  }), { quorum: 2, rejection: "majority", approvers: ["ann", "bob", "cem"] })
  .branch(({ board }) => board.action, { accept: (w) => w, reject: (w) => w })
  .output(({ board }) => ({ decision: board.action, last: board.decidedBy }))
  .build();

/** A host that knows people by a header, and the clients of them. */
function town(workflows: Parameters<typeof createHost>[0]["workflows"]) {
  const host = createHost({
    workflows,
    subject: (request) => request.headers.get("x-person") ?? "nobody",
  });
  const as = (person: string): OpenwopClient =>
    new OpenwopClient({
      baseUrl: host.url,
      fetch: host.fetch,
      headers: { "x-person": person },
    });
  return { host, as, ci: as("ci") };
}

test("votes() meets a quorum in the names of people, forks with other votes, and is stored", async () => {
  const { host, as, ci } = town([release]);
  const plan = release.run({ version: "2.0" })
    .on("board", votes({ ann: accept(), bob: reject("no"), cem: accept() }))
    .fork("vetoed", { at: "board" }, (f) =>
      f.on("board", ({ data }) =>
        votes({
          ann: reject(`not ${data.version}`),
          cem: accept(),
          bob: reject(),
        })));
  const result = await plan.execute(ci, { as });
  assert.deepEqual(result.output, { decision: "accept", last: "cem" });
  assert.deepEqual(
    result.answers.map(({ name, round, by }) => [name, round, by]),
    [["board", 0, "ann"], ["board", 0, "bob"], ["board", 0, "cem"]],
  );
  const { vetoed } = result.forks;
  assert.deepEqual(vetoed.output, { decision: "reject", last: "bob" });
  assert.deepEqual(
    compareResults(result, vetoed).answers.map(({ name, by }) => [name, by]),
    [["board", "ann"], ["board", "bob"]],
  );

  const stored = JSON.stringify(
    release.run({ version: "2.1" })
      .on("board", votes({ ann: accept(), bob: accept(), cem: accept() })),
  );
  assert.deepEqual((JSON.parse(stored) as PlanJson).answers, {
    board: {
      votes: {
        ann: { action: "accept" },
        bob: { action: "accept" },
        cem: { action: "accept" },
      },
    },
  });
  const later = await planFromJson(release, stored).execute(ci, { as });
  assert.deepEqual(later.output, { decision: "accept", last: "bob" });
  // What had been decided was not asked of the third.
  assert.deepEqual(later.answers.map(({ by }) => by), ["ann", "bob"]);
  await host.close();
});

test("votes() lets a single person answer where the one that carries out the plan may not", async () => {
  const single = workflow("single", { version: "1.0.0" }).input()
    .approval("boss", () => ({ title: "?" }), {
      approvers: ["ann"],
      refine: true,
    })
    .branch(({ boss }) => boss.action, {
      accept: (w) => w,
      reject: (w) => w,
      refine: (w) => w,
    })
    .output(({ boss }) => ({ action: boss.action, by: boss.decidedBy }))
    .build();
  const parent = workflow("parent", { version: "1.0.0" }).input()
    .use(sub("child", single, () => ({})))
    .output(({ child }) => ({ action: child.action, by: child.by }))
    .build();
  const { host, as, ci } = town([single, parent]);
  const { output } = await parent.run({})
    .on("child.boss", votes({ ann: refine("shorter") }))
    .execute(ci, { as });
  assert.deepEqual(output, { action: "refine", by: "ann" });
  await assert.rejects(
    single.run({}).on("boss", votes({ mallory: accept() })).execute(ci, { as }),
    { status: 403 },
  );
  await host.close();
});

test("execute() refuses votes of somebody without a client before anything is started", async () => {
  const never = {
    runs: {
      start: () => assert.fail("nothing is to be sent"),
      handle: () => assert.fail("nothing is to be sent"),
    },
  };
  const voted = release.run({ version: "1" })
    .on("board", votes({ ann: accept(), bob: accept() }));
  const inFork = release.run({ version: "1" }).onAny(() => accept())
    .fork("x", { at: "board" }, (f) => f.onAny(votes({ bob: accept() })));
  const refused = (error: unknown): boolean =>
    InvalidArgumentError.is(error) && error.path === "options.as" &&
    /\{ as: \(person\) => theirs \}/.test(error.hint ?? "");
  await assert.rejects(voted.execute(never), refused);
  await assert.rejects(inFork.execute(never), refused);
  await assert.rejects(voted.execute(never, { as: {} as never }), refused);
  await assert.rejects(
    voted.execute(never, { as: () => undefined as never }),
    /votes as "ann"/,
  );
});

test("execute() cancels the run when a function votes for somebody without a client", async () => {
  const { host, ci } = town([release]);
  let runId = "";
  await assert.rejects(
    release.run({ version: "1" })
      .on("board", () => votes({ ann: accept() }))
      .execute(ci, { onEvent: (event) => runId = event.runId }),
    { code: "invalid-argument", path: "options.as" },
  );
  assert.equal((await ci.runs.get(runId)).status, "cancelled");
  await host.close();
});

test("votes() of one round are not given to the next one, which a loop asks", async () => {
  const looped = workflow("looped", { version: "1.0.0" }).input()
    .use(
      repeat(
        "again",
        (w) => w.approval("board", () => ({ title: "Good?" }), { quorum: 2 }),
        {
          until: ({ board }) => eq(board.action, "accept"),
          max: 3,
        },
      ),
    )
    .output(({ again }) => ({ rounds: again.iterations }))
    .build();
  const { host, as, ci } = town([looped]);
  const { output, answers } = await looped.run({})
    .on(
      "board",
      ({ round }) =>
        round === 0
          ? votes({ ann: reject(), bob: accept(), cem: accept() })
          : votes({ bob: accept(), ann: accept() }),
    )
    .execute(ci, { as });
  assert.deepEqual(output, { rounds: 2 });
  assert.deepEqual(answers.map(({ round, by }) => [round, by]), [
    [0, "ann"],
    [1, "bob"],
    [1, "ann"],
  ]);
  await host.close();
});

test("on() does not give an answer that was thought about too long to the next question of a loop", async () => {
  const looped = workflow("looped", { version: "1.0.0" }).input()
    .use(repeat("again", (w) => w.approval("gate", () => ({ title: "?" })), {
      until: ({ gate }) => eq(gate.action, "accept"),
      max: 3,
    }))
    .output(({ again, gate }) => ({
      rounds: again.iterations,
      by: gate.decidedBy,
    }))
    .build();
  const { host, as, ci } = town([looped]);
  let find: (runId: string) => void = () => {};
  const found = new Promise<string>((resolve) => find = resolve);
  let say: (late: string) => void = () => {};
  const late = new Promise<string>((resolve) => say = resolve);
  const { output, answers } = await looped.run({})
    .on("gate", async ({ round }) => {
      const theirs = as("ann").runs.handle(await found).interrupt("gate");
      if (round === 0) {
        // While the plan thinks, Ann rejects, and the loop asks once more.
        await theirs.reject();
        await theirs.wait();
        say("too late");
        return accept("too late");
      }
      await late;
      await theirs.accept();
      return reject("too late as well");
    })
    .execute(ci, { onEvent: ({ runId }) => find(runId) });
  assert.deepEqual(output, { rounds: 2, by: "ann" });
  assert.deepEqual(answers, []);
  await host.close();
});

test("on() hands an event on as it is that has votes of its own", async () => {
  const poll = workflow("poll", { version: "1.0.0" })
    .input(type<{ id: string }>())
    .use(waitFor("counted", {
      type: "poll.counted",
      data: type<{ votes: { yes: number } }>(),
      correlation: ({ input }) => ({ id: input.id }),
    }))
    .output(({ counted }) => ({ yes: counted.votes.yes }))
    .build();
  const { host, ci } = town([poll]);
  const { output } = await poll.run({ id: "p" })
    .on("counted", { id: "p", votes: { yes: 3 } })
    .execute(ci);
  assert.deepEqual(output, { yes: 3 });
  await host.close();
});
