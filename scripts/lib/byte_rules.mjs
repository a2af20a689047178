// What an import may cost, against budgets.json.
import { bundle } from "./bundle.mjs";

/** Room that a new budget leaves above what was measured. */
export const headroom = 1.05;

/** A budget for `measured`: about five percent above, in steps of ten. */
export function budgetFor(measured) {
  return Math.ceil(measured * headroom / 10) * 10;
}

/**
 * Measures every entry point and every line of `budgets.lines`.
 *
 * @param entries The entry points of the package.
 * @param budgets The part "bytes" of budgets.json.
 * @returns One row for each measurement, and the problems.
 */
export async function measureBytes({ name, entries, budgets, resolveDir }) {
  const rows = [], problems = [];
  const add = (message, fix) =>
    problems.push({ file: "budgets.json", message, fix });
  const wanted = [
    ...Object.keys(entries).map((entry) => ({
      key: entry,
      part: "entries",
      code: `export * from "${name}${entry.slice(1)}"`,
    })),
    ...Object.keys(budgets.lines).map((line) => ({
      key: line,
      part: "lines",
      code: line,
    })),
  ];
  for (const { key, part, code } of wanted) {
    const budget = budgets[part][key];
    const result = await bundle(code, resolveDir);
    rows.push({ part, key, budget: budget?.gzip, ...result });
    if (!budget) {
      add(
        `has no bytes for "${key}"`,
        "node scripts/check_bytes.mjs --update",
      );
      continue;
    }
    if (result.gzip > budget.gzip) {
      const largest = result.files.slice(0, 5)
        .map(({ path, bytes }) => `${path} ${bytes}`).join(", ");
      add(
        `"${key}" is ${result.gzip} bytes (gzip), the budget is ${budget.gzip}; largest: ${largest}`,
        `make it smaller, or raise the budget in the same commit: node scripts/check_bytes.mjs --update "${key}"`,
      );
    }
    for (const { path, bytes } of result.files) {
      const place = budget.without?.find((start) => path.startsWith(start));
      if (place) {
        add(
          `"${key}" must not hold ${place}, but it holds ${path} (${bytes} bytes)`,
          "look at who imports it; keep what is shared in a smaller file",
        );
      }
    }
    if (result.outside.length > 0) {
      add(
        `"${key}" imports ${result.outside.join(", ")} from outside`,
        "the product has no dependencies",
      );
    }
  }
  for (const key of Object.keys(budgets.entries)) {
    if (!(key in entries)) {
      add(`"${key}" is no entry point any more`, "remove its budget");
    }
  }
  for (const entry of Object.keys(entries)) {
    const module = `${name}${entry.slice(1)}`;
    const { minified, files } = await bundle(`import "${module}"`, resolveDir);
    if (minified > 0) {
      problems.push({
        file: files[0]?.path ?? "mod.ts",
        message:
          `import "${module}" alone leaves ${minified} bytes after tree shaking`,
        fix:
          'this file does something when it is imported; or "sideEffects" is not false in package.json',
      });
    }
  }
  return { rows, problems };
}
