import { globSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { documentText } from '../support/document.ts';

/** Words of earlier states, furniture, theatre, and turns that no native reader would write: see the glossary in docs/reading.md. */
const BANNED = [
  /\b(?:rungs?|sightings?|rehears\w*|scenery|stagehands?|desk|doors?|rooms?|errands?|nudges?|wish(?:es)?|eyes)\b/i,
  /\bin vain\b/i,
  /\bstands? (?:in|on|under|beside|before|there)\b/i,
  /\bneed do nothing\b/i,
  /\b(?:tells?|told) (?:you |it )?nothing of\b/i,
  /\b(?:look(?:s|ed)?|asks?|asked|begins?) anew\b/i,
  /\bhas no more\b/i,
  /\bis none of (?:ours|the)\b/i,
];

describe('the words of', () => {
  test.each([...globSync('*.md'), ...globSync('docs/**/*.md')].toSorted())(
    '%s are plain',
    (path) => {
      // A changelog names what things were called before.
      if (path === 'CHANGELOG.md') return;
      const found = documentText(path)
        .split('\n')
        .flatMap((line, index) =>
          BANNED.flatMap((words) =>
            words.test(line) ? [`${index + 1}: ${words.exec(line)?.[0] ?? ''}`] : [],
          ),
        );
      expect(found).toEqual([]);
    },
  );
});
