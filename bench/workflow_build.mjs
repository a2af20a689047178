// What it costs to build and check a workflow of 1,000 nodes: at run time, and the type checker.
import { isTrustworthy, quantile, ratio } from "./lib/ratio.mjs";
import { head, ratioCell, row, short } from "./lib/table.mjs";
import { programs } from "./lib/workflow_programs.mjs";
import { load, measureTypes, openWorkshop, write } from "./lib/workshop.mjs";

const size = 1_000;
const smaller = 250;
const count = (size, make) => Array.from({ length: size }, (_, n) => make(n));

/** Builds graphs of 1,000 nodes in each library, in alternating slices; then type-checks written ones. */
export async function workflowBuild({ rounds, only }) {
  await openWorkshop();
  const { declare, build, check, peers } = await builders();
  let doubtful = 0;

  head("ours", `${smaller} nodes, ms`, `${size} nodes, ms`, "a node, growth");
  for (
    const [name, work] of Object.entries({
      "declare with add()": declare,
      "declare and build(), which checks all": build,
      "check() of a declaration": check,
    })
  ) {
    const [small, large] = [work(smaller), work(size)];
    const { median, msA, msB } = await ratio(small, large, {
      rounds: Math.min(21, rounds),
    });
    const growth = median * smaller / size;
    row(name, short(msA), short(msB), growth.toFixed(2));
  }

  console.log("");
  head("build of 1,000 nodes", "theirs, ms", "theirs ÷ ours", "control");
  for (const [name, make] of Object.entries(peers)) {
    if (!name.includes(only)) continue;
    const mine = build(size);
    let result, control;
    for (let turn = 0; turn < 3; turn++) {
      result = await ratio(mine, make, { rounds: Math.min(21, rounds) });
      control = await ratio(mine, mine, { rounds: Math.min(21, rounds) });
      if (isTrustworthy(control)) break;
    }
    if (!isTrustworthy(control)) doubtful++;
    row(name, short(result.msB), ratioCell(result), control.median.toFixed(2));
  }

  console.log("");
  head("type-check of 1,000 nodes, TypeScript 7", "instantiations", "ms");
  for (
    const key of ["handles", "handles_zod", "mastra", "langgraph_sequence"]
  ) {
    const { name, imports, write: writeProgram } = programs[key];
    if (!name.includes(only)) continue;
    const file = `${key}_${size}.ts`;
    write(file, imports + writeProgram(size));
    const found = [];
    for (let round = 0; round < Math.min(3, rounds); round++) {
      found.push(await measureTypes("7", file));
    }
    const [{ faults, instantiations }] = found;
    if (faults.length > 0) {
      row(name, `error ${faults}`, "-");
    } else {
      const ms = quantile(found.map(({ ms }) => ms), 0.5);
      row(name, instantiations, ms.toFixed(0));
    }
  }
  return doubtful;
}

/** Functions that build the same chain at run time; what each gives has all its nodes. */
async function builders() {
  const { defineNode, type, workflow } = await load("@tutti/sdk/dsl");
  const { createStep, createWorkflow } = await load("@mastra/core/workflows");
  const { Annotation, END, START, StateGraph } = await load(
    "@langchain/langgraph",
  );
  const { createMachine } = await load("xstate");
  const { z } = await load("zod");

  const node = defineNode({
    typeId: "local.bench.node",
    input: type(),
    output: type(),
    run: ({ value }) => ({ value }),
  });
  const declare = (size) => () => {
    const w = workflow("bench", { version: "1.0.0" }).input(
      type({ value: "number" }),
    );
    let last = w.input;
    for (let n = 0; n < size; n++) {
      last = w.add(`s${n}`, node, { value: last.value });
    }
    return w.output(() => ({ value: last.value }));
  };
  const build = (size) => () => declare(size)().build();
  const check = (size) => {
    const draft = declare(size)();
    return () => draft.check();
  };

  const schema = z.object({ value: z.number() });
  const steps = count(size, (n) =>
    createStep({
      id: `s${n}`,
      inputSchema: schema,
      outputSchema: schema,
      execute: ({ inputData }) => inputData,
    }));
  const mastra = () => {
    let workflow = createWorkflow({
      id: "bench",
      inputSchema: schema,
      outputSchema: schema,
    });
    for (const step of steps) workflow = workflow.then(step);
    return workflow.commit();
  };
  const langgraph = () => {
    const graph = new StateGraph(
      Annotation.Root(
        Object.fromEntries(
          count(size, (n) => [`s${n}`, Annotation()]),
        ),
      ),
    );
    for (let n = 0; n < size; n++) {
      graph.addNode(`n${n}`, () => ({ [`s${n}`]: n }));
      graph.addEdge(n === 0 ? START : `n${n - 1}`, `n${n}`);
    }
    return graph.addEdge(`n${size - 1}`, END).compile();
  };
  const xstate = () =>
    createMachine({
      id: "bench",
      initial: "s0",
      states: Object.fromEntries(
        count(size, (n) => [`s${n}`, {
          invoke: {
            src: `a${n}`,
            onDone: n + 1 < size ? `s${n + 1}` : "done",
          },
        }]).concat([["done", { type: "final" }]]),
      ),
    });

  const sizes = {
    ours: build(size)().definition.nodes.length - 1,
    mastra: mastra().stepGraph.length,
    langgraph: Object.keys(langgraph().nodes).length - 1,
    xstate: Object.keys(xstate().states).length - 1,
  };
  for (const [name, found] of Object.entries(sizes)) {
    if (found !== size) throw new Error(`${name} built ${found} nodes`);
  }
  return {
    declare,
    build,
    check,
    peers: {
      // What it gives has a method then(): nobody may await it.
      "Mastra: then() and commit()": () => void mastra(),
      "LangGraph: addNode(), addEdge(), compile()": langgraph,
      "XState: createMachine()": xstate,
    },
  };
}
