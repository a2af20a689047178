// The folder that a review writes to, which may hold files of the user.

import {
  mkdir,
  mkdtemp,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { reasonOf } from "./document.ts";
import { MARK } from "./report.ts";

/** The names of the two outcomes, by what was decided. */
export const OUTCOMES = { accept: "report.md", reject: "todo.md" } as const;

/** A folder that cannot be written to, with a message for the person who named it. */
export class OutcomeError extends Error {
  override name = "OutcomeError";
}

/**
 * Makes sure that both outcomes of reviewing `document` can be written to `out`, and leaves nothing behind.
 *
 * @throws OutcomeError when `out` is no folder or not writable, or when a file of the user is in the way.
 */
export async function checkFolder(
  out: string,
  document: string,
): Promise<void> {
  try {
    const there = await nearestFolder(resolve(out));
    // Only trying tells: permissions, read-only file systems and full disks all look alike from outside.
    await rmdir(await mkdtemp(join(there, ".tutti-")));
    for (const name of Object.values(OUTCOMES)) {
      if (resolve(out, name) === resolve(document)) {
        throw new OutcomeError(`"${name}" there is the document itself`);
      }
      await checkFile(join(out, name));
    }
  } catch (error) {
    if (error instanceof OutcomeError) throw error;
    // What is missing here is no file: some folders, as those of /proc, take none.
    if ((error as { code?: string }).code === "ENOENT") {
      throw new OutcomeError("no folder can be made there", { cause: error });
    }
    throw new OutcomeError(reasonOf(error), { cause: error });
  }
}

/** Writes one outcome whole or not at all; gives its path. */
export async function writeOutcome(
  out: string,
  name: string,
  text: string,
  signal?: AbortSignal,
): Promise<string> {
  const path = join(out, name);
  signal?.throwIfAborted();
  const made = await mkdir(out, { recursive: true });
  await checkFile(path);
  const unfinished = join(out, `.${name}.${crypto.randomUUID()}`);
  try {
    await writeFile(unfinished, text, { signal });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    // Leaves no folder behind that holds nothing; one that holds something stays.
    if (made) await rmdir(out).catch(() => {});
    throw error;
  }
  return path;
}

/** The folder itself, or the one above it in which it will be made. */
async function nearestFolder(path: string): Promise<string> {
  const found = await lookAt(path);
  if (found?.isDirectory()) return path;
  if (found) throw new OutcomeError(`"${path}" is a file, not a folder`);
  return nearestFolder(dirname(path));
}

/** Refuses to replace what the review did not write. */
async function checkFile(path: string): Promise<void> {
  const found = await lookAt(path);
  if (!found) return;
  const ours = found.isFile() && found.size < 1_000_000 &&
    (await readFile(path, "utf8")).startsWith(MARK);
  if (!ours) {
    throw new OutcomeError(
      `"${path}" is not from a review, and would be overwritten`,
    );
  }
}

async function lookAt(
  path: string,
): Promise<Awaited<ReturnType<typeof stat>> | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}
