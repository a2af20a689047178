// Reads TypeScript with the compiler's own parser, so that no comment or string can fool a check.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

let compiler;

/** The compiler of the pinned TypeScript 5; loaded at first use because it is large. */
export function typescript() {
  compiler ??= require("../../tools/node_modules/typescript-5");
  return compiler;
}

/** Parses one file. */
export function parse(path, source) {
  const ts = typescript();
  return ts.createSourceFile(path, source, ts.ScriptTarget.ESNext, true);
}

/** The line of `node`, counted from one. */
export function lineOf(file, node) {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

/**
 * Everything that `file` imports, in any way: static, type-only, re-exported, `import("…")` as a type or as a call,
 * `require`, and `/// <reference path>`.
 *
 * @returns For each: the specifier (undefined when it is not a literal), the line, and the way.
 */
export function importsOf(file) {
  const ts = typescript();
  const found = file.referencedFiles.map((reference) => ({
    specifier: reference.fileName,
    line: file.getLineAndCharacterOfPosition(reference.pos).line + 1,
    way: "reference",
  }));
  const add = (node, literal, way) =>
    found.push({
      specifier: literal && ts.isStringLiteralLike(literal)
        ? literal.text
        : undefined,
      line: lineOf(file, node),
      way,
    });
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, "static");
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node, node.moduleSpecifier, "static");
    } else if (ts.isImportTypeNode(node)) {
      add(node, node.argument.literal, "type");
    } else if (ts.isExternalModuleReference(node)) {
      add(node, node.expression, "static");
    } else if (ts.isCallExpression(node)) {
      const callee = node.expression;
      if (callee.kind === ts.SyntaxKind.ImportKeyword) {
        add(node, node.arguments[0], "dynamic");
      } else if (ts.isIdentifier(callee) && callee.text === "require") {
        add(node, node.arguments[0], "require");
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
