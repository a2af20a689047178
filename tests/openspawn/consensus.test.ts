import assert from "node:assert/strict";
import test from "node:test";
import { withOpenSpawn } from "../support/openspawn.ts";

test("templates.create(), templates.createFromTask(), templates.list() and templates.delete() take effect and are answered with 500: none is repeated", async () => {
  await withOpenSpawn(async ({ as, server }) => {
    const { tasks, templates } = as("lead");
    const task = await tasks.create({ title: "T" });
    const sent = server.received.length;
    const failing = { status: 500, attempts: 1, outcomeUncertain: true };
    await assert.rejects(
      templates.create({ name: "Review", title: "Review {{what}}" }),
      failing,
    );
    await assert.rejects(
      templates.createFromTask(task.id, { name: "Copy" }),
      failing,
    );
    assert.equal(server.state.templates.size, 2);
    await assert.rejects(templates.list(), { status: 500, attempts: 1 });
    const [templateId] = server.state.templates.keys();
    await assert.rejects(templates.delete(templateId!), failing);
    assert.equal(server.state.templates.size, 1);
    assert.equal(server.received.length - sent, 4);
  });
});

test("templates.get() and templates.instantiate() use a template", async () => {
  await withOpenSpawn(async ({ as, byKey, server }) => {
    const { templates } = as("lead");
    server.state.templates.set("tmpl_1_abc", {
      id: "tmpl_1_abc",
      title: "Review {{what}}",
    });
    assert.equal(
      (await byKey().templates.get("tmpl_1_abc")).title,
      "Review {{what}}",
    );
    const [made] = await templates.instantiate({
      templateId: "tmpl_1_abc",
      variables: { what: "PR 7" },
    });
    assert.equal(made?.title, "Review PR 7");
    await assert.rejects(templates.get("tmpl_none"), { status: 404 });
  });
});

test("consensus.create(), consensus.listPending(), consensus.listVotable(), consensus.vote() and consensus.get() decide", async () => {
  await withOpenSpawn(async ({ as, byKey }) => {
    const asked = await as("lead").consensus.create({
      type: "CUSTOM",
      title: "Lunch?",
      description: "Krabby patties",
      quorumRequired: 2,
    });
    assert.equal(asked.status, "PENDING");
    assert.equal((await byKey().consensus.listPending()).length, 1);
    assert.equal((await as("worker1").consensus.listVotable()).length, 1);
    await as("worker1").consensus.vote(asked.id, { vote: "APPROVE" });
    assert.deepEqual(await as("worker1").consensus.listVotable(), []);
    await assert.rejects(
      as("worker1").consensus.vote(asked.id, { vote: "REJECT" }),
      { status: 400, platformMessage: "Already voted" },
    );
    await as("hr").consensus.vote(asked.id, { vote: "ABSTAIN", reason: "?" });
    const decided = await byKey().consensus.get(asked.id);
    assert.equal(decided.status, "APPROVED");
    assert.equal(decided.votes?.length, 2);
    assert.ok(!JSON.stringify(decided).includes("hmacSecretEnc"));
  });
});

test("consensus.cancel() takes a request back", async () => {
  await withOpenSpawn(async ({ as }) => {
    const { consensus } = as("lead");
    const { id } = await consensus.create({
      type: "CUSTOM",
      title: "T",
      description: "D",
    });
    assert.equal((await consensus.cancel(id)).status, "CANCELLED");
    await assert.rejects(consensus.cancel(id), { status: 400 });
  });
});

test("consensus.vote() refuses a word that the server would count as an abstention", async () => {
  await withOpenSpawn(async ({ as, id, server }) => {
    const { consensus } = as("lead");
    await assert.rejects(
      consensus.vote(id("lead"), { vote: "approve" as never }),
      { code: "invalid-argument", path: "vote" },
    );
    assert.equal(server.received.length, 0);
  });
});
