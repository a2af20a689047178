// Chooses the gates and runs them, several at once, each after what it needs.

/** The gates to run, with everything that they need, in their order. */
export function chooseGates(all, { fast = false, only = [] }) {
  if (only.length === 0) return all.filter(({ slow }) => !(fast && slow));
  const chosen = new Set();
  const choose = (gate) => {
    chosen.add(gate);
    for (const gateName of gate.needs ?? []) {
      const needed = all.find(({ name }) => name === gateName);
      if (needed) choose(needed);
    }
  };
  for (const wish of only.flatMap((names) => names.split(","))) {
    const found = all.filter(({ name }) =>
      wish.endsWith("*") ? name.startsWith(wish.slice(0, -1)) : name === wish
    );
    if (found.length === 0) {
      throw new Error(`No gate is named "${wish}"; --list names them`);
    }
    found.forEach(choose);
  }
  return all.filter((gate) => chosen.has(gate));
}

/** The Node majors that these gates need. */
export function nodesFor(gates, majors) {
  return majors.filter((major) =>
    gates.some(({ needs = [] }) => needs.includes(`node${major}`))
  );
}

/**
 * Runs the preparations and the gates. Preparations mostly wait for the network, so they run beside the gates; every
 * gate waits for "tools".
 *
 * @param prepare Name to function; one that throws fails everything that needs it.
 * @param gates In the order in which they start.
 * @param jobs How many gates at once.
 * @param runGate Gives the result of one.
 * @param done Is told each result as it comes.
 */
export async function runPlan({ prepare, gates, jobs, runGate, done }) {
  const state = new Map();
  const fail = (name, gate, output, seconds = 0) => {
    state.set(name, "failed");
    done(name, { gate, passed: 0, failed: 1, skipped: 0, seconds, output });
  };
  let wakeUp = () => {};
  const preparing = Object.entries(prepare).map(async ([name, work]) => {
    const started = performance.now();
    try {
      await work();
      state.set(name, "ok");
    } catch (error) {
      const gate = { what: "the pinned tools come from npm" };
      const seconds = (performance.now() - started) / 1000;
      fail(name, gate, error.message, seconds);
    }
    wakeUp();
  });

  const waiting = [...gates];
  const running = new Set();
  while (waiting.length > 0 || running.size > 0) {
    const next = running.size < jobs ? waiting.findIndex(isReady) : -1;
    if (next >= 0) {
      start(waiting.splice(next, 1)[0]);
      continue;
    }
    await new Promise((resolve) => wakeUp = resolve);
  }
  await Promise.all(preparing);

  function needsOf({ needs = [] }) {
    return ["tools", ...needs].filter((name) =>
      name in prepare || gates.some((gate) => gate.name === name)
    );
  }

  function isReady(gate) {
    return needsOf(gate).every((name) => state.has(name));
  }

  async function start(gate) {
    const missing = needsOf(gate).find((name) => state.get(name) !== "ok");
    if (missing) {
      fail(gate.name, { what: `not run: "${missing}" is red` }, "");
      return;
    }
    running.add(gate);
    const result = await runGate(gate);
    running.delete(gate);
    state.set(gate.name, result.failed === 0 ? "ok" : "failed");
    done(gate.name, result);
    wakeUp();
  }
}
