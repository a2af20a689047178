// Questions of steps that were added by handle are answered, looked at and forked at by their handles.
import assert from "node:assert/strict";
import { test } from "node:test";
import { accept, core, planFromJson, reject, workflow } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";

const w = workflow("handles", { version: "1.0.0" }).input();
const size = w.add(
  "size",
  core.clarificationGate<{ points: number }>([
    { id: "points", question: "How many?" },
  ]),
  {},
);
const gate = w.add(
  "gate",
  core.approvalGate({ title: "Go on?", rejection: "output" }),
  { points: size.answers.points },
);
const flow = w.output(() => ({
  points: size.answers.points,
  decided: gate.action,
})).build();

function embed() {
  const host = createHost({ workflows: [flow] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  return { host, client };
}

test("on() answers by a handle, and fork() begins at one, also in a plan that was stored", async () => {
  const { host, client } = embed();
  const plan = flow.run({})
    .on(size, { answers: { points: 3 } })
    .on(gate, accept())
    .fork("refused", { at: gate }, (f) => f.on(gate, reject()))
    .fork("kept", { after: size });
  const result = await plan.execute(client);
  assert.deepEqual(result.output, { points: 3, decided: "accept" });
  assert.deepEqual(result.answers.map(({ name }) => name), ["size", "gate"]);
  assert.equal(result.forks.refused.output?.decided, "reject");
  assert.equal(result.forks.kept.output?.decided, "accept");

  const json = plan.toJSON();
  assert.deepEqual(Object.keys(json.answers ?? {}), ["size", "gate"]);
  assert.deepEqual(json.forks?.map(({ at }) => at), [
    { at: "gate" },
    { after: "size" },
  ]);
  const again = await planFromJson(flow, JSON.stringify(plan)).execute(client);
  assert.deepEqual(again.output, result.output);
  await host.close();
});

test("on() tells a function by a handle what is shown", async () => {
  const { host, client } = embed();
  const shown: unknown[] = [];
  await flow.run({})
    .on(size, { answers: { points: 3 } })
    .on(gate, ({ name, data }) => {
      shown.push(name, data);
      return accept();
    })
    .execute(client);
  assert.deepEqual(shown, ["gate", { points: 3 }]);
  await host.close();
});

test("interrupt() and fork() of a run take handles", async () => {
  const { host, client } = embed();
  const run = await flow.start(client, {});
  await run.interrupt(size).answer({ points: 5 });
  await run.interrupt(gate).accept();
  assert.deepEqual((await run.result()).output, {
    points: 5,
    decided: "accept",
  });
  const other = await run.fork({ at: gate });
  await other.interrupt(gate).reject();
  assert.equal((await other.result()).output.decided, "reject");
  const same = await run.fork({ after: size });
  await same.interrupt(gate).accept();
  assert.deepEqual((await same.result()).output.points, 5);
  await host.close();
});

test("on(), interrupt() and fork() refuse what is neither a name nor a handle, and handles of others", async () => {
  const { host, client } = embed();
  const foreign = workflow("other", { version: "1.0.0" }).input()
    .add("elsewhere", core.approvalGate({ title: "?" }), {});
  const plan = flow.run({});
  const run = await flow.start(client, {});
  for (const odd of [foreign, {}, null, 7, gate.action, Object.create(null)]) {
    const given = odd as typeof gate;
    for (
      const call of [
        () => plan.on(given, accept()),
        () => plan.fork("x", { at: given }),
        () => run.interrupt(given),
      ]
    ) {
      assert.throws(call, { code: "invalid-argument" });
    }
    await assert.rejects(run.fork({ at: given }), { code: "invalid-argument" });
  }
  await run.cancel();
  await host.close();
});
