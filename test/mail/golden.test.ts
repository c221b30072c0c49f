import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Advisory,
  ADVISORY_STATUSES,
  CANCELLATION_STATUSES,
  type Matter,
} from '../../lib/domain/agreement/matter.ts';
import { BLIND_CAUSES } from '../../lib/domain/check/observation.ts';
import { MINUTE, plus } from '../../lib/domain/time.ts';
import type { MatterToTell } from '../../lib/mail/mail.ts';
import { mattersMail } from '../../lib/mail/matters-mail.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import { aCancellation, AGREEMENT_ID, anAgreement } from '../support/agreements.ts';
import { aBuyer, BUYER } from '../support/records.ts';
import type { Mail } from '../../lib/domain/ports.ts';
import { WatchedContract } from '../support/contracts.ts';
import { expectGolden } from '../support/golden.ts';
import { at, gigabytes, inUse, seats, USAGE } from '../support/licenses.ts';
import {
  digestEntry,
  lastMail,
  LAKE,
  SECOND,
  seats5,
  SUITE,
  TIERED,
  tiered,
  watching,
} from '../support/mails.ts';
import { ACCEPTED, blind, NOT_LOOKED, seen, trouble } from '../support/observations.ts';

const TICK = 15 * MINUTE;

function golden(name: string, mail: Mail): void {
  expectGolden(mail, join(import.meta.dirname, 'golden', `${name}.txt`));
}

describe('reminders to a buyer', () => {
  it.each([
    ['14', '2027-01-18'],
    ['1', '2027-01-31'],
  ])('of day %s', (daysBefore, tick) => {
    const watched = watching();
    expect(watched.look(at(tick), seen([seats5()]))).toEqual([`reminder ${daysBefore}`]);
    golden(`reminder-${daysBefore}`, lastMail(watched));
  });

  it('of the day after, where no renewal was seen', () => {
    const watched = watching();
    watched.look(at('2027-02-01'), seen([seats5()]));
    expect(watched.look(at('2027-02-02'), seen([seats5()]))).toEqual(['reminder -1']);
    golden('reminder-day-after', lastMail(watched));
  });

  it('of an end that is not at midnight, where the seller has a page for renewals', () => {
    const watched = watching(
      { ...SUITE, renewalUrl: 'https://example.com/renew' },
      seats5({ end: '2027-02-01T23:59:59' }),
    );
    watched.look(at('2027-01-19'), seen([seats5({ end: '2027-02-01T23:59:59' })]));
    golden('reminder-not-at-midnight', lastMail(watched));
  });

  it('while the watcher cannot look', () => {
    const watched = watching();
    const ticks = [0, 1, 2].map((tick) => plus(at('2027-01-10'), tick * TICK));
    watched.look(at('2027-01-05'), seen([seats5({ version: '1' })]));
    for (const tick of ticks) watched.look(tick, blind());
    expect(watched.look(at('2027-01-18'), NOT_LOOKED)).toEqual(['reminder 14']);
    golden('reminder-while-blind', lastMail(watched));
  });

  it('of the day after, while the watcher cannot look: neither that it ended nor that it did not is known', () => {
    const watched = watching();
    watched.look(at('2027-01-05'), seen([seats5({ version: '2' })]));
    for (const tick of [0, 1, 2]) watched.look(plus(at('2027-01-10'), tick * TICK), blind());
    expect(watched.look(at('2027-02-02'), NOT_LOOKED)).toEqual(['reminder -1']);
    const mail = lastMail(watched);
    expect(`${mail.subject}\n${mail.text}`).not.toMatch(
      /no renewal|ended on|Standing +in force|can be used/,
    );
    golden('reminder-day-after-while-blind', mail);
  });

  it('of one of two overlapping licenses', () => {
    const both = [
      seats5(),
      seats5({
        arn: SECOND,
        begin: '2026-05-01',
        end: '2027-05-01',
        entitlements: [USAGE, seats(10)],
      }),
    ];
    const watched = watching();
    watched.look(at('2026-05-01'), seen(both));
    expect(watched.look(at('2027-01-18'), seen(both))).toEqual(['reminder 14']);
    golden('reminder-overlapping', lastMail(watched));
  });
});

