// Web standards only.
import { plan, wake } from "../engine/mod.ts";
import type { WaitCommand, WorkPart } from "../engine/mod.ts";
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
  set(run: LiveRun, work: readonly WorkPart[] = []): void {
    let due = Infinity;
    for (const part of work) due = Math.min(due, firstOf(run, part));
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
    const { work } = plan(definition, state);
    const over = work.filter((part) => firstOf(run, part) <= now).flat();
    for (const command of over) {
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

/** Of parts that were looked at: each belongs to one run. */
const firsts = new WeakMap<WorkPart, number>();

/** When the first wait of a part is over. */
function firstOf(run: LiveRun, part: WorkPart): number {
  let first = firsts.get(part);
  if (first === undefined) {
    first = Infinity;
    for (const command of part) {
      if (command.kind === "wait") first = Math.min(first, dueOf(run, command));
    }
    firsts.set(part, first);
  }
  return first;
}
