// Web standards only.
import { InvalidArgumentError } from "../http/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import { tenantOf } from "../openwop/protocol/mod.ts";
import { Refusal } from "./refusal.ts";
import type { RunView } from "./run_view.ts";

/** How much a host takes. */
export interface HostLimits {
  /** The most bytes of a request body. @default 1_048_576 */
  readonly bodyBytes?: number;
  /**
   * How many runs of one tenant may be open at once at this host; another is refused with 429. Children of runs are not
   * counted. @default any number
   */
  readonly openRuns?: number;
}

/** @throws {InvalidArgumentError} `invalid-argument` for what is no whole number of at least 1. */
export function checkLimits(limits: HostLimits = {}): HostLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) {
      continue;
    }
    throw new InvalidArgumentError(
      `options.limits.${name}`,
      "a whole number of at least 1 is wanted",
    );
  }
  return limits;
}

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
  async create(
    tenant: string,
    create: () => Promise<RunView>,
  ): Promise<RunView> {
    if (this.#most === Infinity) return await create();
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
