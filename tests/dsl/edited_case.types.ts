// Type tests of what is certain where an approval was answered with an edited version. Nothing here is run.
import {
  defineNode,
  either,
  eq,
  fragment,
  insert,
  orElse,
  repeat,
  type,
  when,
  workflow,
} from "@tutti/sdk/dsl";

interface Letter {
  subject: string;
  note?: string;
}
const send = defineNode({
  typeId: "local.case.send",
  input: type<{ letter: Letter; subject: string }>(),
  output: type<{ sent: string; kind: "edit-accept" | "other" }>(),
  run: ({ subject }) => ({ sent: subject, kind: "other" as const }),
});
const note = defineNode({
  typeId: "local.case.note",
  input: type<{ text: string }>(),
  output: type<{ text: string }>(),
  run: ({ text }) => ({ text }),
});

const asked = workflow("letters", { version: "1.0.0" })
  .input(type<{ letter: Letter; kind: "edit-accept" | "accept" | "reject" }>())
  .approval("editor", () => ({ title: "?" }), {
    edit: type<Letter>(),
    refine: true,
  })
  .approval("second", () => ({ title: "?" }), { edit: type<Letter>() })
  .approval("plain", () => ({ title: "?" }));

asked.branch(({ editor }) => editor.action, {
  "edit-accept": (w) =>
    w.step("edited", send, ({ editor }) => ({
      letter: editor.edited,
      subject: editor.edited.subject,
    }))
      // It stays certain below.
      .parallel({
        a: (w) =>
          w.step("deep", note, ({ editor }) => ({
            text: editor.edited.subject,
          })),
      })
      .use(when(({ editor }) => ({ b: eq(editor.edited.subject, "x") }), {
        b: (w) =>
          w.step("deeper", note, ({ editor }) => ({
            text: editor.edited.subject,
          })),
      }))
      .use(repeat(
        "again",
        (w) =>
          w.step("round", note, ({ editor }) => ({
            text: editor.edited.subject,
          })),
        { max: 2, until: ({ round }) => eq(round.text, "x") },
      ))
      // What may be missing of it still may.
      .step("noted", note, ({ editor }) => ({
        // @ts-expect-error the note may be absent
        text: editor.edited.note,
      }))
      .step("wished", note, ({ editor }) => ({
        // @ts-expect-error nobody has sent it back
        text: editor.refinement.text,
      }))
      .step("other", note, ({ second }) => ({
        // @ts-expect-error the other approval may have been answered otherwise
        text: second.edited.subject,
      })),
  accept: (w) =>
    w.step("as-is", note, ({ editor }) => ({
      // @ts-expect-error it was accepted as it is
      text: editor.edited.subject,
    })),
  reject: (w) =>
    w.step("no", note, ({ editor }) => ({
      // @ts-expect-error it was rejected
      text: editor.edited.subject,
    })),
  refine: (w) => w,
})
  .step("after", note, ({ editor }) => ({
    // @ts-expect-error behind the branch nobody knows
    text: editor.edited.subject,
  }));

// All other values have no certain one, whatever they are.
asked.branch(({ second }) => second.action, {
  otherwise: (w) =>
    w.step("rest", note, ({ second }) => ({
      // @ts-expect-error it may have been accepted as it is
      text: second.edited.subject,
    })),
});

// Only a branch on the action itself tells.
asked.branch(({ input }) => input.kind, {
  "edit-accept": (w) =>
    w.step("x", note, ({ second }) => ({
      // @ts-expect-error somebody said so in the input
      text: second.edited.subject,
    })),
  accept: (w) => w,
  reject: (w) => w,
});
asked.branch(({ second }) => orElse(second.action, "edit-accept"), {
  "edit-accept": (w) =>
    w.step("x", note, ({ second }) => ({
      // @ts-expect-error the literal may stand for an approval that was never asked
      text: second.edited.subject,
    })),
  accept: (w) => w,
  reject: (w) => w,
});
asked.use(either("which", ({ second, plain }) => [second.action, plain.action]))
  .branch(({ which }) => which.value, {
    "edit-accept": (w) =>
      w.step("x", note, ({ second }) => ({
        // @ts-expect-error it may be the value of the other
        text: second.edited.subject,
      })),
    accept: (w) => w,
    reject: (w) => w,
  });
declare const coin: boolean;
asked.branch(({ second, editor }) => coin ? second.action : editor.action, {
  "edit-accept": (w) =>
    w.step("x", note, ({ second }) => ({
      // @ts-expect-error it may be the other that was edited
      text: second.edited.subject,
    })),
  accept: (w) => w,
  reject: (w) => w,
  refine: (w) => w,
});
asked.branch(({ second, input }) => coin ? second.action : input.kind, {
  "edit-accept": (w) =>
    w.step("x", note, ({ second }) => ({
      // @ts-expect-error it may be the input that says so
      text: second.edited.subject,
    })),
  accept: (w) => w,
  reject: (w) => w,
});
asked.branch(({ plain }) => plain.action, {
  // @ts-expect-error nobody was allowed to edit
  "edit-accept": (w) => w,
  accept: (w) => w,
  reject: (w) => w,
});

// The approval in a case may not have been asked: nothing of it is certain behind.
asked.branch(({ plain }) => plain.action, {
  accept: (w) =>
    w.approval("late", () => ({ title: "?" }), { edit: type<Letter>() }),
  reject: (w) => w,
}).branch(({ late }) => orElse(late.action, "reject"), {
  "edit-accept": (w) =>
    w.step("x", note, ({ late }) => ({
      // @ts-expect-error it may not have been asked
      text: late.edited.subject,
    })),
  accept: (w) => w,
  reject: (w) => w,
});

// A fragment has names of its own, and those outside are others.
const part = fragment(
  type<{ text: string }>(),
  (w) =>
    w.approval("second", () => ({ title: "?" }), { edit: type<Letter>() })
      .branch(({ second }) => second.action, {
        "edit-accept": (w) =>
          w.step("inside", note, ({ second }) => ({
            text: orElse(second.edited.subject, ""),
          })),
        accept: (w) => w,
        reject: (w) => w,
      }),
);
asked.use(insert("part", part, () => ({ text: "" })))
  .branch(({ part }) => part.second.action, {
    "edit-accept": (w) =>
      w.step("x", note, ({ second }) => ({
        // @ts-expect-error the approval of the fragment was edited
        text: second.edited.subject,
      })),
    accept: (w) => w,
    reject: (w) => w,
  });
