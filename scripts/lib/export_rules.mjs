// What is written in more than one place must be the same in all of them.

/** A file of the repository, as documents name it in a command or as evidence. */
const namedFile =
  /(?<![\w./-])(?:bench|docs|dsl|examples|scripts|src|tests)\/[\w./-]+\.(?:json|md|mjs|ts|txt)\b/g;

/**
 * Everything that disagrees.
 *
 * @param deno deno.json.
 * @param npm package.json.
 * @param tools tools/package.json.
 * @param documents Path to text of the Markdown files.
 * @param exists Whether a path of the repository exists.
 */
export function checkExports({ deno, npm, tools, documents, exists }) {
  const problems = [];
  const add = (file, message, fix) => problems.push({ file, message, fix });
  for (const key of ["name", "version", "license"]) {
    if (deno[key] !== npm[key]) {
      add(
        "package.json",
        `${key} is "${npm[key]}", deno.json says "${deno[key]}"`,
        "make them equal",
      );
    }
  }
  const entries = new Set([
    ...Object.keys(deno.exports),
    ...Object.keys(npm.exports),
  ]);
  for (const entry of entries) {
    const a = deno.exports[entry], b = npm.exports[entry];
    if (a !== b) {
      add(
        a === undefined ? "deno.json" : "package.json",
        `"${entry}" is ${b ?? "missing"} in package.json, ${
          a ?? "missing"
        } in deno.json`,
        "write the same export into both",
      );
    } else if (!exists(a)) {
      add("deno.json", `"${entry}" is ${a}: no such file`, "add it");
    }
  }
  for (const key of ["dependencies", "peerDependencies", "devDependencies"]) {
    if (Object.keys(npm[key] ?? {}).length > 0) {
      add(
        "package.json",
        `has ${key}`,
        "the product has none; tools go to tools/package.json",
      );
    }
  }
  for (const [name, target] of Object.entries(deno.imports ?? {})) {
    const wanted = `npm:${name}@${tools.devDependencies[name]}`;
    if (target !== wanted) {
      add(
        "deno.json",
        `imports ${name} as "${target}"`,
        `tools/package.json wants "${wanted}"`,
      );
    }
  }
  for (const [path, text] of documents) {
    for (const [, version] of text.matchAll(/\bdeno@(\d[\w.]*\w)/g)) {
      if (version !== tools.devDependencies.deno) {
        add(
          path,
          `tells people to run deno@${version}`,
          `${tools.devDependencies.deno} is the pinned one`,
        );
      }
    }
    for (const [named] of text.matchAll(namedFile)) {
      if (!exists(named)) {
        add(
          path,
          `names ${named}: no such file`,
          "name the file that is meant",
        );
      }
    }
  }
  const changes = documents.get("CHANGELOG.md");
  if (changes !== undefined && !changes.includes(`## ${npm.version}`)) {
    add(
      "CHANGELOG.md",
      `has no section for ${npm.version}`,
      `add "## ${npm.version}"`,
    );
  }
  return problems;
}
