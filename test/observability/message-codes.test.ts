import { globSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';
import * as MESSAGES from '../../lib/observability/message-codes.ts';

/** A place in the code where a message is logged. */
interface Line {
  readonly message: string;
  readonly level: string;
  /** Undefined: they cannot be read off the source. */
  readonly keys: readonly string[] | undefined;
}

const LINES = [...globSync('lambdas/**/*.ts'), ...globSync('lib/observability/*.ts')].flatMap(
  linesOf,
);

/** Calls like `log.warn(MESSAGES.checkFailed, { ... })`; the keys may stand in a constant of that file. */
function linesOf(path: string): readonly Line[] {
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const constants = new Map<string, ts.Expression>();
  const lines: Line[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      node.initializer !== undefined
    )
      constants.set(node.name.text, node.initializer);
    if (ts.isCallExpression(node)) {
      const [message, keys] = node.arguments;
      if (
        message !== undefined &&
        ts.isPropertyAccessExpression(message) &&
        message.expression.getText().endsWith('MESSAGES')
      )
        lines.push({
          message: message.name.text,
          level: node.expression.getText().split('.').at(-1) ?? '',
          keys: keys === undefined ? [] : keysOf(constants.get(keys.getText()) ?? keys),
        });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

function keysOf(node: ts.Expression): readonly string[] | undefined {
  if (!ts.isObjectLiteralExpression(node) || node.properties.some(ts.isSpreadAssignment))
    return undefined;
  return node.properties.map(({ name }) => name?.getText() ?? '').toSorted();
}

test('every message is logged somewhere, and every code is one message’s', () => {
  expect(
    Object.keys(MESSAGES).filter((name) => !LINES.some(({ message }) => message === name)),
  ).toEqual([]);
  const codes = Object.values(MESSAGES).map(({ code }) => code);
  expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([]);
});

test('no message is named but where it is logged', () => {
  const named = [...globSync('lambdas/**/*.ts'), ...globSync('lib/observability/*.ts')].flatMap(
    (path) => [...readFileSync(path, 'utf8').matchAll(/\b(?:\w+_)?MESSAGES\.\w+/g)],
  );
  expect(named).toHaveLength(LINES.length);
});

test.each(Object.entries(MESSAGES))('%s has one level and one shape', (name, { code }) => {
  const shapes = LINES.filter(({ message }) => message === name).map(({ level, keys }) => ({
    level,
    keys,
  }));
  expect(code).toBe(name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase());
  for (const shape of shapes)
    expect(shape).toEqual({ ...shapes[0], keys: expect.any(Array) as unknown });
  expect(new Set(shapes.map((shape) => JSON.stringify(shape))).size).toBe(1);
});
