import assert from "node:assert/strict";
import test from "node:test";
import {
  OpenSpawnError,
  OPERATIONS,
  readOperations,
} from "@tutti/sdk/openspawn";
import { openSpawnKit, withOpenSpawn } from "../support/openspawn.ts";
import type { OpenSpawnKit } from "../support/openspawn.ts";

/** Name, path and mark of each operation of the table. */
function rows(): {
  resource: string;
  name: string;
  path: string;
  mark: string;
}[] {
  return Object.entries(OPERATIONS).flatMap(([resource, table]) =>
    readOperations(table).map(([name, , path, , mark]) => ({
      resource,
      name,
      path,
      mark,
    }))
  );
}

type Untyped = Record<
  string,
  Record<string, (...args: unknown[]) => Promise<unknown>>
>;

test("an API key and a user are refused before anything is sent, wherever the server would refuse them", async () => {
  await withOpenSpawn(async ({ byKey, byUser, server, id }) => {
    const input = { name: "x" };
    for (const { resource, name, path: template, mark } of rows()) {
      const clients = mark.startsWith("!")
        ? { apiKey: byKey(), accessToken: byUser() }
        : mark === "@"
        ? { apiKey: byKey() }
        : {};
      for (const [path, client] of Object.entries(clients)) {
        const method = (client as unknown as Untyped)[resource]![name]!;
        const args = [...template.matchAll(/\{\w+\}/g)].map(([found]) =>
          found === "{templateId}" ? "tmpl_1" : id("lead")
        );
        const call = name === "transfer" || /^(claim)$/.test(name)
          ? method({ toAgentId: id("lead"), amount: 1 })
          : method(...args, input);
        await assert.rejects(
          call,
          (error) => {
            const { code, hint } = error as Record<string, unknown>;
            assert.equal(code, "invalid-argument", `${resource}.${name}`);
            assert.equal((error as { path?: string }).path, path);
            assert.match(
              String(hint),
              mark === "@" ? /accessToken/ : /agentId and secret/,
            );
            return true;
          },
        );
      }
    }
    assert.equal(server.received.length, 0);
  });
});

/** Calls each operation that takes effect and is answered with 500, by an API key. */
async function unanswered(
  kit: OpenSpawnKit,
): Promise<readonly [string, () => Promise<unknown>, () => boolean][]> {
  const { server, id } = kit;
  const lead = kit.as("lead");
  await lead.agents.addCapability(id("worker1"), { capability: "review" });
  const task = await lead.tasks.create({
    title: "T",
    approvalRequired: true,
    capabilities: ["review"],
  });
  const other = await lead.tasks.create({ title: "O" });
  const row = server.state.task(task.id);
  const { agents, channels, tasks } = kit.byKey();
  const { dependencies } = server.state;
  const worker = server.agent("worker1");
  return [
    [
      "tasks.transition",
      () => tasks.transition(task.id, { status: "todo" }),
      () => row.status === "todo",
    ],
    [
      "tasks.assign",
      () => tasks.assign(task.id, { assigneeId: id("lead") }),
      () => row.assigneeId === id("lead"),
    ],
    [
      "tasks.stampApproval",
      () => tasks.stampApproval(task.id),
      () => row.approvedAt !== null,
    ],
    [
      "tasks.addDependency",
      () => tasks.addDependency(task.id, { dependsOnId: other.id }),
      () => dependencies.length === 1,
    ],
    [
      "tasks.removeDependency",
      () => tasks.removeDependency(task.id, other.id),
      () => dependencies.length === 0,
    ],
    [
      "tasks.autoAssign",
      () => tasks.autoAssign(task.id),
      () => row.assigneeId === id("worker1"),
    ],
    [
      "agents.awardBonus",
      () => agents.awardBonus(id("worker1"), { reason: "r" }),
      () => worker.trustScore === 60,
    ],
    [
      "agents.applyPenalty",
      () => agents.applyPenalty(id("worker1"), { reason: "r" }),
      () => worker.trustScore === 50,
    ],
    [
      "channels.create",
      () => channels.create({ name: "c", type: "general" }),
      () => server.state.channels.length === 1,
    ],
  ];
}

test("what takes effect for an API key and is answered with 500 is sent once, and says so", async () => {
  await withOpenSpawn(async (kit) => {
    const calls = await unanswered(kit);
    for (const [name, call, done] of calls) {
      const before = kit.server.received.length;
      assert.equal(done(), false, `${name} before`);
      await assert.rejects(call(), (error) => {
        const { attempts, hint, outcomeUncertain, status } = error as Record<
          string,
          unknown
        >;
        assert.deepEqual([status, attempts, outcomeUncertain], [500, 1, true]);
        assert.match(String(hint), /takes effect all the same.*: read it back/);
        return true;
      });
      assert.equal(done(), true, `${name} after`);
      assert.equal(kit.server.received.length, before + 1);
    }
    const marked = rows().filter(({ mark }) => mark === "+")
      .map(({ resource, name }) => `${resource}.${name}`);
    assert.deepEqual(calls.map(([name]) => name).sort(), marked.sort());
  });
});

test("an API key reads, and the methods that are left to it work", async () => {
  await withOpenSpawn(async ({ byKey, id }) => {
    const client = byKey();
    assert.equal((await client.agents.list()).length, 4);
    assert.equal((await client.agents.get(id("lead"))).level, 5);
    assert.deepEqual(await client.tasks.list(), []);
    assert.deepEqual((await client.events.list()).data, []);
    await assert.rejects(client.whoAmI(), {
      path: "apiKey",
      hint: "make the client with agentId and secret",
    });
  });
});

test("whoAmI() finds the agent's UUID once, and says where the slug is in no list", async () => {
  await withOpenSpawn(async ({ as, id, server }) => {
    const client = as("lead");
    assert.equal(await client.whoAmI(), id("lead"));
    assert.equal(await client.whoAmI(), id("lead"));
    assert.equal(server.received.length, 1);
    const lost = as("lead");
    server.agent("lead").deletedAt = "now";
    await assert.rejects(lost.whoAmI(), { path: "agentId" });
  });
});

test("a 500 is explained to whoever gets it: an agent is not told to become one", async () => {
  const kit = openSpawnKit();
  const failing = {
    fetch: () => Response.json({ error: "Internal" }, { status: 500 }),
  };
  const hintOf = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.catch((error: unknown) => error);
    assert.ok(OpenSpawnError.is(error));
    assert.equal(error.status, 500);
    assert.equal(error.outcomeUncertain, true);
    return error.hint ?? "";
  };
  const id = kit.id("lead");
  const to = { status: "todo" } as const;
  assert.match(
    await hintOf(kit.byKey(failing).tasks.transition(id, to)),
    /takes effect all the same.*agent credentials/,
  );
  assert.match(
    await hintOf(kit.as("lead", failing).tasks.transition(id, to)),
    /may have taken effect/,
  );
});
