// A folder in which programs see the product as a user gets it, compiled and with declarations, beside the pinned peers.
import {
  existsSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { cache, compilerOf, json, root } from "../../scripts/lib/paths.mjs";
import { run } from "../../scripts/lib/run.mjs";

const folder = join(cache, "bench");
const peers = [
  "@langchain/core",
  "@langchain/langgraph",
  "@mastra/core",
  "xstate",
  "zod",
];

const strict = {
  target: "es2022",
  lib: ["es2022", "dom", "dom.iterable", "dom.asynciterable"],
  types: [],
  module: "nodenext",
  strict: true,
  skipLibCheck: true,
};

/** Makes the folder anew. */
export async function openWorkshop() {
  rmSync(folder, { recursive: true, force: true });
  write("package.json", { private: true, type: "module" });
  for (const name of peers) {
    const place = join(folder, "node_modules", name);
    mkdirSync(dirname(place), { recursive: true });
    // A junction needs no rights on Windows; elsewhere the kind is ignored.
    symlinkSync(join(root, "bench/node_modules", name), place, "junction");
  }
  const { name, exports: entries } = json("package.json");
  const home = join("node_modules", name);
  const compiled = (path) => path.replace(/\.ts$/, ".js");
  write(join(home, "package.json"), {
    name,
    type: "module",
    exports: Object.fromEntries(
      Object.entries(entries).map(([entry, path]) => [entry, compiled(path)]),
    ),
  });
  write("product.json", {
    compilerOptions: {
      ...strict,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: root,
      outDir: home,
    },
    files: Object.values(entries).map((path) => join(root, path)),
  });
  const { code, output } = await compile("7", ["-p", "product.json"]);
  if (code !== 0) throw new Error(`The product does not compile\n${output}`);
}

/** Writes a file of the folder: text, or JSON. */
export function write(path, content) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    typeof content === "string" ? content : JSON.stringify(content),
  );
}

/** Imports a file of the folder or, from there, a package. */
export async function load(path) {
  const file = join(folder, path);
  if (existsSync(file)) return await import(pathToFileURL(file).href);
  const from = join(folder, "load.mjs");
  if (!existsSync(from)) {
    write("load.mjs", "export const load = (name) => import(name);\n");
  }
  return await (await import(pathToFileURL(from).href)).load(path);
}

/** What the compiler of this major says about a program of the folder, one thread of it. */
export async function measureTypes(major, path) {
  const project = `${path}.json`;
  write(project, {
    compilerOptions: { ...strict, noEmit: true },
    files: [path],
  });
  const { code, output } = await compile(major, [
    "-p",
    project,
    "--extendedDiagnostics",
  ]);
  const number = (name) =>
    Number(output.match(new RegExp(`^${name}:\\s+([\\d.]+)`, "m"))?.[1]);
  const faults = new Set(output.match(/\bTS\d+\b/g) ?? []);
  // A compiler that ran out of stack says nothing about types.
  if (code !== 0 && faults.size === 0) faults.add("the compiler crashes");
  return {
    instantiations: number("Instantiations"),
    ms: number("Check time") * 1_000,
    faults: [...faults],
    output,
  };
}

function compile(major, args) {
  const [command, ...before] = compilerOf(major);
  // Several threads would count some types more than once, and share the processors in another way each time.
  if (major === "7") before.push("--singleThreaded");
  return run(command, [...before, ...args], { cwd: folder });
}
