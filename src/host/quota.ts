// Web standards only.
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { tenantOf } from "../openwop/protocol/mod.ts";
import { Refusal } from "./refusal.ts";
import type { RunView } from "./run_view.ts";

/** Counts the open runs of each tenant. Without a limit it does nothing. */
export class Quota {
  readonly #most: number;
  readonly #view: (runId: string) => Promise<RunView | undefined>;
  readonly #open = new Map<string, Set<string>>();

  /** @param view The run as it stands. */
  constructor(
    most: number = Infinity,
    view: (runId: string) => Promise<RunView | undefined>,
  ) {
    this.#most = most;
    this.#view = view;
  }

  /** How many are counted, of all tenants that have any. */
  get size(): { readonly tenants: number; readonly runs: number } {
    let runs = 0;
    for (const open of this.#open.values()) runs += open.size;
    return { tenants: this.#open.size, runs };
  }

  /** Counts a run that is there already. */
  add(runId: string): void {
    if (this.#most === Infinity) return;
    const tenant = tenantOf(runId) ?? "";
    const open = this.#open.get(tenant) ?? new Set();
    this.#open.set(tenant, open.add(runId));
  }

  /** Counts a run no more: it is over, or at another host. */
  remove(runId: string): void {
    const tenant = tenantOf(runId) ?? "";
    const open = this.#open.get(tenant);
    if (open?.delete(runId) && open.size === 0) this.#open.delete(tenant);
  }

  /**
   * Creates a run, unless the tenant has as many as it may.
   *
   * Cost: nothing below the limit; at the limit, a look at each open run.
   *
   * @throws {Refusal} `429 rate_limited`, or what `create` throws.
   */
  create(runId: string, create: () => Promise<RunView>): Promise<RunView> {
    return this.#most === Infinity ? create() : this.#counted(runId, create);
  }

  async #counted(
    runId: string,
    create: () => Promise<RunView>,
  ): Promise<RunView> {
    const open = (): Set<string> | undefined =>
      this.#open.get(tenantOf(runId) ?? "");
    const isFull = (): boolean => (open()?.size ?? 0) >= this.#most;
    // A request that is made again may be about one that is counted.
    const isKnown = open()?.has(runId);
    if (!isKnown && isFull()) await this.#sweep([...open() ?? []]);
    if (!isKnown && isFull()) {
      throw new Refusal(
        429,
        "rate_limited",
        `Cannot create the run: ${this.#most} runs of the tenant are open, which is the most`,
        { openRuns: this.#most },
        { "retry-after": "1" },
      );
    }
    // Its place is taken before it is made, for those who ask meanwhile; it may be over before its maker hears of it.
    this.add(runId);
    try {
      const view = await create();
      if (isTerminalStatus(view.state.status)) this.remove(runId);
      return view;
    } catch (error) {
      if (!isKnown) this.remove(runId);
      throw error;
    }
  }

  /** What happened to them elsewhere may have passed this host by. */
  async #sweep(runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const view = await this.#view(runId);
      if (view && !isTerminalStatus(view.state.status)) continue;
      this.remove(runId);
    }
  }
}
