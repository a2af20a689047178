// The documents that list every operation of a client, and where each table comes from. A client joins by an entry.

import { guideRows } from "./guide_rows.mjs";
import { openspawnRows } from "./openspawn_operations.mjs";
import { roundtableGuide, roundtableOperations } from "./roundtable_guide.mjs";

/**
 * Each entry: the document, the entry point that knows the operations, the head of the table, and what makes its rows
 * from the exports of that entry point.
 */
export const operationPages = [
  {
    page: "docs/openwop_operations.md",
    source: "src/openwop/mod.ts",
    head: [
      "Method of the client",
      "HTTP",
      "Path in version 2",
      "Path in version 1",
      "Capability",
      "Sent",
    ],
    rows: openwopRows,
  },
  {
    page: "docs/openspawn_operations.md",
    source: "src/openspawn/mod.ts",
    head: [
      "Method",
      "In the guide",
      "Operation, below `/api/v1`",
      "Agent",
      "API key, user",
      "Sent",
      "Notes",
      "Test",
    ],
    rows: openspawnRows,
  },
  {
    page: "docs/flux0_operations.md",
    source: "src/flux0/mod.ts",
    head: [
      "Method of the client",
      "HTTP",
      "Path",
      "Sent",
      "Official SDK",
      "Operation id",
      "Does more with it",
    ],
    rows: flux0Rows,
  },
  {
    page: "docs/roundtable_operations.md",
    source: "src/roundtable/mod.ts",
    head: [
      "Method of the client",
      "HTTP",
      "Path",
      "Sent",
      "In Python",
      "In TypeScript",
      "What is different",
    ],
    rows: roundtableRows,
  },
  {
    page: "docs/guides.md",
    source: {
      openwop: "src/openwop/mod.ts",
      openspawn: "src/openspawn/mod.ts",
      roundtable: "src/roundtable/mod.ts",
      flux0: "src/flux0/mod.ts",
    },
    head: ["Platform", "In the guide", "Here", "Sends"],
    rows: guideRows,
  },
];

const begin = "<!-- operations: written by scripts/write_operations.mjs -->";
const end = "<!-- end of operations -->";

/**
 * Puts the table of a client into its document.
 *
 * @param text The document.
 * @param entry Its entry in `operationPages`.
 * @param exports What the entry point exports.
 * @returns The document as it has to be.
 */
export function writeOperations(text, { page, head, rows }, exports) {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(
      `${page}  has no place for the table\n  fix: write "${begin}" and "${end}" where it belongs`,
    );
  }
  return text.slice(0, from + begin.length) +
    `\n\n${tableOf([head, ...rows(exports)])}\n` +
    text.slice(to);
}

/** A Markdown table as deno fmt has it; the first row is the head. */
export function tableOf(rows) {
  const widths = rows[0].map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column].length))
  );
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const [head, ...body] = rows.map((row) =>
    line(row.map((cell, column) => cell.padEnd(widths[column])))
  );
  return head + line(widths.map((width) => "-".repeat(width))) + body.join("");
}

function openwopRows({ OPERATIONS, readOperation }) {
  const code = (value) => value === undefined ? "" : `\`${value}\``;
  return Object.keys(OPERATIONS).map((name) => {
    const [v1, v2] = [1, 2].map((major) => readOperation(name, major));
    const has = (major) => v2.majors.includes(major);
    const gates = [
      has(2) && code(v2.capability),
      has(1) && v1.capability !== v2.capability && v1.capability &&
      `${code(v1.capability)} in version 1`,
      has(1) && has(2) && v2.capability && !v1.capability && "version 2 only",
    ];
    if (!has(2)) gates.splice(0, 3, code(v1.capability));
    const isTried = !(has(2) ? v2 : v1).certain || !v1.certain;
    return [
      code(name),
      v2.method,
      has(2) ? code(v2.path) : "",
      has(1) ? code(v2.path.startsWith("/.") ? v2.path : `/v1${v2.path}`) : "",
      gates.filter(Boolean).join(", ") + (isTried ? " ~" : ""),
      { safe: "read", keyed: "key", never: "once" }[v2.contract] +
      (v2.auth ? "" : ", no credential"),
    ];
  });
}

function flux0Rows({ OPERATIONS, OTHER_NAMES, operationAt }) {
  const code = (value) => value === undefined ? "" : `\`${value}\``;
  return Object.entries(OPERATIONS).map(([name, text]) => {
    const [method, path] = text.split(" ");
    const { sdk, id, above } = OTHER_NAMES[name];
    const { contract } = operationAt(name, "id");
    return [
      code(name),
      method,
      code(path),
      contract === "safe" ? "read" : "once",
      code(sdk),
      code(id),
      code(above),
    ];
  });
}

function roundtableRows(exports) {
  const code = (value) => value === undefined ? "" : `\`${value}\``;
  return roundtableOperations(exports).map(({ name, method, path, marks }) => {
    const { python, typescript, note = "" } = roundtableGuide[name];
    const isOnce = method === "POST" && !marks.includes("!");
    return [
      code(name),
      method,
      code(path),
      (isOnce ? "once" : "again") + (marks.includes("-") ? ", no token" : ""),
      code(python),
      code(typescript),
      note,
    ];
  });
}
