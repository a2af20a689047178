// Web standards only.
import type { RunFailedError, RunHandle } from "../src/openwop/mod.ts";
import type { JsonObject } from "../src/openwop/protocol/mod.ts";
import { follow, hasCode } from "./plan_follow.ts";
import { outcomeOf } from "./outcome.ts";
import { checkState, checkStateOf, withEdit } from "./plan_state.ts";
import { runsOf, wanted, within } from "./given.ts";
import { filled, present } from "./present.ts";
import { checkAnswers } from "./plan_vote.ts";
import { differences } from "./value_diff.ts";
import type {
  ExecuteOptions,
  ExpectationResult,
  GivenAnswer,
  PlanClient,
  PlanResult,
  PlanSpec,
  StepOutcome,
  WantedResult,
} from "./plan_types.ts";

/** Any result. */
type Result = PlanResult<
  JsonObject,
  string,
  Readonly<Record<string, unknown>>
>;

/** A result before its expectations and forks are known. */
type Ending = Omit<Result, "expectations" | "ok" | "forks">;

/** What all runs of one execution share. */
interface Doing {
  readonly client: PlanClient;
  /** Its signal also stops what goes on beside something that has failed. */
  readonly options: ExecuteOptions;
  readonly stop: AbortController;
}

/** Carries out a plan: the run first, then its forks, side by side. */
export async function execute(
  spec: PlanSpec,
  client: PlanClient,
  options: ExecuteOptions,
): Promise<Result> {
  runsOf(client, "start");
  const { signal } = within("options", () => {
    wanted("options", "object", options).signal?.throwIfAborted();
    const { onEvent } = options;
    if (onEvent) wanted("options.onEvent", "function", onEvent);
    return options;
  });
  await checkAnswers(spec, options);
  if (checkState(spec)) await checkStateOf(client, signal);
  return await below(signal, async (stop) => {
    const own = { ...options, signal: stop.signal };
    const doing = { client, options: own, stop };
    try {
      const run = await begin(spec, spec.metadata, doing);
      return await carryOn(run, spec, doing, [], []);
    } catch (error) {
      // Of several failures the first one is it; the others were stopped for it.
      throw stop.signal.aborted && !signal?.aborted
        ? stop.signal.reason
        : error;
    }
  });
}

/** Does `work` with a controller of its own, which `signal` aborts too. */
async function below<T>(
  signal: AbortSignal | undefined,
  work: (stop: AbortController) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", forward);
  if (signal?.aborted) forward();
  try {
    return await work(stop);
  } finally {
    signal?.removeEventListener("abort", forward);
  }
}

async function begin(
  { workflow, input, tags, configurable, idempotencyKey }: PlanSpec,
  metadata: JsonObject | undefined,
  { client: { runs }, options: { signal } }: Doing,
): Promise<RunHandle> {
  const inputs = await workflow.accept(input as never);
  return await within("client.runs.start", () =>
    runs.start({
      workflowId: workflow.definition.id,
      inputs,
      ...present({ tags: filled(tags), metadata, configurable }),
    }, present({ signal, idempotencyKey })));
}

async function carryOn(
  run: RunHandle,
  spec: PlanSpec,
  doing: Doing,
  path: readonly string[],
  inherited: readonly GivenAnswer[],
): Promise<Result> {
  const ending = await attend(run, spec, doing, path, inherited);
  const tried = spec.forks.map(async (each) =>
    [
      each.name,
      await fork(run, each, doing, [...path, each.name], ending.answers),
    ] as const
  );
  const all = Promise.all(tried);
  all.catch((error) => doing.stop.abort(error));
  await Promise.allSettled(tried);
  const forks = await all;
  return conclude(spec, ending, true, () => forks);
}

/**
 * The result of a run that has ended.
 *
 * @param isFine Whether it is where nothing was expected.
 * @param forksOf Gives its forks, told whether it is fine itself.
 */
function conclude(
  spec: PlanSpec,
  ending: Ending,
  isFine: boolean,
  forksOf: (isFine: boolean) => readonly (readonly [string, Result])[],
): Result {
  const expectations = spec.expectations.map((each): ExpectationResult => {
    const fault = faultOf(each, ending);
    return { ok: fault === undefined, message: fault ?? "as expected" };
  });
  const met = expectations[0] ? expectations.every(({ ok }) => ok) : isFine;
  const forks = forksOf(met);
  return {
    ...ending,
    expectations,
    ok: met && forks.every(([, { ok }]) => ok),
    forks: Object.fromEntries(forks),
  } as Result;
}

