import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../../support/properties.ts";
import { patternRisk, searchSteps } from "../../../src/openwop/protocol/mod.ts";

/** A part of a pattern, with what an engine that goes back does to match it. */
interface Part {
  readonly source: string;
  /** Goes on with `next` at each place where a match ends, until that is true. */
  match(search: Search, at: number, next: (at: number) => boolean): boolean;
}

/** One search. Each look at a character is a step. */
interface Search {
  readonly text: string;
  steps: number;
}

const sign = (source: string, signs: string): Part => ({
  source,
  match(search, at, next) {
    search.steps++;
    const found = search.text[at];
    return found !== undefined && signs.includes(found) && next(at + 1);
  },
});

const inARow = (parts: readonly Part[]): Part => ({
  source: parts.map(({ source }) => source).join(""),
  match: (search, at, next) =>
    parts.reduceRight<(at: number) => boolean>(
      (rest, part) => (from) => part.match(search, from, rest),
      next,
    )(at),
});

const anyOf = (parts: readonly Part[]): Part => ({
  source: parts.map(({ source }) => source).join("|"),
  match: (search, at, next) =>
    parts.some((part) => part.match(search, at, next)),
});

const group = (part: Part): Part => ({ ...part, source: `(${part.source})` });

const repeated = (
  part: Part,
  [mark, least, most]: readonly [string, number, number],
): Part => ({
  source: part.source + mark,
  match(search, at, next) {
    const again = (from: number, count: number): boolean =>
      (count < most && part.match(
        search,
        from,
        (to) => (to > from || count < least) && again(to, count + 1),
      )) || (count >= least && next(from));
    return again(at, 0);
  },
});

/** What a search from each place on takes. */
function stepsOf(part: Part, text: string): number {
  const search: Search = { text, steps: 0 };
  for (let from = 0; from <= text.length; from++) {
    if (part.match(search, from, () => true)) break;
  }
  return search.steps;
}

const [a, b] = [sign("a", "a"), sign("b", "b")];
const marks = [
  ["?", 0, 1],
  ["*", 0, Infinity],
  ["+", 1, Infinity],
  ["{0,9}", 0, 9],
  ["{2}", 2, 2],
  ["{2,}", 2, Infinity],
] as const;

const { pattern } = fc.letrec<Record<"part" | "pattern", Part>>((tie) => ({
  part: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.constantFrom(a, a, b, sign("[ab]", "ab"), sign(".", "ab")),
    fc.tuple(fc.constantFrom(a, a, b), fc.constantFrom(...marks))
      .map(([part, mark]) => repeated(part, mark)),
    tie("pattern").map(group),
  ),
  pattern: fc.array(
    fc.array(tie("part"), { minLength: 1, maxLength: 5 }).map(inARow),
    { minLength: 1, maxLength: 3 },
  ).map(anyOf),
}));

const texts = fc.oneof(
  fc.nat({ max: 60 }).map((length) => "a".repeat(length)),
  fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 60 }),
);

test("searchSteps() is at least what a search takes with a pattern that is accepted", () => {
  let accepted = 0;
  fc.assert(
    fc.property(pattern, texts, fc.boolean(), (part, text, ends) => {
      // A text of one sign is the worst where another one is wanted at the end.
      const whole = ends ? inARow([group(part), b]) : part;
      const { source } = whole;
      if (patternRisk(source) !== undefined) return;
      accepted++;
      const steps = stepsOf(whole, text);
      // Behind the last character a match may begin, too.
      assert.ok(steps <= searchSteps(source)(text.length + 1), `${steps}`);
      assert.equal(
        new RegExp(source, "u").test(text),
        whole.match({ text, steps: 0 }, 0, () => true) ||
          [...text].some((_, n) =>
            whole.match({ text, steps: 0 }, n + 1, () => true)
          ),
      );
    }),
    { numRuns: 2_000 },
  );
  assert.ok(accepted > 500, `${accepted} were accepted`);
});

test("patternRisk() refuses the patterns that take too many steps", () => {
  const many = repeated(a, ["+", 1, Infinity]);
  const hostile = inARow([repeated(group(many), ["+", 1, Infinity]), b]);
  assert.equal(hostile.source, "(a+)+b");
  assert.ok(stepsOf(hostile, "a".repeat(16)) > 2 ** 16);
  assert.equal(patternRisk(hostile.source), "it repeats a group");
  const cubic = inARow([many, many, b]);
  assert.ok(stepsOf(cubic, "a".repeat(60)) > 60 ** 3 / 6);
  assert.match(patternRisk(cubic.source)!, /more than one unbounded/);
});
