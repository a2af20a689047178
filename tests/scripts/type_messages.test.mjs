// Wrong programs, compiled: the compiler says in a sentence what is wrong with each.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { root, tool } from "../../scripts/lib/paths.mjs";
import { run } from "../../scripts/lib/run.mjs";

const module = pathToFileURL(join(root, "dsl/mod.ts")).href;

const head =
  `import { defineNode, forEach, node, orElse, type, workflow } from "${module}";
const lint = node("vendor.acme.lint", { input: type<{ diff: string }>(), output: type<{ notes: string[]; score: number; kind: "a" | "b" }>() });
const flow = workflow("messages", { version: "1.0.0" }).input(type<{ repo: string; tag?: string }>()).step("lint", lint, ({ input }) => ({ diff: input.repo }));
`;

/** Wrong programs, and what the compiler must say about them. */
const wrong = [
  [
    "flow.step('lint', lint, () => ({ diff: '' }));",
    /the name \\"lint\\" is already taken/,
  ],
  [
    "flow.step('two', lint, ({ lint }) => ({ diff: lint.note }));",
    /Property 'note' does not exist.*Did you mean 'notes'/,
  ],
  [
    "flow.step('two', lint, ({ lint }) => ({ diff: lint.score }));",
    /'Ref<number>' is not assignable to type 'string \| Ref<string>'/,
  ],
  [
    "flow.step('two', lint, ({ input }) => ({ diff: input.tag }));",
    /Property '"the step has always run"' is missing in type 'MaybeRef<string>'/,
  ],
  ["flow.step('two', lint, () => ({}));", /Property 'diff' is missing/],
  [
    "flow.step('two', lint, ({ input }) => ({ diff: '', dif: input.repo }));",
    /the step has no port \\"dif\\"/,
  ],
  [
    "flow.step('two', lint, ({ lnt }) => ({ diff: '' }));",
    /Property 'lnt' does not exist/,
  ],
  [
    "flow.branch(({ lint }) => lint.kind, { a: (w) => w, b: (w) => w, c: (w) => w });",
    /the value is never \\"c\\"/,
  ],
  [
    "flow.branch(({ lint }) => lint.kind, { a: (w) => w });",
    /Property 'b' is missing/,
  ],
  [
    "flow.branch(({ input }) => input.repo, { a: (w) => w });",
    /Property 'otherwise' is missing/,
  ],
  [
    "defineNode({ typeId: 'a.b', input: type<{ x: 1 }>(), output: type<{ at: Date }>(), run: () => ({ at: new Date() }) });",
    /\\"at\\" is a Date, which JSON makes a string: give text/,
  ],
  [
    "flow.output(type<{ n: number }>(), ({ lint }) => ({ n: lint.kind }));",
    /'Ref<"a" \| "b">' is not assignable to type 'number \| Ref<number>'/,
  ],
  [
    "flow.use(forEach('each', ({ lint }) => lint.notes, lint, (note, { lint }) => ({ diff: lint.score })));",
    /'Ref<number>' is not assignable to type 'string \| Ref<string>'/,
  ],
];

test("wrong programs are refused with sentences that say what is wrong", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tutti-"));
  const program = join(folder, "wrong.ts");
  writeFileSync(program, head + wrong.map(([line]) => `${line}\n`).join(""));
  const { code, output } = await run(tool("deno"), [
    "check",
    "--config",
    join(root, "deno.json"),
    program,
  ], { env: { ...process.env, NO_COLOR: "1" } });
  rmSync(folder, { recursive: true });
  assert.notEqual(code, 0);
  // deno-lint-ignore no-control-regex
  const plain = output.replace(/\x1b\[[0-9;]*m/g, "");
  const errors = plain.split(/^TS\d+ \[ERROR\]: /m).slice(1);
  for (const [index, [line, message]] of wrong.entries()) {
    const at = `wrong.ts:${index + 4}:`;
    const own = errors.filter((error) => error.includes(at)).join("\n");
    assert.match(own.replaceAll("\n", " "), message, `${line}\n${own}`);
  }
});
