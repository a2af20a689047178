// Web standards only.

/**
 * Why a regular expression could take more than a bounded time per character, or `undefined` when it cannot.
 *
 * A backtracking engine is fast on a pattern that has few ways to match: so groups may not be repeated, there is at
 * most one unbounded repetition, and the bounded repetitions and alternatives together allow at most 1000 ways.
 * This refuses some harmless patterns; it accepts no harmful one.
 *
 * @param pattern The source of the expression, without slashes.
 */
export function patternRisk(pattern: unknown): string | undefined {
  if (typeof pattern !== "string") return "it is not a string";
  if (pattern.length > 500) return "it is longer than 500 characters";
  try {
    new RegExp(pattern, "u");
  } catch {
    return "it is not a regular expression";
  }
  if (/\\[1-9]|\\k</.test(pattern)) return "it refers back to a group";
  const plain = withoutSigns(pattern);
  if (/\(\?<?[=!]/.test(plain)) return "it looks ahead or behind";
  const bare = withoutNames(plain);
  if (/\)[*+?{]/.test(bare)) return "it repeats a group";
  const { unbounded, ways } = shapeOf(bare);
  if (unbounded > 1) return "it has more than one unbounded repetition";
  if (ways > 1000) return "it can match in more than 1000 ways";
  return undefined;
}

/**
 * How many steps a search may take at most for a text of that length, with a pattern that {@linkcode patternRisk} has
 * nothing against: from each place where a match may begin, each of its ways, and for each end of what is repeated
 * without a bound the rest of the pattern again.
 *
 * @param pattern The source of the expression.
 * @returns The steps for a text of so many UTF-16 units.
 */
export function searchSteps(pattern: string): (length: number) => number {
  const bare = withoutNames(withoutSigns(pattern));
  const { unbounded, ways, width } = shapeOf(bare);
  const isAnchored = bare.startsWith("^") && !bare.includes("|");
  return (length) =>
    ways * width * (unbounded > 0 ? length : 1) * (isAnchored ? 1 : length);
}

/** One character in place of each escape and each class. */
function withoutSigns(pattern: string): string {
  return pattern
    .replace(/\\./gsu, "x")
    .replace(/\[[^\]]*\]/g, "x");
}

function withoutNames(plain: string): string {
  return plain.replace(/\(\?(?::|<[^>]*>)/g, "(");
}

/** How often it repeats without a bound, in how many ways the rest of it can match, and how long that is. */
function shapeOf(
  bare: string,
): { unbounded: number; ways: number; width: number } {
  let width = bare.length;
  let unbounded = 0;
  let ways = 1;
  // From the innermost group outwards: the alternatives of groups in a row multiply.
  let rest = bare;
  for (let inner = ""; inner !== rest;) {
    inner = rest;
    rest = inner.replace(/\(([^()]*)\)/, (_, group: string) => {
      ways *= group.split("|").length;
      return "x";
    });
  }
  ways *= rest.split("|").length;
  for (
    const [mark, from, comma, to] of bare.matchAll(
      /\?|\*|\+|\{(\d+)(,?)(\d*)\}/g,
    )
  ) {
    if (mark === "*" || mark === "+" || (comma && !to)) unbounded += 1;
    else if (mark === "?") ways *= 2;
    else if (comma) ways *= Number(to) - Number(from) + 1;
    width += Number(to || from || 0);
  }
  return { unbounded, ways, width };
}
