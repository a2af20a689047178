// What an editor shows of a long chain: types that can be read, and the names that can be used.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/lib/paths.mjs";

const ts = createRequire(join(root, "tools/package.json"))(
  "typescript-5/lib/typescript.js",
);
// Not on disk: the editor has it open.
const file = join(root, "tests/hovers.ts");

const steps = Array.from({ length: 40 }, (_, n) => {
  const last = n === 0 ? "input" : `s${n - 1}`;
  return `  .step("s${n}", node, ({ ${last} }) => ({ value: ${last}.value }))`;
});
const program =
  `import { defineNode, either, type, waitFor, workflow } from "../dsl/mod.ts";
const node = defineNode({
  typeId: "local.hover.node",
  input: type<{ value: string }>(),
  output: type<{ value: string; list: { id: number }[] }>(),
  run: ({ value }) => ({ value, list: [] }),
});
export const built = workflow("hover", { version: "1.0.0" })
  .input(type<{ value: string; at: number }>())
${steps.join("\n")}
  .step("last", node, ({ /*step*/s39, /*names*/ }) => ({ value: s39./*port*/value }))
  .approval("gate", ({ last }) => ({ title: "?", data: { id: last.list[0]./*entry*/id } as const }))
  .branch(({ gate }) => gate./*action*/action, {
    accept: (w) => w.step("yes", node, ({ input }) => ({ value: input./*input*/value })),
    reject: (w) => w.use(waitFor("no", { type: "a.b", data: type<{ value: string }>(), correlation: ({ last }) => ({ value: last.value }) })),
  })
  .use(either("word", ({ /*case*/yes, no }) => [yes./*maybe*/value, no.value]))
  .output(({ word }) => ({ word: word./*either*/value }))
  .build();
export const check = (client: never) => built.start(client, { value: "", at: 1 })
  .then((run) => run.result()).then(({ /*output*/output }) => output);
`;

function openEditor() {
  const options = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    allowImportingTsExtensions: true,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const read = (path) => path === file ? program : ts.sys.readFile(path);
  return ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => options,
    getCurrentDirectory: () => root,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (path) => {
      const text = read(path);
      return text === undefined
        ? undefined
        : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (path) => path === file || ts.sys.fileExists(path),
    readFile: read,
  });
}

test("an editor shows short types behind a chain of forty steps, and the names that can be used", () => {
  const editor = openEditor();
  assert.deepEqual(
    editor.getSemanticDiagnostics(file).map(({ messageText }) => messageText),
    [],
  );
  const behind = (mark) => program.indexOf(`/*${mark}*/`) + mark.length + 4;
  const shown = (mark) =>
    ts.displayPartsToString(
      editor.getQuickInfoAtPosition(file, behind(mark))?.displayParts,
    ).replaceAll(/\s+/g, " ");
  const step = "{ value: string; list: { id: number; }[]; }";
  assert.deepEqual(
    [
      "step",
      "port",
      "entry",
      "action",
      "input",
      "case",
      "maybe",
      "either",
      "output",
    ]
      .map(shown),
    [
      `(parameter) s39: Refs<${step}>`,
      "(property) value: Ref<string>",
      "(property) id: MaybeRef<number>",
      '(property) DecisionRefs<never, false>.action: Ref<"accept" | "reject">',
      "(property) value: Ref<string>",
      `(parameter) yes: MaybeRefs<Refs<${step}>>`,
      "(property) value: MaybeRef<string>",
      "(property) value: Ref<string>",
      "(parameter) output: { readonly word: string; }",
    ],
  );
  const names = editor.getCompletionsAtPosition(file, behind("names"), {})
    ?.entries.map(({ name }) => name) ?? [];
  assert.deepEqual(
    ["input", "s0", "s38"].filter((name) => !names.includes(name)),
    [],
  );
});
