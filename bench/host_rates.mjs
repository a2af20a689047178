// Runs a second over loopback, beside what the same server does at least: bare requests.
import { head, row } from "./lib/table.mjs";

/** How long each slice takes, in milliseconds. */
const SLICE_MS = 400;

/** Rounds of slices, one of each kind in a round; the median counts. */
const ROUNDS = 7;

/** What callers do, by name: each until the end of a run is known to it. */
function waysOf({ url, create }) {
  const created = async () => {
    const response = await fetch(`${url}/runs`, create);
    return await response.json();
  };
  const textAt = async (path) => await (await fetch(url + path)).text();
  const ended = (text) => {
    if (!text.includes("completed")) throw new Error("the run did not end");
  };
  return {
    "bare request": () => textAt("/.well-known/openwop"),
    "run, ended by its answer": async () => ended((await created()).status),
    "run, then its snapshot": async () =>
      ended(await textAt((await created()).statusUrl)),
    "run, then its stream": async () =>
      ended(await textAt((await created()).eventsUrl)),
  };
}

/** Prints how many of each a second, one after another and with 16 callers. */
export async function hostRates(server) {
  const ways = waysOf(server);
  const kinds = Object.entries(ways).flatMap(([name, work]) =>
    [1, 16].map((callers) => ({ name, work, callers, rates: [] }))
  );
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of round % 2 ? kinds : [...kinds].reverse()) {
      const rate = await rateOf(kind);
      // The first round warms up.
      if (round > 0) kind.rates.push(rate);
    }
  }
  console.log("");
  head("a second, over loopback", "one after another", "16 callers");
  for (const name of Object.keys(ways)) {
    const [one, many] = kinds.filter((kind) => kind.name === name);
    row(name, median(one.rates), median(many.rates));
  }
}

async function rateOf({ work, callers }) {
  const from = performance.now();
  let count = 0;
  const caller = async () => {
    while (performance.now() - from < SLICE_MS) {
      await work();
      count++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return count / (performance.now() - from) * 1_000;
}

function median(rates) {
  const sorted = [...rates].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)].toFixed(0);
}