describe('the first mail to a buyer', () => {
  it('of a license in force', () => {
    golden('welcome', lastMail(watching(), { welcome: true }));
  });

  it('of a perpetual license', () => {
    golden(
      'welcome-perpetual',
      lastMail(watching(TIERED, tiered('PremiumTier', { end: null })), { welcome: true }),
    );
  });

  it('of a pool, whose usage is shared, and its renewal', () => {
    const pool = seats5({ entitlements: [USAGE, gigabytes(500)] });
    const usage = [inUse('DataConsumption', 120.5, 500, 'Gigabytes')];
    const watched = new WatchedContract(LAKE);
    watched.look(at('2026-03-01'), seen([pool], { usage }));
    golden('welcome-pool', lastMail(watched, { welcome: true }));
    const longer = seats5({
      version: '2',
      end: '2027-03-01',
      entitlements: [USAGE, gigabytes(500)],
    });
    golden(
      'renewed-pool',
      told(watched, '2026-03-02', seen([longer], { usage }), ['LicenseRenewed']),
    );
  });

  it('of two terms with a gap to come', () => {
    const both = [seats5(), seats5({ arn: SECOND, begin: '2027-02-06', end: '2028-02-01' })];
    const watched = new WatchedContract(SUITE);
    watched.look(at('2026-03-01'), seen(both));
    golden('welcome-before-gap', lastMail(watched, { welcome: true }));
  });

  it.each([
    ['suspended', seats5({ status: 'SUSPENDED' })],
    ['upcoming', seats5({ begin: '2026-07-01' })],
  ])('of a license that is %s, with what it means and asks for', (standing, first) => {
    golden(`welcome-${standing}`, lastMail(watching(SUITE, first), { welcome: true }));
  });

  it('of a term that has not begun beside a suspended one names the begin that is to come', () => {
    const watched = new WatchedContract(SUITE);
    const next = seats5({ arn: SECOND, begin: '2026-07-01', end: '2027-07-01' });
    watched.look(at('2026-03-01'), seen([seats5({ status: 'SUSPENDED' }), next]));
    expect(lastMail(watched, { welcome: true }).subject).toContain('term from 2026-07-01');
  });

  it('of a license whose renewal the buyer switched off, with how to switch it on again', () => {
    const watched = new WatchedContract(SUITE);
    watched.agreements = [
      anAgreement({
        ...{ licenseArns: [], end: at('2027-02-01') },
        endTimeBehavior: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' },
      }),
    ];
    watched.look(at('2026-03-01'), seen([seats5()]));
    golden('welcome-not-renewing', lastMail(watched, { welcome: true }));
  });

  it('that comes after the end it names asks to renew, and never to do nothing', () => {
    const watched = watching(SUITE, seats5(), '2027-01-31');
    const { text } = lastMail(watched, { welcome: true, now: at('2027-02-01') });
    expect(text).toContain('did not renew it minutes ago');
    expect(text).not.toMatch(/What to do\nNothing|ended on/);
  });

  it('of a license that has ended', () => {
    golden('welcome-ended', lastMail(watching(SUITE, seats5(), '2027-03-01'), { welcome: true }));
  });

  it('with everything that was held until the address was confirmed', () => {
    const watched = watching();
    watched.look(
      at('2026-04-01'),
      seen([seats5({ version: '2', entitlements: [USAGE, seats(8)] })]),
    );
    watched.look(
      at('2026-05-01'),
      seen([seats5({ version: '3', entitlements: [USAGE, seats(8)], end: '2028-02-01' })]),
    );
    watched.look(
      at('2026-06-01'),
      seen([
        seats5({
          version: '4',
          entitlements: [USAGE, seats(8)],
          end: '2028-02-01',
          status: 'SUSPENDED',
        }),
      ]),
    );
    golden(
      'welcome-folded',
      lastMail(watched, { welcome: true, folded: watched.ledger.slice(0, -1) }),
    );
  });
});

