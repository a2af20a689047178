import type {
  MessageChunk,
  PendingInterrupt,
  RunEvent,
  RunHandle,
  RunSnapshot,
  StateSnapshot,
} from "@tutti/sdk/openwop";
import type { EventStream } from "@tutti/sdk/http";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;
const is = <_ extends true>(): void => {};

export async function modes(run: RunHandle): Promise<void> {
  const plain = run.events();
  is<Equal<typeof plain, EventStream<RunEvent>>>();
  const later = run.events({ afterSequence: 3 });
  is<Equal<typeof later, EventStream<RunEvent>>>();
  const values = run.events({ streamMode: "values" });
  is<Equal<typeof values, EventStream<StateSnapshot>>>();
  const messages = run.events({ streamMode: "messages" });
  is<Equal<typeof messages, EventStream<MessageChunk>>>();
  const mixed = run.events({ streamMode: ["updates", "messages"] });
  is<Equal<typeof mixed, EventStream<RunEvent | MessageChunk>>>();
  for await (const item of mixed) {
    if (item.type === "ai.message.chunk") item.payload.chunk.at(0);
    else item.sequence.toFixed();
  }
  // @ts-expect-error there is no such mode
  run.events({ streamMode: "debugg" });
  // @ts-expect-error values stands alone
  run.events({ streamMode: ["values", "updates"] });
}

export async function waits(
  run: RunHandle<{ readonly sha: string }, "gate">,
): Promise<void> {
  const snapshot = await run.waitFor(["paused", "completed"]);
  is<Equal<typeof snapshot, RunSnapshot>>();
  const open = await run.waitFor({ interrupt: "gate" });
  is<Equal<typeof open, PendingInterrupt>>();
  const event = await run.waitFor((event) => event.type === "node.failed");
  event.payload.error.code.at(0);
  const any = await run.waitFor((event) => event.sequence > 7);
  is<Equal<typeof any, RunEvent>>();
  // @ts-expect-error there is no such status
  await run.waitFor("pausd");
  // @ts-expect-error this workflow asks no such question
  await run.waitFor({ interrupt: "gat" });
  const { output } = await run.result();
  is<Equal<typeof output, { readonly sha: string }>>();
}

export async function answers(open: PendingInterrupt): Promise<void> {
  // @ts-expect-error not before it is known to be an approval
  await open.accept();
  if (open.kind === "approval") {
    await open.accept({ comment: "fine" });
    await open.edit({ text: "better" });
    await open.refine({ scope: "items", itemIds: ["1"] });
    open.payload?.data.actions.at(0);
    // @ts-expect-error an approval asks no questions
    await open.answer({});
    // @ts-expect-error there is no such scope
    await open.refine({ scope: "all" });
  }
  if (open.kind === "clarification") {
    await open.answer({ [open.payload?.data.questions[0]?.id ?? ""]: 1 });
    // @ts-expect-error questions are not accepted
    await open.accept();
  }
  if (open.kind === "external-event") {
    await open.resolve({ order: 7 });
    // @ts-expect-error an event is an object
    await open.resolve("paid");
  }
  if (open.kind === "credential") {
    open.payload?.data.connectUrl.at(0);
    await open.resolve(null);
  }
}
