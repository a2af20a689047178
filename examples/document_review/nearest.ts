// Finds what was probably meant.

/** The candidate that differs least from `word`, if any is close enough to be a slip of the finger. */
export function nearest(
  word: string,
  candidates: Iterable<string>,
): string | undefined {
  if (word.length > 64) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 4)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const differs = distance(word.toLowerCase(), candidate.toLowerCase());
    // A word of three letters with two wrong is another word.
    if (differs < least && differs * 2 < word.length) {
      best = candidate;
      least = differs;
    }
  }
  return best;
}

/** How many letters must be changed, added, removed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
        a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = above;
    above = row;
  }
  return above[b.length]!;
}
