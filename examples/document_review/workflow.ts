// The whole review in one declaration. The file to read first.

import { type, workflow } from "@tutti/sdk/dsl";
import {
  followLinks,
  merge,
  outline,
  read,
  readability,
  writeReport,
  writeTodo,
} from "./nodes.ts";

/** Reads a document, checks it from three sides at once, asks a human, and writes down what follows from the answer. */
export const documentReview = workflow("document-review", { version: "1.0.0" })
  .input(type<{ path: string; out: string }>({ path: "string", out: "string" }))
  .step("read", read, ({ input }) => ({ path: input.path }))
  .parallel({
    links: (w) =>
      w.step("links", followLinks, ({ input, read }) => ({
        path: input.path,
        text: read.text,
        kind: read.kind,
      })),
    headings: (w) =>
      w.step("headings", outline, ({ read }) => ({
        text: read.text,
        kind: read.kind,
      })),
    readability: (w) =>
      w.step("readability", readability, ({ read }) => ({
        text: read.text,
        kind: read.kind,
      })),
  })
  .step("merge", merge, ({ read, links, headings, readability }) => ({
    read: read.found,
    links: links.found,
    headings: headings.found,
    readability: readability.found,
  }))
  .approval("decision", ({ merge }) => ({
    title: "Accept this document?",
    data: { found: merge.found },
  }))
  .branch(({ decision }) => decision.action, {
    accept: (w) =>
      w.step(
        "report",
        writeReport,
        ({ input, merge, readability, decision }) => ({
          path: input.path,
          out: input.out,
          found: merge.found,
          measures: readability.measures,
          comment: decision.comment,
        }),
      ),
    reject: (w) =>
      w.step("todo", writeTodo, ({ input, merge, readability, decision }) => ({
        path: input.path,
        out: input.out,
        found: merge.found,
        measures: readability.measures,
        comment: decision.comment,
      })),
  })
  .output(({ report, todo }) => ({ report: report.file, todo: todo.file }))
  .build();
