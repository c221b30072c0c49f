import { expect, it } from 'vitest';
import { explain } from '../../../../lib/seller/cli/output/explain.ts';

it.each([
  ['EISDIR', 'Error', 'check its path'],
  ['EACCES', 'Error', 'check its path, its permissions'],
  [
    '',
    'ResourceNotFoundException',
    'a part of the watcher is gone: check --deployment and --region',
  ],
])('says what to do about %s %s', (code, name, remedy) => {
  const error = Object.assign(new Error('what the system said'), {
    name,
    ...(code !== '' && { code }),
  });
  const { message, exitCode } = explain(new Error('outer', { cause: error }));
  expect(message).toContain(remedy);
  expect(message).toContain('what the system said');
  expect(exitCode).toBe(1);
});
