import { describe, expect, it } from 'vitest';
import type { Agreement } from '../../../lib/domain/agreement/agreement.ts';
import type { KnownAgreement } from '../../../lib/domain/check/head.ts';
import { CHANGE_TYPES, type ChangeType } from '../../../lib/domain/check/changes.ts';
import type { License } from '../../../lib/domain/license/contract.ts';
import type { Product } from '../../../lib/domain/license/product.ts';
import {
  simulate,
  type Impossible,
  type Simulated,
} from '../../../lib/domain/simulation/simulate.ts';
import type { SimulatedContract } from '../../../lib/domain/simulation/simulated-contract.ts';
import {
  parseSelection,
  selectionName,
  selectionsOf,
} from '../../../lib/domain/simulation/selected-event.ts';
import { buyerMail } from '../../../lib/mail/buyer-mail.ts';
import { sellerDigest } from '../../../lib/mail/seller-digest.ts';
import { quantity } from '../../../lib/domain/license/quantity.ts';
import { factsOf } from '../../../lib/domain/agreement/agreement-facts.ts';
import { anAgreement } from '../../support/agreements.ts';
import { BUYER, WatchedContract } from '../../support/contracts.ts';
import { aSettling } from '../../support/records.ts';
import { at, gigabytes, license, seats, tier, USAGE } from '../../support/licenses.ts';
import { LAKE, SUITE, TIERED } from '../../support/mails.ts';
import { seen } from '../../support/observations.ts';

const NOW = at('2026-06-01');

/** A contract that was looked at twice, the last time some days ago. */
function contractWith(of: Product, ...licenses: License[]): SimulatedContract {
  const watched = new WatchedContract(of);
  watched.agreements = licenses.map(soldAs);
  watched.look(at('2026-04-02'), seen(licenses));
  watched.look(at('2026-05-20'), seen(licenses));
  if (watched.head === null) throw new Error('nobody has looked');
  return { head: watched.head, lastSeen: watched.lastSeen, product: of, buyer: BUYER, now: NOW };
}

