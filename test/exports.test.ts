import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

/** What others than our own files import: AWS, the tests' runner, a seller's own app. */
const FOR_OTHERS = [
  /^lambdas\/[a-z-]+\/index\.ts#handler$/,
  /^lib\/buyer-watch\.ts#/,
  /^test\/support\/once-per-run\.ts#setup$/,
  /^lib\/workbench\/bench\/naive-watcher\.ts#handler$/,
  /^test\/mutants\/keep-tests\.ts#KeepTests$/,
];

const FILES = globSync('{lib,bin,lambdas,test}/**/*.ts').map(
  (path) =>
    [
      path,
      ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true),
    ] as const,
);

/** Types are left out: an exported function's types have names of their own, whether or not somebody writes them down. */
function exported(source: ts.SourceFile): readonly string[] {
  return source.statements.flatMap((statement) => {
    const isExported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!isExported) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.map(({ name }) => name.getText());
    const isValue = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
    return isValue && statement.name !== undefined ? [statement.name.text] : [];
  });
}

/** `file#name` of all that a file imports from our own; `file#*` where it imports the whole. */
function imported(path: string, source: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const from = (specifier: ts.Node | undefined, names: readonly string[]): void => {
    if (
      specifier === undefined ||
      !ts.isStringLiteral(specifier) ||
      !specifier.text.startsWith('.')
    )
      return;
    found.push(...names.map((name) => `${join(dirname(path), specifier.text)}#${name}`));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      from(
        node.moduleSpecifier,
        bindings !== undefined && ts.isNamedImports(bindings)
          ? bindings.elements.map(nameOf)
          : ['*'],
      );
    }
    if (ts.isExportDeclaration(node)) {
      const clause = node.exportClause;
      from(
        node.moduleSpecifier,
        clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(nameOf) : ['*'],
      );
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      from(node.arguments[0], ['*']);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function nameOf({ propertyName, name }: ts.ImportSpecifier | ts.ExportSpecifier): string {
  return (propertyName ?? name).text;
}

test('whatever is exported is imported somewhere', () => {
  const used = new Set(FILES.flatMap(([path, source]) => imported(path, source)));
  const unused = FILES.flatMap(([path, source]) =>
    used.has(`${path}#*`) ? [] : exported(source).map((name) => `${path}#${name}`),
  ).filter((name) => !used.has(name) && !FOR_OTHERS.some((pattern) => pattern.test(name)));
  expect(used.size).toBeGreaterThan(1_000);
  expect(unused).toEqual([]);
});
