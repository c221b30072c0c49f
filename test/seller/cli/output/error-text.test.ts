import { expect, it } from 'vitest';
import { errorText } from '../../../../lib/seller/cli/output/explain.ts';

const ARN = `arn:aws:iam::111122223333:role/${'x'.repeat(80)}`;

it('is wrapped at 80 columns, and breaks neither ARNs nor commands', () => {
  const lines = errorText(
    `the role ${ARN} does not let the watcher in, so that nothing at all can be seen: see "license-watcher buyers 111122223333" for what to do`,
  ).split('\n');
  expect(lines).toEqual([
    'license-watcher: the role',
    `  ${ARN}`,
    '  does not let the watcher in, so that nothing at all can be seen: see',
    '  "license-watcher buyers 111122223333" for what to do',
  ]);
});

it('keeps the lines of a list', () => {
  expect(errorText('nothing is called so; allowed are\n  one,  two\n  three')).toBe(
    'license-watcher: nothing is called so; allowed are\n  one,  two\n  three',
  );
});
