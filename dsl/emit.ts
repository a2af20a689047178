// Web standards only.
import { construct } from "./construct.ts";
import type { Adding } from "./flow.ts";
import { asked } from "./given.ts";
import type { PlainLiterals } from "./output.ts";
import type {
  AnyPart,
  FreeName,
  From,
  Named,
  NoOutputs,
  UsedBy,
} from "./parts.ts";
import { append } from "./place.ts";

/** The grammar of an event of a vendor. Source: OpenWOP v2, event envelope. */
const vendorEvent =
  /^(?!openwop\.)[a-z][a-z0-9]*(-[a-z0-9]+)*\.[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z][a-z0-9]*(-[a-z0-9]+)*)?$/;

/**
 * Puts an event of your own into the log of the run, where whoever follows it sees it.
 *
 * @param name Of the step.
 * @param eventType Your name, a dot, and what has happened, as in `"acme.order-shipped"`.
 * @param payload Says for each field which reference or literal it gets.
 *
 * @example
 * ```ts
 * import { emit, type, workflow } from "@tutti/sdk/dsl";
 * import assert from "node:assert/strict";
 *
 * const ship = workflow("ship", { version: "1.0.0" })
 *   .input(type<{ orderId: string }>())
 *   .use(emit("tell", "acme.order-shipped", ({ input }) => ({ orderId: input.orderId })))
 *   .build();
 * assert.equal(ship.definition.nodes[0]?.config.eventType, "acme.order-shipped");
 * ```
 */
export function emit<
  F extends AnyPart,
  const Name extends string,
  const Given extends Readonly<Record<string, unknown>>,
>(
  name: FreeName<Name, UsedBy<F>>,
  eventType: string,
  payload: From<F, Given & PlainLiterals<Given>>,
): Adding<F, Named<Name, NoOutputs>, Name> {
  return construct(name, {}, (place, problems) => {
    if (!vendorEvent.test(eventType)) {
      problems.push(
        `${
          JSON.stringify(eventType)
        } is not an event of your own: write it as in "acme.order-shipped"`,
      );
    }
    return append(place, {
      id: name,
      typeId: "tutti.emit",
      config: { eventType },
      inputs: { ...asked(`${name}.payload`, place, payload) },
      needs: ["an event of your own"],
    });
  });
}
