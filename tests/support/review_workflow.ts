import { defineNode, type, workflow } from "@tutti/sdk/dsl";

/** The workflow of the design document, with steps that do as little as possible. */
export const readDiff = defineNode({
  typeId: "local.review.readDiff",
  input: type<{ repo: string; pr: number }>(),
  output: type<{ diff: string; files: number }>(),
  run: ({ repo, pr }) => ({ diff: `${repo}#${pr}`, files: 3 }),
});

export const audit = defineNode({
  typeId: "local.review.audit",
  input: type<{ diff: string }>(),
  output: type<{ findings: string[] }>(),
  run: ({ diff }) => ({ findings: [`looked at ${diff}`] }),
});

export const lint = defineNode({
  typeId: "local.review.lint",
  input: type<{ diff: string; level?: number }>(),
  output: type<{ notes: string[] }>({ notes: "array" }),
  run: ({ diff, level }) => ({ notes: [`${diff} at ${level ?? 0}`] }),
});

export const mergePr = defineNode({
  typeId: "local.review.merge",
  input: type<{ pr: number }>(),
  output: type<{ sha: string }>(),
  run: ({ pr }) => ({ sha: `sha-${pr}` }),
});

export const postComment = defineNode({
  typeId: "local.review.comment",
  input: type<{ pr: number; text: string }>(),
  output: type<{ posted: string }>(),
  run: ({ text }) => ({ posted: text }),
});

export const review = workflow("code-review", { version: "1.2.0" })
  .input(type<{ repo: string; pr: number }>())
  .step("fetch", readDiff, ({ input }) => ({ repo: input.repo, pr: input.pr }))
  .parallel({
    security: (w) =>
      w.step("sec", audit, ({ fetch }) => ({ diff: fetch.diff })),
    style: (w) => w.step("sty", lint, ({ fetch }) => ({ diff: fetch.diff })),
  })
  .approval("gate", ({ sec, sty }) => ({
    title: "Merge this change?",
    data: { findings: sec.findings, notes: sty.notes },
  }))
  .branch(({ gate }) => gate.action, {
    accept: (w) => w.step("merge", mergePr, ({ input }) => ({ pr: input.pr })),
    reject: (w) =>
      w.step("comment", postComment, ({ gate, input }) => ({
        pr: input.pr,
        text: gate.comment,
      })),
  })
  .output(({ merge, comment, fetch }) => ({
    sha: merge.sha,
    posted: comment.posted,
    diff: fetch.diff,
  }))
  .build();
