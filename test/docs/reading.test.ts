import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeBlocks, documentText, linksOf } from '../support/document.ts';

const TEXT = documentText('docs/reading.md');
const SOURCES = globSync('{lib,lambdas,bin}/**/*.ts');

describe('the reading order', () => {
  const steps = TEXT.split('\n').filter((line) => /^\d+\. /.test(line));

  test('has numbered steps, each with a file that is there and a sentence', () => {
    expect(steps.length).toBeGreaterThanOrEqual(10);
    expect(steps.length).toBeLessThanOrEqual(14);
    for (const [index, step] of steps.entries()) {
      const [, number, shown = '', path] =
        /^(\d+)\. \[([^\]]+)\]\(\.\.\/([^)]+)\): \S/.exec(step) ?? [];
      expect([number, shown]).toEqual([String(index + 1), path]);
      expect(SOURCES).toContain(shown);
    }
  });

  test('draws the two flows with files that are there', () => {
    const diagrams = codeBlocks(TEXT).filter(({ language }) => language === 'mermaid');
    const named = diagrams.flatMap(({ code }) =>
      [...code.matchAll(/\[([a-z-]+\.ts)/g)].map(([, name = '']) => name),
    );
    expect(named.length).toBeGreaterThanOrEqual(10);
    const names = new Set(SOURCES.map((path) => basename(path)));
    expect(named.filter((name) => !names.has(name))).toEqual([]);
  });

  test('has every rule that a file names, decided in files that are there', () => {
    const rows = [...TEXT.matchAll(/^\| (\d+) \| .* \| (.+) \|$/gm)];
    const files = rows.flatMap(([, , cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, path = '']) =>
        path.startsWith('lib/') ? path : `lib/domain/${path}`,
      ),
    );
    expect(files.filter((path) => !SOURCES.includes(path))).toEqual([]);
    const named = [...SOURCES, ...globSync('test/**/*.ts')].flatMap((path) =>
      [...readFileSync(path, 'utf8').matchAll(/\brules? (\d+(?:(?:, | and | to )\d+)*)/gi)].flatMap(
        ([, numbers = '']) => numbers.match(/\d+/g) ?? [],
      ),
    );
    expect(named.length).toBeGreaterThan(30);
    const numbers = new Set(rows.map(([, number = '']) => number));
    expect(named.filter((number) => !numbers.has(number))).toEqual([]);
  });

  test('is the lead entry of the documents: the README leads there', () => {
    expect(linksOf(documentText('README.md'))).toContain('docs/reading.md');
  });
});

describe('CONTRIBUTING.md', () => {
  test('names only paths that are there', () => {
    const inCode = [
      ...documentText('CONTRIBUTING.md').matchAll(
        /`((?:lib|lambdas|bin|test|docs|\.ci)\/[^`\s]*)`/g,
      ),
    ];
    const paths = inCode.map(([, path = '']) => path.replaceAll(/<\w+>/g, '*'));
    expect(paths.length).toBeGreaterThan(20);
    expect(
      paths.filter((path) => !(path.includes('*') ? globSync(path).length > 0 : existsSync(path))),
    ).toEqual([]);
  });
});
