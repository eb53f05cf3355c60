import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** Parses a built JavaScript or declaration file. */
function parseModule(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ESNext, true);
}

/** What does something when the file is loaded: everything but a directive such as `'use strict'`. */
export function statementsOf(file: string): readonly string[] {
  return parseModule(file)
    .statements.filter((statement) => !isDirective(statement))
    .map((statement) => statement.getText());
}

function isDirective(statement: ts.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

/** Most entries of a package share most of its files, and no build changes while it is looked at. */
const specifiersByFile = new Map<string, readonly string[]>();

/** Every module that a file names: imports, re-exports, `require`, `import()`, import types, references. */
export function specifiersOf(file: string): readonly string[] {
  const specifiers = specifiersByFile.get(file) ?? findSpecifiers(file);
  specifiersByFile.set(file, specifiers);
  return specifiers;
}

function findSpecifiers(file: string): readonly string[] {
  const module = parseModule(file);
  const found = module.typeReferenceDirectives.map(({ fileName }) => fileName);
  visit(module, (node) => {
    const specifier = specifierNode(node);
    // One that is computed cannot be checked, so it is reported as it is written.
    if (specifier) found.push(ts.isStringLiteralLike(specifier) ? specifier.text : spelled(specifier));
  });
  return found;
}

/** How the build writes `node:url` where CommonJS has no `import.meta.url`, hidden from bundlers. */
const hiddenUrl = "'u' + 'rl'";

function spelled(specifier: ts.Node): string {
  const text = specifier.getText();
  return text === hiddenUrl ? 'node:url' : text;
}

function specifierNode(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node;
  if (ts.isCallExpression(node) && loadsModule(node.expression)) return node.arguments[0];
  return undefined;
}

function loadsModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')
  );
}

/** Every identifier of a file. */
export function identifiersOf(file: string): ReadonlySet<string> {
  const found = new Set<string>();
  visit(parseModule(file), (node) => {
    if (ts.isIdentifier(node)) found.add(node.text);
  });
  return found;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** The source files that a built file is made of: the bundler writes each path above its part. */
export function sourcesOf(file: string): readonly string[] {
  const module = parseModule(file);
  return module.statements
    .flatMap((statement) => ts.getLeadingCommentRanges(module.text, statement.pos) ?? [])
    .map(({ pos, end }) => /^\/\/ (\S+\.[cm]?[jt]sx?)$/.exec(module.text.slice(pos, end))?.[1])
    .filter((path) => path !== undefined);
}

/** The file and every file that it reaches by relative specifiers. */
export function reachableFiles(entry: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const specifier of specifiersOf(entry)) {
    if (specifier.startsWith('.')) reachableFiles(siblingOf(entry, specifier), seen);
  }
  return seen;
}

/** A declaration names the JavaScript beside the declaration that it means. */
function siblingOf(file: string, specifier: string): string {
  const named = resolve(dirname(file), specifier);
  if (!/\.d\.c?ts$/.test(file)) return named;
  const declaration = named.replace(/\.(c?)js$/, '.d.$1ts');
  return existsSync(declaration) ? declaration : join(dirname(file), specifier);
}
