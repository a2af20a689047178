// Writes the programs whose cost for the type checker is measured. They use the public face only.

/** Every fixture by the name of its budget. */
export function costFixtures(name) {
  return {
    cost_chain_80: chain(name, 80),
    cost_handles_80: handles(name, 80),
    cost_handles_1000: handles(name, 1000),
  };
}

/** A program that takes in one entry point, with every export's type. */
export function importFixture(module) {
  return `import * as entry from "${module}";
export const everything = { ...entry };
`;
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
function chain(name, length) {
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

/** The same with handles. */
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
