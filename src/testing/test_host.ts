// Web standards only.
import { disposable, refuse } from "../http/mod.ts";
import type { AsyncCloseable } from "../http/mod.ts";
import { createHost, memoryStore } from "../host/mod.ts";
import type { Host, HostErrorContext, HostOptions } from "../host/mod.ts";
import { isTerminalStatus } from "../openwop/protocol/mod.ts";
import type {
  CreateRunResponse,
  JsonObject,
  RunSnapshot,
  RunStatus,
} from "../openwop/protocol/mod.ts";
import { FakeClock } from "./fake_clock.ts";
import type { FaultPlan } from "./faults.ts";
import { createScriptedFetch } from "./scripted_fetch.ts";
import { settle } from "./settle.ts";
import { stubbed } from "./step_stubs.ts";
import type { StepCall, StepFaults, StepStub } from "./step_stubs.ts";
import { failingStore } from "./store_faults.ts";
import type { StoreFaults } from "./store_faults.ts";

/** What a test host is made of: all that a host is made of, and what stands in for the world. */
export interface TestHostOptions
  extends Omit<HostOptions, "clock" | "onError"> {
  /**
   * What runs in place of the code of a node: by the id of the node (a step has its name for one), else by its type id. A
   * function, or the output itself. Types that no workflow has code for are performed as well, if they are here.
   */
  readonly stubs?: Readonly<Record<string, StepStub>>;
  /** What goes wrong in steps: by node id, else by type id, a list whose entry `n` is for execution `n`, from 0. */
  readonly stepFaults?: Readonly<Record<string, StepFaults>>;
  /** What goes wrong in the store: by operation, a list whose entry `n` is for call `n`, from 0. */
  readonly storeFaults?: StoreFaults;
  /** What goes wrong between a client and the host, by the number of the request. */
  readonly faults?: FaultPlan;
}

/** What is known of a run once it goes no further by itself. */
export interface TestRun {
  /** `<tenant>/<opaque>`. */
  readonly runId: string;
  /** Over, or waiting for somebody. */
  readonly status: RunStatus;
  /** The whole snapshot, as the host answers it. */
  readonly snapshot: RunSnapshot;
}

/** A host for tests, and what happened in it. */
export interface TestHost extends AsyncCloseable {
  /** Hand it to a client as its `baseUrl`. */
  readonly url: string;
  /** Hand it to a client as its `fetch`. Needs no `this`. */
  readonly fetch: (
    input: string | URL | Request,
    init?: RequestInit,
  ) => Promise<Response>;
  /** The time of the host. Hand it to a client as its `clock`. */
  readonly clock: FakeClock;
  /** Every execution of the code of a node or its stub, in order. */
  readonly calls: readonly StepCall[];
  /** What the host would have told its `onError`. */
  readonly errors: readonly {
    readonly error: unknown;
    readonly context: HostErrorContext;
  }[];
  /**
   * Creates a run and lets time pass, timer by timer, until it is over or waits for somebody. Not for requests that
   * `access` keeps out.
   *
   * @param workflowId Which.
   * @param inputs What it is given.
   * @throws {InvalidArgumentError} `invalid-argument`, for a workflow that this host was not given.
   * @throws {Error} the run was refused, or goes on after a thousand timers.
   */
  run(workflowId: string, inputs?: JsonObject): Promise<TestRun>;
  /** The same for a run that is there, for example after somebody answered. */
  follow(runId: string): Promise<TestRun>;
  /** Closes the host. What is in its store stays there. */
  close(): Promise<void>;
}

/**
 * Makes a host for tests: its time passes when you say so, its steps do what you say, and what can go wrong goes wrong
 * when you plan it. Everything else is as in {@linkcode createHost}.
 *
 * @param options Workflows, stubs and faults.
 * @throws {DefinitionError} as `createHost`.
 * @throws {InvalidArgumentError} `invalid-argument`, for a stub or a fault by the id of a node that no workflow has: a
 * misspelt name would let the real code run. Type ids, which have a dot, may stand in a table that several tests share.
 *
 * @example
 * ```ts
 * import { createTestHost } from "@tutti/sdk/testing";
 * import assert from "node:assert/strict";
 *
 * const node = (id: string, typeId: string, config = {}) => ({
 *   id, typeId, name: id, position: { x: 0, y: 0 }, config, inputs: {},
 * });
 * const host = createTestHost({
 *   workflows: [{
 *     definition: {
 *       id: "later", name: "Later", version: "1.0.0",
 *       nodes: [
 *         node("wait", "core.delay", { ms: 3 * 24 * 3_600_000 }),
 *         node("send", "local.mail.send"),
 *       ],
 *       edges: [{ id: "e", sourceNodeId: "wait", targetNodeId: "send" }],
 *       triggers: [], variables: [], metadata: {}, settings: {},
 *     },
 *     nodes: [],
 *   }],
 *   stubs: { send: { sent: true } },
 * });
 * const started = host.clock.now();
 * const { status } = await host.run("later");
 * assert.equal(status, "completed");
 * assert.equal(host.clock.now() - started, 3 * 24 * 3_600_000);
 * assert.deepEqual(host.calls.map(({ nodeId }) => nodeId), ["send"]);
 * await host.close();
 * ```
 */