async function fork(
  parent: RunHandle,
  { at, spec }: PlanSpec["forks"][number],
  doing: Doing,
  path: readonly string[],
  inherited: readonly GivenAnswer[],
): Promise<Result> {
  const { tags, metadata, idempotencyKey } = spec;
  if (at === "start" || spec.anew) {
    // The protocol forks a run as it was: another input or another definition makes a new one, which says where from.
    const from = { ...metadata, forkedFrom: parent.id };
    return await carryOn(await begin(spec, from, doing), spec, doing, path, []);
  }
  const { signal } = doing.options;
  let run: RunHandle;
  try {
    run = await parent.fork({
      ...at,
      overlay: present({
        tags: filled(tags),
        metadata,
        configurable: withEdit(spec),
      }),
    }, present({ signal, idempotencyKey }));
  } catch (error) {
    if (!hasCode(error, "invalid-argument")) throw error;
    return notRun(spec, String((error as Error).message));
  }
  return await carryOn(run, spec, doing, path, inherited);
}

/** What became of a fork whose place was never reached, and of its own forks. */
function notRun(spec: PlanSpec, message: string, expected = false): Result {
  const ending: Ending = {
    runId: "",
    workflowId: spec.workflow.definition.id,
    status: "not-run",
    error: { code: "fork_point_missing", message },
    answers: [],
    steps: {},
  };
  // Not to run is a fault, unless that was expected.
  return conclude(
    spec,
    ending,
    expected,
    (met) =>
      spec.forks.map(({ name, spec: inner }) => [
        name,
        notRun(inner, message, met),
      ]),
  );
}

/** Follows a run to its end, and answers what the plan answers. */
async function attend(
  run: RunHandle,
  spec: PlanSpec,
  { client, options }: Doing,
  path: readonly string[],
  inherited: readonly GivenAnswer[],
): Promise<Ending> {
  const answers: GivenAnswer[] = [];
  const steps: Record<string, StepOutcome> = {};
  const base = {
    runId: run.id,
    workflowId: spec.workflow.definition.id,
    answers,
    steps,
  };
  within("run", () => {
    for (const method of ["events", "result", "cancel"] as const) {
      wanted(`run.${method}`, "function", run[method]);
    }
  });
  return await below(options.signal, async (stop) => {
    const { signal } = stop;
    const following = follow(
      run,
      spec,
      client,
      options,
      inherited,
      signal,
      answers,
      (event) => {
        const outcome = outcomeOf(event);
        if (outcome && event.nodeId !== undefined) {
          steps[event.nodeId] = outcome;
        }
        options.onEvent?.(event, path);
      },
    );
    try {
      const [{ output }] = await Promise.all([
        run.result({ signal, timeoutMs: spec.deadlineMs }),
        // One that fails must not leave the run waiting for an answer that never comes.
        following,
      ]);
      return { ...base, status: "completed", output };
    } catch (error) {
      const { code, message, runError } = error as RunFailedError;
      if (code === "run-failed" || (code as string) === "run-cancelled") {
        await following.catch(() => {});
        return runError ? { ...base, status: "failed", error: runError } : {
          ...base,
          status: "cancelled",
          error: { code: "cancelled", message },
        };
      }
      // Nobody attends to the run any more.
      await run.cancel("plan ended").catch(() => {});
      if ((code as string) !== "timeout" || !spec.deadlineMs) throw error;
      return {
        ...base,
        status: "timed-out",
        error: { code: "deadline", message },
      };
    } finally {
      stop.abort();
    }
  });
}

/** What did not come as it was expected. */
function faultOf(expectation: unknown, ending: Ending): string | undefined {
  if (typeof expectation === "function") {
    const verdict: unknown = expectation(ending);
    if (verdict === false) return "a function said no";
    return typeof verdict === "string" ? verdict : undefined;
  }
  return within("expect()", () => faultIn(expectation, ending));
}

function faultIn(expectation: unknown, ending: Ending): string | undefined {
  const { output, status = output && "completed" } =
    expectation as WantedResult<JsonObject>;
  if (status !== undefined && status !== ending.status) {
    const why = ending.error ? `: ${ending.error.message}` : "";
    return `it should be ${status}: it is ${ending.status}${why}`;
  }
  for (const [name, wanted] of Object.entries(output ?? {})) {
    const [first] = differences(wanted, ending.output?.[name], `/${name}`);
    if (first) {
      return `the output at ${first.pointer} should be ${
        JSON.stringify(first.left)
      }: it is ${JSON.stringify(first.right) ?? "missing"}`;
    }
  }
  return undefined;
}
