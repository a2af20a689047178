// Finds relative links and anchors that lead nowhere.

import { basename, dirname, join, resolve } from "node:path";
import { type Finding, MOST_KEPT, printable } from "./findings.ts";
import type { Scan } from "./markdown/scan.ts";
import { nearest } from "./nearest.ts";

/** What the check needs to know about the files around a document. */
export interface Surroundings {
  /** What is at `path`. */
  kind(path: string): Promise<"file" | "folder" | "missing" | "unreadable">;
  /** What `#...` may name in the Markdown file at `path`; `undefined` if it cannot be told. */
  anchors(path: string): Promise<ReadonlySet<string> | undefined>;
  /** The names in a folder; empty if there is none. */
  names(folder: string): Promise<readonly string[]>;
  /** The folder that a link like `/docs` starts from; `undefined` outside of a repository. */
  root(path: string): Promise<string | undefined>;
}

/** What came out of it. */
export interface LinkCheck {
  /** Links that lead nowhere. */
  readonly findings: readonly Finding[];
  /** How many were followed. */
  readonly checked: number;
  /** How many lead out of the file system (`https:`, `mailto:` and so on), and were left alone. */
  readonly external: number;
  /** How many could not be judged, such as an anchor in a file that is not Markdown. */
  readonly unknown: number;
}

/** Follows every relative link of the document at `path`. */
export async function checkLinks(
  scan: Scan,
  path: string,
  around: Surroundings,
  signal?: AbortSignal,
): Promise<LinkCheck> {
  const findings: Finding[] = [];
  const counts = { checked: 0, external: 0, unknown: 0 };
  const own = new Set(scan.anchors);

  for (const { destination, line } of scan.links) {
    signal?.throwIfAborted();
    // What is not kept needs no suggestion, and suggestions are what takes time.
    const suggest = findings.length < MOST_KEPT;
    const verdict = await follow(destination, path, own, around, suggest);
    if (typeof verdict === "string") counts[verdict]++;
    else {
      counts.checked++;
      findings.push({
        line,
        check: "links",
        subject: printable(destination),
        severity: verdict.severity,
        message: verdict.message,
        suggestion: printable(verdict.suggestion ?? ""),
      });
    }
  }
  for (const { label, line } of scan.undefinedLabels) {
    findings.push({
      line,
      check: "links",
      severity: "warning",
      subject: `[${printable(label)}]`,
      message: "no such reference is defined",
      suggestion: "",
    });
  }
  return { findings, ...counts };
}

/** What is the matter with a link. */
interface Trouble {
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly suggestion?: string | undefined;
}

async function follow(
  destination: string,
  path: string,
  own: ReadonlySet<string>,
  around: Surroundings,
  suggest: boolean,
): Promise<"checked" | "external" | "unknown" | Trouble> {
  if (/^(?:[a-z][a-z0-9+.-]+:|\/\/|www\.)/i.test(destination)) {
    return "external";
  }
  if (destination === "") {
    return { severity: "error", message: "a link without a destination" };
  }
  const hash = destination.indexOf("#");
  const anchor = hash < 0 ? "" : decode(destination.slice(hash + 1));
  const file = decode(
    destination.slice(0, hash < 0 ? undefined : hash).split("?")[0]!,
  );
  if (file === "") {
    return missingAnchor(anchor, own, "this document", suggest) ?? "checked";
  }

  const root = file.startsWith("/") ? await around.root(path) : dirname(path);
  if (root === undefined) return "unknown";
  const target = resolve(join(root, file));
  const kind = await around.kind(target);
  if (kind === "missing") {
    const name = suggest
      ? nearest(basename(target), await around.names(dirname(target)))
      : undefined;
    return {
      severity: "error",
      message: "no such file or folder",
      suggestion: name && join(dirname(file), name),
    };
  }
  if (kind === "unreadable") return "unknown";
  if (anchor === "") return "checked";
  const anchors = target === resolve(path)
    ? own
    : kind === "file"
    ? await around.anchors(target)
    : undefined;
  if (anchors === undefined) return "unknown";
  return missingAnchor(anchor, anchors, "that file", suggest) ?? "checked";
}

function missingAnchor(
  anchor: string,
  known: ReadonlySet<string>,
  where: string,
  suggest: boolean,
): Trouble | undefined {
  // Browsers take "#" and "#top" to the start of any page.
  if (anchor === "" || anchor === "top" || known.has(anchor)) return undefined;
  if (known.has(anchor.toLowerCase())) {
    return {
      severity: "warning",
      message: "the anchor is in lower case",
      suggestion: `#${anchor.toLowerCase()}`,
    };
  }
  const near = suggest ? nearest(anchor, known) : undefined;
  return {
    severity: "error",
    message: `no such heading or anchor in ${where}`,
    suggestion: near && `#${near}`,
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
