import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, documentText, linksOf } from '../support/document.ts';

const DOCUMENTS = ['README.md', ...globSync('docs/**/*.md').toSorted()];

describe('links of', () => {
  test.each(DOCUMENTS)('%s lead somewhere', (path) => {
    const own = linksOf(documentText(path)).filter((link) => !/^(https?|mailto):/.test(link));
    const dead = own.filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(documentText(target)).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test('every document is reached from the README', () => {
    const readme = linksOf(documentText('README.md')).map((link) => link.split('#')[0]);
    for (const path of [
      'docs/audit-table.md',
      'docs/runbook.md',
      'docs/for-buyers.md',
      'docs/decisions',
    ])
      expect(readme).toContain(path);
  });
});
