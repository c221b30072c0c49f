import { expect, it } from 'vitest';
import type { Head } from '../../lib/domain/head.ts';
import { wouldStart } from '../../lib/domain/would-start.ts';
import { at, seats, tier, USAGE } from '../support/licenses.ts';
import { aHead, aLicense, NOW } from '../support/records.ts';

const free = [aLicense({ entitlements: [seats(5), USAGE] })];
const counted = [aLicense({ entitlements: [seats(5)] })];
const blind: Head['blind'] = {
  cause: 'permission-missing',
  detail: '',
  ticks: 1,
  since: NOW,
  told: false,
  backOffUntil: null,
};

const CASES: readonly [string, Partial<Head>, 'yes' | 'no' | 'unknown', boolean?][] = [
  ['in force, and a checkout without a seat was tried', { state: free }, 'yes'],
  ['in force by a tier', { state: [aLicense({ entitlements: [tier('Gold')] })] }, 'yes'],
  ['in force, and nothing could be tried without a seat', { state: counted }, 'unknown'],
  ['in force, and the buyer does not permit checkouts', { state: free }, 'unknown', false],
  ['refused three checks running', { state: free, verdict: 'unknown', refused: { ticks: 3, told: true } }, 'no'],
  ['refused once', { state: free, verdict: 'unknown', refused: { ticks: 1, told: false } }, 'unknown'],
  ['ended', { state: free, standing: 'ended', verdict: 'not-entitled' }, 'no'],
  ['suspended, yet a checkout was accepted', { state: free, standing: 'suspended', verdict: 'unknown' }, 'unknown'],
  ['blind since a minute, in force before', { state: free, blind }, 'unknown'],
  [
    'blind, and ended before: it may have been renewed',
    { standing: 'ended', verdict: 'not-entitled', blind },
    'unknown',
  ],
  ['blind, and refused before', { state: free, refused: { ticks: 3, told: true }, blind }, 'unknown'],
  [
    'only the license that is to come can be tried',
    {
      state: [
        ...counted,
        aLicense({ licenseArn: 'b', validity: { begin: at('2027-02-01'), end: null }, entitlements: [USAGE] }),
      ],
    },
    'unknown',
  ],
];

it('does not say of an end that nobody has looked at since that a seat would be taken', () => {
  const over = [aLicense({ validity: { begin: at('2026-01-01'), end: at('2027-01-17') }, entitlements: [USAGE] })];
  const forecast = wouldStart(aHead({ state: over, standing: 'in-force' }), { probe: true }, NOW);
  expect(forecast).toEqual({
    answer: 'unknown',
    reason: 'in force when it was last looked at, and by its dates not any more',
  });
});

it.each(CASES)('%s', (_what, head, answer, probe = true) => {
  const forecast = wouldStart(aHead(head), { probe }, NOW);
  expect(forecast.answer).toBe(answer);
  expect(forecast.reason).not.toBe('');
});
