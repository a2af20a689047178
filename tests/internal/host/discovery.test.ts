import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { discoveryDocument } from "../../../src/host/discovery.ts";
import { documentEtag } from "../../../src/host/etag.ts";

test("discoveryDocument() names the version of this package", () => {
  const config = new URL("../../../deno.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(config, "utf8"));
  const document = discoveryDocument({ registry: new Map() });
  assert.deepEqual(document["implementation"], { name: "tutti", version });
});

test("documentEtag() changes with the document", () => {
  const tags = [{ a: 1 }, { a: 2 }, {}].map(documentEtag);
  assert.equal(new Set(tags).size, 3);
  for (const tag of tags) assert.match(tag, /^"d[0-9a-f]{8}"$/);
});
