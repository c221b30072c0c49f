import * as fc from '../support/property.ts';
import { expect, test } from 'vitest';
import { atMostTwice } from '../../lib/aws/signed-call.ts';
import { LICENSE_MANAGER_ERRORS } from '../../lib/aws/license-manager/errors.ts';

const THROTTLE = { name: 'RateLimitExceededException' };
const LOST = { name: 'TimeoutError' };
const ANSWER = { members: {}, requestId: null };
const alive = new AbortController().signal;

function script(...failures: readonly unknown[]) {
  const left = [...failures];
  const made = { calls: 0, pauses: [] as number[] };
  const call = () => {
    made.calls += 1;
    const failure = left.shift();
    // The SDK's errors are scripted by their names alone.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    return failure === undefined ? Promise.resolve(ANSWER) : Promise.reject(failure);
  };
  const pacing = (random: number) => ({
    random: () => random,
    pause: (milliseconds: number) => (made.pauses.push(milliseconds), Promise.resolve()),
  });
  return { made, call, pacing };
}

test('asks a throttled service again after up to a second, another after up to a fifth', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      async (random) => {
        for (const [failure, longest] of [
          [THROTTLE, 1_000],
          [LOST, 200],
        ] as const) {
          const { made, call, pacing } = script(failure);
          const twice = atMostTwice(LICENSE_MANAGER_ERRORS, call, pacing(random));
          expect(await twice('ListReceivedLicenses', {})).toBe(ANSWER);
          expect(made).toEqual({ calls: 2, pauses: [random * longest] });
        }
      },
    ),
    { numRuns: 50 },
  );
});

test('never asks a third time, and throws what it heard last', async () => {
  const { made, call, pacing } = script(LOST, THROTTLE, LOST);
  const twice = atMostTwice(LICENSE_MANAGER_ERRORS, call, pacing(0));
  await expect(twice('ListReceivedLicenses', {})).rejects.toBe(THROTTLE);
  expect(made.calls).toBe(2);
});

test.each([
  ['what the table calls no retry', { name: 'ValidationException' }, 'repeat', alive],
  ['a lost answer that must not be repeated', LOST, 'leave', alive],
  ['anything whose time is over', THROTTLE, 'repeat', AbortSignal.abort()],
] as const)('does not ask again for %s', async (_, failure, lostAnswers, signal) => {
  const { made, call, pacing } = script(failure);
  const twice = atMostTwice(LICENSE_MANAGER_ERRORS, call, pacing(0), lostAnswers);
  await expect(twice('CheckoutLicense', {}, signal)).rejects.toBe(failure);
  expect(made).toEqual({ calls: 1, pauses: [] });
});
