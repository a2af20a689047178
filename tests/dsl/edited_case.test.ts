// Where an approval was answered with an edited version, the definition counts on it; everywhere else it does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  acceptEdited,
  type AnyAnswer,
  defineNode,
  fragment,
  insert,
  orElse,
  reject,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient } from "@tutti/sdk/openwop";
import type { WorkflowDefinition } from "@tutti/sdk/openwop";

interface Letter {
  subject: string;
}
const send = defineNode({
  typeId: "local.case.send",
  input: type<{ letter?: Letter; subject?: string }>(),
  output: type<{ sent: string }>(),
  run: ({ letter, subject }) => ({
    sent: `${letter?.subject ?? "nothing"}, ${subject ?? "nothing"}`,
  }),
});
const begin = workflow("letters", { version: "1.0.0" })
  .input(type<{ kind: string }>())
  .approval("editor", () => ({ title: "?" }), { edit: type<Letter>() })
  .approval("second", () => ({ title: "?" }), { edit: type<Letter>() });

/** Whether each node takes the edited version of `gate` for certain, by node. */
function certain(
  { definition }: { readonly definition: WorkflowDefinition },
  gate = "second",
): Record<string, boolean> {
  return Object.fromEntries(
    definition.nodes.flatMap(({ id, inputs }) => {
      const from = inputs["letter"];
      return from?.type === "connection" && from.nodeId === gate &&
          from.outputKey === "editedArtifactData"
        ? [[id, !from.optional]]
        : [];
    }),
  );
}

test("branch() on the action of an approval makes its edited version certain in the case edit-accept, and there only", () => {
  const flow = begin
    .branch(({ second }) => second.action, {
      "edit-accept": (w) =>
        w.step("edited", send, ({ second }) => ({
          letter: second.edited,
          subject: second.edited.subject,
        }))
          .step("other", send, ({ editor }) => ({ letter: editor.edited }))
          .parallel({
            a: (w) =>
              w.step("deep", send, ({ second }) => ({ letter: second.edited })),
          })
          .branch(({ input }) => input.kind, {
            accept: (w) =>
              w.step("deeper", send, ({ second }) => ({
                letter: second.edited,
              })),
            otherwise: (w) => w,
          }),
      accept: (w) =>
        w.step("plain", send, ({ second }) => ({ letter: second.edited })),
      reject: (w) => w,
    })
    .step("after", send, ({ second }) => ({ letter: second.edited }))
    .build();
  assert.deepEqual(certain(flow), {
    edited: true,
    deep: true,
    deeper: true,
    plain: false,
    after: false,
  });
  assert.deepEqual(certain(flow, "editor"), { other: false });
});

test("branch() makes it certain where other steps come before, and where there is an otherwise", () => {
  const flow = begin
    .step("between", send, () => ({}))
    .branch(({ second }) => second.action, {
      "edit-accept": (w) =>
        w.step("edited", send, ({ second }) => ({ letter: second.edited })),
      otherwise: (w) =>
        w.step("rest", send, ({ second }) => ({ letter: second.edited })),
    })
    .build();
  assert.deepEqual(certain(flow), { edited: true, rest: false });
});

test("branch() on anything else makes nothing certain", () => {
  const flow = begin
    .branch(({ second }) => second.comment, {
      "edit-accept": (w) =>
        w.step("said", send, ({ second }) => ({ letter: second.edited })),
      otherwise: (w) => w,
    })
    .branch(({ input }) => input.kind, {
      "edit-accept": (w) =>
        w.step("given", send, ({ second }) => ({ letter: second.edited })),
      otherwise: (w) => w,
    })
    .branch(({ editor }) => editor.action, {
      "edit-accept": (w) =>
        w.step("other", send, ({ second }) => ({ letter: second.edited })),
      accept: (w) => w,
      reject: (w) => w,
    })
    .branch(({ input }) => input.kind, {
      yes: (w) =>
        w.approval("late", () => ({ title: "?" }), { edit: type<Letter>() }),
      otherwise: (w) => w,
    })
    .branch(({ late }) => orElse(late.action, "edit-accept"), {
      "edit-accept": (w) =>
        w.step("never", send, ({ late }) => ({ letter: late.edited })),
      accept: (w) => w,
      reject: (w) => w,
    })
    .build();
  assert.deepEqual(certain(flow), { said: false, given: false, other: false });
  assert.deepEqual(certain(flow, "late"), { never: false });
});

test("branch() in a fragment says nothing of an approval outside that has the same name", () => {
  const part = fragment(
    type<{ letter?: Letter }>(),
    (w) =>
      w.approval("second", () => ({ title: "?" }), { edit: type<Letter>() })
        .branch(({ second }) => second.action, {
          "edit-accept": (w) =>
            w.step("outer", send, ({ input }) => ({ letter: input.letter })),
          otherwise: (w) =>
            w.step("own", send, ({ second }) => ({ letter: second.edited })),
        }),
  );
  const flow = begin
    .use(insert("in", part, ({ second }) => ({ letter: second.edited })))
    .branch(({ second }) => second.action, {
      "edit-accept": (w) =>
        w.use(insert("below", part, ({ second }) => ({
          letter: second.edited,
        }))),
      accept: (w) => w,
      reject: (w) => w,
    })
    .build();
  assert.deepEqual(certain(flow), { "in-outer": false, "below-outer": true });
  assert.deepEqual(certain(flow, "in-second"), { "in-own": false });
  assert.deepEqual(certain(flow, "below-second"), { "below-own": false });
});

test("a step in the case edit-accept gets the edited version, and the others run without", async () => {
  const flow = begin
    .branch(({ second }) => second.action, {
      "edit-accept": (w) =>
        w.step("edited", send, ({ second }) => ({
          letter: second.edited,
          subject: second.edited.subject,
        })),
      accept: (w) =>
        w.step("plain", send, ({ second }) => ({ letter: second.edited })),
      reject: (w) => w,
    })
    .output(({ edited, plain }) => ({ edited: edited.sent, plain: plain.sent }))
    .build();
  const host = createHost({ workflows: [flow] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  const outputOf = async (answer: AnyAnswer): Promise<unknown> =>
    (await flow.run({ kind: "" }).on("editor", accept()).onAny(answer)
      .execute(client)).output;
  assert.deepEqual(await outputOf(acceptEdited({ subject: "Hi" })), {
    edited: "Hi, Hi",
  });
  assert.deepEqual(await outputOf(accept()), { plain: "nothing, nothing" });
  assert.deepEqual(await outputOf(reject()), {});
  await host.close();
});
