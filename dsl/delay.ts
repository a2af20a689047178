// Web standards only.
import { construct } from "./construct.ts";
import type { Adding } from "./flow.ts";
import { asked } from "./given.ts";
import type { AnyPart, FreeName, From, Named, UsedBy } from "./parts.ts";
import { append } from "./place.ts";
import type { Ref } from "./ref.ts";
import { milliseconds } from "./step.ts";

/** What a delay gives. */
export interface DelayRefs {
  /** How long it was, in milliseconds. */
  readonly waitedMs: Ref<number>;
}

/**
 * Lets time pass. The host keeps the timer: a run that waits for days costs nothing meanwhile and survives restarts.
 *
 * @param name Of the step.
 * @param time As in `"2h"`; a number is milliseconds; a function gives a reference to milliseconds.
 *
 * @example
 * ```ts
 * import { delay, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const later = workflow("later", { version: "1.0.0" })
 *   .input(type<{ ms: number }>())
 *   .use(delay("breathe", "2h"))
 *   .use(delay("as-told", ({ input }) => input.ms))
 *   .build();
 * assert.deepEqual(later.definition.nodes[0]?.inputs, {
 *   delayMs: { type: "static", value: 7_200_000 },
 * });
 * ```
 */
export function delay<
  F extends AnyPart,
  const Name extends string,
>(
  name: FreeName<Name, UsedBy<F>>,
  time: string | number | From<F, Ref<number>>,
): Adding<F, Named<Name, DelayRefs>, Name> {
  return construct(name, {}, (place, problems) =>
    append(place, {
      id: name,
      typeId: "core.delay",
      config: {},
      inputs: {
        delayMs: typeof time === "function"
          ? asked(`${name}.time`, place, time)
          : milliseconds("delay", time ?? 0, problems),
      },
      gives: () => true,
    }));
}
