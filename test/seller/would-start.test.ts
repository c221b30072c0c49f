import { expect, it } from 'vitest';
import type { Head } from '../../lib/domain/check/head.ts';
import { type LastProbe, PROBE_KINDS } from '../../lib/domain/check/observation.ts';
import { wouldStart } from '../../lib/seller/would-start.ts';
import { at, seats, USAGE } from '../support/licenses.ts';
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

const PROBE = {
  kind: 'accepted',
  entitlementName: USAGE.name,
  licenseArn: aLicense().licenseArn,
  since: NOW,
} as const;
const probed = (lastProbe: Partial<LastProbe>): Partial<Head> => ({
  state: free,
  lastProbe: { ...PROBE, ...lastProbe },
});

const refused = (isCertain: boolean): Partial<Head> => ({
  ...{ verdict: 'unknown', refused: { ticks: isCertain ? 3 : 1, told: isCertain } },
  ...probed({ kind: 'refused' }),
});
const second = { licenseArn: 'b', entitlements: [USAGE, seats(1)] };
const over = { licenseArn: 'b', validity: { begin: at('2026-02-01'), end: NOW } };
const ended = { standing: 'ended', verdict: 'not-entitled' } as const;
const none = { state: [], standing: 'none', verdict: 'not-entitled' } as const;
const named = { state: counted, lastProbe: { ...PROBE, entitlementName: 'ReadOnly' } };

/** What the newest probe has shown, of a license in force that has what needs no seat. */
const PROBES: readonly [LastProbe['kind'], 'yes' | 'no' | 'unknown', RegExp][] = [
  ['accepted', 'yes', /^in force, and a checkout that needs no seat was accepted$/],
  ['only-seats', 'unknown', /each would take a unit/],
  ['switched-off', 'unknown', /"probe": "off"/],
  ['checkout-not-granted', 'no', /does not allow CheckoutLicense/],
  ['check-in-not-granted', 'unknown', /be returned/],
  ['nothing-allowed', 'unknown', /with no entitlement/],
  ['another-name', 'unknown', /another entitlement/],
  ['another-license', 'unknown', /did not find usable/],
  ['failed', 'unknown', /failed/],
  ['refused-counted', 'unknown', /may be in use/],
];
it.each(PROBES)('after a probe that is %s: %s', (kind, answer, reason) => {
  expect(wouldStart(aHead(probed({ kind })), { probe: true }, NOW)).toEqual({
    answer,
    reason: expect.stringMatching(reason) as string,
  });
});

const CASES: readonly [string, Partial<Head>, 'yes' | 'no' | 'unknown', RegExp, boolean?][] = [
  ['a counted checkout that was accepted', named, 'yes', /ReadOnly/],
  ['nothing was tried yet', { state: free }, 'unknown', /no checkout has been seen yet/],
  [
    'the grant lacks CheckoutLicense, and the buyer does not permit checkouts',
    probed({ kind: 'checkout-not-granted' }),
    'no',
    /does not allow CheckoutLicense/,
    false,
  ],
  ['what is needed is gone', { ...probed({}), needed: 'missing' }, 'no', /nothing that was bought/],
  ['a tier nobody knows', { ...probed({}), needed: 'unknown' }, 'unknown', /is not known/],
  [
    'accepted of one of two licenses',
    { ...probed({ licenseArn: 'b' }), state: [...free, aLicense(second)] },
    'yes',
    /accepted/,
  ],
  [
    'accepted of a license that has ended since, beside another in force',
    { ...probed({ licenseArn: 'b' }), state: [...free, aLicense(over)] },
    'unknown',
    /not in force any more/,
  ],
  ['accepted, and permitted no more', probed({}), 'unknown', /does not permit/, false],
  ['refused three checks running', refused(true), 'no', /three checks running/],
  ['refused once', refused(false), 'unknown', /two checks more/],
  ['ended', { ...probed({}), ...ended }, 'no', /^the license is ended$/],
  ['no license', none, 'no', /^no license of the product was found$/],
  [
    'suspended, yet accepted',
    { ...probed({}), standing: 'suspended', verdict: 'unknown' },
    'unknown',
    /contradict/,
  ],
  ['blind since a minute, in force before', { ...probed({}), blind }, 'unknown', /cannot be read/],
  ['blind, ended before: perhaps renewed', { ...ended, blind }, 'unknown', /cannot be read/],
  ['blind, and refused before', { ...refused(true), blind }, 'unknown', /cannot be read/],
];

it('does not say of an end that nobody has looked at since that a seat would be taken', () => {
  const passed = [
    aLicense({
      validity: { begin: at('2026-01-01'), end: at('2027-01-17') },
      entitlements: [USAGE],
    }),
  ];
  const forecast = wouldStart(aHead({ state: passed, standing: 'in-force' }), { probe: true }, NOW);
  expect(forecast).toEqual({
    answer: 'unknown',
    reason: 'in force when it was last looked at, and by its dates not any more',
  });
});

it.each(CASES)('%s', (_what, head, answer, reason, probe = true) => {
  expect(wouldStart(aHead(head), { probe }, NOW)).toEqual({
    answer,
    reason: expect.stringMatching(reason) as string,
  });
});

it.each(PROBE_KINDS.filter((kind) => kind !== 'accepted'))('never says yes after %s', (kind) => {
  expect(wouldStart(aHead(probed({ kind })), { probe: true }, NOW).answer).not.toBe('yes');
});
