import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";
import {
  officialNames,
  OpenwopClient,
  OPERATIONS,
  readOperation,
} from "@tutti/sdk/openwop";
import type { OperationName } from "@tutti/sdk/openwop";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(join(root, "docs/openwop_migration.md"), "utf8");

const client = new OpenwopClient({
  baseUrl: "https://wop.test",
  fetch: () => Promise.reject(new Error("nothing is sent")),
});
const wop = officialNames(client);

/** The first two cells of the rows below a heading. */
function rowsBelow(heading: string): (readonly [string, string])[] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  return section.split("\n## ")[0]!.split("\n")
    .filter((line) => line.startsWith("|")).slice(2)
    .map((line) => {
      const [official, here] = line.slice(1).split(" | ");
      return [official!.trim(), here!.replace(/\|$/, "").trim()];
    });
}

const typescript = rowsBelow("The TypeScript clients, 1.x and 2.x");
const python = rowsBelow("The Python client, 1.1");

/** What a dotted name leads to. */
function follow(from: object, name: string): unknown {
  return name.split(".").reduce<unknown>(
    (value, part) => (value as Record<string, unknown>)?.[part],
    from,
  );
}

test("docs/openwop_migration.md names only methods that are there", () => {
  assert.ok(typescript.length > 55);
  assert.equal(python.length, 12);
  for (const [, here] of [...typescript, ...python]) {
    const [, name] = /^`client\.([\w.]+)\(.*\)`$/.exec(here) ?? [];
    assert.equal(typeof follow(client, name ?? here), "function", here);
  }
  const mentioned = page.matchAll(/`(?:await )?client\.([\w.]+)\(/g);
  for (const [, name] of mentioned) {
    assert.equal(typeof follow(client, name!), "function", name);
  }
});

test("docs/openwop_migration.md calls nothing official that officialNames() lacks", () => {
  for (const [official] of [...typescript, ...python]) {
    if (/^[A-Z]/.test(official)) continue;
    const [, name] = /^`([\w.]+)\(.*\)`$/.exec(official) ?? [];
    assert.equal(typeof follow(wop, name ?? official), "function", official);
  }
});

test("docs/openwop_migration.md has every operation that an official client has, under its path where it has no name there", () => {
  const here = typescript.map(([, cell]) => cell);
  for (const name of Object.keys(OPERATIONS) as OperationName[]) {
    // No official client has these.
    if (["host.a2aTask", "webhooks.list", "packs.get"].includes(name)) continue;
    assert.ok(here.some((cell) => cell.includes(`client.${name}(`)), name);
  }
  for (const [official, cell] of typescript) {
    const [, verb, path] = /^([A-Z]+) `(.*)`$/.exec(official) ?? [];
    if (!verb) continue;
    const [, name] = /client\.([\w.]+)\(/.exec(cell) ?? [];
    const { method, path: is } = readOperation(name as OperationName, 2);
    assert.equal(`${method} ${is}`, `${verb} ${path}`);
  }
});
