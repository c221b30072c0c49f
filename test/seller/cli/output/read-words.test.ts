import { expect, it } from 'vitest';
import { readWords } from '../../../../lib/seller/cli/output/read-words.ts';

it.each([
  [{ calls: 1, scans: 1, units: 1 }, 'Read 1 read request unit in 1 call: about $0.000001.\n'],
  [{ calls: 2, scans: 1, units: 0.5 }, 'Read 1 read request unit in 2 calls: about $0.000001.\n'],
  [
    { calls: 1_200, scans: 0, units: 262_054 },
    'Read 262,054 read request units in 1,200 calls: about $0.03.\n',
  ],
  [{ calls: 3, scans: 0, units: 12 }, ''],
])('says in whole words what was read, and never that it cost nothing: %j', (reads, words) => {
  expect(readWords(reads)).toBe(words);
});
