import assert from "node:assert/strict";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { onDisk } from "../../../examples/document_review/disk.ts";
import {
  DocumentError,
  LARGEST,
  readDocument,
  reasonOf,
} from "../../../examples/document_review/document.ts";
import {
  checkFolder,
  OutcomeError,
  writeOutcome,
} from "../../../examples/document_review/outcome.ts";
import { MARK } from "../../../examples/document_review/report.ts";

/** Calls `use` with a folder of its own. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tutti-test-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function refusal(
  promise: Promise<unknown>,
  kind: typeof DocumentError | typeof OutcomeError,
): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof kind, String(error));
    return error.message;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
}

test("readDocument() reads text of every kind", async () => {
  await inFolder(async (folder) => {
    const read = async (name: string, content: string | Uint8Array) => {
      await writeFile(join(folder, name), content);
      const { text, kind, lines, findings } = await readDocument(
        join(folder, name),
      );
      return [text, kind, lines, findings.map(({ message }) => message)];
    };
    assert.deepEqual(await read("a.md", "# A\r\n\r\nb"), [
      "# A\r\n\r\nb",
      "markdown",
      3,
      [],
    ]);
    assert.deepEqual(await read("B.MARKDOWN", "\ufeffx\n"), [
      "x\n",
      "markdown",
      1,
      [],
    ]);
    assert.deepEqual(await read("notes", "x"), ["x", "plain text", 1, []]);
    assert.deepEqual(
      await read("wide.txt", Uint8Array.of(0xff, 0xfe, 0x41, 0, 0x42, 0)),
      ["AB", "plain text", 1, []],
    );
    assert.deepEqual(await read("empty.md", ""), ["", "markdown", 0, [
      "the document is empty",
    ]]);
    assert.deepEqual(await read("blank.md", " \n\n"), [" \n\n", "markdown", 2, [
      "the document is empty",
    ]]);
  });
});

test("readDocument() reads a text that is not quite UTF-8, and says where", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "latin1.txt");
    const latin1 = (text: string) =>
      Uint8Array.from(text, (char) => char.charCodeAt(0));
    await writeFile(
      path,
      latin1(
        "A long enough line\nCafé at the corner\nund noch ein Gruß von hier",
      ),
    );
    const { findings } = await readDocument(path);
    assert.deepEqual(
      findings.map(({ line, message }) => `${line} ${message}`),
      [
        "2 bytes that are not UTF-8; 1 more line like this",
      ],
    );
  });
});

test("readDocument() refuses what is no document", async () => {
  await inFolder(async (folder) => {
    const refused = (name: string) =>
      refusal(readDocument(join(folder, name)), DocumentError);
    const put = (name: string, content: string | Uint8Array) =>
      writeFile(join(folder, name), content);
    await mkdir(join(folder, "dir.md"));
    await put("nul.md", "a\0b");
    await put(
      "noise.md",
      Uint8Array.from({ length: 200 }, (_, i) => 128 + i % 100),
    );
    await put("a.pdf", "%PDF-1.7\n");
    await put("large.md", "a".repeat(LARGEST + 1));
    assert.equal(await refused("none.md"), "there is no such file");
    assert.equal(
      await refused("nul.md/x.md"),
      "a part of the path is a file, not a folder",
    );
    assert.equal(await refused("dir.md"), "it is a folder, not a file");
    assert.equal(await refused("nul.md"), "it is not a text file");
    assert.equal(await refused("noise.md"), "it is not a text file");
    assert.equal(await refused("a.pdf"), "it is not a text file");
    assert.equal(
      await refused("large.md"),
      "it has 5.0 MB, at most 5 MB can be reviewed",
    );
  });
});

test("readDocument() stops when it is told to", async () => {
  await inFolder(async (folder) => {
    await writeFile(join(folder, "a.md"), "x");
    await assert.rejects(
      readDocument(join(folder, "a.md"), AbortSignal.abort()),
      (error) => !(error instanceof DocumentError),
    );
  });
});

test("onDisk() answers from the file system", async () => {
  await inFolder(async (folder) => {
    const at = (name: string) => join(folder, name);
    await mkdir(at(".git"));
    await mkdir(at("docs"));
    await writeFile(at("docs/a.md"), "# One\n# One\n");
    await writeFile(at("docs/b.txt"), "# One\n");
    const disk = onDisk();
    assert.equal(await disk.kind(at("docs")), "folder");
    assert.equal(await disk.kind(at("docs/a.md")), "file");
    assert.equal(await disk.kind(at("docs/none")), "missing");
    assert.equal(await disk.kind(at("docs/a.md/b")), "missing");
    assert.equal(await disk.kind(at("a\0b")), "missing");
    assert.equal(await disk.kind(at("x".repeat(5000))), "missing");
    assert.deepEqual([...await disk.anchors(at("docs/a.md")) ?? []], [
      "one",
      "one-1",
    ]);
    assert.equal(await disk.anchors(at("docs/b.txt")), undefined);
    assert.equal(await disk.anchors(at("docs/none.md")), undefined);
    assert.deepEqual([...await disk.names(at("docs"))].sort(), [
      "a.md",
      "b.txt",
    ]);
    assert.deepEqual(await disk.names(at("none")), []);
    assert.equal(await disk.root(at("docs/a.md")), folder);
  });
});

test("checkFolder() leaves nothing behind", async () => {
  await inFolder(async (folder) => {
    await checkFolder(join(folder, "a/b/c"), "doc.md");
    await checkFolder(folder, "doc.md");
    assert.deepEqual(await readdir(folder), []);
  });
});

test("checkFolder() refuses a file, a file of the user, and the document itself", async () => {
  await inFolder(async (folder) => {
    const refused = (out: string, document = "doc.md") =>
      refusal(checkFolder(out, document), OutcomeError);
    await writeFile(join(folder, "file"), "");
    assert.match(
      await refused(join(folder, "file")),
      /file" is a file, not a folder$/,
    );
    assert.equal(
      await refused(join(folder, "file/deeper")),
      "a part of the path is a file, not a folder",
    );
    await writeFile(join(folder, "todo.md"), "my own");
    assert.match(
      await refused(folder),
      /todo\.md" is not from a review, and would be overwritten$/,
    );
    await writeFile(join(folder, "todo.md"), `${MARK}\n`);
    await checkFolder(folder, "doc.md");
    assert.equal(
      await refused(folder, join(folder, "todo.md")),
      '"todo.md" there is the document itself',
    );
    await mkdir(join(folder, "report.md"));
    assert.match(await refused(folder), /report\.md" is not from a review/);
  });
});

test("reasonOf() says what the file system means", () => {
  const reason = (code: string): string =>
    reasonOf(Object.assign(new Error("raw"), { code }));
  assert.equal(reason("EACCES"), "permission denied");
  assert.equal(reason("EROFS"), "the file system is read-only");
  assert.equal(reason("ENOSPC"), "the disk is full");
  assert.equal(reason("EMFILE"), "EMFILE");
  assert.equal(reasonOf(new Error("raw")), "raw");
  assert.equal(reasonOf("thrown"), "thrown");
});

test("writeOutcome() makes the folder, writes anew what is its own, and leaves nothing else", async () => {
  await inFolder(async (folder) => {
    const out = join(folder, "a/b");
    assert.equal(
      await writeOutcome(out, "report.md", `${MARK}\n1`),
      join(out, "report.md"),
    );
    await writeOutcome(out, "report.md", `${MARK}\n2`);
    assert.equal(await readFile(join(out, "report.md"), "utf8"), `${MARK}\n2`);
    assert.deepEqual(await readdir(out), ["report.md"]);
    await writeFile(join(out, "todo.md"), "my own");
    await assert.rejects(writeOutcome(out, "todo.md", MARK), OutcomeError);
    assert.equal(await readFile(join(out, "todo.md"), "utf8"), "my own");
    await assert.rejects(
      writeOutcome(out, "report.md", "3", AbortSignal.abort()),
    );
    assert.deepEqual((await readdir(out)).sort(), ["report.md", "todo.md"]);
  });
});
