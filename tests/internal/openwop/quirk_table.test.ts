import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { quirks } from "../../support/quirk_table.ts";

test("every way of the hosts is held by a test that is there", () => {
  const missing = quirks.filter(({ file, test }) => {
    const url = new URL(`../../openwop/${file}.test.ts`, import.meta.url);
    const text = readFileSync(fileURLToPath(url), "utf8");
    return !text.includes(`test("${test}`);
  });
  assert.deepEqual(missing, []);
  assert.equal(new Set(quirks.map(({ quirk }) => quirk)).size, quirks.length);
});
