// The programs that other workflow libraries let through: each must be a compile error here. Nothing is run.
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import type { JsonValue } from "@tutti/sdk/openwop";
import type { OpenwopClient } from "@tutti/sdk/openwop";
import { z } from "zod";
import { lint, mergePr, readDiff } from "../support/review_workflow.ts";

declare const client: OpenwopClient;
const flow = workflow("sound", { version: "1.0.0" })
  .input(type<{ repo: string; pr: number }>())
  .step("fetch", readDiff, ({ input }) => ({ repo: input.repo, pr: input.pr }));

// Wrong final output.
flow.output(type<{ files: number }>(), ({ fetch }) => ({ files: fetch.files }));
// @ts-expect-error a text where a number is wanted
flow.output(type<{ files: number }>(), ({ fetch }) => ({ files: fetch.diff }));
// @ts-expect-error the output "files" is missing
flow.output(type<{ files: number }>(), () => ({}));
flow.output(type<{ files: number }>(), ({ fetch }) => ({
  files: fetch.files,
  // @ts-expect-error the workflow has no output "file"
  file: fetch.files,
}));
flow.branch(({ fetch }) => fetch.diff, {
  none: (w) => w,
  otherwise: (w) => w.step("merge", mergePr, () => ({ pr: 1 })),
})
  // @ts-expect-error the output "sha" may be missing
  .output(type<{ sha: string }>(), ({ merge }) => ({ sha: merge.sha }));

// Duplicate ids, also across constructs and branches.
// @ts-expect-error the name "fetch" is already taken
flow.approval("fetch", () => ({ title: "?" }));
flow.parallel({
  a: (w) => w.step("one", lint, () => ({ diff: "" })),
  b: (w) => w.step("two", lint, () => ({ diff: "" })),
})
  // @ts-expect-error the name "one" is already taken
  .step("one", lint, () => ({ diff: "" }));

// References to what does not exist.
// @ts-expect-error there is no step "fetched"
flow.step("next", lint, ({ fetched }) => ({ diff: fetched.diff }));
flow.approval("gate", () => ({ title: "?" })).branch(
  ({ gate }) => gate.action,
  {
    // @ts-expect-error the value is never "acept"
    acept: (w) => w,
    reject: (w) => w,
  },
);

// An answer that fits no question, an unknown interrupt, an unknown fork point, an unknown output.
const built = flow.approval("gate", () => ({ title: "?" }))
  .output(({ fetch }) => ({ diff: fetch.diff })).build();
export async function probes(): Promise<void> {
  // @ts-expect-error pr is a number
  await built.start(client, { repo: "", pr: "7" });
  // @ts-expect-error repo is missing
  await built.start(client, { pr: 7 });
  const run = await built.start(client, { repo: "", pr: 7 });
  // @ts-expect-error there is no interrupt "gates"
  run.interrupt("gates");
  // @ts-expect-error "maybe" is not an answer
  await run.interrupt("gate").resolve({ action: "maybe" });
  // @ts-expect-error there is no step "fetched"
  await run.fork({ at: "fetched" });
  const { output } = await run.result();
  // @ts-expect-error it is a text
  output.diff.toFixed();
}

// What JSON would change is no output: neither of a step nor of a workflow.
export class Money {
  cents = 1;
  plus(): Money {
    return this;
  }
}
interface Tree {
  name: string;
  children: Tree[];
}
const run = (): never => {
  throw new Error();
};
const input = type<{ x: string }>();
const typeId = "local.test.json";
defineNode({ typeId, input, output: type<{ tree: Tree }>(), run });
defineNode({ typeId, input, output: type<{ any: JsonValue }>(), run });
defineNode({ typeId, input, output: type<{ rest: unknown }>(), run });
type Plain = { a?: [string, { b: null | boolean[] }]; c: { d: number }[] };
defineNode({ typeId, input, output: type<Plain>(), run });
defineNode({ typeId, input, output: type<Plain & { t: Tree }>(), run });
// @ts-expect-error "price" of an entry of "all" has a method
defineNode({ typeId, input, output: type<{ all: { price: Money }[] }>(), run });
// @ts-expect-error "say" of "a" is a function
defineNode({ typeId, input, output: type<{ a: { say(): void } }>(), run });
// @ts-expect-error "id" of "a" would not survive JSON
defineNode({ typeId, input, output: type<{ a: { id: symbol } | 1 }>(), run });
// @ts-expect-error "when" is a Date, which JSON makes a string: give text
defineNode({ typeId, input, output: type<{ when: Date }>(), run });
// @ts-expect-error "map" is a Map, which JSON empties
defineNode({ typeId, input, output: type<{ map: Map<string, 1> }>(), run });
// @ts-expect-error an entry of "all" is a Set, which JSON empties
defineNode({ typeId, input, output: type<{ all: Set<string>[] }>(), run });
// @ts-expect-error "price" has the method "plus": JSON would drop it
defineNode({ typeId, input, output: type<{ price: Money }>(), run });
// @ts-expect-error "big" would not survive JSON
defineNode({ typeId, input, output: type<{ big: bigint }>(), run });
// @ts-expect-error "deep" has a Date far inside
defineNode({ typeId, input, output: type<{ deep: { at: Date }[] }>(), run });
defineNode({
  typeId,
  input,
  // A codec gives text: what is recorded survives.
  output: z.object({ at: z.date().transform((at) => at.toISOString()) }),
  run: () => ({ at: new Date() }),
});
// @ts-expect-error the input of a run travels as JSON too
workflow("dates", { version: "1.0.0" }).input(type<{ at: Date }>());
flow.output(() => ({
  // @ts-expect-error a Date, which JSON makes a string
  at: new Date(),
}));
