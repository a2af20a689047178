// Types that a program has to name are found where it found what they belong to. Nothing is run.
import type {
  NodeContext,
  OpenwopClientOptions,
  PendingInterrupt,
  WorkflowRun,
} from "@tutti/sdk";
import { defineNode, type, workflow } from "@tutti/sdk/dsl";
import type {
  NodeContext as Context,
  StepInterrupt,
  WorkflowRun as Run,
} from "@tutti/sdk/dsl";

const question: StepInterrupt = { kind: "approval", data: { title: "Go on?" } };

/** The code of a step, in a function of its own. */
async function work(
  { text }: { text: string },
  context: Context & NodeContext,
): Promise<{ text: string }> {
  await context.interrupt(question);
  return { text };
}
const step = defineNode({
  typeId: "local.test.work",
  input: type<{ text: string }>(),
  output: type<{ text: string }>(),
  run: work,
});
const flow = workflow("named", { version: "1.0.0" })
  .input(type<{ text: string }>())
  .step("work", step, ({ input }) => ({ text: input.text }))
  .approval("gate", () => ({ title: "Fine?" }))
  .output(({ work }) => ({ text: work.text }))
  .build();

/** A run of a workflow, in the parameter of a function. */
export async function answer(
  run: ReturnType<typeof flow.handle>,
): Promise<string> {
  const held: WorkflowRun<{ readonly text: string }, "work" | "gate", object> =
    run;
  const same: Run<{ readonly text: string }, "work" | "gate", object> = held;
  const asked: PendingInterrupt = await run.interrupt("gate").wait();
  // @ts-expect-error there is no such interrupt
  run.interrupt("gates");
  await run.interrupt("gate").accept({ comment: asked.name });
  return (await same.result()).output.text;
}

export const options: OpenwopClientOptions = {
  baseUrl: "https://wop.example.com",
};
