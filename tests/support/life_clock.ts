import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { FakeClock } from "./fake_clock.ts";

/** From the last sign of life of a process to its certain death. */
export const LEASE_MS = 40;
/** How long the workflow waits: several deaths, and what is missed for them, fit into it. */
export const WAIT_MS = 150;
/** Long ago, so that whatever is due by it is due by any other clock. */
const START = Date.UTC(2020, 0, 1);

/**
 * The time of a process that dies and lives again. It moves when it is told to, and the next life begins when nobody can
 * take the last one for alive any more.
 */
export class LifeClock extends FakeClock {
  readonly #path: string;

  /** @param path Of the file that keeps the time. */
  constructor(path: string) {
    super(
      existsSync(path) ? Number(readFileSync(path, "utf8")) + LEASE_MS : START,
    );
    this.#path = path;
    this.#keep(this.now());
  }

  override async advance(ms: number): Promise<void> {
    this.#keep(this.now() + ms);
    await super.advance(ms);
  }

  /** Does `work` every `ms`, until the returned function is called. */
  repeat(ms: number, work: () => void): () => void {
    const once = (): () => void =>
      this.schedule(ms, () => {
        cancel = once();
        work();
      });
    let cancel = once();
    return () => cancel();
  }

  #keep(time: number): void {
    writeFileSync(this.#path, String(time));
  }
}
