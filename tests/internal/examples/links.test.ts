import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkLinks,
  type LinkCheck,
  type Surroundings,
} from "../../../examples/document_review/links.ts";
import { scanMarkdown } from "../../../examples/document_review/markdown/scan.ts";

/** Files with their anchors; `null` stands for a folder. */
const files: Readonly<Record<string, readonly string[] | null>> = {
  "/repo/docs": null,
  "/repo/docs/setup.md": ["install", "use"],
  "/repo/docs/Two words.md": [],
  "/repo/logo.png": [],
  "/repo/doc.md": ["never asked"],
};

const around: Surroundings = {
  kind: (path) => {
    if (path.startsWith("/secret")) return Promise.resolve("unreadable");
    const known = Object.hasOwn(files, path);
    if (!known) return Promise.resolve("missing");
    return Promise.resolve(files[path] === null ? "folder" : "file");
  },
  anchors: (path) =>
    Promise.resolve(
      path.endsWith(".md") ? new Set(files[path] ?? []) : undefined,
    ),
  names: (folder) =>
    Promise.resolve(
      Object.keys(files).filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    ),
  root: () => Promise.resolve("/repo"),
};

function check(
  text: string,
  other: Partial<Surroundings> = {},
): Promise<LinkCheck> {
  return checkLinks(scanMarkdown(text), "/repo/doc.md", {
    ...around,
    ...other,
  });
}

async function said(text: string): Promise<string[]> {
  const { findings } = await check(text);
  return findings.map(({ line, severity, subject, message, suggestion }) =>
    `${line} ${severity} ${subject}: ${message}` +
    (suggestion && ` (${suggestion})`)
  );
}

test("checkLinks() follows files, folders and anchors that are there", async () => {
  const { findings, checked, external, unknown } = await check(
    "# Top\n[a](docs) [b](docs/setup.md#use) [c](docs/Two%20words.md) [d](#top) [e](#) " +
      "![f](./logo.png?raw=true) [g](/docs/setup.md) [h](doc.md#top) [i](docs/)",
  );
  assert.deepEqual(findings, []);
  assert.deepEqual([checked, external, unknown], [9, 0, 0]);
});

test("checkLinks() reports what leads nowhere, with its line and what was probably meant", async () => {
  assert.deepEqual(
    await said(
      "# Install it\n[a](docs/setpu.md)\n[b](docs/setup.md#instal)\n\n[c](#instal-it) [d](nowhere/at/all.md)\n" +
        "[e]() [f](#Install-It)\n[g][none]\n",
    ),
    [
      "2 error docs/setpu.md: no such file or folder (docs/setup.md)",
      "3 error docs/setup.md#instal: no such heading or anchor in that file (#install)",
      "5 error #instal-it: no such heading or anchor in this document (#install-it)",
      "5 error nowhere/at/all.md: no such file or folder",
      "6 error : a link without a destination",
      "6 warning #Install-It: the anchor is in lower case (#install-it)",
      "7 warning [none]: no such reference is defined",
    ],
  );
});

test("checkLinks() reports a reference once, where it is defined", async () => {
  assert.deepEqual(
    await said("[a][x] and [b][x]\n\n[x]: missing.md\n"),
    ["3 error missing.md: no such file or folder"],
  );
});

test("checkLinks() looks up the anchors of the document itself in what was read", async () => {
  const { findings, checked } = await check(
    "# Here\n[a](doc.md#here) [b](./doc.md#gone)",
  );
  assert.deepEqual(findings.map(({ subject }) => subject), ["./doc.md#gone"]);
  assert.equal(checked, 2);
});

test("checkLinks() counts what it leaves alone", async () => {
  const { findings, checked, external, unknown } = await check(
    "[a](https://x.example) <mailto:b@x.example> [c](//x.example) [d](tel:1) " +
      "[e](logo.png#x) [f](docs#x) [g](/../secret/h.md)",
  );
  assert.deepEqual(findings, []);
  assert.deepEqual([checked, external, unknown], [0, 4, 3]);
});

test("checkLinks() cannot judge a rooted link outside of a repository", async () => {
  const { unknown } = await check("[a](/docs)", {
    root: () => Promise.resolve(undefined),
  });
  assert.equal(unknown, 1);
});

test("checkLinks() takes a destination that cannot be decoded as it is", async () => {
  assert.deepEqual(await said("[a](100%.md)"), [
    "1 error 100%.md: no such file or folder",
  ]);
});

test("checkLinks() makes words of the document safe to print", async () => {
  const { findings } = await check("[a](\u001b[31mred.md)");
  assert.equal(findings[0]?.subject, "\ufffd[31mred.md");
});

test("checkLinks() stops when it is told to", async () => {
  const stop = new AbortController();
  stop.abort(new Error("enough"));
  await assert.rejects(
    checkLinks(scanMarkdown("[a](b.md)"), "/repo/doc.md", around, stop.signal),
    /enough/,
  );
});
