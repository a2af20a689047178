// Writes the programs whose cost for the type checker is measured. They use the public face only.

/** Every fixture by the name of its budget. */
export function costFixtures(name) {
  return {
    cost_first_step: chain(name, 1),
    cost_chain_80: chain(name, 80),
    cost_zod_80: zodChain(name, 80),
    cost_cases_40: cases(name, 40),
    cost_handles_80: handles(name, 80),
    cost_handles_1000: handles(name, 1000),
    cost_gates_80: gates(name, 80),
  };
}

/** A program that takes in entry points, with every export's type. */
export function importFixture(...modules) {
  return modules.map((module, n) =>
    `import * as entry${n} from "${module}";
export const everything${n} = { ...entry${n} };
`
  ).join("");
}

const head = (name) =>
  `import { defineNode, type, workflow } from "${name}/dsl";

const node = defineNode({
  typeId: "local.cost.node",
  input: type<{ value: string }>(),
  output: type<{ value: string }>(),
  run: ({ value }) => ({ value }),
});
`;

const count = (length, line) => Array.from({ length }, (_, n) => line(n));

/** A fluent chain in which every step uses the one before it, by its name. */
export function chain(name, length) {
  const steps = count(length, (n) => {
    const last = n === 0 ? "input" : `s${n - 1}`;
    return `  .step("s${n}", node, ({ ${last} }) => ({ value: ${last}.value }))`;
  });
  return `${head(name)}
export const built = workflow("cost", { version: "1.0.0" })
  .input(type<{ value: string }>())
${steps.join("\n")}
  .build();
`;
}

/** A chain in which every step has schemas of its own, so that no two of them share a type. */
function zodChain(name, length) {
  const schema = "z.object({ value: z.string() })";
  const nodes = count(
    length,
    (n) =>
      `const n${n} = defineNode({
  typeId: "local.cost.n${n}",
  input: ${schema},
  output: ${schema},
  run: ({ value }) => ({ value }),
});`,
  );
  const steps = count(length, (n) => {
    const last = n === 0 ? "input" : `s${n - 1}`;
    return `  .step("s${n}", n${n}, ({ ${last} }) => ({ value: ${last}.value }))`;
  });
  return `import { defineNode, workflow } from "${name}/dsl";
import { z } from "zod";

${nodes.join("\n")}
export const built = workflow("cost", { version: "1.0.0" })
  .input(${schema})
${steps.join("\n")}
  .build();
`;
}

/** Choices one after the other, in each of which a case has a step that fails or is made up for. */
function cases(name, length) {
  const each = count(length, (n) => {
    const last = n === 0 ? "input.value" : `orElse(s${n - 1}.value, "")`;
    const from = last.match(/\w+(?=\.)/)[0];
    return `  .branch(({ input }) => input.kind, {
    a: (w) => w.step("s${n}", node, ({ ${from} }) => ({ value: ${last} })),
    b: (w) => w.use(attempt("t${n}", node, ({ input }) => ({ value: input.value }), {
      onError: (w, failure) => w.step("u${n}", node, () => ({ value: failure.code })),
    })),
  })`;
  });
  return `${head(name)}import { attempt, orElse } from "${name}/dsl";
export const built = workflow("cost", { version: "1.0.0" })
  .input(type<{ value: string; kind: "a" | "b" }>())
${each.join("\n")}
  .build();
`;
}

/** A program of handles, each of which uses the one before it. */
function handles(name, length) {
  const steps = count(length, (n) => {
    const last = n === 0 ? "w.input" : `s${n - 1}`;
    return `const s${n} = w.add("s${n}", node, { value: ${last}.value });`;
  });
  return `${head(name)}
const w = workflow("cost", { version: "1.0.0" })
  .input(type<{ value: string }>());
${steps.join("\n")}
export const built = w.build();
`;
}

/** Handles of steps that ask, each of which shows the answer before it, and a plan that answers all of them. */
function gates(name, length) {
  const steps = count(length, (n) => {
    const last = n === 0 ? "w.input.value" : `s${n - 1}.feedback`;
    return `const s${n} = w.add("s${n}", core.approvalGate({ title: "?" }), { value: ${last} });`;
  });
  const answers = count(
    length,
    (n) => `  .on(s${n}, ({ data }) => data.value ? accept() : reject())`,
  );
  return `import { accept, core, reject, type, workflow } from "${name}/dsl";

const w = workflow("cost", { version: "1.0.0" })
  .input(type<{ value: string }>());
${steps.join("\n")}
export const plan = w.build().run({ value: "" })
${answers.join("\n")};
`;
}
