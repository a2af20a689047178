// The steps of the review: each turns its input ports into its output ports and knows nothing of the others.

import { basename, relative, resolve, sep } from "node:path";
import { defineNode, type } from "@tutti/sdk/dsl";
import { onDisk } from "./disk.ts";
import { type DocumentText, readDocument } from "./document.ts";
import { type Found, found, inWords, plural, together } from "./findings.ts";
import { checkHeadings } from "./headings.ts";
import { checkLinks } from "./links.ts";
import { type Scan, scanMarkdown, scanPlainText } from "./markdown/scan.ts";
import { OUTCOMES, writeOutcome } from "./outcome.ts";
import { measure, type Measures, measuresInWords } from "./readability.ts";
import { reportOn, type Review, todoFor } from "./report.ts";

/** A document on its way through the run. */
interface Text {
  readonly text: string;
  readonly kind: DocumentText["kind"];
}

/** What the two last steps need. */
interface Decided {
  readonly path: string;
  readonly out: string;
  readonly found: Found;
  readonly measures: Measures;
  readonly comment: string;
}

/** Reads the file. */
export const read = defineNode({
  typeId: "local.review.read",
  input: type<{ path: string }>(),
  output: type<Text & { found: Found; summary: string }>(),
  run: async ({ path }, { signal }) => {
    const { findings, ...document } = await readDocument(path, signal);
    const { text, kind, lines } = document;
    const summary = `${plural(lines, "line")} of ${
      kind === "markdown" ? "Markdown" : kind
    }`;
    return { text, kind, found: found(findings), summary };
  },
});

/** Follows relative links and anchors. */
export const followLinks = defineNode({
  typeId: "local.review.links",
  input: type<Text & { path: string }>(),
  output: type<{ found: Found; unchecked: number; summary: string }>(),
  run: async ({ path, ...document }, { signal }) => {
    const check = await checkLinks(
      scan(document),
      path,
      onDisk(signal),
      signal,
    );
    const { checked, external, unknown } = check;
    const broken = found(check.findings);
    const summary = [
      checked === 0 && broken.findings.length === 0
        ? "no links to files or anchors"
        : `${inWords(broken.counts)} in ${plural(checked, "link")}`,
      external > 0 ? `${external} to the web not checked` : "",
      unknown > 0 ? `${unknown} could not be judged` : "",
    ].filter((part) => part !== "").join(", ");
    return { found: broken, unchecked: external + unknown, summary };
  },
});

/** Checks the heading structure. */
export const outline = defineNode({
  typeId: "local.review.headings",
  input: type<Text>(),
  output: type<{ found: Found; summary: string }>(),
  run: (document) => {
    // A plain text has no headings that could be wrong, and an empty one is reported as such already.
    if (document.kind === "plain text" || document.text.trim() === "") {
      return { found: found([]), summary: "no headings to check" };
    }
    const { headings } = scan(document);
    const wrong = found(checkHeadings(headings));
    const summary = `${inWords(wrong.counts)} in ${
      plural(headings.length, "heading")
    }`;
    return { found: wrong, summary };
  },
});

/** Measures the prose. */
export const readability = defineNode({
  typeId: "local.review.readability",
  input: type<Text>(),
  output: type<{ found: Found; measures: Measures; summary: string }>(),
  run: (document) => {
    const { measures, findings } = measure(scan(document).paragraphs);
    return {
      found: found(findings),
      measures,
      summary: measuresInWords(measures),
    };
  },
});

/** Puts together what the checks found. */
export const merge = defineNode({
  typeId: "local.review.merge",
  input: type<
    { read: Found; links: Found; headings: Found; readability: Found }
  >(),
  output: type<{ found: Found; summary: string }>(),
  run: (parts) => {
    const all = together(Object.values(parts));
    return { found: all, summary: inWords(all.counts) };
  },
});

/** Writes the report of an accepted document. */
export const writeReport = defineNode({
  typeId: "local.review.report",
  input: type<Decided>(),
  output: type<{ file: string }>(),
  run: async (decided, { signal }) => {
    const text = reportOn(reviewOf(decided));
    return {
      file: await writeOutcome(decided.out, OUTCOMES.accept, text, signal),
    };
  },
});

/** Writes the to-do list of a rejected document. */
export const writeTodo = defineNode({
  typeId: "local.review.todo",
  input: type<Decided>(),
  output: type<{ file: string }>(),
  run: async (decided, { signal }) => {
    const text = todoFor(reviewOf(decided));
    return {
      file: await writeOutcome(decided.out, OUTCOMES.reject, text, signal),
    };
  },
});

function scan({ text, kind }: Text): Scan {
  return kind === "markdown" ? scanMarkdown(text) : scanPlainText(text);
}

function reviewOf({ path, out, found, measures, comment }: Decided): Review {
  const way = relative(out, resolve(path)).split(sep);
  return {
    name: basename(path),
    link: way.map(encoded).join("/"),
    found,
    measures,
    comment,
  };
}

/** Brackets end a link in Markdown, and encodeURIComponent leaves them. */
function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll("(", "%28").replaceAll(")", "%29");
}