/** A look that brings exactly one entry, and the mail of it. */
function told(
  watched: WatchedContract,
  tick: string,
  observation: ReturnType<typeof seen>,
  changes: readonly string[],
): Mail {
  expect(watched.look(at(tick), observation)).toEqual(changes);
  return lastMail(watched);
}

// The words of every change are in every-change.test.ts: here are mails whole, one of each form.
describe('changes told to a buyer', () => {
  it('LicenseExpired before a gap, after which there is another tier: nothing is upgraded before it begins', () => {
    const [first, next] = [
      tiered('BasicTier'),
      tiered('PremiumTier', { arn: SECOND, begin: '2027-02-06', end: '2028-02-01' }),
    ];
    const watched = new WatchedContract(TIERED);
    watched.look(at('2026-03-01'), seen([first, next]));
    golden('welcome-before-another-tier', lastMail(watched, { welcome: true }));
    watched.look(at('2027-02-01'), seen([next]));
    watched.look(at('2027-02-01T01:15'), seen([next]));
    golden('expired-before-another-tier', lastMail(watched));
  });

  const DAY_OF = '2026-06-01';
  const one = (license: ReturnType<typeof seats5>) => seen([license]);

  it('LicenseUpgraded by seats', () => {
    const more = one(seats5({ version: '2', entitlements: [USAGE, seats(8)] }));
    golden('upgraded-seats', told(watching(), DAY_OF, more, ['LicenseUpgraded']));
  });

  it('LicenseUpgraded by tier', () => {
    const watched = watching(TIERED, tiered('BasicTier'));
    golden(
      'upgraded-tier',
      told(watched, DAY_OF, one(tiered('PremiumTier', { version: '2' })), ['LicenseUpgraded']),
    );
  });

  it('LicenseRenewed early, under the same ID', () => {
    const renewed = one(seats5({ version: '2', end: '2028-02-01' }));
    golden('renewed-early', told(watching(), '2026-12-01', renewed, ['LicenseRenewed']));
  });

  it('LicenseRenewed twenty minutes after the end, which withdraws the bad news', () => {
    const watched = watching();
    watched.look(at('2027-02-01'), one(seats5()));
    const both = seen([
      seats5(),
      seats5({ arn: SECOND, begin: '2027-02-01T00:20', end: '2028-02-01' }),
    ]);
    golden('renewed-after-gap', told(watched, '2027-02-01T00:30', both, ['LicenseRenewed']));
    expect(watched.notices.filter(({ state }) => state === 'withdrawn')).toHaveLength(3);
  });

  it('LicenseRenewed under the same ID after the end, where AWS knows of no gap', () => {
    const watched = watching();
    watched.look(at('2027-02-01'), one(seats5()));
    const renewed = one(seats5({ version: '2', end: '2028-02-01' }));
    golden('renewed-after-end', told(watched, '2027-02-01T00:15', renewed, ['LicenseRenewed']));
  });

  it('LicenseRenewed for the future, with a gap to come', () => {
    const both = seen([seats5(), seats5({ arn: SECOND, begin: '2027-02-06', end: '2028-02-01' })]);
    golden('renewed-future', told(watching(), '2026-10-01', both, ['LicenseRenewed']));
  });

  it('LicenseExpired', () => {
    golden('expired', told(watching(), '2027-02-01', one(seats5()), ['LicenseExpired']));
  });

  it('LicenseRemoved', () => {
    const watched = watching();
    watched.look(at(DAY_OF), seen([]));
    golden('removed', told(watched, '2026-06-01T00:15', seen([]), ['LicenseRemoved']));
  });

  it('LicenseSuspended and LicenseReinstated', () => {
    const watched = watching();
    golden(
      'suspended',
      told(watched, DAY_OF, one(seats5({ status: 'SUSPENDED' })), ['LicenseSuspended']),
    );
    watched.look(at('2026-06-02'), one(seats5({ status: 'SUSPENDED' })));
    golden(
      'reinstated',
      told(watched, '2026-06-03', one(seats5({ version: '2' })), ['LicenseReinstated']),
    );
  });

  it('LicenseNotActivated, then nothing before the grant is accepted', () => {
    const watched = watching(SUITE, seats5({ receivedStatus: 'PENDING_ACCEPT' }));
    expect(watched.changes).toEqual(['WatchStarted', 'LicenseNotActivated']);
    golden('not-activated', lastMail(watched, { welcome: true }));
  });

  it('LicenseGranted, upcoming, and LicenseBegan', () => {
    const watched = watching(SUITE, null);
    golden('welcome-without-license', lastMail(watched, { welcome: true }));
    const next = seats5({ arn: SECOND, begin: '2026-07-01', end: '2027-07-01' });
    golden('granted', told(watched, DAY_OF, one(next), ['LicenseGranted']));
    golden('began', told(watched, '2026-07-01', one(next), ['LicenseBegan']));
  });

  it('UsageThresholdCrossed, of what is held', () => {
    const used = (consumed: number) =>
      seen([seats5()], {
        usage: [inUse('ReadOnly', consumed, 5)],
      });
    const watched = watching(SUITE, seats5());
    const at80 = told(watched, DAY_OF, used(4), ['UsageThresholdCrossed']);
    const at100 = told(watched, '2026-07-01', used(5), ['UsageThresholdCrossed']);
    const over = told(watched, '2026-08-01', used(7), ['UsageThresholdCrossed']);
    golden('held-80', at80);
    golden('held-100', at100);
    for (const { text } of [at80, at100, over]) expect(text).not.toContain('come back by itself');
    // Of a number that changes with every launch the facts of a mail say nothing.
    expect(at80.text.match(/4 of 5/g)).toHaveLength(1);
    expect(over.text).toContain('7 of 5 seats in use, over by 2');
  });

  it.each([
    ['where nothing more is allowed', false],
    ['where more is allowed', true],
  ])('UsageThresholdCrossed, %s', (_, overage) => {
    const pool = seats5({ entitlements: [USAGE, { ...gigabytes(500), overage }] });
    const used = (consumed: number) =>
      seen([pool], {
        usage: [inUse('DataConsumption', consumed, 500, 'Gigabytes')],
      });
    const watched = watching(LAKE, pool);
    watched.look(at('2026-04-01'), used(100));
    const at80 = told(watched, DAY_OF, used(410), ['UsageThresholdCrossed']);
    const at100 = told(watched, '2026-07-01', used(500), ['UsageThresholdCrossed']);
    const over = told(watched, '2026-08-01', used(520), ['UsageThresholdCrossed']);
    if (overage) {
      for (const { text } of [at80, at100, over]) expect(text).not.toContain('refuses');
      golden('usage-over', over);
      return;
    }
    golden('usage-80', at80);
    golden('usage-100', at100);
    // After less was bought than is used, say.
    expect(over.text).toContain('refuses');
  });

  it.each(BLIND_CAUSES)('WatchLost: %s, which names no stack to whom has none', (cause) => {
    const watched = watching();
    const [first, second, third] = [0, 1, 2].map((tick) => plus(at(DAY_OF), tick * TICK));
    watched.look(first!, blind(cause));
    watched.look(second!, blind(cause));
    expect(watched.look(third!, blind(cause))).toEqual(['WatchLost']);
    if (cause === 'permission-missing') golden('watch-lost', lastMail(watched));
    expect(lastMail(watched, { isWithoutStack: true }).text).not.toMatch(/stack/i);
  });

  it('WatchLost by trouble, and WatchRestored', () => {
    const watched = watching();
    watched.look(at(DAY_OF), trouble());
    expect(watched.look(at('2026-06-02'), trouble())).toEqual(['WatchLost']);
    golden('watch-lost-trouble', lastMail(watched));
    expect(watched.look(at('2026-06-03'), seen([seats5()], { probe: ACCEPTED }))).toEqual([
      'WatchRestored',
    ]);
    golden('watch-restored', lastMail(watched));
  });

  it('several at once, with a reminder folded in', () => {
    const watched = watching();
    const all = one(seats5({ version: '2', end: '2027-01-20', entitlements: [USAGE, seats(8)] }));
    expect(watched.look(at('2027-01-10'), all)).toEqual(['LicenseShortened', 'LicenseUpgraded']);
    golden('several-changes', lastMail(watched));
    const upgraded = watching();
    const more = one(seats5({ version: '2', entitlements: [USAGE, seats(8)] }));
    expect(upgraded.look(at('2027-01-18'), more)).toEqual(['LicenseUpgraded', 'reminder 14']);
    golden('upgraded-and-reminded', lastMail(upgraded));
  });

  it('with the versions that lay between two looks, and those that nobody knows', () => {
    const watched = watching();
    const { status, validity } = seats5();
    const licenseArn = seats5().licenseArn;
    const entitlements = [USAGE, seats(20)];
    watched.versionsBetween = [
      {
        ...{ licenseArn, after: '1', before: '5' },
        versions: [{ version: '2', status, validity, entitlements }],
        unknown: { which: '3 to 4', why: 'they are not listed' },
      },
    ];
    const more = one(seats5({ version: '5', entitlements: [USAGE, seats(8)] }));
    golden('upgraded-over-versions', told(watched, DAY_OF, more, ['LicenseUpgraded']));
  });

  it('as a test', () => {
    const watched = watching();
    watched.look(at('2027-01-18'), one(seats5()));
    const { subject, text } = lastMail(watched, { test: true });
    expect(subject).toBe('Ends in 14 days [TEST]: Design Suite (Buyer One)');
    expect(text).toMatch(
      /^\[TEST\] Nothing has changed and there is nothing to do: .* how a notice of 2027-01-18 00:04 UTC would look\.\n\n/,
    );
    // Nobody is to compare it with a ledger.
    expect(text).not.toMatch(/[0-9a-f]{64}|entry \d/);
    expect(text).toContain('no ledger holds a test');
  });
});

