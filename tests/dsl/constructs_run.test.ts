import assert from "node:assert/strict";
import { test } from "node:test";
import {
  accept,
  all,
  attempt,
  channel,
  clarify,
  configurable,
  defineNode,
  emit,
  fragment,
  gt,
  insert,
  join,
  not,
  orElse,
  reject,
  set,
  startsWith,
  type,
  undo,
  variable,
  when,
  workflow,
  write,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { OpenwopClient, wireTypeOf } from "@tutti/sdk/openwop";

function embed(...workflows: Parameters<typeof createHost>[0]["workflows"]) {
  const host = createHost({ workflows });
  return {
    host,
    client: new OpenwopClient({ baseUrl: host.url, fetch: host.fetch }),
  };
}

const say = defineNode({
  typeId: "local.run.say",
  input: type<{ text: string; loud?: boolean }>(),
  output: type<{ said: string; parts: { first: string } }>(),
  run: ({ text, loud }) => ({
    said: loud ? text.toUpperCase() : text,
    parts: { first: text.slice(0, 1) },
  }),
});
const break_ = defineNode({
  typeId: "local.run.break",
  input: type<{ why: string }>(),
  output: type<{ never: string }>(),
  run: ({ why }) => {
    throw Object.assign(new Error(why), { code: "too_bad" });
  },
});

test("a run reads deep into inputs and outputs, and takes defaults where nothing is", async () => {
  const flow = workflow("deep", { version: "1.0.0" })
    .input(type<{ user: { name: string; nick?: string } }>())
    .step("one", say, ({ input }) => ({ text: input.user.name }))
    .step("two", say, ({ input }) => ({
      text: orElse(input.user.nick, "nobody"),
      loud: true,
    }))
    .output(({ one, two }) => ({ first: one.parts.first, two: two.said }))
    .build();
  const { host, client } = embed(flow);
  const named = await flow.run({ user: { name: "Ada" } }).execute(client);
  assert.deepEqual(named.output, { first: "A", two: "NOBODY" });
  const nicked = await flow.run({ user: { name: "Ada", nick: "al" } })
    .execute(client);
  assert.equal(nicked.output?.two, "AL");
  await host.close();
});

test("a run keeps variables and channels, and reads what whoever started it configured", async () => {
  const flow = workflow("state", { version: "1.0.0" })
    .input(type<{ text: string }>())
    .use(configurable(type<{ ai?: { model?: string } }>({ ai: "object?" })))
    .use(variable("last", { default: "none" }))
    .use(channel("notes", { reducer: "append", of: type<string>() }))
    .use(channel("hits", { reducer: "counter", of: type<number>() }))
    .parallel({
      a: (w) => w.use(write("a", ({ notes }) => notes, () => "a")),
      b: (w) =>
        w.use(write("b", ({ notes }) => notes, ({ input }) => input.text)),
      c: (w) =>
        w.use(write("c", ({ hits }) => hits, () => 2))
          .use(write("d", ({ hits }) => hits, () => 3)),
    })
    .step("say", say, ({ configurable }) => ({
      text: orElse(configurable.ai.model, "small"),
    }))
    .use(set("keep", ({ last }) => last, ({ say }) => say.said))
    .output(({ notes, hits, last }) => ({ notes, hits, last }))
    .build();
  const { host, client } = embed(flow);
  const plain = await flow.run({ text: "x" }).execute(client);
  assert.deepEqual(plain.output, { notes: ["a", "x"], hits: 5, last: "small" });
  const tuned = await flow.run({ text: "x" })
    .configure({ ai: { model: "large" } }).execute(client);
  assert.equal(tuned.output?.last, "large");
  const started = await flow.start(client, { text: "x" }, {
    configurable: { ai: { model: "huge" } },
  });
  assert.equal((await started.result()).output.last, "huge");
  await host.close();
});

test("a run takes the ways whose conditions hold, and goes on without the others", async () => {
  const flow = workflow("ways", { version: "1.0.0" })
    .input(type<{ n: number; s: string }>())
    .use(when(({ input }) => ({
      many: gt(input.n, 10),
      odd: all(startsWith(input.s, "o"), not(gt(input.n, 10))),
    }), {
      many: (w) => w.step("m", say, () => ({ text: "many" })),
      odd: (w) => w.step("o", say, () => ({ text: "odd" })),
    }))
    .output(({ m, o }) => ({ m: m.said, o: o.said }))
    .build();
  const { host, client } = embed(flow);
  const of = async (n: number, s: string) =>
    (await flow.run({ n, s }).execute(client)).output;
  assert.deepEqual(await of(11, "o"), { m: "many" });
  assert.deepEqual(await of(1, "o"), { o: "odd" });
  assert.deepEqual(await of(1, "x"), {});
  await host.close();
});

test("a run goes on with the second success of three, and with the way of a failure", async () => {
  const flow = workflow("joins", { version: "1.0.0" }).input()
    .use(join("two", { atLeast: 2 }, {
      a: (w) => w.step("a", say, () => ({ text: "a" })),
      b: (w) => w.step("b", break_, () => ({ why: "b" })),
      c: (w) => w.step("c", say, () => ({ text: "c" })),
    }))
    .use(attempt("d", break_, () => ({ why: "sorry" }), {
      onError: (w, failure) =>
        w.step("e", say, () => ({ text: failure.message }))
          .step("f", say, () => ({ text: failure.code })),
    }))
    .output(({ a, c, e, f, d }) => ({
      a: a.said,
      c: c.said,
      why: e.said,
      code: f.said,
      d: d.never,
    }))
    .build();
  const { host, client } = embed(flow);
  const { output, status } = await flow.run({}).execute(client);
  assert.equal(status, "completed");
  assert.deepEqual(output, { a: "a", c: "c", why: "sorry", code: "too_bad" });
  await host.close();
});

test("a run of fragments asks under their prefixes, and its own events are in the log", async () => {
  const part = fragment(
    type<{ what: string }>(),
    (w) =>
      w.approval(
        "ok",
        ({ input }) => ({ title: "Fine?", data: { what: input.what } }),
      )
        .branch(({ ok }) => ok.action, {
          accept: (w) =>
            w.step("say", say, ({ input }) => ({ text: input.what })),
          reject: (w) => w,
        }),
  );
  const flow = workflow("parts", { version: "1.0.0" })
    .input(type<{ a: string; b: string }>())
    .use(insert("one", part, ({ input }) => ({ what: input.a })))
    .use(insert("two", part, ({ input }) => ({ what: input.b })))
    .use(
      clarify("more", { size: { ask: "How large?", answer: type<number>() } }),
    )
    .use(emit("tell", "acme.parts-done", ({ more }) => ({ size: more.size })))
    .output(({ one, two, more }) => ({
      one: one.say.said,
      two: two.say.said,
      size: more.size,
    }))
    .build();
  const { host, client } = embed(flow);
  const events: string[] = [];
  const { output } = await flow.run({ a: "left", b: "right" })
    .on("one-ok", accept())
    .on("two-ok", reject())
    .on("more", { answers: { size: 3 } })
    .execute(client, { onEvent: (event) => events.push(wireTypeOf(event)) });
  assert.deepEqual(output, { one: "left", size: 3 });
  assert.ok(events.includes("acme.parts-done"), events.join());
  await host.close();
});

test("a run that is cancelled undoes what it has done", async () => {
  const undone: string[] = [];
  const back = defineNode({
    typeId: "local.run.back",
    input: type<{ what: string }>(),
    output: type<{ done: boolean }>(),
    run: ({ what }) => {
      undone.push(what);
      return { done: true };
    },
  });
  const flow = workflow("undone", { version: "1.0.0" }).input()
    .step("say", say, () => ({ text: "hello" }), {
      undo: undo(back, ({ output }) => ({ what: output.said })),
    })
    .approval("gate", () => ({ title: "?" }))
    .build();
  const { host, client } = embed(flow);
  const run = await flow.start(client, {});
  await run.waitFor({ interrupt: "gate" });
  await run.cancel("no");
  await assert.rejects(run.result());
  assert.deepEqual(undone, ["hello"]);
  await host.close();
});

test("a case whose ways are all empty does not hold up what follows", async () => {
  const flow = workflow("empty-ways", { version: "1.0.0" }).input()
    .approval("gate", () => ({ title: "?" }))
    .branch(({ gate }) => gate.action, {
      accept: (w) => w.parallel({ a: (w) => w, b: (w) => w }),
      otherwise: (w) =>
        w.parallel({
          a: (w) => w,
          b: (w) => w.step("say", say, () => ({ text: "no" })),
        }),
    })
    .output(({ gate }) => ({ action: gate.action }))
    .build();
  const { host, client } = embed(flow);
  for (
    const [answer, action] of [[accept(), "accept"], [
      reject(),
      "reject",
    ]] as const
  ) {
    const run = await flow.run({}).on("gate", answer).execute(client);
    assert.deepEqual(run.output, { action });
  }
  await host.close();
});
