// The check of what types cost counts the work of the compiler: the same twice, more for more.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compilerCalls } from "../../scripts/lib/compiler_calls.mjs";
import { cache } from "../../scripts/lib/paths.mjs";

/** What the compiler is called for by a program of this source, without its library. */
async function callsFor(source) {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "calls-test-"));
  try {
    writeFileSync(join(folder, "it.ts"), source);
    const project = join(folder, "tsconfig.json");
    writeFileSync(
      project,
      JSON.stringify({
        compilerOptions: { noEmit: true, lib: ["es5"], types: [] },
        files: ["it.ts"],
      }),
    );
    return await compilerCalls(project);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Scopes that are compared with each other: instantiations do not grow with their length, but time does. */
const scopes = (length) => {
  const scope = (of) =>
    Array.from({ length }, (_, n) => `{ s${n}: ${of} }`).join(" & ");
  return `export declare let a: ${scope("1")};
export const b: ${scope("number")} = a;
`;
};

test("compilerCalls() counts the same twice, and sees work that no instantiation tells of", async () => {
  const [one, again, other] = [
    await callsFor(scopes(50)),
    await callsFor(scopes(50)),
    await callsFor(scopes(100)),
  ];
  const few = await callsFor(scopes(1));
  assert.ok(Math.abs(one - again) < one / 1000, `${one} and ${again}`);
  const growth = (other - few) / (one - few);
  assert.ok(growth > 3, `${growth}`);
});

test("compilerCalls() fails where the program does", async () => {
  await assert.rejects(
    callsFor("export const a: string = 1;\n"),
    /TS2322[^]*does not compile with TypeScript 5/,
  );
});
