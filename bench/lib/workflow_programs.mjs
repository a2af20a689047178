// Writes the same workflow for each library: a chain of steps, each adding what the one before gave and what an earlier one gave.

const modulus = 1_000_003;
const count = (size, line) => Array.from({ length: size }, (_, n) => line(n));
const lines = (size, line) => count(size, line).join("\n");

/** The step that step `n` takes a value from besides the one before it, from step 2 on. */
const earlier = (n) => (n - 1) >> 1;

/** What a chain of `size` steps gives when it is given 1: no step can be left out without changing it. */
export function wanted(size) {
  const given = 1;
  const values = [given + 1];
  for (let n = 1; n < size; n++) {
    const early = n === 1 ? given : values[earlier(n)];
    values.push((values[n - 1] + early) % modulus);
  }
  return values[size - 1];
}

/** An object type of numbers: as a TypeScript type, and as a zod schema. */
const typed = (...keys) =>
  `type<{ ${keys.map((key) => `${key}: number`).join("; ")} }>()`;
const zod = (...keys) =>
  `z.object({ ${keys.map((key) => `${key}: z.number()`).join(", ")} })`;

const ourNodes = (size, object) =>
  lines(size, (n) =>
    n === 0
      ? `const n0 = defineNode({
  typeId: "local.bench.n0",
  input: ${object("value")},
  output: ${object("value")},
  run: ({ value }) => ({ value: value + 1 }),
});`
      : `const n${n} = defineNode({
  typeId: "local.bench.n${n}",
  input: ${object("last", "early")},
  output: ${object("value")},
  run: ({ last, early }) => ({ value: (last + early) % ${modulus} }),
});`);

const chain = (object) => (size) =>
  `${ourNodes(size, object)}
export const built = workflow("bench", { version: "1.0.0" })
  .input(${object("value")})
${
    lines(size, (n) => {
      if (n === 0) {
        return `  .step("s0", n0, ({ input }) => ({ value: input.value }))`;
      }
      const early = n === 1 ? "input" : `s${earlier(n)}`;
      const names = [...new Set([`s${n - 1}`, early])].join(", ");
      return `  .step("s${n}", n${n}, ({ ${names} }) => ({ last: s${
        n - 1
      }.value, early: ${early}.value }))`;
    })
  }
  .output(({ s${size - 1} }) => ({ value: s${size - 1}.value }))
  .build();
`;

const handles = (object) => (size) =>
  `${ourNodes(size, object)}
const w = workflow("bench", { version: "1.0.0" }).input(${object("value")});
${
    lines(size, (n) => {
      if (n === 0) {
        return `const s0 = w.add("s0", n0, { value: w.input.value });`;
      }
      const early = n === 1 ? "w.input" : `s${earlier(n)}`;
      return `const s${n} = w.add("s${n}", n${n}, { last: s${
        n - 1
      }.value, early: ${early}.value });`;
    })
  }
export const built = w.output(() => ({ value: s${size - 1}.value })).build();
`;

const mastra = (size) =>
  `${
    lines(size, (n) => {
      const [needs, value] = n === 0
        ? ["inputData", "inputData.value + 1"]
        : n === 1
        ? [
          "inputData, getInitData",
          `(inputData.value + getInitData<{ value: number }>().value) % ${modulus}`,
        ]
        : [
          "inputData, getStepResult",
          `(inputData.value + getStepResult(s${
            earlier(n)
          }).value) % ${modulus}`,
        ];
      return `const s${n} = createStep({
  id: "s${n}",
  inputSchema: ${zod("value")},
  outputSchema: ${zod("value")},
  execute: async ({ ${needs} }) => ({ value: ${value} }),
});`;
    })
  }
export const built = createWorkflow({
  id: "bench",
  inputSchema: ${zod("value")},
  outputSchema: ${zod("value")},
})
${lines(size, (n) => `  .then(s${n})`)}
  .commit();
`;

/** The state and the functions of a graph of LangGraph. */
const graphParts = (size) =>
  `const State = Annotation.Root({
  value: Annotation<number>,
${lines(size, (n) => `  s${n}: Annotation<number>,`)}
});
${
    lines(size, (n) => {
      const early = n === 1 ? "value" : `s${earlier(n)}`;
      const names = n === 0 ? ["value"] : [...new Set([`s${n - 1}`, early])];
      const value = n === 0
        ? "value + 1"
        : `(s${n - 1} + ${early}) % ${modulus}`;
      return `const f${n} = async ({ ${
        names.join(", ")
      } }: typeof State.State) => ({ s${n}: ${value} });`;
    })
  }`;

