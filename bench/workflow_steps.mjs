// What a step costs while a workflow runs: on the embedded host, and in the in-process engines of others.
import { isTrustworthy, ratio } from "./lib/ratio.mjs";
import { head, ratioCell, row, short } from "./lib/table.mjs";
import { verified } from "./lib/workflow_runners.mjs";
import { openWorkshop } from "./lib/workshop.mjs";

const sizes = [20, 80];
/** Name to the runner: the log of ours is always kept, in memory. */
const peers = {
  "Mastra": "mastra",
  "Mastra, InMemoryStore": "mastra_stored",
  "LangGraph": "langgraph",
  "LangGraph, MemorySaver": "langgraph_stored",
  "XState": "xstate",
};

/** The same cheap work for each step, from the start of a run to its result; `rounds` pairs of slices, 21 at most. */
export async function workflowSteps({ rounds, only }) {
  await openWorkshop();
  const settings = { rounds: Math.min(21, rounds), warm: 2 };
  head(
    "engine",
    "steps",
    "ours, µs a step",
    "theirs, µs a step",
    "theirs ÷ ours",
    "control",
  );
  let doubtful = 0;
  for (const size of sizes) {
    const mine = await verified("chain_zod", size);
    for (const [name, key] of Object.entries(peers)) {
      if (!name.includes(only)) continue;
      const other = await verified(key, size);
      let result, control;
      for (let turn = 0; turn < 3; turn++) {
        result = await ratio(mine.run, other.run, settings);
        control = await ratio(mine.run, mine.run, settings);
        if (isTrustworthy(control)) break;
      }
      if (!isTrustworthy(control)) doubtful++;
      await other.close();
      row(
        name,
        size,
        short(result.msA / size * 1e3),
        short(result.msB / size * 1e3),
        ratioCell(result),
        control.median.toFixed(2),
      );
    }
    await mine.close();
  }
  return doubtful;
}
