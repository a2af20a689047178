// Web standards only.
import { decide, wake } from "../engine/mod.ts";
import type { Command, WaitCommand } from "../engine/mod.ts";
import { Alarms } from "./alarms.ts";
import type { LiveRun } from "./live_run.ts";
import type { Runs } from "./runs.ts";
import type { Mover } from "./step_runner.ts";

/** After a store could not be read, in milliseconds. */
const AGAIN_MS = 1_000;

/** The delays, deadlines and retries of all runs, those that are not in memory included. */
export class Waits {
  readonly #mover: Mover;
  readonly #runs: Pick<Runs, "get">;
  readonly #alarms: Alarms;
  #closed = false;

  constructor(mover: Mover, runs: Pick<Runs, "get">) {
    this.#mover = mover;
    this.#runs = runs;
    this.#alarms = new Alarms(
      mover.clock,
      (runId) => void this.#ring(runId),
    );
  }

  /** Comes back to a run when the first of its waits is over, and no more when it has none. */
  set(run: LiveRun, commands: readonly Command[] = []): void {
    let due = Infinity;
    for (const command of commands) {
      if (command.kind === "wait") due = Math.min(due, dueOf(run, command));
    }
    this.#alarms.set(run.record.runId, due < Infinity ? due : undefined);
  }

  /** Stops. */
  close(): void {
    this.#closed = true;
    this.#alarms.clear();
  }

  async #ring(runId: string): Promise<void> {
    const { clock, enqueue, onError } = this.#mover;
    try {
      const run = await this.#runs.get(runId);
      if (run) enqueue(run, () => this.#wake(run));
    } catch (error) {
      onError(error, runId);
      if (!this.#closed) this.#alarms.set(runId, clock.now() + AGAIN_MS);
    }
  }

  /** Records which waits are over, and goes on. */
  async #wake(run: LiveRun): Promise<void> {
    const { clock, commit, advance } = this.#mover;
    const { record: { definition }, state } = run;
    const now = clock.now();
    const at = new Date(now).toISOString();
    for (const command of decide(definition, state)) {
      if (command.kind !== "wait" || dueOf(run, command) > now) continue;
      const { nodeId } = command;
      // What came before may have ended this wait, and begun another one.
      const isSame = (): boolean =>
        nodeId === undefined ||
        run.state.nodes.get(nodeId) === state.nodes.get(nodeId);
      await commit(
        run,
        () => isSame() ? wake(definition, run.state, nodeId, at) : [],
      );
    }
    await advance(run);
  }
}

/** When a wait is over, in milliseconds since the epoch. */
function dueOf({ record }: LiveRun, { since, ms }: WaitCommand): number {
  return Math.max(Date.parse(since), record.createdAt) + ms;
}
