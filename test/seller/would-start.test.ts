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

const CASES: readonly [string, Partial<Head>, 'yes' | 'no' | 'unknown', RegExp, boolean?][] = [
  [
    'accepted without a seat',
    probed({}),
    'yes',
    /^in force, and a checkout that needs no seat was accepted$/,
  ],
  [
    'a counted checkout that was accepted',
    { state: counted, lastProbe: { ...PROBE, entitlementName: 'ReadOnly' } },
    'yes',
    /ReadOnly/,
  ],
  ['nothing was tried yet', { state: free }, 'unknown', /no checkout has been seen yet/],
  [
    'nothing could be tried without a seat',
    probed({ kind: 'only-seats' }),
    'unknown',
    /each would take a unit/,
  ],
  ['probe: off', probed({ kind: 'switched-off' }), 'unknown', /"probe": "off"/],
  [
    'the grant lacks CheckoutLicense',
    probed({ kind: 'checkout-not-granted' }),
    'no',
    /does not allow CheckoutLicense/,
  ],
  [
    'the grant lacks CheckoutLicense, and the buyer does not permit checkouts',
    probed({ kind: 'checkout-not-granted' }),
    'no',
    /does not allow CheckoutLicense/,
    false,
  ],
  [
    'a grant that lets nothing be returned',
    probed({ kind: 'check-in-not-granted' }),
    'unknown',
    /be returned/,
  ],
  [
    'a success without an entitlement',
    probed({ kind: 'nothing-allowed' }),
    'unknown',
    /with no entitlement/,
  ],
  [
    'a success with another entitlement',
    probed({ kind: 'another-name' }),
    'unknown',
    /another entitlement/,
  ],
  [
    'a success of another license',
    probed({ kind: 'another-license' }),
    'unknown',
    /did not find usable/,
  ],
  ['a checkout that failed', probed({ kind: 'failed' }), 'unknown', /failed/],
  ['a seat that was refused', probed({ kind: 'refused-counted' }), 'unknown', /may be in use/],
  [
    'accepted, and what the product needs is gone',
    { ...probed({}), needed: 'missing' },
    'no',
    /nothing that was bought/,
  ],
  [
    'accepted, and a tier nobody knows',
    { ...probed({}), needed: 'unknown' },
    'unknown',
    /is not known/,
  ],
  [
    'accepted of one of two licenses',
    {
      ...probed({ licenseArn: 'b' }),
      state: [...free, aLicense({ licenseArn: 'b', entitlements: [USAGE, seats(1)] })],
    },
    'yes',
    /accepted/,
  ],
  [
    'accepted of a license that has ended since, beside another in force',
    {
      ...probed({ licenseArn: 'b' }),
      state: [
        ...free,
        aLicense({ licenseArn: 'b', validity: { begin: at('2026-02-01'), end: NOW } }),
      ],
    },
    'unknown',
    /not in force any more/,
  ],
  [
    'accepted, and the buyer does not permit it any more',
    probed({}),
    'unknown',
    /does not permit/,
    false,
  ],
  [
    'refused three checks running',
    { ...probed({ kind: 'refused' }), verdict: 'unknown', refused: { ticks: 3, told: true } },
    'no',
    /three checks running/,
  ],
  [
    'refused once',
    { ...probed({ kind: 'refused' }), verdict: 'unknown', refused: { ticks: 1, told: false } },
    'unknown',
    /two checks more/,
  ],
  [
    'ended',
    { ...probed({}), standing: 'ended', verdict: 'not-entitled' },
    'no',
    /^the license is ended$/,
  ],
  [
    'no license',
    { state: [], standing: 'none', verdict: 'not-entitled' },
    'no',
    /^no license of the product was found$/,
  ],
  [
    'suspended, yet accepted',
    { ...probed({}), standing: 'suspended', verdict: 'unknown' },
    'unknown',
    /contradict/,
  ],
  ['blind since a minute, in force before', { ...probed({}), blind }, 'unknown', /cannot be read/],
  [
    'blind, and ended before: it may have been renewed',
    { standing: 'ended', verdict: 'not-entitled', blind },
    'unknown',
    /cannot be read/,
  ],
  [
    'blind, and refused before',
    { ...probed({}), refused: { ticks: 3, told: true }, blind },
    'unknown',
    /cannot be read/,
  ],
];

it('does not say of an end that nobody has looked at since that a seat would be taken', () => {
  const over = [
    aLicense({
      validity: { begin: at('2026-01-01'), end: at('2027-01-17') },
      entitlements: [USAGE],
    }),
  ];
  const forecast = wouldStart(aHead({ state: over, standing: 'in-force' }), { probe: true }, NOW);
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
