import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import process from "node:process";
import { toMermaid } from "@tutti/sdk/dsl";
import type { WorkflowDefinition } from "@tutti/sdk/openwop";

const folder = new URL("../../../examples/", import.meta.url);
const patterns = readdirSync(folder).filter((name) =>
  /^[a-z]+_[a-z]+\.ts$/.test(name) && !name.startsWith("openspawn")
);

test("every example of a pattern is short, runs, and is drawn beside itself", async () => {
  assert.ok(patterns.length >= 12, `${patterns.length} patterns`);
  for (const name of patterns) {
    const source = new URL(name, folder);
    const lines = readFileSync(source, "utf8").split("\n").length - 1;
    assert.ok(lines <= 60, `${name} has ${lines} lines, 60 is the most`);
    // Importing one runs it, with its assertions.
    const exported: Record<string, unknown> = await import(source.href);
    const definitions = Object.values(exported).flatMap((value) =>
      (value as { definition?: WorkflowDefinition }).definition ?? []
    );
    assert.notEqual(definitions.length, 0, `${name} exports a workflow`);
    for (const definition of definitions) {
      const { id, version } = definition;
      const drawn = `%% ${id} ${version}\n${toMermaid(definition)}`;
      // A file of Mermaid holds one picture.
      const suffix = definitions.length > 1 ? `_${id}.mmd` : ".mmd";
      const picture = new URL(name.replace(/\.ts$/, suffix), folder);
      // After a change: UPDATE=1 node --test tests/internal/examples/pictures.test.ts
      if (process.env["UPDATE"]) writeFileSync(picture, drawn);
      assert.equal(
        readFileSync(picture, "utf8"),
        drawn,
        `${name} is not as its picture shows`,
      );
    }
  }
});
