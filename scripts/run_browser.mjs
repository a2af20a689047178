// Runs the portable tests in a real browser, from source or against the packed package.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { script } from "./lib/cli.mjs";
import { serveTests } from "./lib/browser/server.mjs";
import { listFiles } from "./lib/files.mjs";
import { consumer, root } from "./lib/paths.mjs";

const help = `
Usage: node scripts/run_browser.mjs [--packed] [--timeout S] [FILE …]

Bundles the tests of src/http, src/testing and the small clients that need, with
all that they import, nothing but node:test and node:assert, and
tests/browser/real_server.ts, serves them, and opens them in a headless browser. node:test and node:assert are replaced by scripts/lib/browser.
Prints the failures only, then "N passed, N failed, N skipped".

The browser is the one that TUTTI_BROWSER names (a path), or the first of
chromium, chromium-browser, google-chrome, google-chrome-stable, chrome,
microsoft-edge in the PATH. Where there is none, nothing is run: the last line
is then "0 passed, 0 failed, 1 skipped", below the reason.

  --packed      the compiled tests of .cache/consumer (build_consumer.mjs), which
                use the packed package
  --timeout S   seconds until the browser is stopped (default: 400)
`;

const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];

/** The rooms whose tests are tried. */
const rooms = ["http", "testing", "roundtable", "openspawn"];

/** What no browser has, so that a test that uses it is none for browsers. */
const foreign =
  /node:(?!test"|assert\/strict")|createScriptedServer|\/support\/(serving|store_file|conformance_host|.*_live|.*_serving)\./;

const options = {
  packed: { type: "boolean" },
  timeout: { type: "string" },
};

await script(help, options, async ({ packed, timeout }, only) => {
  const browser = findBrowser();
  if (!browser) {
    console.log(
      "No browser was found, so nothing was tried in one\n" +
        "  fix: install chromium, or name a browser in TUTTI_BROWSER\n" +
        "0 passed, 0 failed, 1 skipped",
    );
    return 0;
  }
  const base = packed ? join(consumer, "out") : root;
  const suffix = packed ? "js" : "ts";
  const server = `tests/browser/real_server.${suffix}`;
  const files = only.length > 0 ? only : [server, ...portable(base, suffix)];
  const program = await bundleTests(base, files);
  const told = await inBrowser(browser, program, Number(timeout ?? 400));
  for (const failure of told.failures) console.log(`not ok  ${failure}\n`);
  console.log(`${files.length} files in ${told.agent}`);
  console.log(
    `${told.passed} passed, ${told.failures.length} failed, 0 skipped`,
  );
  return told.failures.length > 0 || told.passed === 0 ? 1 : 0;
});

function findBrowser() {
  const named = process.env.TUTTI_BROWSER;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(`TUTTI_BROWSER names ${named}, which is not there`);
  }
  const places = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => places.map((place) => join(place, name)))
    .find((path) => existsSync(path));
}

/** The tests that can run anywhere. The list is made from the sources, which say what they need. */
function portable(base, suffix) {
  const files = listFiles(rooms.map((room) => `tests/${room}`))
    .filter((path) => path.endsWith(".test.ts"))
    .filter((path) => isPortable(join(root, path)))
    .map((path) => path.replace(/ts$/, suffix));
  const missing = files.find((path) => !existsSync(join(base, path)));
  if (missing) {
    throw new Error(
      `There is no ${missing}\n  fix: node scripts/build_consumer.mjs`,
    );
  }
  return files;
}

/** Whether neither a file nor what it imports of the tests needs more than a browser has. */
function isPortable(path, seen = new Set()) {
  if (seen.has(path)) return true;
  seen.add(path);
  const text = readFileSync(path, "utf8");
  return !foreign.test(text) &&
    [...text.matchAll(/from "(\.{1,2}\/[^"]+\.ts)"/g)]
      .every(([, next]) => isPortable(join(dirname(path), next), seen));
}

async function bundleTests(base, files) {
  const require = createRequire(import.meta.url);
  const esbuild = require("../tools/node_modules/esbuild");
  const stand = (name) => join(root, `scripts/lib/browser/${name}.mjs`);
  const { outputFiles: [{ text }] } = await esbuild.build({
    stdin: {
      contents: [
        ...files.map((file) => `import "./${file}";`),
        'import { runTests } from "node:test";',
        "const told = { agent: navigator.userAgent, ...await runTests() };",
        'await fetch("/report", { method: "POST", body: JSON.stringify(told) });',
      ].join("\n"),
      resolveDir: base,
    },
    absWorkingDir: base,
    nodePaths: [join(root, "tools/node_modules")],
    bundle: true,
    // The package says that its files have no side effects; tests have.
    ignoreAnnotations: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    logLevel: "silent",
    alias: {
      "node:test": stand("test"),
      "node:assert/strict": stand("assert"),
    },
  });
  return text;
}

/** Opens the page and waits for what it reports. */
async function inBrowser(browser, program, seconds) {
  let tell;
  const told = new Promise((resolve) => tell = resolve);
  const server = await serveTests(program, tell);
  const profile = mkdtempSync(join(tmpdir(), "tutti-browser-"));
  const child = spawn(browser, [
    "--headless=new",
    // In a container there is no user to be shut in with.
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--enable-logging=stderr",
    `--user-data-dir=${profile}`,
    server.url,
  ], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  let said = "";
  child.stderr.on("data", (chunk) => said = (said + chunk).slice(-20_000));
  let timer;
  try {
    return await Promise.race([
      told,
      new Promise((_, reject) => {
        const fail = (how) => {
          const lines = said.split("\n").filter((line) =>
            line.includes("CONSOLE")
          );
          reject(
            new Error(
              `The browser ${how}${
                lines.length > 0 ? `; it said:\n${lines.join("\n")}` : ""
              }`,
            ),
          );
        };
        child.once("error", (error) => fail(`did not start: ${error.message}`));
        child.once("exit", (code) => fail(`ended with code ${code}`));
        timer = setTimeout(
          () => fail(`did not report in ${seconds} s`),
          seconds * 1_000,
        );
      }),
    ]);
  } finally {
    clearTimeout(timer);
    await stop(child);
    server.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Ends the browser with all its processes, which are a group of their own. */
async function stop(child) {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
  await ended;
}
