// Web standards only.
import {
  checkDefinition,
  type DefinitionIssue,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type StandardSchemaV1,
  type WorkflowDefinition,
} from "../src/openwop/protocol/mod.ts";
import { checkKnobs } from "./check/knobs.ts";
import { construct } from "./construct.ts";
import { fieldsOf, jsonSchemaOf } from "./fields.ts";
import type { Adding } from "./flow.ts";
import { schemaAt } from "./given.ts";
import { checking } from "./graph.ts";
import type { AnyPart } from "./parts.ts";
import { noting } from "./place.ts";
import { filled, present } from "./present.ts";
import type { FieldRefs } from "./ref.ts";
import { naming } from "./scope.ts";
import { milliseconds } from "./step.ts";

/** Limits of a run. */
export interface RunSettings {
  /** The longest that a run may take, as in `"7d"`; a number is milliseconds. @default the host's limit */
  readonly timeout?: string | number;
  /** Retries of a step that says nothing. @default 0 */
  readonly maxRetries?: number;
  /** What is logged. */
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /** The most rounds of a repetition that says nothing. @default 5 */
  readonly maxLoopbackIterations?: number;
  /** Words to find the workflow by. */
  readonly tags?: readonly string[];
}

/**
 * Says the limits of a run.
 *
 * @param wanted Those that are not to be the host's.
 *
 * @example
 * ```ts
 * import { delay, settings, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const quick = workflow("quick", { version: "1.0.0" }).input()
 *   .use(settings({ timeout: "1m", tags: ["nightly"] }))
 *   .use(delay("breathe", "1s"))
 *   .build();
 * assert.deepEqual(quick.definition.settings, { timeout: 60_000 });
 * assert.deepEqual(quick.definition.metadata, { tags: ["nightly"] });
 * ```
 */
export function settings<F extends AnyPart>(
  wanted: RunSettings,
): Adding<F, unknown> {
  return construct("settings", wanted, (place, problems) => {
    const { timeout, tags, ...others } = wanted;
    const { graph } = place;
    const known = {
      ...present({ timeout: milliseconds("timeout", timeout, problems) }),
      ...others,
    };
    return {
      ...place,
      graph: {
        ...graph,
        settings: { ...graph.settings, ...known },
        ...(tags ? { metadata: { ...graph.metadata, tags } } : {}),
      },
    };
  });
}

/**
 * Says what the `configurable` of a run may hold: knobs that whoever starts a run may turn, apart from its input. Version 2
 * has sections for them: `ai`, `run`, `distillation`, `budget`, and `extensions.<your name>` for your own. Steps refer to them as
 * `({ configurable }) => configurable.ai.model`; each may be absent. A knob outside of the sections can never be turned:
 * `check()` warns of it, where the schema tells of its fields.
 *
 * @param schema Of an object: any Standard Schema that tells its JSON Schema, or `type<T>(shape)`.
 *
 * @example
 * ```ts
 * import { configurable, defineNode, orElse, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const write = defineNode({
 *   typeId: "local.example.write",
 *   input: type<{ model: string }>(),
 *   output: type<{ text: string }>(),
 *   run: ({ model }) => ({ text: `by ${model}` }),
 * });
 * const essay = workflow("essay", { version: "1.0.0" }).input()
 *   .use(configurable(type<{ ai?: { model?: string } }>({ ai: "object?" })))
 *   .step("write", write, ({ configurable }) => ({ model: orElse(configurable.ai.model, "small") }))
 *   .build();
 * assert.deepEqual(essay.definition.configurableSchema, {
 *   type: "object",
 *   properties: { ai: { type: "object" } },
 *   additionalProperties: false,
 * });
 * ```
 */
