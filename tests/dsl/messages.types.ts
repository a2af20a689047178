// What the compiler says of a misuse is a sentence, which the types carry: here are the words. Nothing is run.
import {
  clarify,
  core,
  defineNode,
  fromDefinition,
  type,
  workflow,
} from "@tutti/sdk/dsl";
import type {
  EveryCase,
  FreeName,
  NoOtherPorts,
  PlainJson,
  Port,
  Ports,
  Ref,
  Sentence,
} from "@tutti/sdk/dsl";
import type { JsonValue, OpenwopClient } from "@tutti/sdk/openwop";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true
  : false;
const is = <_Proof extends true>(): void => {};
declare const client: OpenwopClient;

is<Equal<FreeName<"a", "a" | "b">, 'the name "a" is already taken'>>();
is<Equal<FreeName<"c", "a" | "b">, "c">>();

// A port that is not there: nothing fits, whatever is written for it, and nothing becomes `never`.
type Other = NoOtherPorts<{ level: 1; levl: 2 }, { level: number }>;
is<
  Equal<
    2 & Other["levl"],
    2 & Sentence<'there is no port "levl" here'>
  >
>();
is<Equal<keyof Other, "levl">>();
is<Equal<keyof NoOtherPorts<{ level: 1 }, { level: number }>, never>>();

// A port that gets the wrong value is named by its type.
is<Equal<Ports<{ diff: string }>["diff"], Port<"diff", string>>>();
is<Equal<Port<"diff", string>, string | Ref<string>>>();

// Literals stay literals where a port wants one of several.
const pick = defineNode({
  typeId: "local.test.pick",
  input: type<{ mode: "a" | "b"; tags: string[] }>(),
  output: type<{ ok: boolean }>(),
  run: () => ({ ok: true }),
});
const flow = workflow("words", { version: "1.0.0" }).input()
  .step("pick", pick, () => ({ mode: "a", tags: ["x"] }));
// @ts-expect-error "c" is not what the port "mode" takes
flow.step("more", pick, () => ({ mode: "c", tags: [] }));
flow.step("more", pick, () => ({
  mode: "a",
  tags: [],
  // @ts-expect-error there is no port "mod" here
  mod: 1,
}));
flow.step("more", core.fail("no", "never"), () => ({
  // @ts-expect-error there is no port "text" here
  text: "x",
}));

is<
  Equal<
    EveryCase<"a" | "b", "a" | "b" | "c">["c"],
    Sentence<'the value is never "c"'>
  >
>();
is<
  Equal<
    PlainJson<{ at: Date }>,
    { readonly '"at" is a Date, which JSON makes a string: give text': true }
  >
>();

// Answers that a question does not take.
const asking = workflow("asking", { version: "1.0.0" }).input()
  .approval("plain", () => ({ title: "?" }))
  .approval("rich", () => ({ title: "?" }), {
    edit: type<{ text: string }>(),
    refine: true,
  })
  .use(clarify("ask", { size: { ask: "?", answer: type<number>() } }))
  .build();
export async function answers(): Promise<void> {
  const run = await asking.start(client, {});
  const plain = run.interrupt("plain");
  const rich = run.interrupt("rich");
  const ask = run.interrupt("ask");
  is<
    Equal<
      Parameters<typeof plain.edit>[0],
      & JsonValue
      & "this interrupt takes no edited version: declare it with `edit`"
    >
  >();
  is<
    Equal<
      Parameters<typeof plain.refine>[0],
      "this interrupt cannot be sent back: declare it with `refine`"
    >
  >();
  // @ts-expect-error this interrupt takes no edited version
  await plain.edit({ text: "x" });
  // @ts-expect-error this interrupt cannot be sent back
  await plain.refine("shorter");
  // @ts-expect-error this interrupt asks no questions
  await plain.answer({ size: 1 });
  await rich.edit({ text: "x" });
  // @ts-expect-error the edited version has a text
  await rich.edit({ txt: "x" });
  await rich.refine("shorter");
  await rich.refine({ scope: "items", itemIds: ["a"] });
  await ask.answer({ size: 1 });
  // @ts-expect-error the size is a number
  await ask.answer({ size: "1" });

  // Of a definition that was read nothing is known: every answer may fit.
  const read = await fromDefinition("{}").start(client, {});
  const any = read.interrupt("whatever");
  await any.edit({ text: "x" });
  await any.refine("shorter");
  await any.answer({ size: 1 });
  await any.resolve({ anything: true });
  is<Equal<Parameters<typeof any.edit>[0], JsonValue>>();
}
