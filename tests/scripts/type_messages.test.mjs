// Wrong programs, compiled: the compiler says in a sentence what is wrong with each.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { compilerOf, root } from "../../scripts/lib/paths.mjs";
import { run } from "../../scripts/lib/run.mjs";

const head =
  `import { accept, clarify, defineNode, eq, forEach, gt, node, repeat, sub, type, variable, when, workflow } from "${
    join(root, "dsl/mod.ts")
  }";
declare const client: never;
const lint = node("vendor.acme.lint", { input: type<{ diff: string }>(), output: type<{ notes: string[]; score: number; kind: "a" | "b"; note?: string }>() });
const pick = node("vendor.acme.pick", { input: type<{ mode: "a" | "b" }>(), output: type<{ ok: boolean }>() });
const flow = workflow("messages", { version: "1.0.0" }).input(type<{ repo: string; tag?: string }>()).step("lint", lint, ({ input }) => ({ diff: input.repo }));
const built = flow.approval("gate", () => ({ title: "?", data: { n: 1 } })).use(clarify("ask", { size: { ask: "?", answer: type<number>() } })).output(({ lint }) => ({ score: lint.score })).build();
const run = await built.start(client, { repo: "" });
const plan = built.run({ repo: "" });
const w = workflow("handles", { version: "1.0.0" }).input(type<{ repo: string; n: number }>());
`;

const port = (name, type) =>
  new RegExp(`is not assignable to type 'Port<"${name}", ${type}>'`);
const maybe =
  /Property '"certain to be there; use orElse\(\) for what may be absent"' is missing in type 'MaybeRef<string>'/;
const noPort = (name) => new RegExp(`there is no port \\\\"${name}\\\\" here`);

const needsCase = (name) =>
  new RegExp(
    `Property '${name}' is missing .* but required in type 'CasesFor<"${name}", "every value needs its case; \\(w\\) => w does nothing">'`,
  );

