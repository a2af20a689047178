// A step is handed on by its fields: all of it at once is refused, and never nothing without a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { defineNode, emit, type, workflow } from "@tutti/sdk/dsl";
import { InvalidArgumentError } from "@tutti/sdk/openwop";

interface Letter {
  readonly subject: string;
  readonly body: string;
}

const write = defineNode({
  typeId: "local.whole.write",
  input: type<{ topic: string }>(),
  output: type<Letter & { readonly letter: Letter }>(),
  run: ({ topic }) => ({
    subject: topic,
    body: "",
    letter: { subject: topic, body: "" },
  }),
});
const send = defineNode({
  typeId: "local.whole.send",
  input: type<Letter>(),
  output: type<{ sent: boolean }>(),
  run: () => ({ sent: true }),
});
const begun = () =>
  workflow("letters", { version: "1.0.0" })
    .input(type<{ topic: string }>())
    .step("draft", write, ({ input }) => ({ topic: input.topic }));

/** Declarations that the compiler lets pass, since a step has the fields that are wanted. */
const wholes: readonly (readonly [string, string, () => unknown])[] = [
  [
    "a step is spread",
    "draft",
    () => begun().step("send", send, ({ draft: { ...all } }) => all as never),
  ],
  [
    "a step is the ports of another",
    "draft",
    () => begun().step("send", send, ({ draft }) => draft as never),
  ],
  [
    "a reference is the ports of a step",
    "draft.letter",
    () => begun().step("send", send, ({ draft }) => draft.letter as never),
  ],
  [
    "the input is the ports of a step",
    "input",
    () => begun().step("again", write, ({ input }) => ({ ...input } as never)),
  ],
  [
    "a step is what an approver is shown",
    "draft",
    () =>
      begun().approval("gate", ({ draft }) => ({ title: "?", data: draft })),
  ],
  [
    "a reference is what an approver is shown",
    "draft.letter",
    () =>
      begun().approval(
        "gate",
        ({ draft }) => ({ title: "?", data: draft.letter }),
      ),
  ],
  [
    "a step is the output",
    "draft",
    () => begun().output(({ draft }) => draft),
  ],
  [
    "a step is what an event tells",
    "draft",
    () =>
      begun().use(emit("tell", "acme.written", ({ draft }) => draft as never)),
  ],
  [
    "a step becomes a text",
    "draft",
    () =>
      begun().step("send", send, ({ draft }) => ({
        subject: `${draft}`,
        body: draft.body,
      })),
  ],
];

for (const [what, name, declare] of wholes) {
  test(`workflow() says which field has to be named when ${what}`, () => {
    assert.throws(declare, (error) => {
      assert.ok(InvalidArgumentError.is(error));
      assert.equal(error.path, name);
      assert.match(error.message, /name each one|no value before the run/);
      return true;
    });
  });
}

test("check() names the port when all of a step is handed to it, or lies in a literal", () => {
  const draft = begun()
    .step("one", send, ({ draft }) => ({
      subject: draft as never,
      body: draft.body,
    }))
    .step("two", send, ({ draft }) => ({
      subject: { in: [draft] } as never,
      body: draft.body,
    }));
  const issues = draft.check();
  assert.deepEqual(
    issues.map(({ code, source, pointer }) => [code, source, pointer]),
    [
      ["literal-not-json", "one", "/nodes/1/inputs/subject"],
      ["literal-not-json", "two", "/nodes/2/inputs/subject/in/0"],
    ],
  );
  for (const { message } of issues) {
    assert.match(
      message,
      /it is all of draft: name one field, as in draft\.text/,
    );
  }
});

test("step() refuses a function that is async, whose ports nobody would see", () => {
  assert.throws(
    () =>
      begun().step(
        "send",
        send,
        (async ({ draft }: { draft: Letter }) => ({
          subject: await draft.subject,
        })) as never,
      ),
    { code: "invalid-argument", path: "send.inputs" },
  );
});
