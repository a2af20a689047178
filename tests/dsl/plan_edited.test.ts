// A plan sends no edited version that the schema of its approval refuses: what it says itself is refused before a run.
import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import {
  accept,
  acceptEdited,
  defineWorkflow,
  forEach,
  fragment,
  fromDefinition,
  insert,
  planFromJson,
  sub,
  type,
  votes,
  workflow,
} from "@tutti/sdk/dsl";
import type { PlanClient } from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";

const Letter = z.object({ subject: z.string().min(3) });
const good = { subject: "Good news" };
const bad = { subject: "" };

const letter = workflow("letter", { version: "1.0.0" }).input()
  .approval("editor", () => ({ title: "Send it?" }), {
    // As a library does that asks a database.
    edit: Letter.refine(({ subject }) => Promise.resolve(subject !== "taken")),
  })
  .output(({ editor }) => ({ sent: editor.edited }))
  .build();
const child = defineWorkflow("child", { version: "1.0.0" })
  .input(type<object>())
  .approval("gate", () => ({ title: "?" }), { edit: Letter })
  .output(({ gate }) => ({ sent: gate.edited }))
  .build();
const middle = workflow("middle", { version: "1.0.0" }).input()
  .use(sub("inner", child, () => ({})))
  .build();
const part = fragment(
  type<object>(),
  (w) => w.approval("gate", () => ({ title: "?" }), { edit: Letter }),
);
const family = workflow("family", { version: "1.0.0" })
  .input(type<{ list: object[] }>())
  .use(insert("part", part, () => ({})))
  .use(sub("middle", middle, () => ({})))
  .use(forEach("each", ({ input }) => input.list, child, () => ({})))
  .build();

/** A client that must not be used. */
const nobody: PlanClient = {
  runs: {
    start: () => assert.fail("a run was started"),
    handle: () => assert.fail("a run was held"),
  },
};

function bench() {
  const host = createHost({ workflows: [letter, child, middle, family] });
  let answers = 0;
  const client = new OpenwopClient({
    baseUrl: host.url,
    fetch: (request) => {
      if (/interrupts/.test(request.url)) answers++;
      return host.fetch(request);
    },
  });
  return { host, client, answers: () => answers };
}

const refusal = (path: string) => ({ code: "invalid-argument", path });

test("execute() refuses an edited version that is not as declared before anything is started", async () => {
  const own = refusal("editor.editedArtifactData/subject");
  const plan = letter.run({}).on("editor", acceptEdited(bad));
  const ok = letter.run({}).on("editor", accept());
  const stored = planFromJson(letter, JSON.stringify(plan));
  for (
    const wrong of [
      plan,
      stored,
      letter.run({}).on("editor", votes({ ann: acceptEdited(bad) })),
      ok.fork("x", { at: "editor" }, (f) => f.on("editor", acceptEdited(bad))),
      ok.fork(
        "x",
        "start",
        (f) =>
          f.fork(
            "y",
            { at: "editor" },
            (g) => g.on("editor", acceptEdited(bad)),
          ),
      ),
    ]
  ) {
    await assert.rejects(wrong.execute(nobody, { as: () => nobody }), own);
  }
  const taken = acceptEdited({ subject: "taken" });
  await assert.rejects(
    letter.run({}).on("editor", taken).execute(nobody),
    refusal("editor.editedArtifactData"),
  );
  const whole = family.run({ list: [] });
  for (
    const [wrong, name] of [
      [whole.on("part-gate", acceptEdited(bad)), "part-gate"],
      [whole.on("middle.inner.gate", acceptEdited(bad)), "middle.inner.gate"],
      [whole.on("each.gate", acceptEdited(bad)), "each.gate"],
    ] as const
  ) {
    await assert.rejects(
      wrong.execute(nobody),
      refusal(`${name}.editedArtifactData/subject`),
    );
  }
});

test("execute() goes by the workflow that a fork is given", async () => {
  const other = workflow("other", { version: "1.0.0" }).input()
    .approval("editor", () => ({ title: "?" }), {
      edit: z.object({ subject: z.string().max(4) }),
    })
    .build();
  const plan = letter.run({}).on("editor", acceptEdited(good));
  await assert.rejects(
    plan.fork("x", "start", (f) => f.definition(other)).execute(nobody),
    refusal("editor.editedArtifactData/subject"),
  );
});

test("execute() sends nothing that a function gives and the schema refuses, and cancels the run", async () => {
  for (
    const plan of [
      letter.run({}).on("editor", () => acceptEdited(bad)),
      letter.run({}).onAny(acceptEdited(bad)),
      letter.run({}).onAny(() =>
        votes({ ann: accept(), bob: acceptEdited(bad) })
      ),
    ]
  ) {
    const { host, client, answers } = bench();
    let runId = "";
    await assert.rejects(
      plan.execute(client, {
        as: () => client,
        onEvent: (event) => runId = event.runId,
      }),
      refusal("editor.editedArtifactData/subject"),
    );
    assert.equal(answers(), 0);
    assert.equal((await client.runs.get(runId)).status, "cancelled");
    await host.close();
  }
});

test("execute() sends what the schemas take, also to children", async () => {
  const { host, client, answers } = bench();
  const { output } = await letter.run({})
    .on("editor", acceptEdited(good)).execute(client);
  assert.deepEqual(output, { sent: good });
  const { status } = await family.run({ list: [{}] })
    .on("part-gate", acceptEdited(good))
    .on("middle.inner.gate", () => acceptEdited(good))
    .onAny(acceptEdited(good))
    .execute(client);
  assert.equal(status, "completed");
  assert.equal(answers(), 4);
  await host.close();
});

test("execute() takes an edited version as it is where no schema is known", async () => {
  const { host, client } = bench();
  const read = fromDefinition(letter.definition);
  const { output } = await read.run({})
    .on("editor", acceptEdited(bad)).execute(client);
  assert.deepEqual(output, { sent: bad });
  await host.close();
});
