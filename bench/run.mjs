// Runs the benchmarks and prints Markdown tables.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { script } from "../scripts/lib/cli.mjs";
import { nodeBinary, root } from "../scripts/lib/paths.mjs";
import { callOverhead } from "./call_overhead.mjs";
import { clientCalls } from "./client_calls.mjs";
import { flux0Assembly } from "./flux0_assembly.mjs";
import { hmac } from "./hmac.mjs";
import { hostRuns } from "./host_runs.mjs";
import { sseParse } from "./sse_parse.mjs";
import { sseStream } from "./sse_stream.mjs";
import { streamMemory } from "./stream_memory.mjs";
import { workflowBuild } from "./workflow_build.mjs";
import { workflowSteps } from "./workflow_steps.mjs";
import { workflowTypes } from "./workflow_types.mjs";

const help = `
Usage: node bench/run.mjs [NAME …] [--rounds N] [--only TEXT]

  parse      bytes to events: our parser against eventsource-parser and
             fetch-event-source, 20 shapes of stream
  stream     a response to items: our resumable stream against the readers of
             openai, @anthropic-ai/sdk, langgraph-sdk and eventsource-parser
  overhead   a call of ours above bare fetch, in memory and over loopback
  clients    a method of the small clients above a bare call of the transport
  hmac       signing a request: ours on Web Crypto against Node's createHmac
  memory     the heap over a stream of a million events
  host       a run of the embedded host against what it stands on, runs a
             second, readers of one stream, the heap over a long log
             (EVENTS=1000000 by default); on Deno and Bun too
  flux0      messages of flux0 in up to 100,000 chunks: must be linear
  types      the same workflow of 20, 80 and 200 steps for the type checker, here
             and in Mastra, LangGraph and XState: instantiations, check time
  build      1,000 nodes: declaring, checking and building, at run time and for
             the type checker, here and there
  steps      a step of a run on the embedded host and in the engines of Mastra,
             LangGraph and XState: the same work, with and without a memory

  --rounds N    pairs of slices for each ratio (default 41)
  --only TEXT   only rows whose name contains TEXT

Ratios are of time, median and quartiles: above 1 the other one is slower. All
run in one process, in alternating order; "control" is a function against
itself. A control further than 5 % from 1 makes the run worthless: it ends with
exit code 1. Peers are pinned in bench/package-lock.json and are installed into
bench/node_modules when they are missing. Node 22.18 or newer is needed; the
pinned Node 24 (scripts/setup.mjs --nodes) is used when this one is older.
`;

const suites = {
  parse: sseParse,
  stream: sseStream,
  overhead: callOverhead,
  clients: clientCalls,
  hmac,
  memory: streamMemory,
  host: hostRuns,
  flux0: flux0Assembly,
  types: workflowTypes,
  build: workflowBuild,
  steps: workflowSteps,
};

await script(help, {
  rounds: { type: "string", default: "41" },
  only: { type: "string", default: "" },
}, async ({ rounds, only }, names) => {
  const chosen = names.length > 0 ? names : Object.keys(suites);
  for (const name of chosen) {
    if (!suites[name]) {
      throw new Error(`No benchmark is named "${name}"; --help names them`);
    }
  }
  const runtime = globalThis.Deno
    ? `Deno ${globalThis.Deno.version.deno}`
    : globalThis.Bun
    ? `Bun ${globalThis.Bun.version}`
    : `Node ${process.versions.node}`;
  if (runtime.startsWith("Node") && !process.features.typescript) {
    return onNewerNode();
  }
  install();
  const [{ model }] = cpus();
  console.log(
    `${runtime}, ${cpus().length} x ${model.trim()}\n`,
  );
  let doubtful = 0;
  for (const name of chosen) {
    console.log(`## ${name}\n`);
    doubtful += await suites[name]({ rounds: Number(rounds), only });
    console.log("");
  }
  if (doubtful > 0) {
    console.error(
      `${doubtful} rows cannot be trusted or are not flat: run again on a quiet machine`,
    );
  }
  return doubtful > 0 ? 1 : 0;
});

/** Starts over under the pinned Node, which reads TypeScript. */
function onNewerNode() {
  const binary = nodeBinary("24");
  if (!existsSync(binary)) {
    throw new Error(
      `Node 22.18 or newer is needed, this is ${process.version}\n  fix: node scripts/setup.mjs --nodes`,
    );
  }
  const { status } = spawnSync(
    binary,
    [fileURLToPath(import.meta.url), ...process.argv.slice(2)],
    { stdio: "inherit" },
  );
  return status ?? 1;
}

/** Installs the peers unless every one is there in the version that is pinned. */
function install() {
  const at = (path) => join(root, "bench", path);
  const read = (path) => JSON.parse(readFileSync(at(path), "utf8"));
  const isThere = ([name, version]) => {
    const path = `node_modules/${name}/package.json`;
    return existsSync(at(path)) && read(path).version === version;
  };
  if (Object.entries(read("package.json").dependencies).every(isThere)) return;
  console.log("Installing the peers …");
  const { status } = spawnSync(
    "npm",
    ["ci", "--silent", "--ignore-scripts", "--prefix", join(root, "bench")],
    { stdio: "inherit" },
  );
  if (status !== 0) throw new Error("The peers could not be installed");
}
