// Measures what a user's bundle grows by, with esbuild.
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";
import { root } from "./paths.mjs";

const require = createRequire(import.meta.url);

/**
 * Bundles one line of TypeScript as a browser bundle would.
 *
 * @param contents The program.
 * @param resolveDir Where imports are looked up from.
 * @returns Minified and gzipped bytes, the code, the bytes that each file adds, and what stayed outside.
 */
export async function bundle(contents, resolveDir = root) {
  const esbuild = require("../../tools/node_modules/esbuild");
  try {
    const { outputFiles: [file], metafile } = await esbuild.build({
      stdin: { contents, resolveDir, loader: "ts", sourcefile: "measured" },
      absWorkingDir: resolveDir,
      bundle: true,
      minify: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const [output] = Object.values(metafile.outputs);
    return {
      code: file.text,
      minified: file.contents.length,
      gzip: file.contents.length &&
        gzipSync(file.contents, { level: 9 }).length,
      files: Object.entries(output.inputs)
        .filter(([path, { bytesInOutput }]) =>
          path !== "measured" && bytesInOutput > 0
        )
        .map(([path, { bytesInOutput }]) => ({ path, bytes: bytesInOutput }))
        .sort((a, b) => b.bytes - a.bytes),
      outside: [
        ...output.imports,
        ...Object.values(metafile.inputs).flatMap((input) => input.imports),
      ].filter((found) => found.external).map((found) => found.path),
    };
  } catch (error) {
    const [first] = error.errors ?? [];
    if (!first) throw error;
    const { location } = first;
    throw new Error(
      `${location?.file ?? "?"}:${location?.line ?? "?"}  ${first.text}`,
      { cause: error },
    );
  }
}