export function configurable<F extends AnyPart, T>(
  schema: StandardSchemaV1<T, unknown>,
): Adding<F, { readonly configurable: FieldRefs<T> }> {
  return construct("configurable", {}, (place) => {
    schemaAt("configurable", schema);
    const told: unknown = jsonSchemaOf(schema, "input");
    const fields = [...fieldsOf(schema, "input") ?? []];
    const required = fields.filter(([, field]) => field.required)
      .map(([name]) => name);
    const made: JsonObject = {
      type: "object",
      properties: Object.fromEntries(
        fields.map(([name, { type }]) => [name, { type }]),
      ),
      ...(required.length ? { required } : {}),
      ...(fields.length ? { additionalProperties: false } : {}),
    };
    const knobs = isJsonObject(told) ? told : made;
    const { graph } = place;
    return noting(
      {
        ...place,
        graph: { ...naming(graph, "configurable"), configurable: knobs },
      },
      checkKnobs(knobs),
    );
  });
}

/** What starts a run, beside whoever asks for one. */
export type TriggerOptions =
  | {
    /** At certain times. */
    readonly type: "schedule";
    /** Five fields: minute, hour, day of the month, month, day of the week. */
    readonly cron: string;
    /** As in `"Europe/Berlin"`. @default "UTC" */
    readonly timeZone?: string;
    /** What happens when the run before is still going on. @default "allow" */
    readonly overlap?: "allow" | "skip" | "queue";
    /** Whether runs that were missed while the host was down are made up for. @default false */
    readonly catchUp?: boolean;
    /** Inputs of the run. */
    readonly inputs?: JsonObject;
  }
  | {
    /** A request from outside, whose JSON body is the inputs. */
    readonly type: "webhook";
    /** Where the host listens. */
    readonly path?: string;
    /** @default "POST" */
    readonly method?: string;
    /** Inputs that the body does not give. */
    readonly inputs?: JsonObject;
  }
  | {
    /** An event of the host. */
    readonly type: "event";
    /** Its name. */
    readonly event: string;
    /** Values that it must repeat. */
    readonly match?: JsonObject;
    /** Inputs that the event does not give. */
    readonly inputs?: JsonObject;
  }
  | {
    /** Somebody asks for a run by this name, with inputs to begin from. */
    readonly type: "manual";
    /** For people. */
    readonly name?: string;
    /** Inputs that whoever asks does not give. */
    readonly inputs?: JsonObject;
  };

/**
 * Says what starts a run by itself. Every workflow can be started by hand besides.
 *
 * @param id Unique among the triggers.
 * @param options When, and with which inputs.
 *
 * @example
 * ```ts
 * import { delay, trigger, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const nightly = workflow("nightly", { version: "1.0.0" }).input()
 *   .use(trigger("at-three", { type: "schedule", cron: "0 3 * * *", timeZone: "Europe/Berlin" }))
 *   .use(delay("breathe", "1s"))
 *   .build();
 * assert.equal(nightly.definition.triggers[1]?.type, "schedule");
 * ```
 */
export function trigger<F extends AnyPart>(
  id: string,
  options: TriggerOptions,
): Adding<F, unknown> {
  return construct(id, options, (place, problems) => {
    const { type, ...others } = options;
    const { event, name, ...rest } = others as Record<string, JsonValue>;
    if (type === "schedule" && !isCron(options.cron)) {
      problems.push(
        `"${options.cron}" is not a schedule: write five fields, as in "0 3 * * *"`,
      );
    }
    const { graph } = place;
    const made = {
      id,
      type,
      ...present({
        name: typeof name === "string" ? name : undefined,
        eventType: typeof event === "string" ? event : undefined,
        config: filled(rest),
      }),
    };
    return {
      ...place,
      graph: {
        ...checking(graph, [checkTriggers]),
        triggers: [...graph.triggers ?? [], made],
      },
    };
  });
}

/** Whether triggers are what hosts know, each with an id of its own. */
function checkTriggers(definition: WorkflowDefinition): DefinitionIssue[] {
  return checkDefinition(definition).filter(({ pointer }) =>
    pointer.startsWith("/triggers/")
  );
}

function isCron(cron: string): boolean {
  const fields = cron.trim().split(/\s+/);
  return fields.length === 5 &&
    fields.every((field) => /^[0-9A-Za-z*/,?#L-]+$/.test(field));
}
