// Runs the workflow that workflow_programs.mjs writes, in process, on the engine of each library.
import { load, write } from "./workshop.mjs";
import { programs, wanted } from "./workflow_programs.mjs";

/** Writes a program and loads it. */
async function built(key, size) {
  const { imports, write: writeProgram } = programs[key];
  const file = `${key}_${size}.ts`;
  write(file, imports + writeProgram(size));
  return await load(file);
}

/** The embedded host, which keeps the log of every run; its client and the run's stream go through requests. */
const ours = (key) => async (size) => {
  const { built: workflow } = await built(key, size);
  const { createHost } = await load("@tutti/sdk/host");
  const { OpenwopClient } = await load("@tutti/sdk/openwop");
  const host = createHost({ workflows: [workflow] });
  const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
  return {
    async run() {
      const run = await workflow.start(client, { value: 1 });
      return (await run.result()).output.value;
    },
    close: () => host.close(),
  };
};

const mastra = (hasStorage) => async (size) => {
  const { built: plain } = await built("mastra", size);
  let workflow = plain;
  if (hasStorage) {
    const { Mastra } = await load("@mastra/core/mastra");
    const { InMemoryStore } = await load("@mastra/core/storage");
    const mastra = new Mastra({
      workflows: { bench: plain },
      storage: new InMemoryStore(),
      logger: false,
    });
    workflow = mastra.getWorkflow("bench");
  }
  return {
    async run() {
      const run = await workflow.createRun();
      const { status, result } = await run.start({ inputData: { value: 1 } });
      return status === "success" ? result.value : status;
    },
    close: () => {},
  };
};

const langgraph = (key, hasStorage) => async (size) => {
  const { graph } = await built(key, size);
  const { MemorySaver } = await load("@langchain/langgraph");
  const checkpointer = new MemorySaver();
  const compiled = graph.compile(hasStorage ? { checkpointer } : {});
  let count = 0;
  return {
    async run() {
      const thread = `thread-${count++}`;
      const state = await compiled.invoke({ value: 1 }, {
        recursionLimit: size + 10,
        configurable: { thread_id: thread },
      });
      // Otherwise the checkpoints of all runs would pile up.
      if (hasStorage) await checkpointer.deleteThread(thread);
      return state[`s${size - 1}`];
    },
    close: () => {},
  };
};

const xstate = async (size) => {
  const { built: machine } = await built("xstate", size);
  const { createActor, toPromise } = await load("xstate");
  return {
    async run() {
      const actor = createActor(machine, { input: { value: 1 } }).start();
      return (await toPromise(actor)).value;
    },
    close: () => {},
  };
};

/** For each program: makes a workflow of a size that can be run. */
export const runners = {
  chain: ours("chain"),
  handles: ours("handles"),
  chain_zod: ours("chain_zod"),
  handles_zod: ours("handles_zod"),
  mastra: mastra(false),
  mastra_stored: mastra(true),
  langgraph: langgraph("langgraph", false),
  langgraph_stored: langgraph("langgraph", true),
  langgraph_sequence: langgraph("langgraph_sequence", false),
  xstate,
};

/** Makes a runner, and makes sure that it runs all steps: the result would be another without any of them. */
export async function verified(key, size) {
  const runner = await runners[key](size);
  const value = await runner.run();
  if (value !== wanted(size)) {
    throw new Error(
      `${key} of ${size} steps gives ${value}: it must be ${wanted(size)}`,
    );
  }
  return runner;
}

/** Runs each program of each size once. */
export async function verifyAll(keys, sizes) {
  for (const key of keys) {
    for (const size of sizes) await (await verified(key, size)).close();
  }
}
