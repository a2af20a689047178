// Web standards only.
import { InvalidArgumentError } from "../src/openwop/mod.ts";
import type { JsonObject, JsonValue } from "../src/openwop/protocol/mod.ts";
import { filled, present } from "./present.ts";
import type { PlanJson, PlanSpec, WantedResult } from "./plan_types.ts";

/** A plan as data. */
export function toPlanJson(
  spec: PlanSpec,
  within?: PlanSpec,
): PlanJson {
  const {
    workflow,
    tags,
    metadata,
    configurable,
    idempotencyKey,
    state,
    deadlineMs,
  } = spec;
  const { definition } = workflow;
  const answers = [...spec.answers].map(([name, answer]) =>
    [name, data(`on("${name}")`, answer)] as const
  );
  const expect = spec.expectations.map((each) =>
    data("expect()", each) as WantedResult<JsonObject>
  );
  const forks = spec.forks.map(({ name, at, spec: planned }) => ({
    name,
    // Begun anew, it does not begin at a step; without this, the same input or workflow once more would read as a fork.
    at: planned.anew ? "start" as const : at,
    plan: toPlanJson(planned, spec),
  }));
  return present({
    workflowId: definition.id,
    version: definition.version,
    definition: within && within.workflow !== workflow ? definition : undefined,
    input: spec.input as JsonObject,
    tags: filled(tags),
    metadata,
    configurable,
    idempotencyKey,
    answers: filled(Object.fromEntries(answers)),
    any: data("onAny()", spec.any),
    state,
    deadlineMs,
    expect: filled(expect),
    forks: filled(forks),
  }) as PlanJson;
}

function data(place: string, value: unknown): JsonValue {
  if (typeof value !== "function") return value as JsonValue;
  throw new InvalidArgumentError(
    place,
    "a plan that is stored is data: give the answer itself, not a function",
  );
}