/** Wrong programs, and what the compiler must say about them. */
const wrong = [
  // Names.
  [
    "flow.step('lint', lint, () => ({ diff: '' }));",
    /the name \\"lint\\" is already taken/,
  ],
  [
    "flow.step('output', lint, () => ({ diff: '' }));",
    /the name \\"output\\" is already taken/,
  ],
  [
    "flow.parallel({ a: (w) => w.step('one', lint, () => ({ diff: '' })), b: (w) => w }).step('one', lint, () => ({ diff: '' }));",
    /the name \\"one\\" is already taken/,
  ],
  [
    "flow.use(sub('lint', built, () => ({ repo: '' })));",
    /the name \\"lint\\" is already taken/,
  ],
  [
    "flow.step('two', lint, ({ lnt }) => ({ diff: '' }));",
    /Property 'lnt' does not exist on type '.* & StepsSoFar & \{ readonly lint: /,
  ],
  [
    "flow.step('two', lint, ({ lint }) => ({ diff: lint.noted }));",
    /Property 'noted' does not exist.*Did you mean 'note'/,
  ],
  [
    "flow.parallel({ a: (w) => w.step('one', lint, () => ({ diff: '' })), b: (w) => w.step('two', lint, ({ one }) => ({ diff: '' })) });",
    /Property 'one' does not exist on type '.* & StepsSoFar & /,
  ],
  // Ports.
  [
    "flow.step('two', lint, ({ lint }) => ({ diff: lint.score }));",
    /'Ref<number>' is not assignable to type 'Port<"diff", string>'/,
  ],
  ["flow.step('two', lint, () => ({ diff: 1 }));", port("diff", "string")],
  [
    "flow.step('two', pick, () => ({ mode: 'c' }));",
    /'"c"' is not assignable to type 'Port<"mode", "a" \| "b">'/,
  ],
  ["flow.step('two', lint, () => ({}));", /Property 'diff' is missing/],
  [
    "flow.step('two', lint, ({ input }) => ({ diff: '', dif: input.repo }));",
    noPort("dif"),
  ],
  ["flow.step('two', lint, () => ({ diff: '', level: 2 }));", noPort("level")],
  [
    "flow.step('two', lint, () => ({ diff: '', level: 'high' }));",
    noPort("level"),
  ],
  ["w.add('one', lint, { diff: w.input.n });", port("diff", "string")],
  ["w.add('one', lint, { diff: '', level: 3 });", noPort("level")],
  ["w.add('one', lint, {});", /Property 'diff' is missing/],
  ["flow.step('two', lint, ({ input }) => ({ diff: input.tag }));", maybe],
  ["flow.step('two', lint, ({ lint }) => ({ diff: lint.note }));", maybe],
  [
    "flow.branch(({ lint }) => lint.kind, { a: (w) => w.step('in', pick, () => ({ mode: 'a' })), b: (w) => w }).use(repeat('r', (w) => w.step('out', lint, () => ({ diff: '' })), { until: ({ out }) => eq(out.score, 1), max: 2 })).output(type<{ ok: boolean }>(), (refs) => ({ ok: refs['in'].ok }));",
    /Property '"certain to be there; use orElse\(\) for what may be absent"' is missing in type 'MaybeRef<boolean>'/,
  ],
  [
    "flow.use(forEach('each', ({ lint }) => lint.notes, lint, (note, { lint }) => ({ diff: lint.score })));",
    port("diff", "string"),
  ],
  [
    "flow.use(sub('child', built, ({ lint }) => ({ repo: lint.score })));",
    port("repo", "string"),
  ],
  [
    "flow.use(sub('child', built, () => ({})));",
    /Property 'repo' is missing in type '\{\}' but required in type 'Ports</,
  ],
  [
    "flow.use(forEach('each', ({ lint }) => lint.notes, lint, () => ({})));",
    /Property 'diff' is missing in type '\{\}' but required in type 'Ports</,
  ],
  [
    "flow.use(forEach('each', ({ lint }) => lint.notes, built, () => ({})));",
    /Property 'repo' is missing in type '\{\}' but required in type 'Ports</,
  ],
  [
    "flow.use(sub('child', built, () => ({ repo: '', rep: 1 })));",
    noPort("rep"),
  ],
  [
    "flow.use(when(({ lint }) => ({ many: gt(lint.score, 'x') }), { many: (w) => w }));",
    /'string' is not assignable to parameter of type 'Comparable<number>'/,
  ],
  // Cases.
  [
    "flow.branch(({ lint }) => lint.kind, { a: (w) => w, b: (w) => w, c: (w) => w });",
    /the value is never \\"c\\"/,
  ],
  [
    "flow.branch(({ lint }) => lint.kind, { a: (w) => w });",
    needsCase("b"),
  ],
  [
    "flow.approval('ok', () => ({ title: '?' }), { refine: true }).branch(({ ok }) => ok.action, { accept: (w) => w, reject: (w) => w });",
    needsCase("refine"),
  ],
  [
    "flow.approval('ok', () => ({ title: '?' }), { refine: true, edit: type<{ x: 1 }>() }).branch(({ ok }) => ok.action, { accept: (w) => w, reject: (w) => w });",
    /is missing the following properties from type 'CasesFor<.*every value needs its case.*': ("edit-accept", refine|refine, "edit-accept")/,
  ],
  [
    "flow.branch(({ input }) => input.repo, { a: (w) => w });",
    /Property 'otherwise' is missing .* 'CasesFor<"otherwise", "the value may be any text: say what happens with all others">'/,
  ],
  [
    "flow.branch(({ lint }) => lint.score, { a: (w) => w });",
    /'Ref<number>' is not assignable to type 'Ref<string>'/,
  ],
  // What JSON would change.
  [
    "defineNode({ typeId: 'a.b', input: type<{ x: 1 }>(), output: type<{ at: Date }>(), run: () => ({ at: new Date() }) });",
    /\\"at\\" is a Date, which JSON makes a string: give text/,
  ],
  [
    "defineNode({ typeId: 'a.b', input: type<{ x: 1 }>(), output: type<{ m: Map<string, 1> }>(), run: () => ({ m: new Map() }) });",
    /\\"m\\" is a Map or a Set, which JSON empties: give an object or a list/,
  ],
  [
    "defineNode({ typeId: 'a.b', input: type<{ x: 1 }>(), output: type<{ p: { cents: number; plus(): void } }>(), run: () => null! });",
    /\\"p\\" has the method \\"plus\\" and is no plain object: JSON would drop it/,
  ],
  ["flow.output(() => ({ at: new Date() }));", /it is a Date, which JSON/],
  [
    "flow.use(variable('v', { default: new Date() }));",
    /it is a Date, which JSON makes a string: give text/,
  ],
  [
    "flow.use(variable('v', { default: { at: new Date() } }));",
    /\\"at\\" is a Date, which JSON makes a string: give text/,
  ],
  [
    "flow.use(variable('v', { default: new Set<string>() }));",
    /it is a Map or a Set, which JSON empties: give an object or a list/,
  ],
  [
    "flow.use(variable('v', { default: () => 1 }));",
    /it would not survive JSON: it is a function/,
  ],
  [
    "flow.use(variable('v', { default: undefined }));",
    /'undefined' is not assignable to type 'ValueOrNull'/,
  ],
  // What a workflow gives and takes.
  [
    "flow.output(type<{ n: number }>(), ({ lint }) => ({ n: lint.kind }));",
    /'Ref<"a" \| "b">' is not assignable to type 'Port<"n", number>'/,
  ],
  [
    "flow.output(type<{ n: number }>(), () => ({}));",
    /Property 'n' is missing/,
  ],
  [
    "flow.output(type<{ n: number }>(), ({ lint }) => ({ n: lint.score, m: lint.score }));",
    noPort("m"),
  ],
  ["built.start(client, {});", /Property 'repo' is missing/],
  // Runs: interrupts, answers, forks, outputs.
  ["run.interrupt('gates');", /'"gates"' is not assignable to .*"gate"/],
  [
    "run.interrupt('gate').resolve({ action: 'maybe' });",
    /'"maybe"' is not assignable to type '"accept" \| "reject"'/,
  ],
  [
    "run.interrupt('gate').edit({ n: 2 });",
    /this interrupt takes no edited version: declare it with `edit`/,
  ],
  [
    "run.interrupt('gate').refine('shorter');",
    /this interrupt cannot be sent back: declare it with `refine`/,
  ],
  [
    "run.interrupt('gate').answer({ size: 1 });",
    /this interrupt asks no questions: use accept\(\) or reject\(\)/,
  ],
  [
    "run.interrupt('ask').answer({ size: 'x' });",
    /'string' is not assignable to type 'number'/,
  ],
  [
    "run.fork({ at: 'lintt' });",
    /'"lintt"' is not assignable to type .*"lint"/,
  ],
  [
    "plan.fork('f', 'start', (f) => f.input({ repo: 1 }));",
    /'number' is not assignable to type 'string'/,
  ],
  [
    "flow.use(sub('child', built, () => ({ repo: '' }))).build().run({ repo: '' }).on('child.gat', accept());",
    /'"child.gat"' is not assignable to .*"child.gate"/,
  ],
  [
    "flow.build().run({ repo: '' }).on('gate', accept());",
    /no interrupt is known here: name what was added with add\(\) by its handle/,
  ],
  ["plan.on('gates', accept());", /'"gates"' is not assignable to .*"gate"/],
  [
    "plan.on('gate', { action: 'maybe' });",
    /'"maybe"' is not assignable to type '"accept" \| "reject"'/,
  ],
  ["plan.fork('f', { at: 'nope' });", /'"nope"' is not assignable to .*"lint"/],
  [
    "plan.expect({ output: { skore: 1 } });",
    /'skore' does not exist.*Did you mean to write 'score'/,
  ],
];

