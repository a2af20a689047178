import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  attempt,
  delay,
  emit,
  eq,
  forEach,
  fromDefinition,
  gt,
  join,
  repeat,
  toDot,
  toMermaid,
  type,
  when,
  workflow,
} from "@tutti/sdk/dsl";
import { createHost } from "@tutti/sdk/host";
import { checkDefinition, OpenwopClient } from "@tutti/sdk/openwop";
import fc from "fast-check";
import { load, pull } from "../support/constructs.ts";
import { schemaFaults } from "../support/json_schema.ts";

const schema = JSON.parse(
  readFileSync(
    new URL("../vectors/openwop_workflow_definition.json", import.meta.url),
    "utf8",
  ),
);

/** One construct of a generated workflow, with the chains inside of it. */
interface Piece {
  readonly kind: string;
  readonly inner: readonly (readonly Piece[])[];
}

/** What needs nobody, and what somebody must answer. */
const plain = ["step", "parallel", "branch", "settled", "otherwise", "when"]
  .concat(["forEach", "attempt", "first", "any", "emit", "repeat"]);
const others = ["approval", "delay"];

function pieces(
  kinds: readonly string[],
  depth = 3,
): fc.Arbitrary<readonly Piece[]> {
  const inner = depth === 0
    ? fc.constant([[], []])
    : fc.array(pieces(kinds, depth - 1), { minLength: 2, maxLength: 3 });
  return fc.array(
    fc.record({ kind: fc.constantFrom(...kinds), inner }),
    { maxLength: 3 },
  );
}

// The generator is about graphs; types are tested elsewhere.
// deno-lint-ignore no-explicit-any
type AnyFlow = any;

/** A workflow that is made of `pieces`, every name of it unique. */
function declare(from: readonly Piece[]) {
  let count = 0;
  const name = (what: string) => `${what}-${count++}`;
  const chains = (inner: Piece["inner"]) =>
    inner.map((each) => (w: AnyFlow) => add(w, each));
  const branches = (inner: Piece["inner"]) =>
    Object.fromEntries(chains(inner).map((each, i) => [`c${i}`, each]));
  const step = (w: AnyFlow, what = "s") =>
    w.step(name(what), load, () => ({ id: 1 }));
  function add(w: AnyFlow, list: readonly Piece[]): AnyFlow {
    return list.reduce((w, { kind, inner }) => one(w, kind, inner), w);
  }
  function one(w: AnyFlow, kind: string, inner: Piece["inner"]): AnyFlow {
    const [first = [], second = []] = inner;
    switch (kind) {
      case "step":
        return step(w);
      case "parallel":
        return w.parallel(branches(inner));
      case "branch":
        return w.branch(({ begin }: AnyFlow) => begin.kind, {
          a: (w: AnyFlow) => add(w, first),
          b: (w: AnyFlow) => add(w, second),
        });
      case "otherwise":
        return w.branch(({ begin }: AnyFlow) => begin.kind, {
          a: (w: AnyFlow) => add(w, first),
          otherwise: (w: AnyFlow) => add(w, second),
        });
      case "settled":
      case "first":
      case "any":
        return w.use(join(name("j") as never, kind, branches(inner) as never));
      case "approval":
        return w.approval(name("gate"), () => ({ title: "?" }));
      case "when":
        return w.use(when(({ begin, input }: AnyFlow) =>
          ({
            x: eq(begin.kind, "a"),
            y: gt(input.n, 3),
          }) as never, {
          x: (w: AnyFlow) => add(w, first),
          y: (w: AnyFlow) => add(w, second),
        } as never));
      case "repeat": {
        const id = name("s");
        return w.use(repeat(
          name("r") as never,
          (w: AnyFlow) => add(w.step(id, load, () => ({ id: 1 })), first),
          {
            until: (refs: AnyFlow) => eq(refs[id].bytes, 3),
            max: 2,
            onLimit: "continue",
          } as never,
        ));
      }
      case "forEach":
        return w.use(
          forEach(
            name("each") as never,
            ({ begin }: AnyFlow) => begin.rows,
            load,
            (row: AnyFlow) => ({ id: row.id }) as never,
          ),
        );
      case "attempt":
        return w.use(attempt(name("try") as never, load, () => ({ id: 1 }), {
          onError: (w: AnyFlow) => add(w, first),
        } as never));
      case "delay":
        return w.use(delay(name("d") as never, "1s"));
      default:
        return w.use(emit(name("e") as never, "acme.done", () => ({})));
    }
  }
  const begin: AnyFlow = workflow("made", { version: "1.0.0" })
    .input(type<{ day: string; n: number }>({ day: "string", n: "number" }))
    .step("begin", pull, ({ input }) => ({ day: input.day }));
  return add(begin, from).output(({ begin }: AnyFlow) => ({
    kind: begin.kind,
  }));
}

test("any graph that the builder can make passes the schema, survives the round trip and can be drawn", () => {
  fc.assert(
    fc.property(pieces([...plain, ...others]), (list) => {
      const built = declare(list).build();
      const text = JSON.stringify(built);
      assert.deepEqual(schemaFaults(schema, JSON.parse(text)), []);
      assert.deepEqual(checkDefinition(JSON.parse(text)), []);
      const read = fromDefinition(text);
      assert.equal(JSON.stringify(read), text);
      assert.equal(toMermaid(read.definition), built.toMermaid());
      assert.equal(toDot(read.definition), toDot(built.definition));
    }),
    { numRuns: 150 },
  );
});

test("any graph that needs nobody runs to its end on the embedded host", async () => {
  await fc.assert(
    fc.asyncProperty(pieces(plain), async (list) => {
      const built = declare(list).build();
      const host = createHost({ workflows: [built] });
      const client = new OpenwopClient({
        baseUrl: host.url,
        fetch: host.fetch,
      });
      const run = await built.start(client, { day: "today", n: 3 });
      const { status, output } = await run.result();
      assert.equal(status, "completed");
      assert.deepEqual(output, { kind: "a" });
      await host.close();
    }),
    { numRuns: 40 },
  );
});

test("any chain of steps gives the same definition and the same result through handles", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), async (length) => {
      let chain: AnyFlow = workflow("same", { version: "1.0.0" })
        .input(type<{ n: number }>({ n: "number" }));
      const w = workflow("same", { version: "1.0.0" })
        .input(type<{ n: number }>({ n: "number" }));
      let last: AnyFlow = w.input.n;
      for (let n = 0; n < length; n++) {
        const before = `s${n - 1}`;
        chain = chain.step(`s${n}`, load, (refs: AnyFlow) => ({
          id: n === 0 ? refs.input.n : refs[before].bytes,
        }));
        last = w.add(`s${n}`, load, { id: last }).bytes;
      }
      const one = chain.output((refs: AnyFlow) => ({
        out: refs[`s${length - 1}`].bytes,
      })).build();
      const two = w.output(() => ({ out: last })).build();
      assert.equal(await one.hash(), await two.hash());
      const host = createHost({ workflows: [two] });
      const client = new OpenwopClient({
        baseUrl: host.url,
        fetch: host.fetch,
      });
      const run = await two.start(client, { n: 1 });
      assert.deepEqual((await run.result()).output, { out: 1 });
      await host.close();
    }),
    { numRuns: 15 },
  );
});
