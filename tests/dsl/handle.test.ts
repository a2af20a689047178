import assert from "node:assert/strict";
import { test } from "node:test";
import { clarify, type, workflow } from "@tutti/sdk/dsl";
import { createHost, memoryStore } from "@tutti/sdk/host";
import { DefinitionError, OpenwopClient } from "@tutti/sdk/openwop";

const leave = workflow("leave", { version: "1.0.0" })
  .input(type<{ days: number }>())
  .approval("boss", ({ input }) => ({
    title: "Grant?",
    data: { days: input.days },
  }))
  .branch(({ boss }) => boss.action, { accept: (w) => w, reject: (w) => w })
  .output(({ boss, input }) => ({ granted: boss.action, days: input.days }))
  .build();

test("handle() holds a run that another program started, and sends nothing by itself", async () => {
  const store = memoryStore();
  const first = createHost({ workflows: [leave], store });
  const { id } = await leave.start(
    new OpenwopClient({ baseUrl: first.url, fetch: first.fetch }),
    { days: 3 },
  );
  await first.close();

  const host = createHost({ workflows: [leave], store });
  let sent = 0;
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: (request) => {
      sent++;
      return host.fetch(request);
    },
  });
  const run = leave.handle(client, id);
  assert.equal(run.id, id);
  assert.equal(sent, 0);
  await run.interrupt("boss").accept();
  assert.deepEqual((await run.result()).output, { granted: "accept", days: 3 });

  const gone = leave.handle(client, "local/00000000000000000000000000000000");
  await assert.rejects(gone.snapshot(), { platformCode: "not_found" });
  await host.close();
});

test("clarify() names a question without words, also one of plain JavaScript", () => {
  for (const question of [{ ask: " ", answer: type<string>() }, {}, "How?"]) {
    const asking = workflow("asking", { version: "1.0.0" }).input().use(
      clarify("details", { tone: question as { ask: string } } as never),
    );
    assert.throws(() => asking.build(), (error) => {
      assert.ok(DefinitionError.is(error), String(error));
      assert.match(error.message, /the question "tone" has no words/);
      return true;
    });
  }
});

test("interrupt() of a run refuses a name that no step has, instead of waiting for it", async () => {
  const host = createHost({ workflows: [leave] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const refusal = {
    code: "invalid-argument",
    message: 'Cannot use "interrupt": workflow "leave" has no step "bos"',
  };
  const run = await leave.start(client, { days: 3 });
  assert.throws(() => run.interrupt("bos" as never), refusal);
  await run.interrupt("boss").accept();
  await run.result();
  // Of a fork and of a run that is held again, too.
  const fork = await run.fork({ at: "boss" });
  assert.throws(() => fork.interrupt("bos" as never), refusal);
  const held = leave.handle(client, fork.id);
  assert.throws(() => held.interrupt("bos" as never), refusal);
  await held.interrupt("boss").reject();
  assert.deepEqual((await fork.result()).output, {
    granted: "reject",
    days: 3,
  });
  await host.close();
});
