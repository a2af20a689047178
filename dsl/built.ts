// Web standards only.
import type {
  CallOptions,
  RunConfigurable,
  RunHandle,
  RunsResource,
} from "../src/openwop/mod.ts";
import {
  findJsonProblem,
  InputError,
  isJsonObject,
  type JsonObject,
} from "../src/openwop/protocol/mod.ts";
import { DefinedWorkflow } from "./defined.ts";
import { toMermaid } from "./draw/mermaid.ts";
import { checkingEdits, judged } from "./edits.ts";
import { jsonAt, runsOf, wanted, within } from "./given.ts";
import { RunPlan } from "./plan.ts";
import type { NoForks, PlanTypes } from "./plan_types.ts";
import { checkStep } from "./plan_state.ts";
import { present } from "./present.ts";
import { byName } from "./ref.ts";
import type { WorkflowRun } from "./run.ts";
import type { AnyState } from "./state_types.ts";

/** What `start()` needs of a client: an `OpenwopClient`, or a stand-in. */
export interface RunStarter {
  /** The runs of a host. */
  readonly runs: Pick<RunsResource, "start">;
}

/** What `handle()` needs of a client: an `OpenwopClient`, or a stand-in. */
export interface RunHolder {
  /** The runs of a host. */
  readonly runs: Pick<RunsResource, "handle">;
}

/** Options of a run and of the call that starts it. */
export interface StartOptions extends CallOptions {
  /** At most 100, each 1 to 256 characters. */
  readonly tags?: readonly string[];
  /** Kept with the run and echoed, never interpreted. */
  readonly metadata?: JsonObject;
  /** Knobs that the workflow declared with `configurable()`, and those of the host. */
  readonly configurable?: RunConfigurable;
}

/**
 * A {@linkcode DefinedWorkflow} that can be run from here: started on a host, or declared as a run with its answers and
 * forks; and drawn.
 */
export class Workflow<
  In,
  Out,
  Steps extends string,
  Gates,
  State = AnyState,
