// Web standards only.
import type { RunLimits } from "../engine/mod.ts";
import { refuse } from "../http/mod.ts";
import { MAX_BODY_BYTES } from "./body.ts";
import { Refusal } from "./refusal.ts";

/** How much a host takes, and how much it lets a run do. All are whole numbers of at least 1. */
export interface HostLimits {
  /** The most bytes of a request body. @default 1_048_576 */
  readonly bodyBytes?: number;
  /**
   * How many runs of one tenant may be open at once at this host; another is refused with 429. Children of runs are not
   * counted. @default any number
   */
  readonly openRuns?: number;
  /** How many webhooks a tenant may have; another is refused with 403. @default 1_000 */
  readonly webhooks?: number;
  /** How many workflows a tenant may put on the host; another is refused with 403. @default 1_000 */
  readonly workflows?: number;
  /**
   * How many times a run may start a node, attempts and rounds of loops included; then it fails with
   * `recursion_limit_exceeded`. Holds for runs that are created here from then on, and for their children.
   *
   * @default 1_000_000
   */
  readonly nodeExecutions?: number;
  /**
   * How many rounds one loop of a run may make, whatever its workflow says; then the run fails with `loop_limit_exceeded`.
   * For the same runs as `nodeExecutions`. @default 100_000
   */
  readonly loopIterations?: number;
  /**
   * How long a run may take, in milliseconds, waiting included; then it fails with `run_timeout`. For the same runs as
   * `nodeExecutions`. @default any time
   */
  readonly runMs?: number;
  /** How many runs may stand above each other as parent and child; one more child fails its node. @default 16 */
  readonly childDepth?: number;
  /**
   * The most bytes of JSON that one step may give back, or emit at once; the step fails with `payload_too_large`. Finding
   * out costs one more serialization of each. @default any number
   */
  readonly outputBytes?: number;
}

/** Limits, filled in. */
export interface FilledLimits extends HostLimits {
  readonly bodyBytes: number;
  readonly webhooks: number;
  readonly workflows: number;
  readonly childDepth: number;
  /** What of it the owner of the host set for runs. Kept with each, so that it means the same to whoever moves it on. */
  readonly run?: RunLimits;
}

const DEFAULTS = {
  bodyBytes: MAX_BODY_BYTES,
  webhooks: 1_000,
  workflows: 1_000,
  childDepth: 16,
};

/** What holds for runs whose host was told nothing. */
export const RUN_DEFAULTS: RunLimits = {
  maxNodeExecutions: 1_000_000,
  maxLoopIterations: 100_000,
};

/** By the name that the engine has for it. */
const RUN_NAMES = {
  maxNodeExecutions: "nodeExecutions",
  maxLoopIterations: "loopIterations",
  maxRunDurationMs: "runMs",
} as const;

const NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(DEFAULTS),
  ...Object.values(RUN_NAMES),
  "openRuns",
  "outputBytes",
]);

/** @throws {InvalidArgumentError} `invalid-argument` for a limit that there is not, or that is no number of at least 1. */
export function fillLimits(limits: HostLimits = {}): FilledLimits {
  const given = Object.entries(limits).filter(([name, value]) => {
    if (!NAMES.has(name)) {
      refuse(
        `options.limits.${name}`,
        `there is no such limit; ${[...NAMES].join(", ")} are`,
      );
    }
    if (value === undefined) return false;
    if (Number.isSafeInteger(value) && value >= 1) return true;
    refuse(
      `options.limits.${name}`,
      "a whole number of at least 1 is wanted",
    );
  });
  const run = Object.entries(RUN_NAMES)
    .filter(([, name]) => limits[name] !== undefined)
    .map(([name, own]) => [name, limits[own]]);
  return {
    ...DEFAULTS,
    ...Object.fromEntries(given),
    ...(run.length > 0 && { run: Object.fromEntries(run) }),
  };
}

/** `403 forbidden`, for one more of what a tenant may have so many of. */
export function tooMany(what: string, most: number): Refusal {
  return new Refusal(
    403,
    "forbidden",
    `Cannot keep it: the tenant has ${most} ${what}, which is the most`,
    { [what]: most },
  );
}
