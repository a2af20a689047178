// The import directions of the house, type-only imports included.
import { posix } from "node:path";
import { importsOf, parse } from "./ast.mjs";
import { frontDoor, roomOf, rooms, runtimeFile } from "./rooms.mjs";

/**
 * Every import that breaks a direction, and every cycle between files.
 *
 * @param product The product's files: path to text.
 * @param others Files beside the product (tests, examples, bench): path to text.
 * @param entries The package's export map: "./http" to "./src/http/mod.ts".
 * @param name The package's name.
 */
export function checkImports({ product, others = new Map(), entries, name }) {
  const problems = [];
  const graph = new Map();
  for (const [path, source] of product) {
    const targets = [];
    for (const found of importsOf(parse(path, source))) {
      const target = resolve(path, found.specifier);
      if (target) targets.push(target);
      const wrong = judge(path, found, target, product);
      if (wrong) problems.push({ file: path, line: found.line, ...wrong });
    }
    graph.set(path, targets.filter((target) => product.has(target)));
  }
  for (const [path, source] of others) {
    for (const found of importsOf(parse(path, source))) {
      const wrong = judgeOutside(path, found, entries, name);
      if (wrong) problems.push({ file: path, line: found.line, ...wrong });
    }
  }
  return [...problems, ...cycles(graph)];
}

/** The path that a relative specifier means. */
function resolve(from, specifier) {
  return specifier?.startsWith(".")
    ? posix.normalize(posix.join(posix.dirname(from), specifier))
    : undefined;
}

function judge(path, { specifier, way }, target, product) {
  if (specifier === undefined) {
    return {
      message: "imports something that is not a plain string",
      fix: "write the path out, so that bundlers and this check can see it",
    };
  }
  if (specifier.startsWith("node:")) return undefined; // check_module_scope
  if (target === undefined) {
    return {
      message: `imports "${specifier}": the product has no dependencies`,
      fix: specifier.startsWith("@tutti/")
        ? "import the file by its relative path"
        : "write what you need, or let the user hand it in",
    };
  }
  if (target === frontDoor) {
    return {
      message: `imports the front door, ${frontDoor}`,
      fix: "import the mod.ts of the room that has what you need",
    };
  }
  if (way === "require" || way === "reference") {
    return { message: `uses ${way}`, fix: "use import" };
  }
  if (!target.endsWith(".ts") || !product.has(target)) {
    return {
      message:
        `imports "${specifier}", which is no TypeScript file of the product`,
      fix: "product code imports product files only, with their .ts ending",
    };
  }
  const base = posix.basename(target);
  if (base.startsWith("_") && posix.dirname(path) !== posix.dirname(target)) {
    return {
      message: `imports ${target}, which is private to its folder`,
      fix: `rename it without the underscore, or move the file`,
    };
  }
  if (runtimeFile.test(target)) {
    return {
      message: `imports ${target}, which is for one runtime only`,
      fix: "let the user import it and hand it in",
    };
  }
  if (base.startsWith("unstable_") && posix.basename(path) === "mod.ts") {
    return {
      message: `exports ${target}, an experiment`,
      fix: "give it a stable name first, or leave it out of mod.ts",
    };
  }
  return judgeRooms(path, target);
}

function judgeRooms(path, target) {
  if (path === frontDoor) {
    return base(target) === "mod.ts" ? undefined : {
      message: `imports ${target}`,
      fix: "the front door imports the mod.ts of a room only",
    };
  }
  const from = roomOf(path), to = roomOf(target);
  if (!from) {
    return {
      message: "is in no room that the import rules know",
      fix:
        "add the room and what it may know to scripts/lib/rooms.mjs and CONTRIBUTING.md",
    };
  }
  if (from === to) return undefined;
  if (!to || !rooms[from].includes(to)) {
    const known = rooms[from].length > 0
      ? `only ${rooms[from].join(", ")}`
      : "no other room";
    return {
      message: `imports ${target}, but ${from} may know ${known}`,
      fix:
        `move what both need to a room that both may know, or pass it in as an argument`,
    };
  }
  if (target !== `${to}/mod.ts`) {
    return {
      message: `imports ${target} past the door of ${to}`,
      fix: `export it from ${to}/mod.ts and import that`,
    };
  }
  return undefined;
}

const base = (path) => posix.basename(path);

/** Tests and examples see the package as a user does, except tests of internals. */
function judgeOutside(path, { specifier }, entries, name) {
  if (specifier === undefined || specifier.startsWith("node:")) {
    return undefined;
  }
  const target = resolve(path, specifier);
  if (specifier === name || specifier.startsWith(`${name}/`)) {
    const entry = `.${specifier.slice(name.length)}`;
    return entry in entries ? undefined : {
      message: `imports "${specifier}", which is no entry point`,
      fix: `use one of ${Object.keys(entries).join(" ")}`,
    };
  }
  const mayReachIn = /^tests\/(internal|scripts)\/|^bench\//.test(path);
  if (target && /^(src|dsl|mod\.ts)(\/|$)/.test(target) && !mayReachIn) {
    return {
      message: `imports ${target} by its path`,
      fix:
        `import "${name}/…", or move the test to tests/internal/ (then it does not run on the packed package)`,
    };
  }
  if (!target && path.startsWith("examples/")) {
    return {
      message: `imports "${specifier}"`,
      fix: "examples need nothing but the package itself",
    };
  }
  return undefined;
}

/** Groups of files that import each other in a circle, by Tarjan's algorithm; one problem for each. */
export function cycles(graph) {
  const index = new Map(), low = new Map(), onStack = new Set();
  const stack = [], problems = [];
  const visit = (path) => {
    index.set(path, index.size);
    low.set(path, index.get(path));
    stack.push(path);
    onStack.add(path);
    for (const next of graph.get(path) ?? []) {
      if (!index.has(next)) {
        visit(next);
        low.set(path, Math.min(low.get(path), low.get(next)));
      } else if (onStack.has(next)) {
        low.set(path, Math.min(low.get(path), index.get(next)));
      }
    }
    if (low.get(path) !== index.get(path)) return;
    const group = stack.splice(stack.indexOf(path));
    for (const member of group) onStack.delete(member);
    const [first] = group;
    if (group.length > 1 || (graph.get(first) ?? []).includes(first)) {
      problems.push({
        file: first,
        message: `imports itself in a circle: ${circle(graph, group)}`,
        fix:
          "move what two of them share into a file of its own (type-only imports count)",
      });
    }
  };
  for (const path of graph.keys()) if (!index.has(path)) visit(path);
  return problems;
}

/** The shortest way from the first file of the group back to it. */
function circle(graph, [first, ...rest]) {
  const inside = new Set([first, ...rest]);
  const queue = [[first]], seen = new Set();
  for (const way of queue) {
    for (const next of graph.get(way.at(-1)) ?? []) {
      if (next === first) return [...way, first].join(" -> ");
      if (!inside.has(next) || seen.has(next)) continue;
      seen.add(next);
      queue.push([...way, next]);
    }
  }
  return [...inside].join(" -> ");
}
