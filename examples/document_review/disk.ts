// Answers what the link check asks about the files around a document.

import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isMarkdown, readDocument } from "./document.ts";
import type { Surroundings } from "./links.ts";
import { scanMarkdown } from "./markdown/scan.ts";

/** The file system, asked at most once for each answer. */
export function onDisk(signal?: AbortSignal): Surroundings {
  return {
    kind: remember(kindOf),
    names: remember(async (folder) => {
      try {
        return (await readdir(folder)).slice(0, 1000);
      } catch {
        return [];
      }
    }),
    anchors: remember(async (path) => {
      if (!isMarkdown(path)) return undefined;
      try {
        const { text } = await readDocument(path, signal);
        return new Set(scanMarkdown(text).anchors);
      } catch {
        signal?.throwIfAborted();
        return undefined;
      }
    }),
    root: remember(async (path) => {
      for (let at = dirname(path);; at = dirname(at)) {
        if (await kindOf(join(at, ".git")) !== "missing") return at;
        if (at === dirname(at)) return undefined;
      }
    }),
  };
}

async function kindOf(
  path: string,
): Promise<"file" | "folder" | "missing" | "unreadable"> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    const { code } = error as { code?: string };
    // The last two: a path through a file, and a name that no file system would take.
    const absent = [
      "ENOENT",
      "ENOTDIR",
      "ENAMETOOLONG",
      "ERR_INVALID_ARG_VALUE",
    ];
    return absent.includes(code ?? "") ? "missing" : "unreadable";
  }
}

function remember<T>(
  ask: (path: string) => Promise<T>,
): (path: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (path) => {
    const answer = known.get(path) ?? ask(path);
    known.set(path, answer);
    return answer;
  };
}
