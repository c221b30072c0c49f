import { expect, it } from 'vitest';
import { sameSecret } from '../../lib/aws/registration-role.ts';

it.each([
  ['secret', 'secret', true],
  ['secret', 'Secret', false],
  ['secret', 'secret ', false],
  ['', 'secret', false],
  ['', '', true],
])('%j and %j are the same secret: %s', (given, expected, same) => {
  expect(sameSecret(given, expected)).toBe(same);
});
