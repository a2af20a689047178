// Web standards only.
import { wanted } from "./given.ts";
import type { StepHandle, StepName } from "./parts.ts";
import { stepNamed } from "./ref.ts";

/**
 * The name of a step, by the handle that `add()` gave: what a result, an event or a question calls it.
 *
 * @param step The handle.
 * @throws {InvalidArgumentError} `invalid-argument`, for what is none.
 *
 * @example
 * ```ts
 * import { defineNode, stepName, type, workflow } from "@tutti/sdk/dsl";
 * import { createHost } from "@tutti/sdk/host";
 * import { OpenwopClient } from "@tutti/sdk/openwop";
 * import assert from "node:assert/strict";
 *
 * const price = defineNode({
 *   typeId: "local.example.price",
 *   input: type<{ items: number }>(),
 *   output: type<{ total: number }>(),
 *   run: ({ items }) => ({ total: items * 10 }),
 * });
 * const w = workflow("prices", { version: "1.0.0" }).input(type<{ items: number }>());
 * const priced = w.add("price", price, { items: w.input.items });
 * const prices = w.output(() => ({ total: priced.total })).build();
 *
 * const host = createHost({ workflows: [prices] });
 * const client = new OpenwopClient({ baseUrl: host.url, fetch: host.fetch });
 * const { steps, forks } = await prices.run({ items: 3 })
 *   .fork("cheap", { after: priced }, (f) => f.state(priced, { total: 1 }))
 *   .execute(client);
 * assert.equal(steps[stepName(priced)], "completed");
 * assert.deepEqual(forks.cheap.output, { total: 1 });
 * await host.close();
 * ```
 */
export function stepName(step: StepHandle): StepName {
  return wanted("step", "string", stepNamed(step) as StepName);
}
