// Finds what a file does with a runtime's own globals and modules as soon as it is imported.
import { builtinModules } from "node:module";
import { importsOf, lineOf, parse, typescript } from "./ast.mjs";
import { runtimeFile } from "./rooms.mjs";

const runtimeGlobals = new Set(["Deno", "Bun", "process", "require", "Buffer"]);
const globalObjects = new Set(["globalThis", "self", "window", "global"]);
const builtins = new Set(builtinModules);
const fix =
  "use a web standard, ask for it inside a function, or move it to a file named node.ts, deno.ts or bun.ts that the user hands in";

/**
 * Every use of a runtime at module scope.
 *
 * Code inside of functions is the business of the type check without runtime types; it may feel its way there.
 *
 * @param files Path to text.
 */
export function checkModuleScope(files) {
  const problems = [];
  for (const [path, source] of files) {
    if (runtimeFile.test(path)) continue;
    const file = parse(path, source);
    const add = (line, message) =>
      problems.push({ file: path, line, message, fix });
    for (const { specifier, line, way } of importsOf(file)) {
      if (way !== "dynamic" && isRuntimeModule(specifier)) {
        add(line, `imports "${specifier}"`);
      }
    }
    for (const { line, what } of usesAtModuleScope(file)) {
      add(line, `uses ${what} when it is imported`);
    }
  }
  return problems;
}

function isRuntimeModule(specifier) {
  return specifier !== undefined &&
    (/^(node|bun):/.test(specifier) || builtins.has(specifier));
}

function usesAtModuleScope(file) {
  const ts = typescript();
  const own = new Set();
  const found = [];
  const add = (node, what) => found.push({ line: lineOf(file, node), what });

  const collect = (node) => {
    if (ts.isBindingElement(node) || ts.isVariableDeclaration(node)) {
      if (ts.isIdentifier(node.name)) own.add(node.name.text);
    } else if (
      (ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) ||
        ts.isImportSpecifier(node)) && node.name
    ) own.add(node.name.text);
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, collect);
  };
  collect(file);

  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node)) return;
    if (ts.isFunctionLike(node) && !runsAtOnce(node)) return;
    const isField = ts.isPropertyDeclaration(node);
    const modifiers = isField ? ts.getModifiers(node) ?? [] : [];
    if (
      isField && !modifiers.some((m) => m.kind === ts.SyntaxKind.StaticKeyword)
    ) return;
    if (ts.isIdentifier(node) && isUse(node) && !own.has(node.text)) {
      if (runtimeGlobals.has(node.text)) add(node, node.text);
    }
    const member = memberOfGlobal(node);
    if (member && runtimeGlobals.has(member)) add(node, `globalThis.${member}`);
    if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      if (
        node.expression.kind === ts.SyntaxKind.ImportKeyword && argument &&
        ts.isStringLiteralLike(argument) && isRuntimeModule(argument.text)
      ) add(node, `import("${argument.text}")`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;

  /** `(() => { … })()` runs where it stands. */
  function runsAtOnce(node) {
    let outer = node.parent, inner = node;
    while (ts.isParenthesizedExpression(outer)) {
      [inner, outer] = [outer, outer.parent];
    }
    return ts.isCallExpression(outer) && outer.expression === inner;
  }

  /** Whether the identifier reads a variable, rather than naming a property or something new. */
  function isUse(node) {
    const { parent } = node;
    if (ts.isPropertyAccessExpression(parent)) return parent.name !== node;
    if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
    if (ts.isBindingElement(parent)) return parent.initializer === node;
    if (ts.isVariableDeclaration(parent)) return parent.initializer === node;
    if (ts.isExportSpecifier(parent)) return false;
    if (
      ts.isImportSpecifier(parent) || ts.isImportClause(parent) ||
      ts.isNamespaceImport(parent)
    ) return false;
    return !(parent.name === node && !ts.isShorthandPropertyAssignment(parent));
  }

  /** `Deno` for `globalThis.Deno`, `globalThis["Deno"]`, `"Deno" in globalThis` and `const { Deno } = globalThis`. */
  function memberOfGlobal(node) {
    const isGlobal = (expression) => {
      let plain = expression;
      while (
        ts.isParenthesizedExpression(plain) || ts.isAsExpression(plain) ||
        ts.isNonNullExpression(plain) || ts.isSatisfiesExpression(plain)
      ) plain = plain.expression;
      return ts.isIdentifier(plain) && globalObjects.has(plain.text);
    };
    if (ts.isPropertyAccessExpression(node)) {
      return isGlobal(node.expression) ? node.name.text : undefined;
    }
    if (ts.isElementAccessExpression(node)) {
      const { argumentExpression: name } = node;
      return isGlobal(node.expression) && ts.isStringLiteralLike(name)
        ? name.text
        : undefined;
    }
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.InKeyword &&
      ts.isStringLiteralLike(node.left) && isGlobal(node.right)
    ) return node.left.text;
    if (
      ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) &&
      ts.isVariableDeclaration(node.parent.parent) &&
      node.parent.parent.initializer &&
      isGlobal(node.parent.parent.initializer)
    ) return (node.propertyName ?? node.name).text;
    return undefined;
  }
}
