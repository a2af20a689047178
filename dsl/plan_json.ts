// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import type { JsonObject } from "../src/openwop/protocol/mod.ts";
import { Workflow } from "./built.ts";
import { type AnyGates, definitionIn, parse } from "./from_definition.ts";
import { graphAt, jsonAt, wanted, within } from "./given.ts";
import { RunPlan } from "./plan.ts";
import { checkForkPoint, checkState } from "./plan_state.ts";
import type {
  PlanJson,
  PlannedWorkflow,
  PlanSpec,
  PlanTypes,
} from "./plan_types.ts";
import type { AnyState } from "./state_types.ts";

/**
 * Reads a plan that was stored, to be carried out now.
 *
 * @param workflow The workflow that it was made for; another version of it will do.
 * @param json What `JSON.stringify(plan)` gave, as text or parsed.
 * @throws {InvalidArgumentError} `invalid-argument`, when it is no plan, or one for another workflow.
 *
 * @example
 * ```ts
 * import { accept, planFromJson, workflow } from "@tutti/sdk/dsl";
 * import { createHost } from "@tutti/sdk/host";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const ask = workflow("ask", { version: "1.0.0" }).input()
 *   .approval("gate", () => ({ title: "Go on?" }))
 *   .output(({ gate }) => ({ by: gate.action }))
 *   .build();
 * const stored = JSON.stringify(ask.run({}).on("gate", accept()).tag("nightly"));
 *
 * const host = createHost({ workflows: [ask] });
 * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
 * const result = await planFromJson(ask, stored).execute(client);
 * assert.deepEqual(result.output, { by: "accept" });
 * await host.close();
 * ```
 */
export function planFromJson(
  workflow: PlannedWorkflow,
  json: string | PlanJson,
): RunPlan<
  PlanTypes<JsonObject, JsonObject, string, AnyGates, AnyState>,
  Readonly<
    Record<string, { readonly status: string; readonly output?: unknown }>
  >
> {
  within("workflow", () => graphAt("workflow", workflow.definition));
  const plan = jsonAt(
    "json",
    (typeof json === "string" ? parse(json) : json) as PlanJson,
  );
  const spec = read(workflow, plan);
  checkState(spec);
  return new RunPlan(spec);
}

function read(workflow: PlannedWorkflow, plan: PlanJson): PlanSpec {
  const { id } = workflow.definition;
  if (typeof plan !== "object" || plan === null || plan.workflowId !== id) {
    throw new InvalidArgumentError(
      "json",
      `a plan for the workflow "${id}" is wanted, this is for ${
        JSON.stringify(plan?.workflowId ?? null)
      }`,
    );
  }
  const { tags, answers, expect, forks, ...others } = plan;
  return {
    ...others,
    workflow,
    tags: tags ?? [],
    answers: new Map(Object.entries(answers ?? {})),
    expectations: expect ?? [],
    forks: wanted("forks", "list", forks ?? []).map((fork) => {
      const { name, at, plan: inner } = wanted("fork", "object", fork);
      checkForkPoint(workflow.definition, at);
      const spec = read(
        wanted("fork.plan", "object", inner).definition
          ? new Workflow(definitionIn(inner.definition), [], new Map())
          : workflow,
        inner,
      );
      const another = inner.definition !== undefined ||
        JSON.stringify(inner.input) !== JSON.stringify(plan.input);
      return { name, at, spec: another ? { ...spec, anew: true } : spec };
    }),
  };
}
