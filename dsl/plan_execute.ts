// Web standards only.
import type { RunFailedError, RunHandle } from "../src/openwop/mod.ts";
import type { JsonObject, RunError } from "../src/openwop/protocol/mod.ts";
import { follow, hasCode } from "./plan_follow.ts";
import { checkState, checkStateOf, withEdit } from "./plan_state.ts";
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

/** Carries out a plan: the run first, then its forks, side by side. */
export async function execute(
  spec: PlanSpec,
  client: PlanClient,
  options: ExecuteOptions,
): Promise<Result> {
  options.signal?.throwIfAborted();
  if (checkState(spec)) await checkStateOf(client, options.signal);
  const input = await spec.workflow.accept(spec.input as never);
  const run = await client.runs.start({
    workflowId: spec.workflow.definition.id,
    inputs: input,
    ...(spec.tags.length ? { tags: spec.tags } : {}),
    ...(spec.metadata ? { metadata: spec.metadata } : {}),
    ...(spec.configurable ? { configurable: spec.configurable } : {}),
  }, {
    ...(options.signal ? { signal: options.signal } : {}),
    ...(spec.idempotencyKey === undefined
      ? {}
      : { idempotencyKey: spec.idempotencyKey }),
  });
  return await carryOn(run, spec, client, options, []);
}

async function carryOn(
  run: RunHandle,
  spec: PlanSpec,
  client: PlanClient,
  options: ExecuteOptions,
  path: readonly string[],
  inherited: readonly GivenAnswer[] = [],
): Promise<Result> {
  const ending = await attend(run, spec, client, options, path, inherited);
  const forks = await Promise.all(
    spec.forks.map(async ({ name, at, spec: planned }) => {
      const inner = [...path, name];
      const result = await fork(
        run,
        at,
        planned,
        client,
        options,
        inner,
        ending.answers,
      );
      return [name, result] as const;
    }),
  );
  const expectations = spec.expectations.map((each) => judge(each, ending));
  return {
    ...ending,
    expectations,
    ok: expectations.every(({ ok }) => ok) &&
      forks.every(([, { ok }]) => ok),
    forks: Object.fromEntries(forks),
  } as Result;
}

async function fork(
  parent: RunHandle,
  at: PlanSpec["forks"][number]["at"],
  spec: PlanSpec,
  client: PlanClient,
  options: ExecuteOptions,
  path: readonly string[],
  inherited: readonly GivenAnswer[],
): Promise<Result> {
  const metadata = { ...spec.metadata, forkedFrom: parent.id };
  if (at === "start" || spec.anew) {
    // The protocol forks a run as it was: another input or another definition makes a new one, which says where from.
    const { runs } = client;
    const input = await spec.workflow.accept(spec.input as never);
    const run = await runs.start({
      workflowId: spec.workflow.definition.id,
      inputs: input,
      ...(spec.tags.length ? { tags: spec.tags } : {}),
      metadata,
      ...(spec.configurable ? { configurable: spec.configurable } : {}),
    }, options.signal ? { signal: options.signal } : {});
    return await carryOn(run, spec, client, options, path);
  }
  const configurable = withEdit(spec);
  let run: RunHandle;
  try {
    run = await parent.fork({
      ...at,
      overlay: {
        ...(spec.tags.length ? { tags: spec.tags } : {}),
        ...(spec.metadata ? { metadata: spec.metadata } : {}),
        ...(configurable ? { configurable } : {}),
      },
    }, options.signal ? { signal: options.signal } : {});
  } catch (error) {
    if (!hasCode(error, "invalid-argument")) throw error;
    return notRun(spec, String((error as Error).message));
  }
  return await carryOn(run, spec, client, options, path, inherited);
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
  const expectations = spec.expectations.map((each) => judge(each, ending));
  // Not to run is a fault, unless that was expected.
  const met = expectations.length
    ? expectations.every(({ ok }) => ok)
    : expected;
  const forks = spec.forks.map(({ name, spec: inner }) =>
    [name, notRun(inner, message, met)] as const
  );
  return {
    ...ending,
    expectations,
    ok: met && forks.every(([, { ok }]) => ok),
    forks: Object.fromEntries(forks),
  } as Result;
}

const outcomes: Readonly<Record<string, StepOutcome>> = {
  "node.started": "running",
  "node.resumed": "running",
  "node.suspended": "waiting",
  "node.completed": "completed",
  "node.failed": "failed",
  "node.skipped": "skipped",
  "node.cancelled": "cancelled",
};

/** Follows a run to its end, and answers what the plan answers. */
async function attend(
  run: RunHandle,
  spec: PlanSpec,
  client: PlanClient,
  options: ExecuteOptions,
  path: readonly string[],
  inherited: readonly GivenAnswer[],
): Promise<Ending> {
  const { signal } = options;
  const stop = new AbortController();
  const forward = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", forward, { once: true });
  const answers: GivenAnswer[] = [];
  const steps: Record<string, StepOutcome> = {};
  const base = {
    runId: run.id,
    workflowId: spec.workflow.definition.id,
    answers,
    steps,
  };
  const following = follow(
    run,
    spec,
    client,
    inherited,
    stop.signal,
    answers,
    (event) => {
      const outcome = Object.hasOwn(outcomes, event.type)
        ? outcomes[event.type]
        : undefined;
      if (outcome && event.nodeId !== undefined) steps[event.nodeId] = outcome;
      options.onEvent?.(event, path);
    },
  );
  try {
    const ended = run.result({
      signal: stop.signal,
      ...(spec.deadlineMs === undefined ? {} : { timeoutMs: spec.deadlineMs }),
    });
    // A follower that fails must not leave the run waiting for an answer that never comes.
    const failing = following.then(() => ended);
    const { output } = await Promise.race([
      failing,
      Promise.all([ended, following]).then(([result]) => result),
    ]);
    await following;
    return { ...base, status: "completed", output };
  } catch (error) {
    if (hasCode(error, "run-failed")) {
      await following.catch(() => {});
      const { runError } = error as RunFailedError;
      return { ...base, status: "failed", error: runError };
    }
    if (hasCode(error, "run-cancelled")) {
      await following.catch(() => {});
      return { ...base, status: "cancelled", error: said("cancelled", error) };
    }
    // Nobody attends to the run any more.
    await run.cancel("plan ended").catch(() => {});
    stop.abort(error);
    if (!hasCode(error, "timeout")) throw error;
    return { ...base, status: "timed-out", error: said("deadline", error) };
  } finally {
    signal?.removeEventListener("abort", forward);
    stop.abort();
  }
}

function said(code: string, error: unknown): RunError {
  return { code, message: String((error as Error).message) };
}

function judge(expectation: unknown, ending: Ending): ExpectationResult {
  if (typeof expectation === "function") {
    const verdict: unknown = expectation(ending);
    const ok = verdict !== false && typeof verdict !== "string";
    return {
      ok,
      message: typeof verdict === "string"
        ? verdict
        : ok
        ? "as expected"
        : "a function said no",
    };
  }
  const { status, output } = expectation as WantedResult<JsonObject>;
  if (status !== undefined && status !== ending.status) {
    return {
      ok: false,
      message: `it should be ${status}: it is ${ending.status}`,
    };
  }
  for (const [name, wanted] of Object.entries(output ?? {})) {
    const [first] = differences(wanted, ending.output?.[name], `/${name}`);
    if (first) {
      return {
        ok: false,
        message: `the output at ${first.pointer} should be ${
          JSON.stringify(first.left)
        }: it is ${JSON.stringify(first.right) ?? "missing"}`,
      };
    }
  }
  return { ok: true, message: "as expected" };
}