describe('what AWS says beside agreements, to the seller, an owner and operations', () => {
  const now = at('2027-01-10T10:00');
  const buyer = aBuyer({ owner: 'Ada Moreau', contacts: ['Grace Okafor <grace@example.com>'] });
  const told = (matter: Matter): MatterToTell => ({ matter, foundAt: now, product: SUITE, buyer });
  const advisory: Advisory = {
    ...{ kind: 'advisory', agreementId: AGREEMENT_ID, buyerAccountId: BUYER, saidBy: 'event' },
    ...{ productSku: SUITE.productSku, status: 'ISSUED', at: at('2027-01-10T09:00') },
  };

  it.each(CANCELLATION_STATUSES)('a request to cancel that is %s', (status) => {
    golden(
      `cancellation-${status.toLowerCase().replaceAll('_', '-')}`,
      mattersMail([told(aCancellation({ status }))], now),
    );
  });

  it.each(ADVISORY_STATUSES)('an advisory that is %s', (status) => {
    golden(`advisory-${status.toLowerCase()}`, mattersMail([told({ ...advisory, status })], now));
  });

  it('several, of which AWS says little', () => {
    const bare = { buyerAccountId: null, productSku: null, createdAt: null, reason: null };
    golden(
      'matters-several',
      mattersMail(
        [
          told(aCancellation()),
          {
            ...told(aCancellation({ ...bare, requestId: 'acr-1', statusMessage: 'a\nTo do: <b>' })),
            ...{ product: undefined, buyer: undefined },
          },
          told({ ...advisory, agreementId: `${AGREEMENT_ID.slice(0, -1)}x` }),
        ],
        now,
      ),
    );
  });
});

it('the digest of one owner', () => {
  const watched = watching();
  watched.look(at('2027-01-18'), seen([seats5()]));
  const sellersOwn = { owner: 'Ada Moreau', contacts: ['Grace Okafor <grace@example.com>'] };
  golden(
    'digest-owner',
    sellerDigest({
      entries: [digestEntry(watched, { sellersOwn })],
      ...{ now: at('2027-01-18T00:05'), owner: 'Ada Moreau' },
    }),
  );
});
