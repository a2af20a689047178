// Web standards only.
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { tenantOf } from "../openwop/protocol/mod.ts";
import { Refusal } from "./refusal.ts";
import type { RunView } from "./run_view.ts";

/** Counts the open runs of each tenant. Without a limit it does nothing. */
export class Quota {
  readonly #most: number;
  readonly #view: (runId: string) => Promise<RunView | undefined>;
  readonly #open = new Map<string, Set<string | symbol>>();

  /** @param view The run as it stands. */
  constructor(
    most: number = Infinity,
    view: (runId: string) => Promise<RunView | undefined>,
  ) {
    this.#most = most;
    this.#view = view;
  }

  /** Counts a run that is there already. */
  add(runId: string): void {
    if (this.#most < Infinity) this.#of(tenantOf(runId) ?? "").add(runId);
  }

  /**
   * Creates a run, unless the tenant has as many as it may.
   *
   * Cost: nothing below the limit; at the limit, a look at each open run.
   *
   * @throws {Refusal} `429 rate_limited`, or what `create` throws.
   */
  create(tenant: string, create: () => Promise<RunView>): Promise<RunView> {
    return this.#most === Infinity ? create() : this.#counted(tenant, create);
  }

  async #counted(
    tenant: string,
    create: () => Promise<RunView>,
  ): Promise<RunView> {
    const open = this.#of(tenant);
    if (open.size >= this.#most) await this.#sweep(open);
    if (open.size >= this.#most) {
      throw new Refusal(
        429,
        "rate_limited",
        `Cannot create the run: ${this.#most} runs of the tenant are open, which is the most`,
        { openRuns: this.#most },
        { "retry-after": "1" },
      );
    }
    // Its place is taken before it is made, for those who ask meanwhile.
    const place = Symbol();
    open.add(place);
    try {
      const view = await create();
      open.add(view.record.runId);
      return view;
    } finally {
      open.delete(place);
    }
  }

  async #sweep(open: Set<string | symbol>): Promise<void> {
    for (const runId of [...open]) {
      if (typeof runId === "symbol") continue;
      const view = await this.#view(runId);
      if (view && !isTerminalStatus(view.state.status)) continue;
      open.delete(runId);
    }
  }

  #of(tenant: string): Set<string | symbol> {
    const there = this.#open.get(tenant) ?? new Set();
    this.#open.set(tenant, there);
    return there;
  }
}
