import ts from 'typescript';

/**
 * For CommonJS, which has no `await` outside of functions: everything but the imports goes into an
 * asynchronous function, as a user would write it there.
 */
export function wrapInFunction(code: string): string {
  const { statements } = ts.createSourceFile('example.ts', code, ts.ScriptTarget.ESNext, true);
  const isImport = (statement: ts.Statement) => ts.isImportDeclaration(statement);
  const textOf = (some: readonly ts.Statement[]) => some.map((statement) => statement.getFullText()).join('');
  const imports = textOf(statements.filter(isImport));
  const body = textOf(statements.filter((statement) => !isImport(statement)));
  return `${imports}\n\nvoid (async () => {${body}\n})();\n`;
}