const langgraph = (size) =>
  `${graphParts(size)}
export const graph = new StateGraph(State)
${lines(size, (n) => `  .addNode("n${n}", f${n})`)}
  .addEdge(START, "n0")
${lines(size - 1, (n) => `  .addEdge("n${n}", "n${n + 1}")`)}
  .addEdge("n${size - 1}", END);
export const built = graph.compile();
`;

const sequence = (size) =>
  `${graphParts(size)}
export const graph = new StateGraph(State)
  .addSequence({
${lines(size, (n) => `    n${n}: f${n},`)}
  })
  .addEdge(START, "n0")
  .addEdge("n${size - 1}", END);
export const built = graph.compile();
`;

const xstate = (size) =>
  `${
    lines(size, (n) =>
      n === 0
        ? `const a0 = fromPromise(async ({ input }: { input: { value: number } }) => ({ value: input.value + 1 }));`
        : `const a${n} = fromPromise(async ({ input }: { input: { last: number; early: number } }) => ({ value: (input.last + input.early) % ${modulus} }));`)
  }
interface Context {
  value: number;
${lines(size, (n) => `  s${n}?: number;`)}
}
export const built = setup({
  types: {
    input: {} as { value: number },
    context: {} as Context,
    output: {} as { value: number },
  },
  actors: { ${count(size, (n) => `a${n}`).join(", ")} },
}).createMachine({
  id: "bench",
  initial: "s0",
  context: ({ input }) => ({ value: input.value }),
  output: ({ context }) => ({ value: context.s${size - 1}! }),
  states: {
${
    lines(size, (n) => {
      const early = n === 1 ? "value" : `s${earlier(n)}!`;
      const input = n === 0
        ? "value: context.value"
        : `last: context.s${n - 1}!, early: context.${early}`;
      return `    s${n}: {
      invoke: {
        src: "a${n}",
        input: ({ context }) => ({ ${input} }),
        onDone: {
          target: "${n + 1 < size ? `s${n + 1}` : "done"}",
          actions: assign({ s${n}: ({ event }) => event.output.value }),
        },
      },
    },`;
    })
  }
    done: { type: "final" },
  },
});
`;

const fromTutti = (...names) =>
  `import { ${names.join(", ")} } from "@tutti/sdk/dsl";\n`;
const fromZod = `import { z } from "zod";\n`;
const fromGraph =
  `import { Annotation, END, START, StateGraph } from "@langchain/langgraph";\n`;

/** Every way to write it: its imports, the names in them, and the program of a size below them. */
export const programs = {
  chain: {
    name: "ours, chain",
    imports: fromTutti("defineNode", "type", "workflow"),
    names: "defineNode, type, workflow",
    write: chain(typed),
  },
  handles: {
    name: "ours, handles",
    imports: fromTutti("defineNode", "type", "workflow"),
    names: "defineNode, type, workflow",
    write: handles(typed),
  },
  chain_zod: {
    name: "ours, chain, zod",
    imports: fromTutti("defineNode", "workflow") + fromZod,
    names: "defineNode, workflow, z",
    write: chain(zod),
  },
  handles_zod: {
    name: "ours, handles, zod",
    imports: fromTutti("defineNode", "workflow") + fromZod,
    names: "defineNode, workflow, z",
    write: handles(zod),
  },
  mastra: {
    name: "Mastra, zod",
    imports:
      `import { createStep, createWorkflow } from "@mastra/core/workflows";\n` +
      fromZod,
    names: "createStep, createWorkflow, z",
    write: mastra,
  },
  langgraph: {
    name: "LangGraph, addNode",
    imports: fromGraph,
    names: "Annotation, END, START, StateGraph",
    write: langgraph,
  },
  langgraph_sequence: {
    name: "LangGraph, addSequence",
    imports: fromGraph,
    names: "Annotation, END, START, StateGraph",
    write: sequence,
  },
  xstate: {
    name: "XState",
    imports: `import { assign, fromPromise, setup } from "xstate";\n`,
    names: "assign, fromPromise, setup",
    write: xstate,
  },
};

/** A program that only imports what the one of this name needs. */
export function importOnly({ imports, names }) {
  return `${imports}export const everything: unknown[] = [${names}];\n`;
}
