// The rows of docs/guides.md: every method of the official guides and clients of the four platforms, with ours.
import { openspawnRows } from "./openspawn_operations.mjs";
import { text } from "./paths.mjs";
import { roundtableGuide, roundtableOperations } from "./roundtable_guide.mjs";

const code = (value) => `\`${value}\``;

/** One row for each method, from what the four entry points export. */
export function guideRows({ openwop, openspawn, roundtable, flux0 }) {
  return [
    ...openwopGuide(openwop),
    ...openspawnMethods(openspawn),
    ...roundtableMethods(roundtable),
    ...flux0Methods(flux0),
  ].map(([platform, theirs, ours, sends]) => [
    platform,
    theirs,
    code(ours),
    sends,
  ]);
}

/** The names that the TypeScript clients have stand on the page for those who move over. */
function openwopGuide({ OPERATIONS, readOperation }) {
  const page = text("docs/openwop_migration.md");
  const theirs = new Map();
  for (const line of page.split("\n")) {
    const [, first, second] = /^\| (.+?) +\| `client\.([\w.]+)\(/.exec(line) ??
      [];
    if (first && !theirs.has(second)) {
      theirs.set(second, first.replace(/\(.*\)/, ""));
    }
  }
  return Object.keys(OPERATIONS).filter((name) => theirs.has(name))
    .map((name) => {
      const { method, path, majors } = readOperation(name, 2);
      return [
        "OpenWOP",
        theirs.get(name),
        name,
        code(
          `${method} ${
            majors.includes(2) || path.startsWith("/.") ? "" : "/v1"
          }${path}`,
        ),
      ];
    });
}

function openspawnMethods(exports) {
  return openspawnRows(exports).filter(([, theirs]) => theirs !== "")
    .map(([ours, theirs, sends]) => [
      "OpenSpawn",
      theirs,
      ours.replaceAll("`", ""),
      // Those that are made of others name these.
      sends.replace(/^`(\w+) /, "`$1 /api/v1"),
    ]);
}

function roundtableMethods(exports) {
  const operations = new Map(
    roundtableOperations(exports).map((operation) => [
      operation.name,
      operation,
    ]),
  );
  return Object.entries(roundtableGuide)
    .filter(([, { python, typescript }]) => python ?? typescript)
    .map(([name, { python, typescript, quickStart }]) => {
      const { method, path } = operations.get(name);
      const names = [python, typescript, quickStart].filter(Boolean)
        .map((call) => code(call.replace(/\(.*/, "")));
      return [
        "Round Table",
        [...new Set(names)].join(", "),
        name,
        code(`${method} ${path}`),
      ];
    });
}

function flux0Methods({ OPERATIONS, OTHER_NAMES }) {
  return Object.entries(OPERATIONS)
    .filter(([name]) => OTHER_NAMES[name].sdk)
    .map(([name, sends]) => [
      "flux0",
      code(OTHER_NAMES[name].sdk),
      name,
      code(sends),
    ]);
}
