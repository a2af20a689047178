// An edited version that its schema refuses is told to the approver, who can mend it; sent, it would fail the run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  defineNode,
  defineWorkflow,
  fragment,
  insert,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { InvalidArgumentError, OpenwopClient } from "@tutti/sdk/openwop";

const Letter = z.object({ subject: z.string().min(3), body: z.string() });
const good = { subject: "Good news", body: "It works" };
const bad = { subject: "", body: "" };

const send = defineNode({
  typeId: "local.edited.send",
  input: type<
    { draft: z.infer<typeof Letter>; edited?: z.infer<typeof Letter> }
  >(),
  output: type<{ sent: string }>(),
  run: ({ draft, edited }) => ({ sent: (edited ?? draft).subject }),
});
const letter = workflow("letter", { version: "1.0.0" })
  .input(type<{ draft: z.infer<typeof Letter> }>())
  .approval("editor", () => ({ title: "Send it?" }), { edit: Letter })
  .step("send", send, ({ input, editor }) => ({
    draft: input.draft,
    edited: editor.edited,
  }))
  .output(({ send }) => ({ sent: send.sent }))
  .build();

function bench() {
  let answers = 0;
  const host = createHost({ workflows: [letter] });
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: (request) => {
      if (/interrupts/.test(request.url)) answers++;
      return host.fetch(request);
    },
  });
  return { host, client, answers: () => answers };
}

const isRefusal = (error: unknown): boolean =>
  InvalidArgumentError.is(error) && error.path === "artifact/subject";

test("edit() sends nothing that the schema refuses, and the question stays open", async () => {
  const { host, client, answers } = bench();
  const run = await letter.start(client, { draft: good });
  await assert.rejects(run.interrupt("editor").edit(bad), isRefusal);
  const held = letter.handle(client, run.id);
  await assert.rejects(held.interrupt("editor").edit(bad), isRefusal);
  for (
    const open of [
      await run.interrupt("editor").wait(),
      await run.interrupt("editor").get(),
    ]
  ) {
    assert.ok(open?.kind === "approval");
    await assert.rejects(open.edit(bad), isRefusal);
    const again = await open.get();
    assert.ok(again?.kind === "approval");
    await assert.rejects(again.edit(bad), isRefusal);
  }
  assert.equal(answers(), 0);
  const { votes, nodeId } = await run.interrupt("editor").wait();
  assert.deepEqual([nodeId, votes], ["editor", []]);
  await run.interrupt("editor").edit(
    { ...good, subject: "Mended" },
    { comment: "better" },
  );
  assert.equal(answers(), 1);
  assert.deepEqual((await run.result()).output, { sent: "Mended" });
  await host.close();
});

test("edit() of a fork checks as the run does, and of another approval takes what it takes", async () => {
  const { host, client } = bench();
  const run = await letter.start(client, { draft: good });
  await run.interrupt("editor").accept();
  await run.result();
  const fork = await run.fork({ at: "editor" });
  await assert.rejects(fork.interrupt("editor").edit(bad), isRefusal);
  await fork.interrupt("editor").edit({ ...good, subject: "Forked" });
  assert.deepEqual((await fork.result()).output, { sent: "Forked" });
  await host.close();
});

test("edit() of an approval in a fragment checks under the name that it has there", async () => {
  const part = fragment(
    type<{ text: string }>(),
    (w) => w.approval("gate", () => ({ title: "?" }), { edit: Letter }),
  );
  const flow = workflow("parts", { version: "1.0.0" })
    .input(type<{ text: string }>())
    .use(insert("first", part, ({ input }) => ({ text: input.text })))
    .build();
  const host = createHost({ workflows: [flow] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const run = await flow.start(client, { text: "x" });
  await assert.rejects(run.interrupt("first-gate").edit(bad), isRefusal);
  await run.interrupt("first-gate").edit(good);
  await run.result();
  await host.close();
});

test("build() writes no schema of an edit into the definition", () => {
  const definition = defineWorkflow("letter", { version: "1.0.0" })
    .input(type<object>())
    .approval("editor", () => ({ title: "Send it?" }), { edit: Letter })
    .build().definition;
  assert.deepEqual(Object.keys(definition.nodes[0]!).sort(), [
    "config",
    "id",
    "inputs",
    "name",
    "position",
    "typeId",
  ]);
});