> extends DefinedWorkflow<In, Out, Steps, Gates, State> {
  /**
   * Starts a run of this workflow on the host of `client`, which must know it.
   *
   * The input is checked by the schema of the workflow before anything is sent, and sent as the schema gives it
   * back. The call is repeated only under its idempotency key, so that a lost answer starts no second run.
   *
   * @param client An `OpenwopClient` of any host, embedded or remote.
   * @param input What the run is given.
   * @param options Tags, metadata, knobs, and the options of the call.
   * @returns A handle that knows the output, the interrupts and the steps by their types. What `edit()` of an interrupt is
   * given is checked by the schema of its approval: `invalid-argument` for what that refuses, and nothing is sent.
   * @throws {InputError} `input-invalid`, with every issue that the schema found.
   * @throws {OpenwopError} as `client.runs.start()` does: 404 `not_found` where the host does not know the workflow.
   */
  async start(
    client: RunStarter,
    input: In,
    options: StartOptions = {},
  ): Promise<WorkflowRun<Out, Steps, Gates>> {
    const { tags, metadata, configurable, ...call } = within(
      "options",
      () => ({ ...wanted("options", "object", options) }),
    );
    const runs = runsOf(client, "start");
    const inputs = await this.accept(input);
    return this.#held(
      await within("client.runs.start", () =>
        runs.start({
          workflowId: this.id,
          inputs,
          ...present({ tags, metadata, configurable }),
        }, call)) as RunHandle,
    );
  }

  /**
   * Holds a run that was started elsewhere: in the process before this one, or by another program. Nothing is sent.
   *
   * That it is a run of this workflow is your word; the types go by it. `snapshot()` tells its `workflowId`.
   *
   * @param client An `OpenwopClient` of the host that has the run.
   * @param runId As the `id` of the handle that `start()` gave.
   * @returns A handle as `start()` gives it.
   *
   * @example
   * ```ts
   * import { type, workflow } from "@tutti/sdk/dsl";
   * import { createHost } from "@tutti/sdk/host";
   * import { OpenwopClient } from "@tutti/sdk/openwop";
   * import assert from "node:assert/strict";
   *
   * const leave = workflow("leave", { version: "1.0.0" })
   *   .input(type<{ days: number }>())
   *   .approval("boss", ({ input }) => ({ title: "Grant?", data: { days: input.days } }))
   *   .branch(({ boss }) => boss.action, { accept: (w) => w, reject: (w) => w })
   *   .output(({ boss }) => ({ granted: boss.action }))
   *   .build();
   * const host = createHost({ workflows: [leave] });
   * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
   *
   * // One program asks for leave, and puts the id into the link of a mail.
   * const { id } = await leave.start(client, { days: 3 });
   * // Another one is what the link leads to.
   * const run = leave.handle(client, id);
   * await run.interrupt("boss").accept();
   * assert.equal((await run.result()).output.granted, "accept");
   * await host.close();
   * ```
   */
  handle(client: RunHolder, runId: string): WorkflowRun<Out, Steps, Gates> {
    const runs = runsOf(client, "handle");
    wanted("runId", "string", runId);
    return within(
      "client.runs.handle",
      () => this.#held(runs.handle(runId) as RunHandle),
    );
  }

  /** The same handle, whose type knows more about answers, and which asks for nothing that is never asked. */
  #held(run: RunHandle): WorkflowRun<Out, Steps, Gates> {
    return {
      ...run,
      // One that is never asked would be waited for until the run ends, and the run may wait for the answer.
      interrupt: (which: unknown) => {
        const name = checkStep("interrupt", this.definition, which, false);
        return checkingEdits(run.interrupt(name), this.schemas.get(name));
      },
      fork: async (request, options) => {
        const point = within(
          "request",
          () => jsonAt("request", byName(request)),
        );
        return this.#held(await run.fork(point, options) as RunHandle);
      },
    } as RunHandle as WorkflowRun<Out, Steps, Gates>;
  }

  /**
   * Declares a run, to be reviewed, stored, repeated and carried out later: its answers, its forks, what should come of
   * it. Nothing is sent.
   *
   * @param input What the run is given.
   *
   * @example
   * ```ts
   * import { accept, compareResults, reject, workflow } from "@tutti/sdk/dsl";
   * import { createHost } from "@tutti/sdk/host";
   * import { OpenwopClient } from "@tutti/sdk/openwop";
   * import assert from "node:assert/strict";
   *
   * const ask = workflow("ask", { version: "1.0.0" }).input()
   *   .approval("gate", () => ({ title: "Merge?", data: { findings: 2 } }))
   *   .branch(({ gate }) => gate.action, { accept: (w) => w, reject: (w) => w })
   *   .output(({ gate }) => ({ decided: gate.action }))
   *   .build();
   * const experiment = ask.run({})
   *   .tag("nightly")
   *   .on("gate", ({ data }) => data.findings > 0 ? reject("findings") : accept())
   *   .expect({ output: { decided: "reject" } })
   *   .fork("what-if-approved", { at: "gate" }, (f) => f.on("gate", accept()));
   *
   * const host = createHost({ workflows: [ask] });
   * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
   * const result = await experiment.execute(client);
   * assert.equal(result.ok, true);
   * assert.equal(result.output?.decided, "reject");
   * assert.equal(result.forks["what-if-approved"].output?.decided, "accept");
   * const delta = compareResults(result, result.forks["what-if-approved"]);
   * assert.deepEqual(delta.output.map(({ name }) => name), ["decided"]);
   * await host.close();
   * ```
   */
  run(input: In): RunPlan<PlanTypes<In, Out, Steps, Gates, State>, NoForks> {
    return new RunPlan({
      workflow: this,
      input,
      tags: [],
      answers: new Map(),
      expectations: [],
      forks: [],
    });
  }

  /**
   * Checks an input by the schema of the workflow, as `start()` does.
   *
   * @param input What a run would be given.
   * @returns What is sent: the input as the schema gives it back.
   * @throws {InputError} `input-invalid`, with every issue that the schema found.
   */
  async accept(input: In): Promise<JsonObject> {
    const { issues, value } = await judged(this.schemas.get("input"), input);
    if (issues) throw new InputError(this.id, issues);
    return within("input", () => {
      const found = isJsonObject(value)
        ? findJsonProblem(value)
        : { problem: "it is not an object", pointer: "" };
      if (found) {
        const { problem, pointer } = found;
        throw new InputError(this.id, [{ message: problem, pointer }]);
      }
      return value as JsonObject;
    });
  }

  /** The graph as Mermaid text, the same for the same definition. */
  toMermaid(): string {
    return toMermaid(this.definition);
  }
}
