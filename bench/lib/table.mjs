// Prints results as the rows of a Markdown table, so that they can go into README.md as they are.

/** Starts a table. */
export function head(...columns) {
  row(...columns);
  row(...columns.map((_, index) => index === 0 ? "---" : "--:"));
}

/** One row. */
export function row(...cells) {
  console.log(`| ${cells.join(" | ")} |`);
}

/** A ratio with its quartiles. */
export function ratioCell({ median, q1, q3 }) {
  return `${median.toFixed(2)} [${q1.toFixed(2)}..${q3.toFixed(2)}]`;
}

/** A number with three digits that matter. */
export function short(value) {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
