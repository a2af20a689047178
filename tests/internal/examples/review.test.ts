import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RunCancelledError, RunFailedError } from "@tutti/sdk/openwop";
import { NoAnswer } from "../../../examples/document_review/decision.ts";
import type { Found } from "../../../examples/document_review/findings.ts";
import type { GivenAnswer } from "../../../examples/document_review/options.ts";
import {
  type Observer,
  review,
  type Reviewed,
} from "../../../examples/document_review/review.ts";
import { documentReview } from "../../../examples/document_review/workflow.ts";

/** A document in a folder of its own, and what was heard while it was reviewed. */
interface Desk {
  readonly path: string;
  readonly out: string;
  readonly heard: string[];
  /** Reviews with an observer that answers as `decide` does. */
  review(
    decide: (question: string, found: Found) => Promise<GivenAnswer>,
    signal?: AbortSignal,
  ): Promise<Reviewed>;
}

async function atDesk(
  text: string,
  use: (desk: Desk) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tutti-test-"));
  const path = join(folder, "doc.md"), out = join(folder, "out");
  const heard: string[] = [];
  try {
    await writeFile(path, text);
    await use({
      path,
      out,
      heard,
      review: (decide, signal = new AbortController().signal) => {
        const observer: Observer = {
          begins: (_, kind) => void heard.push(`begins ${kind}`),
          step: ({ name, state }) => void heard.push(`${name} ${state}`),
          decide,
        };
        return review({ path, out }, observer, signal);
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const text = "# A\n\n[gone](gone.md) and [here](#a).\n\n### Deep\n";
const accept = (): Promise<GivenAnswer> =>
  Promise.resolve({ action: "accept", comment: "" });

test("review() writes the report of an accepted document and, in the fork, the list", async () => {
  await atDesk(text, async (desk) => {
    let asked: string | undefined;
    const { run, fork, shared, found } = await desk.review(
      (question, found) => {
        asked = `${question} ${found.findings.length}`;
        return accept();
      },
    );
    assert.equal(asked, "Accept this document? 2");
    assert.deepEqual(found.counts, { errors: 1, warnings: 1, notes: 0 });
    assert.deepEqual(run.output, { report: join(desk.out, "report.md") });
    assert.deepEqual(fork.output, { todo: join(desk.out, "todo.md") });
    assert.deepEqual([run.status, fork.status], ["completed", "completed"]);
    assert.notEqual(run.runId, fork.runId);
    assert.match(
      await readFile(join(desk.out, "report.md"), "utf8"),
      /\*\*accepted\*\*\.\n/,
    );
    assert.match(
      await readFile(join(desk.out, "todo.md"), "utf8"),
      /\*\*rejected\*\*: to see what would happen/,
    );

    const forkAt = desk.heard.indexOf("begins fork");
    const before = desk.heard.slice(0, forkAt),
      after = desk.heard.slice(forkAt);
    for (const name of ["read", "links", "headings", "readability", "merge"]) {
      assert.ok(before.includes(`${name} completed`), name);
      assert.ok(!after.some((line) => line.startsWith(`${name} `)), name);
    }
    assert.ok(
      before.includes("report completed") && before.includes("todo skipped"),
    );
    assert.ok(
      after.includes("todo completed") && after.includes("report skipped"),
    );
    // run.started, then a start and an end of each of the five steps.
    assert.equal(shared, 11);
  });
});

test("review() writes the list of a rejected document, with the reason", async () => {
  await atDesk(text, async (desk) => {
    const { run, fork } = await desk.review(() =>
      Promise.resolve({ action: "reject", comment: "too *short*" })
    );
    assert.deepEqual(Object.keys(run.output), ["todo"]);
    assert.deepEqual(Object.keys(fork.output), ["report"]);
    const list = await readFile(join(desk.out, "todo.md"), "utf8");
    assert.match(list, /^- \[ \] Settle the reason: too \\\*short\\\*$/m);
    assert.match(list, /^- \[ \] Line 3, error: `gone\.md`: /m);
  });
});

test("review() finds nothing wrong with the links of its own report", async () => {
  await atDesk(text, async (desk) => {
    await desk.review(accept);
    const path = join(desk.out, "report.md"), out = join(desk.out, "again");
    const observer = { begins: () => {}, step: () => {}, decide: accept };
    const { signal } = new AbortController();
    const { found } = await review({ path, out }, observer, signal);
    assert.deepEqual(found.findings, []);
  });
});

test("review() cancels the run when it is stopped at the question, and writes nothing", async () => {
  await atDesk(text, async (desk) => {
    const stop = new AbortController();
    const reviewing = desk.review(() => {
      stop.abort();
      return Promise.reject(new NoAnswer());
    }, stop.signal);
    await assert.rejects(reviewing, (error) => RunCancelledError.is(error));
    assert.ok(desk.heard.includes("decision cancelled"));
    await assert.rejects(readdir(desk.out));
  });
});

test("review() cancels the run when nobody answers", async () => {
  await atDesk(text, async (desk) => {
    const reviewing = desk.review(() => Promise.reject(new NoAnswer()));
    await assert.rejects(reviewing, (error) => RunCancelledError.is(error));
  });
});

test("review() cancels the fork too", async () => {
  await atDesk(text, async (desk) => {
    const stop = new AbortController();
    const observer: Observer = {
      begins: (_, kind) => kind === "fork" && stop.abort(),
      step: ({ name, state }) => void desk.heard.push(`${name} ${state}`),
      decide: accept,
    };
    await assert.rejects(
      review({ path: desk.path, out: desk.out }, observer, stop.signal),
      (error) => RunCancelledError.is(error),
    );
    assert.deepEqual(await readdir(desk.out), ["report.md"]);
  });
});

test("review() fails with the reason when a step does", async () => {
  await atDesk(text, async (desk) => {
    const reviewing = desk.review(async () => {
      await writeFile(desk.out, "a file where the folder should be");
      return { action: "accept", comment: "" };
    });
    await assert.rejects(reviewing, (error) => {
      assert.ok(RunFailedError.is(error));
      assert.equal(error.failedNodeId, "report");
      assert.match(error.runError.message, /file, not a folder|EEXIST/);
      return true;
    });
    assert.ok(desk.heard.includes("report failed"));
  });
});

test("documentReview is drawn in workflow.mmd", async () => {
  const drawing = new URL(
    "../../../examples/document_review/workflow.mmd",
    import.meta.url,
  );
  // After a change: deno task demo --graph > examples/document_review/workflow.mmd
  assert.equal(await readFile(drawing, "utf8"), documentReview.toMermaid());
});