const project = {
  compilerOptions: {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
    types: [],
    module: "preserve",
    moduleDetection: "force",
    allowImportingTsExtensions: true,
  },
  files: ["wrong.ts"],
};

for (const major of ["5", "7"]) {
  test(`TypeScript ${major} refuses wrong programs with sentences that say what is wrong`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "tutti-"));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
    writeFileSync(
      join(folder, "wrong.ts"),
      head + wrong.map(([line]) => `${line}\n`).join(""),
    );
    const [command, ...args] = compilerOf(major);
    const { code, output } = await run(
      command,
      [...args, "-p", ".", "--pretty", "false"],
      { cwd: folder },
    );
    rmSync(folder, { recursive: true });
    assert.notEqual(code, 0);
    const first = head.split("\n").length;
    const errors = output.split(/^wrong\.ts\((?=\d)/m).slice(1);
    const at = (error) => Number.parseInt(error) - first;
    assert.deepEqual(
      errors.filter((error) => !(at(error) in wrong)),
      [],
      "what is right compiles",
    );
    for (const [index, [line, message]] of wrong.entries()) {
      const own = errors.filter((error) => at(error) === index).join("\n");
      assert.match(own.replaceAll("\n", " "), message, `${line}\n${own}`);
      assert.doesNotMatch(own, /type 'never'/, `${line}\n${own}`);
    }
  });
}