export function createTestHost(options: TestHostOptions): TestHost {
  const {
    workflows,
    store = memoryStore(),
    stubs = {},
    stepFaults = {},
    storeFaults,
    faults,
    ...rest
  } = options;
  checkNames("stubs", stubs, workflows);
  checkNames("stepFaults", stepFaults, workflows);
  const clock = new FakeClock();
  const calls: StepCall[] = [];
  const errors: { error: unknown; context: HostErrorContext }[] = [];
  const onCall = (call: StepCall): void => void calls.push(call);
  const host = createHost({
    ...rest,
    clock,
    store: storeFaults ? failingStore(store, storeFaults) : store,
    workflows: workflows.map((workflow) =>
      stubbed(workflow, { stubs, stepFaults, onCall })
    ),
    onError: (error, context) => errors.push({ error, context }),
  });
  const quiet =
    workflows.some(({ definition }) =>
        definition.nodes.some(({ config }) =>
          Object.hasOwn(config, "workflowId")
        )
      )
      ? QUIET
      : 0;
  const follow = (runId: string): Promise<TestRun> =>
    followRun(host, clock, runId, quiet);
  return disposable({
    url: host.url,
    fetch: faults ? faultyFetch(host, clock, faults) : host.fetch,
    clock,
    calls,
    errors,
    follow,
    run: async (workflowId: string, inputs: JsonObject = {}) => {
      const ids = workflows.map(({ definition }) => definition.id);
      if (!rest.registration && !ids.includes(workflowId)) {
        refuse("workflowId", unknownName(workflowId, "workflow", ids));
      }
      const { runId } = await ask<CreateRunResponse>(host, "/runs", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ workflowId, inputs }),
      });
      return await follow(runId);
    },
    close: () => host.close(),
  }, () => host.close());
}

/** Refuses plans for steps that no workflow has. Type ids have a dot, and may stand in a table that several tests share. */
function checkNames(
  option: string,
  plans: Readonly<Record<string, unknown>>,
  workflows: TestHostOptions["workflows"],
): void {
  const ids = workflows.flatMap(({ definition }) =>
    definition.nodes.map(({ id }) => id)
  );
  for (const name of Object.keys(plans)) {
    if (name.includes(".") || ids.includes(name)) continue;
    refuse(`${option}.${name}`, unknownName(name, "step", ids));
  }
}

function unknownName(
  name: string,
  kind: string,
  names: readonly string[],
): string {
  return `no ${kind} is called ${JSON.stringify(name)}, there are ${
    [...new Set(names)].map((each) => JSON.stringify(each)).join(", ")
  }`;
}

function faultyFetch(
  host: Host,
  clock: FakeClock,
  faults: FaultPlan,
): TestHost["fetch"] {
  return createScriptedFetch({
    clock,
    faults,
    otherwise: ({ method, url, headers, text, signal }) =>
      host.fetch(url, {
        method,
        headers,
        signal,
        ...(text !== "" && { body: text }),
      }),
  }).fetch;
}

/**
 * How often, a millisecond apart, nothing must have changed before time passes, where workflows have children: one that
 * is being made, which takes Web Crypto for its id, must not see its deadline go by.
 */
const QUIET = 25;

async function followRun(
  host: Host,
  clock: FakeClock,
  runId: string,
  wanted: number,
): Promise<TestRun> {
  let quiet = 0;
  let before = "";
  for (let timers = 0, turn = 0; timers < 1_000 && turn < 30_000; turn++) {
    await settle(5);
    const snapshot = await ask<RunSnapshot>(
      host,
      `/runs/${encodeURIComponent(runId)}`,
    );
    const { status } = snapshot;
    if (isTerminalStatus(status) || /^(waiting-|paused)/.test(status)) {
      return { runId, status, snapshot };
    }
    const { waits } = clock;
    const now = JSON.stringify([snapshot, waits]);
    quiet = now === before ? quiet + 1 : 0;
    before = now;
    const [next] = waits;
    if (next !== undefined && quiet >= wanted) {
      timers++;
      quiet = 0;
      await clock.advance(next);
    } else {
      // Behind what the host has asked of Web Crypto: on a busy machine that takes longer than any number of moments.
      if (wanted > 0) await crypto.subtle.digest("SHA-256", new Uint8Array());
      // Code that waits for the real world takes real time.
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
    }
  }
  throw new Error(`Cannot follow run ${runId}: it goes on and on`);
}

async function ask<Body>(
  host: Host,
  path: string,
  init?: RequestInit,
): Promise<Body> {
  const response = await host.fetch(host.url + path, init);
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot run the workflow: ${text}`);
  return JSON.parse(text) as Body;
}
