// Web standards only.
import type { StandardSchemaV1 } from "../src/openwop/protocol/mod.ts";
import type { WaitOptions } from "./clarify.ts";
import { construct } from "./construct.ts";
import { fieldsOf } from "./fields.ts";
import type { Adding } from "./flow.ts";
import { asked, schemaAt, wanted } from "./given.ts";
import type { AnyPart, FreeName, Named, RefsIn, UsedBy } from "./parts.ts";
import { append } from "./place.ts";
import { present } from "./present.ts";
import type { Refs, ValueOf } from "./ref.ts";
import { milliseconds } from "./step.ts";

/** An event that a run can wait for. */
export interface ExternalEvent<Data, Correlation, Scope> {
  /** Its name, as whoever sends it says it. */
  readonly type: string;
  /** What it brings: any Standard Schema, or `type<T>()`. */
  readonly data: StandardSchemaV1<unknown, Data>;
  /** What it must repeat, so that it is this one and no other: references or literals, by key. */
  readonly correlation: (refs: Scope) => Correlation;
}

/** How a wait for an event ends. */
export interface EventAnswer<Data, Correlation> {
  /** Of which sort the interrupt is. */
  readonly kind: "external-event";
  /** The event: what it brings, and every key of the correlation. */
  readonly answer:
    & Data
    & { readonly [Key in keyof Correlation]: ValueOf<Correlation[Key]> };
  /** What the event must repeat. */
  readonly data: {
    readonly [Key in keyof Correlation]: ValueOf<Correlation[Key]>;
  };
}

/**
 * Waits for something that happens elsewhere: a payment that settles, a file that arrives. The event must repeat every key
 * of the correlation with an equal value.
 *
 * @param name The stable name of the interrupt, by which the event is delivered.
 * @param event Its type, what it brings, and what it must repeat.
 * @param options How long to wait.
 *
 * @example
 * ```ts
 * import { type, waitFor, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const order = workflow("order", { version: "1.0.0" })
 *   .input(type<{ orderId: string }>())
 *   .use(waitFor("paid", {
 *     type: "payment.settled",
 *     data: type<{ amount: number }>(),
 *     correlation: ({ input }) => ({ orderId: input.orderId }),
 *   }, { timeout: "7d" }))
 *   .output(({ paid }) => ({ amount: paid.amount }))
 *   .build();
 * assert.equal(order.definition.nodes[0]?.config.kind, "external-event");
 * ```
 */
export function waitFor<
  F extends AnyPart,
  const Name extends string,
  Data,
  const Correlation extends Readonly<Record<string, unknown>>,
>(
  name: FreeName<Name, UsedBy<F>>,
  event: ExternalEvent<Data, Correlation, RefsIn<F>>,
  options: WaitOptions = {},
): Adding<
  F,
  Named<Name, Refs<Data>>,
  Name,
  Named<Name, EventAnswer<Data, Correlation>>
> {
  return construct(name, options, (place, problems) => {
    wanted(`${name}.event`, "object", event);
    if (event.type === "") problems.push("the event has no type");
    const inputs = asked(`${name}.correlation`, place, event.correlation);
    if (Object.keys(inputs).length === 0) {
      problems.push(
        "any event of its type would be taken: say in the correlation which one is meant",
      );
    }
    const fields = fieldsOf(schemaAt(`${name}.data`, event.data), "output");
    return append(place, {
      id: name,
      typeId: "core.interrupt",
      config: {
        kind: "external-event",
        data: { eventType: event.type, correlation: {} },
        ...present({
          timeoutMs: milliseconds("timeout", options.timeout, problems),
        }),
      },
      inputs,
      gives: (key) => fields?.get(key)?.required ?? false,
    });
  });
}
