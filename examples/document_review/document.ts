// Reads the document under review, and refuses what is none.

import { readFile, stat } from "node:fs/promises";
import { extname } from "node:path";
import { type Finding, plural } from "./findings.ts";
import { splitLines } from "./markdown/lines.ts";

/** No document that a person wrote is longer; it bounds what the run keeps of it. */
export const LARGEST = 5_000_000;

/** A file that cannot be reviewed, with a message for the person who named it. */
export class DocumentError extends Error {
  override name = "DocumentError";
}

/** A document in memory. */
export interface DocumentText {
  /** Without a byte order mark. */
  readonly text: string;
  /** How to read it. */
  readonly kind: "markdown" | "plain text";
  /** Number of lines. */
  readonly lines: number;
  /** What is the matter with its bytes. */
  readonly findings: readonly Finding[];
}

/** Whether a name promises Markdown. */
export function isMarkdown(path: string): boolean {
  return /^\.(?:md|markdown|mdown|mkdn?|mdx)$/i.test(extname(path));
}

/**
 * Reads the document at `path`.
 *
 * @throws DocumentError when there is none, or when it is a folder, too large or not text.
 */
export async function readDocument(
  path: string,
  signal?: AbortSignal,
): Promise<DocumentText> {
  const bytes = await readBytes(path, signal);
  const { text, badLines } = decode(bytes);
  const kind = isMarkdown(path) ? "markdown" : "plain text";
  const lines = splitLines(text).length;
  const findings: Finding[] = [];
  if (text.trim() === "") {
    findings.push(textFinding(1, "warning", "the document is empty"));
  }
  if (badLines.length > 0) {
    const more = badLines.length - 1;
    findings.push(textFinding(
      badLines[0]!,
      "error",
      "bytes that are not UTF-8" +
        (more > 0 ? `; ${plural(more, "more line")} like this` : ""),
    ));
  }
  return { text, kind, lines, findings };
}

async function readBytes(
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  try {
    // Asked first: opening a pipe would wait for somebody to write to it.
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new DocumentError("it is a folder, not a file");
    }
    if (!found.isFile()) throw new DocumentError("it is not a regular file");
    if (found.size > LARGEST) throw new DocumentError(tooLarge(found.size));
    const bytes = await readFile(path, { signal });
    if (bytes.length > LARGEST) throw new DocumentError(tooLarge(bytes.length));
    return bytes;
  } catch (error) {
    if (error instanceof DocumentError || signal?.aborted) throw error;
    throw new DocumentError(reasonOf(error), { cause: error });
  }
}

function tooLarge(size: number): string {
  const megabytes = (size / 1e6).toFixed(1);
  return `it has ${megabytes} MB, at most ${LARGEST / 1e6} MB can be reviewed`;
}

function decode(bytes: Uint8Array): { text: string; badLines: number[] } {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  const encoding = wide ? "utf-16le" : "utf-8";
  const text = new TextDecoder(encoding).decode(bytes);
  const broken = !isValid(bytes, encoding);
  const strange = text.match(/(?![\t\n\r\f])\p{Cc}/gu)?.length ?? 0;
  const wrong = strange + (broken ? text.split("\ufffd").length - 1 : 0);
  if (
    text.includes("\0") || text.startsWith("%PDF-") || wrong * 10 > text.length
  ) throw new DocumentError("it is not a text file");
  const badLines = broken
    ? splitLines(text).filter((line) => line.text.includes("\ufffd"))
      .map((line) => line.number)
    : [];
  return { text, badLines };
}

function isValid(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Why the file system refused, in words for the person who named a file. */
export function reasonOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: string; name?: string };
  if (name === "NotCapable") return "Deno was not allowed to touch it";
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "EROFS":
      return "the file system is read-only";
    case "ENOSPC":
      return "the disk is full";
    case "ENOTDIR":
    case "EEXIST":
      return "a part of the path is a file, not a folder";
    case "EISDIR":
      return "it is a folder, not a file";
    default:
      return code ?? (error instanceof Error ? error.message : String(error));
  }
}

function textFinding(
  line: number,
  severity: Finding["severity"],
  message: string,
): Finding {
  return {
    line,
    severity,
    check: "text",
    subject: "",
    message,
    suggestion: "",
  };
}
