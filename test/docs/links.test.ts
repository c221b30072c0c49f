import { existsSync, globSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, documentText, linksOf } from '../support/document.ts';

const DOCUMENTS = [...globSync('*.md'), ...globSync('docs/**/*.md')].toSorted();

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
    const documents = DOCUMENTS.filter(
      (path) => path !== 'README.md' && !path.startsWith('docs/decisions/'),
    );
    for (const path of [...documents, 'docs/decisions']) expect(readme).toContain(path);
  });
});