/** As AWS sells it: without renewal. */
function soldAs({ licenseArn, validity: { begin, end } }: License): Agreement {
  return anAgreement({
    ...{ agreementId: licenseArn.slice(-8), initialAgreementId: licenseArn.slice(-8) },
    ...{ licenseArns: [licenseArn], start: begin, end, terms: { renewal: null, quantities: [] } },
    status: end !== null && end < NOW ? 'EXPIRED' : 'ACTIVE',
    endTimeBehavior: end === null ? null : { type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' },
  });
}

const CONTRACTS = {
  seats: contractWith(SUITE, license()),
  nothing: contractWith(SUITE),
  'no end': contractWith(SUITE, license({ end: null })),
  'lowest tier': contractWith(TIERED, license({ entitlements: [USAGE, tier('BasicTier')] })),
  'highest tier': contractWith(TIERED, license({ entitlements: [USAGE, tier('PremiumTier')] })),
  unlimited: contractWith(SUITE, license({ entitlements: [USAGE, seats(null)] })),
  pool: contractWith(LAKE, license({ entitlements: [USAGE, gigabytes(500)] })),
  ended: contractWith(SUITE, license({ begin: '2025-05-01', end: '2026-05-01' })),
  upcoming: contractWith(SUITE, license({ begin: '2026-07-01' })),
  suspended: contractWith(SUITE, license({ status: 'SUSPENDED' })),
  waiting: contractWith(SUITE, license({ receivedStatus: 'PENDING_ACCEPT' })),
  overlapping: contractWith(
    SUITE,
    license(),
    license({ arn: 'b', begin: '2026-04-01', end: '2027-05-01' }),
  ),
} as const;
type ContractName = keyof typeof CONTRACTS;

/** Whom to ask for: operations never, a buyer not of what is no business of theirs. */
const SELLERS_OWN: readonly ChangeType[] = [
  'WatchEnded',
  'AnotherLicenseFound',
  'ForeignLicenseFound',
  'CheckoutRefused',
  'CheckoutAccepted',
  'AgreementAmended',
  'AgreementEnded',
  'AgreementDisagreed',
];

function tried(
  name: string,
  contract: SimulatedContract,
  ...audiences: ('buyer' | 'seller')[]
): Simulated | Impossible {
  const selection = parseSelection(name);
  if (selection === undefined) throw new Error(name);
  return simulate(selection, contract, audiences.length === 0 ? ['seller'] : audiences);
}

/** No schedule has that day. */
function possibleIn(
  contract: ContractName,
  audience: 'buyer' | 'seller' = 'seller',
): readonly string[] {
  const outcome = tried('reminder-29', CONTRACTS[contract], audience);
  return outcome.kind === 'impossible' ? outcome.possible : [];
}

const EVERY_STANDING = [
  'WatchStarted',
  'WatchEnded',
  'WatchLost',
  'WatchRestored',
  'BuyerUnreachable',
  'BuyerReachable',
  'ForeignLicenseFound',
];
const SELLERS_DAYS = [
  'reminder-30',
  'reminder-14',
  'reminder-7',
  'reminder-3',
  'reminder-1',
  'reminder+1',
];

/** What cannot happen, of all other changes; whatever is not here can. */
const IMPOSSIBLE: Readonly<Record<ContractName, readonly ChangeType[]>> = {
  seats: [],
  pool: [],
  'lowest tier': ['LicenseDowngraded', 'UsageThresholdCrossed'],
  'highest tier': ['LicenseUpgraded', 'UsageThresholdCrossed'],
  unlimited: [
    'LicenseUpgraded',
    'LicenseDowngraded',
    'EntitlementsChanged',
    'UsageThresholdCrossed',
  ],
  'no end': [
    'LicenseRenewed',
    'LicenseShortened',
    'LicenseExpired',
    'RenewalIntentChanged',
    'AgreementAmended',
  ],
  upcoming: ['AnotherLicenseFound', 'CheckoutRefused', 'CheckoutAccepted', 'UsageThresholdCrossed'],
  overlapping: [],
  suspended: [
    'LicenseBegan',
    'GrantActivated',
    'GrantDeactivated',
    'LicenseShortened',
    'LicenseSuspended',
    'AnotherLicenseFound',
    'CheckoutRefused',
    'CheckoutAccepted',
    'UsageThresholdCrossed',
  ],
  waiting: [
    'LicenseBegan',
    'GrantDeactivated',
    'LicenseShortened',
    'AnotherLicenseFound',
    'CheckoutRefused',
    'CheckoutAccepted',
    'UsageThresholdCrossed',
  ],
  ended: CHANGE_TYPES.filter((type) => ![...EVERY_STANDING, 'LicenseRenewed'].includes(type)),
  nothing: CHANGE_TYPES.filter(
    (type) => ![...EVERY_STANDING, 'LicenseGranted', 'LicenseNotActivated'].includes(type),
  ),
};

describe('what can be simulated', () => {
  it.each(Object.keys(CONTRACTS) as ContractName[])('of a contract: %s', (contract) => {
    const possible = possibleIn(contract);
    expect(CHANGE_TYPES.filter((type) => !possible.includes(type))).toEqual(IMPOSSIBLE[contract]);
    const ends: Partial<Record<ContractName, string[]>> = {
      nothing: [],
      'no end': [],
      ended: ['reminder+1'],
    };
    expect(possible.filter((name) => name.startsWith('reminder'))).toEqual(
      ends[contract] ?? SELLERS_DAYS,
    );
  });

  it('is named where something else was asked for, with the reason', () => {
    expect(tried('LicenseUpgraded', CONTRACTS['highest tier'])).toEqual({
      kind: 'impossible',
      reason:
        'LicenseUpgraded cannot happen to this contract, whose standing is in-force: it needs a tier above the one owned, or a limited number of something that can be more',
      possible: possibleIn('highest tier'),
    });
    expect(tried('reminder-29', CONTRACTS.seats)).toMatchObject({
      reason: expect.stringContaining('of that day') as string,
    });
    expect(tried('reminder-30', CONTRACTS.ended)).toMatchObject({
      reason: expect.stringContaining('an end to come') as string,
    });
  });

  it('is never told to those who never hear of it', () => {
    for (const type of SELLERS_OWN) {
      expect(tried(type, CONTRACTS.seats, 'buyer')).toMatchObject({
        kind: 'impossible',
        reason: `${type} is never told to the buyer`,
      });
      expect(tried(type, CONTRACTS.seats, 'buyer', 'seller')).toMatchObject({ kind: 'impossible' });
    }
    expect(tried('reminder-90', CONTRACTS.seats, 'buyer')).toMatchObject({ kind: 'simulated' });
    expect(tried('reminder-90', CONTRACTS.seats)).toMatchObject({
      reason: 'reminder-90 is never told to the seller',
    });
    const chose = { ...CONTRACTS.seats, buyer: { ...CONTRACTS.seats.buyer, reminderDays: [30] } };
    expect(tried('reminder-30', chose, 'buyer')).toMatchObject({ kind: 'simulated' });
    expect(tried('reminder-90', chose, 'buyer')).toMatchObject({
      reason: 'reminder-90 is never told to the buyer',
    });
    // A tier that no list knows is the seller's own affair: another change of that name is found for the buyer, or none.
    expect(tried('EntitlementsChanged', CONTRACTS['lowest tier'])).toMatchObject({
      kind: 'simulated',
    });
    expect(tried('EntitlementsChanged', CONTRACTS['lowest tier'], 'buyer')).toMatchObject({
      kind: 'impossible',
    });
    expect(tried('EntitlementsChanged', CONTRACTS['highest tier'], 'buyer')).toMatchObject({
      kind: 'simulated',
    });
  });

  it('of a decision deadline is told as on its day, and needs one', () => {
    const renews = { end: at('2027-02-01'), licenseArns: [] };
    const { head } = CONTRACTS.seats;
    const known = factsOf(anAgreement(renews));
    const of = {
      ...CONTRACTS.seats,
      now: at('2026-10-01'),
      head: { ...head, agreements: [{ facts: known, endedSince: null, disagrees: null }] },
    };
    const simulated = simulatedOf(tried('decide-14', of, 'buyer', 'seller'));
    expect(simulated.at).toBe(at('2026-12-19'));
    expect(mailOf(simulated, of, 'buyer').subject).toBe(
      'Decide on renewal in 14 days [TEST]: Design Suite (Buyer One)',
    );
    expect(tried('decide-13', of)).toMatchObject({ kind: 'impossible' });
    const unread = { ...of, head: { ...head, agreements: null } };
    expect(tried('decide-14', unread)).toMatchObject({
      reason: expect.stringContaining('a decision deadline to come') as string,
    });
  });

  it('of agreements needs that they were read', () => {
    const { head } = CONTRACTS.seats;
    const unread = { ...CONTRACTS.seats, head: { ...head, agreements: null } };
    expect(tried('RenewalIntentChanged', unread)).toMatchObject({
      kind: 'impossible',
      reason: expect.stringContaining('read from the seller’s account') as string,
    });
  });

  it('of checkouts needs a product that is probed', () => {
    const unprobed = { ...CONTRACTS.seats, product: { ...SUITE, probe: 'off' as const } };
    expect(tried('CheckoutRefused', unprobed)).toMatchObject({ kind: 'impossible' });
  });
});

describe('what is simulated', () => {
  it.each(CHANGE_TYPES.filter((type) => type !== 'UsageThresholdCrossed'))(
    'of seats is that alone: %s',
    (type) => {
      const [pendingNotice] = simulatedOf(tried(type, CONTRACTS.seats)).pendingNotices;
      expect(pendingNotice?.entry.changes.map((change) => change.type)).toEqual([type]);
      expect(pendingNotice?.entry.reminder).toBeNull();
    },
  );

  it.each(Object.keys(CONTRACTS) as ContractName[])(
    'cannot be taken for what a ledger holds: %s',
    (name) => {
      const contract = CONTRACTS[name];
      for (const audience of ['buyer', 'seller'] as const) {
        for (const possible of possibleIn(name, audience)) {
          const simulated = simulatedOf(tried(possible, contract, audience));
          const [pendingNotice, ...more] = simulated.pendingNotices;
          expect(more).toEqual([]);
          expect(pendingNotice?.notice).toMatchObject({ audience, entry: 0 });
          expect(pendingNotice?.entry).toMatchObject({
            entry: 0,
            hash: 'test',
            previousHash: null,
          });
          const { subject, text } = mailOf(simulated, contract, audience);
          expect(subject).toMatch(/^[A-Za-z0-9][ -~]{0,98}$/);
          expect(subject).toContain('[TEST]');
          expect(text).toMatch(/^\[TEST\] Nothing has changed/);
          expect(text).not.toMatch(/[0-9a-f]{16,}|entry [1-9]|Proof: \d/);
        }
      }
    },
  );

  it('leaves the contract as it is', () => {
    const before = structuredClone(CONTRACTS.overlapping);
    for (const selection of selectionsOf(SUITE))
      simulate(selection, CONTRACTS.overlapping, ['seller']);
    expect(CONTRACTS.overlapping).toEqual(before);
  });

  it('is not mixed with what goes on at present', () => {
    const { head } = CONTRACTS.seats;
    const troubled: SimulatedContract = {
      ...CONTRACTS.seats,
      head: {
        ...head,
        blind: {
          cause: 'permission-missing',
          detail: 'denied',
          ticks: 3,
          since: at('2026-05-25'),
          told: true,
          backOffUntil: null,
        },
        settling: aSettling(),
        refused: { ticks: 2, told: false },
      },
    };
    const [pendingNotice] = simulatedOf(tried('LicenseRenewed', troubled)).pendingNotices;
    expect(pendingNotice?.entry.changes.map(({ type }) => type)).toEqual(['LicenseRenewed']);
    expect(pendingNotice?.entry.reason).not.toContain('withdrawn');
  });

  it('goes from what is there: tiers by the seller’s list, terms by their length, a pool by its size', () => {
    expect(changeOf('LicenseUpgraded', 'lowest tier')).toMatchObject({
      before: { tier: 'BasicTier' },
      after: { tier: 'IntermediateTier' },
    });
    expect(changeOf('LicenseDowngraded', 'highest tier')).toMatchObject({
      after: { tier: 'IntermediateTier' },
    });
    expect(changeOf('LicenseUpgraded', 'seats')).toMatchObject({
      after: { counts: [{ maxCount: quantity(8) }] },
    });
    expect(changeOf('LicenseRenewed', 'seats')).toMatchObject({
      before: { end: at('2027-02-01') },
      after: { end: at('2028-02-01') },
    });
    expect(changeOf('LicenseRenewed', 'ended')).toMatchObject({
      after: { end: at('2027-06-01') },
      early: false,
    });
    const terms = (begin: string, end: string) => {
      const found = tried('LicenseRenewed', contractWith(SUITE, license({ begin, end })));
      return simulatedOf(found).pendingNotices[0]?.entry.changes[0];
    };
    // Renewed once already, and a leap year ahead.
    expect(terms('2026-01-05', '2028-01-05')).toMatchObject({ after: { end: at('2029-01-05') } });
    expect(terms('2027-02-28', '2028-02-29')).toMatchObject({ after: { end: at('2029-02-28') } });
    expect(terms('2026-05-15', '2026-06-15')).toMatchObject({ after: { end: at('2026-07-15') } });
    expect(terms('2026-05-15', '2026-06-04')).toMatchObject({ after: { end: at('2026-06-24') } });
    expect(changeOf('UsageThresholdCrossed', 'pool')).toMatchObject({
      threshold: 80,
      after: { percent: 80 },
    });
  });

  it('of a renewal is that the buyer switched it off, or on again where they had', () => {
    const off = { intent: { kind: 'expires', because: 'buyer-switched-off' } };
    const known = CONTRACTS.seats.head.agreements!;
    expect(changeOf('RenewalIntentChanged', 'seats')).toMatchObject({ party: 'buyer', after: off });
    const facts = { ...known[0]!.facts, ...off } as KnownAgreement['facts'];
    const switched = {
      ...CONTRACTS.seats,
      head: { ...CONTRACTS.seats.head, agreements: [{ ...known[0]!, facts }] },
    };
    const [again] = simulatedOf(tried('RenewalIntentChanged', switched)).pendingNotices;
    expect(again?.entry.changes).toMatchObject([
      { party: 'buyer', after: { intent: { kind: 'renews' } } },
    ]);
  });

  it('of a pool is the next threshold, until all of it is used', () => {
    const contract = CONTRACTS.pool;
    const [{ licenseArn, version } = { licenseArn: '', version: '' }] = contract.head.state;
    const usedUp = (consumed: number, threshold: 80 | 100): SimulatedContract => ({
      ...contract,
      head: {
        ...contract.head,
        usage: [
          {
            name: 'DataConsumption',
            unit: 'Gigabytes',
            consumed: quantity(consumed),
            maxCount: quantity(500),
          },
        ],
        usageMarks: [
          {
            version: `${licenseArn}@${version}`,
            entitlementName: 'DataConsumption',
            unit: 'Gigabytes',
            threshold,
          },
        ],
      },
    });
    const [pendingNotice] = simulatedOf(
      tried('UsageThresholdCrossed', usedUp(410, 80)),
    ).pendingNotices;
    expect(pendingNotice?.entry.changes).toMatchObject([
      { threshold: 90, before: { percent: 82 } },
    ]);
    expect(tried('UsageThresholdCrossed', usedUp(500, 100))).toMatchObject({ kind: 'impossible' });
  });

  it('of an end is told as on its day, past or to come, and whatever was told before', () => {
    expect(simulatedOf(tried('LicenseExpired', CONTRACTS.seats)).at).toBe(at('2027-02-01'));
    const late = {
      ...CONTRACTS.seats,
      now: at('2027-01-25'),
      head: { ...CONTRACTS.seats.head, marks: toldAll('2027-02-01') },
    };
    const simulated = simulatedOf(tried('reminder-30', late, 'buyer'));
    expect(simulated.at).toBe(at('2027-01-02'));
    expect(mailOf(simulated, late, 'buyer').subject).toBe(
      'Ends in 30 days, does not renew [TEST]: Design Suite (Buyer One)',
    );
    expect(
      simulatedOf(tried('reminder-30', CONTRACTS.overlapping)).pendingNotices[0]?.entry.reminder
        ?.share,
    ).toBe('your 5 ReadOnly of license ...ense:l-a');
  });
});

describe('a selection', () => {
  it('is spelled like a change in any case, or by the day of a reminder', () => {
    expect(parseSelection('licenserenewed')).toEqual({ kind: 'change', type: 'LicenseRenewed' });
    expect(parseSelection('reminder-30')).toEqual({ kind: 'reminder', daysBefore: 30 });
    expect(parseSelection('Reminder+1')).toEqual({ kind: 'reminder', daysBefore: -1 });
    for (const selection of selectionsOf(SUITE))
      expect(parseSelection(selectionName(selection))).toEqual(selection);
    for (const text of [
      '',
      'reminder',
      'reminder-0',
      'reminder30',
      'LicenseRenewe',
      'constructor',
    ]) {
      expect(parseSelection(text)).toBeUndefined();
    }
  });
});

function simulatedOf(outcome: Simulated | Impossible): Simulated {
  if (outcome.kind === 'impossible') throw new Error(outcome.reason);
  return outcome;
}

function changeOf(name: string, contract: ContractName) {
  return simulatedOf(tried(name, CONTRACTS[contract])).pendingNotices[0]?.entry.changes[0];
}

function mailOf(
  { pendingNotices: [pendingNotice], head, lastSeen, at: now }: Simulated,
  { product }: SimulatedContract,
  audience: 'buyer' | 'seller',
) {
  if (pendingNotice === undefined) throw new Error('nobody is told');
  const { entry, notice } = pendingNotice;
  if (audience === 'seller') {
    return sellerDigest({
      entries: [{ entry, product, head, lastSeen, toBuyer: undefined, undelivered: null }],
      now,
      test: true,
    });
  }
  const welcome = notice.kind === 'welcome';
  return buyerMail({
    entry,
    folded: [],
    welcome,
    head,
    lastSeen,
    product,
    sellerName: 'Example Software',
    now,
    test: true,
  });
}

function toldAll(endDate: string) {
  return SUITE.reminderDays.map((daysBefore) => ({ endDate, daysBefore, how: 'told' as const }));
}
