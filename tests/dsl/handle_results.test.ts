// What became of a step that was added by handle is found by the handle, and a fork writes over its outputs by it.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  compareResults,
  core,
  defineNode,
  planFromJson,
  stepName,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";

const rate = defineNode({
  typeId: "local.handle.rate",
  input: type<{ of: string }>(),
  output: type<{ rate: number; source: string }>(),
  run: () => ({ rate: 2, source: "bank" }),
});
const convert = defineNode({
  typeId: "local.handle.convert",
  input: type<{ amount: number; rate: number }>(),
  output: type<{ total: number }>(),
  run: ({ amount, rate }) => {
    if (rate < 0) throw new Error("no such rate");
    return { total: amount * rate };
  },
});
const w = workflow("change", { version: "1.0.0" })
  .input(type<{ amount: number }>());
const rated = w.add("rate", rate, { of: "EUR" });
const gate = w.add("gate", core.approvalGate({ title: "?" }), {
  rate: rated.rate,
});
const converted = w.add("convert", convert, {
  amount: w.input.amount,
  rate: rated.rate,
}, { after: [stepName(gate)] });
const change = w.output(() => ({
  total: converted.total,
  source: rated.source,
})).build();

function embed() {
  const host = createHost({ workflows: [change] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  return { host, client };
}

const plan = change.run({ amount: 10 })
  .on(gate, accept())
  .fork("better", { at: converted }, (f) =>
    f.state(rated, { rate: 3 })
      .fork("source", { at: converted }, (g) =>
        g.state(rated, { source: "friend" })))
  .fork("never", { at: gate }, (f) => f.state(rated, { rate: -1 }));

test("state() writes over outputs by a handle, and stepName() finds what became of it", async () => {
  const { host, client } = embed();
  const result = await plan.execute(client);
  const { better, never } = result.forks;
  assert.deepEqual(result.output, { total: 20, source: "bank" });
  assert.deepEqual(better.output, { total: 30, source: "bank" });
  assert.deepEqual(better.forks.source.output, { total: 30, source: "friend" });
  assert.equal(never.status, "failed");
  for (const step of [rated, gate, converted]) {
    assert.equal(result.steps[stepName(step)], "completed");
  }
  assert.equal(never.steps[stepName(converted)], "failed");
  assert.equal(never.steps[stepName(rated)], "completed");
  const changes = compareResults(result, never).steps;
  assert.deepEqual(
    changes.find(({ step }) => step === stepName(converted)),
    { step: "convert", left: "completed", right: "failed" },
  );
  await host.close();
});

test("state() by a handle is the same in a plan that was stored", async () => {
  const { host, client } = embed();
  const text = JSON.stringify(plan);
  const stored = planFromJson(change, text);
  assert.deepEqual(JSON.parse(JSON.stringify(stored)), JSON.parse(text));
  const { forks } = await stored.execute(client);
  assert.deepEqual(forks["better"]?.output, { total: 30, source: "bank" });
  await host.close();
});

test("state() and stepName() refuse what is no handle, handles of others and of questions", () => {
  const foreign = workflow("other", { version: "1.0.0" }).input()
    .add("elsewhere", rate, { of: "EUR" });
  const at = change.run({ amount: 1 });
  for (
    const odd of [foreign, gate, {}, null, 7, rated.rate, Object.create(null)]
  ) {
    const given = odd as typeof rated;
    assert.throws(() => at.state(given, { rate: 1 }), {
      code: "invalid-argument",
    });
    if (odd !== foreign && odd !== gate) {
      assert.throws(() => stepName(given), { code: "invalid-argument" });
    }
  }
  // A handle without what is to be written is no edit.
  for (const nothing of [undefined, null, 0]) {
    assert.throws(
      () => (at.state as (...given: unknown[]) => unknown)(rated, nothing),
      { code: "invalid-argument" },
    );
  }
  for (const outputs of [7, "text", [1], { rate: NaN }, { rate: new Date() }]) {
    assert.throws(() => at.state(rated, outputs as object), {
      code: "invalid-argument",
      path: "state.rate",
    });
  }
});
