// Web standards only.
import type {
  JsonObject,
  StandardSchemaV1,
} from "../src/openwop/protocol/mod.ts";
import { checkClarifications } from "./check/nodes.ts";
import { construct } from "./construct.ts";
import { jsonSchemaOf } from "./fields.ts";
import type { Adding } from "./flow.ts";
import { wanted } from "./given.ts";
import type { AnyPart, FreeName, Named, UsedBy } from "./parts.ts";
import { append } from "./place.ts";
import { present } from "./present.ts";
import type { Refs } from "./ref.ts";
import { milliseconds } from "./step.ts";

/** One question, and the type of its answer. */
export interface Asking<T> {
  /** The question, for people. */
  readonly ask: string;
  /** What the answer looks like: any Standard Schema, or `type<T>()`, which hosts cannot check. */
  readonly answer: StandardSchemaV1<unknown, T>;
}

/** How long to wait for answers. */
export interface WaitOptions {
  /** After this time the step fails, as in `"48h"`; a number is milliseconds. @default never */
  readonly timeout?: string | number;
}

/** How a clarification is answered. */
export interface ClarifyAnswer<Answers> {
  /** Of which sort the interrupt is. */
  readonly kind: "clarification";
  /** What may be answered: every question, by its name. */
  readonly answer: { readonly answers: Answers };
  /** The questions. */
  readonly data: unknown;
}

/**
 * Asks a person questions and waits for typed answers: `({ details }) => details.budget` is the answer to the question
 * `budget`.
 *
 * @param name The stable name of the interrupt, by which it is answered.
 * @param questions By name.
 * @param options How long to wait.
 *
 * @example
 * ```ts
 * import { clarify, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 * import { z } from "zod";
 *
 * const trip = workflow("trip", { version: "1.0.0" }).input()
 *   .use(clarify("details", {
 *     budget: { ask: "How much may it cost?", answer: z.number().positive() },
 *     where: { ask: "Where to?", answer: type<"sea" | "hills">() },
 *   }, { timeout: "3d" }))
 *   .output(({ details }) => ({ to: details.where, for: details.budget }))
 *   .build();
 * const output = trip.definition.nodes.find(({ id }) => id === "output");
 * assert.deepEqual(output?.inputs.to, {
 *   type: "connection",
 *   nodeId: "details",
 *   outputKey: "answers.where",
 * });
 * ```
 */
export function clarify<
  F extends AnyPart,
  const Name extends string,
  Answers,
>(
  name: FreeName<Name, UsedBy<F>>,
  questions: { readonly [Key in keyof Answers]: Asking<Answers[Key]> },
  options: WaitOptions = {},
): Adding<
  F,
  Named<Name, Refs<Answers>>,
  Name,
  Named<Name, ClarifyAnswer<Answers>>
> {
  return construct(name, options, (place, problems) => {
    const asked = Object.entries<Asking<unknown>>(
      wanted(`${name}.questions`, "object", questions),
    ).map(([id, each]) => [id, { ...each }] as const);
    for (const [id, { ask, answer }] of asked) {
      // Plain JavaScript may leave it out.
      if (typeof ask !== "string" || !ask.trim()) {
        problems.push(`the question "${id}" has no words`);
      }
      if (!answer?.["~standard"]) {
        problems.push(`the answer to "${id}" has no type`);
      }
      if (id.includes(".")) {
        problems.push(`the name "${id}" of a question cannot have a dot`);
      }
    }
    return append(place, {
      id: name,
      typeId: "core.clarificationGate",
      config: {
        questions: asked.map(([id, { ask, answer }]) => ({
          id,
          question: ask,
          ...present({
            schema: jsonSchemaOf(answer, "input") as
              | JsonObject
              | undefined,
          }),
        })),
        ...present({
          timeoutMs: milliseconds("timeout", options.timeout, problems),
        }),
      },
      inputs: {},
      gives: (key) => key.startsWith("answers"),
      checks: [checkClarifications],
      wire: { below: "answers" },
    });
  });
}
