import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Agreement, EndTimeBehavior } from '../../lib/domain/agreement/agreement.ts';
import { type RenewalIntent, switchedOffBy } from '../../lib/domain/agreement/renewal-intent.ts';
import { type Change, CHANGE_TYPES } from '../../lib/domain/check/changes.ts';
import { BLIND_CAUSES } from '../../lib/domain/check/observation.ts';
import type { Entitlement, License } from '../../lib/domain/license/contract.ts';
import { quantity } from '../../lib/domain/license/quantity.ts';
import type { Reachability } from '../../lib/domain/notice/reachability.ts';
import { DAY, MINUTE, plus } from '../../lib/domain/time.ts';
import { newsOf } from '../../lib/mail/news/news-of.ts';
import {
  buyerVoice,
  presentOf,
  type News,
  SELLER_VOICE,
  type Setting,
  type ToldNews,
} from '../../lib/mail/news/news.ts';
import { anAgreement, aRenewalTerm } from '../support/agreements.ts';
import { product, WatchedContract } from '../support/contracts.ts';
import { expectGolden } from '../support/golden.ts';
import {
  at,
  gigabytes,
  inUse,
  type LicenseTraits,
  seats,
  tier,
  USAGE,
} from '../support/licenses.ts';
import { LAKE, SECOND, seats5, SUITE, TIERED, tiered, watching } from '../support/mails.ts';
import {
  ACCEPTED,
  blind,
  LEFT,
  NOT_LOOKED,
  REFUSED,
  seen,
  trouble,
} from '../support/observations.ts';
import { newsNames } from '../../lib/seller/ledger/entry-news.ts';

interface Told {
  readonly watched: WatchedContract;
  /** Nobody else hears of it so. */
  readonly to?: 'seller';
  readonly setting?: Partial<Setting>;
}

const [THIRD, FOURTH] = ['5500000000000003', '5500000000000004'];
const owns = (...entitlements: readonly Entitlement[]) => ({
  version: '2',
  entitlements: [USAGE, ...entitlements],
});
const second = (traits: LicenseTraits = {}) => seats5({ arn: SECOND, ...traits });
const others = [second(), seats5({ arn: THIRD }), seats5({ arn: FOURTH })];

/** One look after the first, and another where what is said needs it. */
function looks(
  first: readonly License[],
  then: readonly License[],
  when = '2026-04-01T10:00',
  of = SUITE,
): Told {
  const watched = new WatchedContract(of);
  watched.look(at('2026-03-01'), seen(first));
  watched.look(at(when), seen(then));
  // What is gone is believed at the second look that lacks it.
  if (watched.head?.missing !== null) watched.look(plus(at(when), 15 * MINUTE), seen(then));
  return { watched };
}

const grant = (receivedStatus: License['receivedStatus']) =>
  looks([], [seats5({ receivedStatus })]);
const becomes = (traits: LicenseTraits, when?: string) =>
  looks([seats5()], [seats5({ version: '2', ...traits })], when);
const back = (traits: LicenseTraits) =>
  looks([seats5({ version: '1', ...traits })], [seats5({ version: '2' })]);
/** One of two and two of four. */
const parts = (
  name: string,
  traits: LicenseTraits,
  when?: string,
): readonly (readonly [string, Told])[] => [
  [
    `one of several, ${name}`,
    looks([seats5(), second()], [seats5(), second({ version: '2', ...traits })], when),
  ],
  [
    `two of several, ${name}`,
    looks(
      [seats5(), ...others],
      [
        seats5(),
        ...others.slice(0, 2).map((each) => ({
          ...each,
          ...second({ version: '2', ...traits }),
          licenseArn: each.licenseArn,
        })),
        others[2]!,
      ],
      when,
    ),
  ],
  [
    `one of several, no longer ${name}`,
    looks(
      [seats5(), second({ version: '1', ...traits })],
      [seats5(), second({ version: '2' })],
      when,
    ),
  ],
];

function pool(consumed: number, traits: Partial<Entitlement> = {}): Told {
  const watched = watching(
    LAKE,
    seats5({ entitlements: [USAGE, { ...gigabytes(500), ...traits }, seats(3)] }),
  );
  const usage = [inUse('ReadOnly', 1, 3), inUse('DataConsumption', consumed, 500, 'Gigabytes')];
  watched.look(
    at('2026-04-01T10:00'),
    seen([seats5({ entitlements: [USAGE, { ...gigabytes(500), ...traits }, seats(3)] })], {
      usage,
    }),
  );
  return { watched };
}

function found(foreign: readonly string[], before: readonly string[] = []): Told {
  const watched = watching();
  watched.look(at('2026-03-15'), seen([seats5()], { foreign: before }));
  watched.look(at('2026-04-01T10:00'), seen([seats5()], { foreign }));
  return { watched };
}

function checkouts(...probes: readonly (typeof REFUSED)[]): Told {
  const watched = watching();
  for (const [n, probe] of probes.entries())
    watched.look(plus(at('2026-04-01T10:00'), n * 15 * MINUTE), seen([seats5()], { probe }));
  return { watched };
}

function lost(how: ReturnType<typeof blind>, hours = 1, first: License | null = seats5()): Told {
  const watched = first === null ? new WatchedContract(SUITE) : watching(SUITE, first);
  for (let n = 0; n < 4 * hours; n += 1)
    watched.look(plus(at('2026-04-01T10:00'), n * 15 * MINUTE), how);
  return { watched };
}

function restoredFrom({ watched }: Told): Told {
  watched.look(at('2026-04-03'), seen([seats5()]));
  return { watched };
}

function ended(): Told {
  const watched = watching();
  watched.look(at('2026-04-01T10:00'), LEFT);
  return { watched };
}

function reminded(
  when: string,
  traits: LicenseTraits = {},
  of = SUITE,
  setting: Partial<Setting> = {},
  agreements: readonly Agreement[] | null = null,
): Told {
  const watched = watching(of, seats5(traits), '2026-08-01');
  watched.agreements = agreements;
  if (agreements !== null) watched.dueNow(at('2026-12-01'));
  watched.look(at('2026-12-01T10:00'), seen([seats5(traits)]));
  watched.look(at('2026-12-02T10:00'), seen([seats5(traits)]));
  if (at(when) > at('2027-02-01')) {
    for (const hour of ['10', '12'])
      watched.look(at(`2027-02-01T${hour}:00`), seen([seats5(traits)]));
  }
  watched.look(at(when), seen([seats5(traits)]));
  return { watched, setting };
}

/** Reminded of the first of two ends. */
function partly(when: string): Told {
  const both = seen([seats5(), second({ begin: '2026-05-01', end: '2027-05-01' })]);
  const watched = new WatchedContract(SUITE);
  for (const tick of [
    '2026-08-01',
    '2026-12-03',
    '2027-01-02',
    ...(at(when) > at('2027-02-01')
      ? ['2027-01-18', '2027-01-25', '2027-01-29', '2027-01-31']
      : []),
  ])
    watched.look(at(tick), both);
  // What ends is not seen to end: nobody can look.
  watched.look(at(when), at(when) > at('2027-02-01') ? NOT_LOOKED : both);
  return { watched };
}

function unconfirmed(bad: LicenseTraits, when: string): Told {
  const { watched } = looks([seats5()], [seats5({ version: '2', ...bad })], when);
  return { watched, setting: { entry: { ...watched.last, isUnconfirmed: true } } };
}

const unseen = (history: Told): Told => {
  const { head, lastSeen } = history.watched;
  const present = {
    ...presentOf({ head: head!, lastSeen }),
    isBlind: true,
    verdict: 'unknown' as const,
  };
  return { ...history, setting: { present } };
};

/** Daily looks at who reads the topic. */
function topicIs(...states: readonly Reachability[]): Told {
  const watched = watching();
  for (const [day, state] of states.entries()) {
    const since = plus(at('2026-04-01T10:00'), day * DAY);
    watched.look(since, { kind: 'topic', state, since });
  }
  return { watched, to: 'seller' };
}

/** What the seller's account says of the agreement. */
function agreed(...changes: readonly AgreementChange[]): Told {
  const watched = watching();
  watched.ledger.push({ ...watched.last, entry: 2, changes });
  return { watched };
}
type AgreementChange = Extract<Change, { readonly agreementId: string }>;

/** An end, or the deadline before it, of which the seller's account says what happens. */
function agreedTo(
  when: string,
  endTimeBehavior: EndTimeBehavior | null,
  lockoutDays = 30,
  reminderDays: readonly number[] = [],
): Told {
  const renewal = aRenewalTerm({ lockoutDays });
  const terms = { renewal, quantities: [] };
  const of = product({
    ...SUITE,
    reminderDays,
    decisionDays: reminderDays.length > 0 ? [] : [14, 1],
  });
  const agreement = anAgreement({ licenseArns: [], end: at('2027-02-01'), endTimeBehavior, terms });
  return reminded(when, {}, of, {}, [agreement]);
}

const RENEW: EndTimeBehavior = { type: 'RENEW', reason: null };
function expires(reason: EndTimeBehavior['reason']): EndTimeBehavior {
  return { type: 'EXPIRE', reason };
}

const OF_AGREEMENT = {
  ...{ agreementId: 'agmt-1', updatedAt: at('2026-04-01T09:30'), end: at('2027-02-01') },
  ...{ decideBy: at('2027-01-02'), reason: 'AWS says so' },
};
const RENEWS: RenewalIntent = { kind: 'renews', price: { kind: 'same' } };

function intends(
  before: RenewalIntent,
  after: RenewalIntent,
  traits: Partial<Extract<Change, { type: 'RenewalIntentChanged' }>> = {},
): Told {
  return agreed({
    ...OF_AGREEMENT,
    ...{ type: 'RenewalIntentChanged', party: switchedOffBy(after) ?? switchedOffBy(before) },
    ...{ before: { intent: before }, after: { intent: after } },
    ...traits,
  });
}

const EXPIRY_CAUSES = [
  'buyer-switched-off',
  'seller-switched-off',
  'no-renewal-term',
  'renewals-used-up',
  'unknown',
] as const;

const HISTORIES: readonly (readonly [string, Told])[] = [
  ['watch started, no license', { watched: watching(SUITE, null) }],
  ['watch started, in force', { watched: watching() }],
  ['watch started, in force, cannot be seen now', unseen({ watched: watching() })],
  ['watch started, without end', { watched: watching(SUITE, seats5({ end: null })) }],
  [
    'watch started, without end, cannot be seen now',
    unseen({ watched: watching(SUITE, seats5({ end: null })) }),
  ],
  [
    'watch started, ended',
    { watched: watching(SUITE, seats5({ begin: '2025-01-01', end: '2026-01-01' })) },
  ],
  ['watch started, suspended', { watched: watching(SUITE, seats5({ status: 'SUSPENDED' })) }],
  ['watch started, upcoming', { watched: watching(SUITE, seats5({ begin: '2026-05-01' })) }],
  ['watch started, and the end is near', { watched: watching(SUITE, seats5(), '2027-01-27') }],
  ['watch ended', ended()],
  ...BLIND_CAUSES.map((cause) => [`watch lost, ${cause}`, lost(blind(cause))] as const),
  ...BLIND_CAUSES.map(
    (cause) =>
      [
        `watch lost without a stack, ${cause}`,
        { ...lost(blind(cause)), setting: { isWithoutStack: true } },
      ] as const,
  ),
  ['watch lost, never seen', lost(blind(), 1, null)],
  ['watch lost, without end', lost(blind(), 1, seats5({ end: null }))],
  ['watch lost, trouble', lost(trouble(), 25)],
  [
    'watch lost, a field',
    lost(
      {
        kind: 'trouble',
        cause: 'unexpected-answer',
        detail: 'MaxCount cannot be read: x',
      },
      25,
    ),
  ],
  ['watch restored', restoredFrom(lost(blind()))],
  ['notices reach nobody, never confirmed', topicIs('never-confirmed')],
  ['notices reach nobody, gone', topicIs('gone')],
  ['notices reach nobody, the topic refuses', topicIs('topic-closed')],
  [
    'notices reach nobody, the topic refuses, without our stack',
    { ...topicIs('topic-closed'), setting: { isWithoutStack: true } },
  ],
  ['notices reach the buyer again', topicIs('gone', 'confirmed')],
  ['notices are sent again, and nobody can see to whom', topicIs('gone', 'cannot-tell')],

  ['granted', looks([], [seats5()])],
  ['granted, to begin', looks([], [seats5({ begin: '2026-05-01' })])],
  ['granted, and began between the looks', looks([], [seats5({ begin: '2026-03-20' })])],
  ['began', looks([seats5({ begin: '2026-03-20' })], [seats5({ begin: '2026-03-20' })])],
  ...(
    [
      'PENDING_ACCEPT',
      'DISABLED',
      'REJECTED',
      'PENDING_WORKFLOW',
      'WORKFLOW_COMPLETED',
      'FAILED_WORKFLOW',
      'DELETED',
    ] as const
  ).map((status) => [`not activated, ${status}`, grant(status)] as const),
  [
    'not activated beside another',
    looks([seats5()], [seats5(), second({ receivedStatus: 'DISABLED' })]),
  ],
  ['activated', back({ receivedStatus: 'DISABLED' })],
  [
    'activated, to begin',
    looks(
      [seats5({ receivedStatus: 'DISABLED', begin: '2026-05-01' })],
      [seats5({ version: '2', begin: '2026-05-01' })],
    ),
  ],
  ['no longer activated', becomes({ receivedStatus: 'DISABLED' })],
  ['grant deleted', becomes({ receivedStatus: 'DELETED' })],
  ['ended by its date', becomes({}, '2027-02-01T00:10')],
  ['ended by the word of AWS', becomes({ status: 'EXPIRED' })],
  [
    'ended, the next to begin',
    looks(
      [seats5(), second({ begin: '2027-02-06', end: '2028-02-06' })],
      [second({ begin: '2027-02-06', end: '2028-02-06' })],
      '2027-02-01T00:10',
    ),
  ],
  [
    'ended, the next not activated',
    looks(
      [seats5(), second({ end: '2028-02-06', receivedStatus: 'PENDING_ACCEPT' })],
      [second({ end: '2028-02-06', receivedStatus: 'PENDING_ACCEPT' })],
      '2027-02-01T00:10',
    ),
  ],
  ['canceled', becomes({ status: 'DELETED' })],
  ['removed', looks([seats5()], [])],
  ['suspended', becomes({ status: 'SUSPENDED' })],
  ['deactivated', becomes({ status: 'DEACTIVATED' })],
  ['reinstated', back({ status: 'SUSPENDED' })],
  [
    'reinstated, to begin',
    looks([seats5({ status: 'SUSPENDED' })], [seats5({ version: '2', begin: '2026-05-01' })]),
  ],
  ...parts('suspended', { status: 'SUSPENDED' }),
  ...parts('deactivated', { status: 'DEACTIVATED' }),
  ...parts('not activated', { receivedStatus: 'DISABLED' }),
  ...[1, 2].map((count) => {
    const all = [
      seats5(),
      ...others.map((each, n) =>
        n < count
          ? { ...each, ...{ validity: { begin: at('2026-02-01'), end: at('2026-03-20') } } }
          : each,
      ),
    ];
    return [`${count} of several ended`, looks(all, all)] as const;
  }),
  [
    'the end of one of several moved to the past',
    looks([seats5(), second()], [seats5(), second({ version: '2', end: '2026-03-20' })]),
  ],
  ['one of several removed', looks([seats5(), second()], [seats5()])],
  [
    'one of several canceled',
    looks([seats5(), second()], [seats5(), second({ status: 'DELETED' })]),
  ],

  ['renewed', becomes({ end: '2028-02-01' })],
  ['renewed for ever', becomes({ end: null })],
  [
    'renewed with another license',
    looks([seats5()], [seats5(), second({ begin: '2027-02-01', end: '2028-02-01' })]),
  ],
  [
    'renewed with a gap to come',
    looks([seats5()], [seats5(), second({ begin: '2027-02-06', end: '2028-02-06' })]),
  ],
  [
    'renewed after a gap',
    looks(
      [seats5({ begin: '2025-02-01', end: '2026-02-01' })],
      [second({ begin: '2026-03-20', end: '2027-03-20' })],
    ),
  ],
  ['shortened', becomes({ end: '2026-12-01' })],
  ['shortened from no end', looks([seats5({ end: null })], [seats5({ version: '2' })])],
  ['shortened to an end that is near', becomes({ end: '2026-04-08T10:00' })],

  ['more seats', becomes(owns(seats(8)))],
  ['fewer seats', becomes(owns(seats(3)))],
  ['no limit any more', becomes(owns(seats(null)))],
  ['another dimension', becomes(owns(seats(5), seats(2, 'Admin')))],
  [
    'many at once',
    becomes(owns(seats(8), seats(2, 'Admin'), seats(3, 'Guests'), seats(4, 'Robots'))),
  ],
  [
    'a long name',
    becomes(
      owns(seats(5), seats(2, 'Administrators of the whole group of companies and their guests')),
    ),
  ],
  [
    'more and fewer',
    looks(
      [seats5(owns(seats(5), seats(2, 'Admin')))],
      [seats5({ ...owns(seats(8), seats(1, 'Admin')), version: '3' })],
    ),
  ],
  ['another unit', becomes(owns({ ...seats(5), unit: 'Gigabytes' }))],
  ['more of one of several', looks([seats5(), second()], [seats5(), second(owns(seats(8)))])],
  [
    'a higher tier',
    looks([tiered('BasicTier')], [tiered('PremiumTier', { version: '2' })], undefined, TIERED),
  ],
  [
    'a lower tier',
    looks([tiered('PremiumTier')], [tiered('BasicTier', { version: '2' })], undefined, TIERED),
  ],
  [
    'an unknown tier',
    looks([tiered('BasicTier')], [tiered('SecretTier', { version: '2' })], undefined, TIERED),
  ],
  ['an unknown tier at first', looks([], [tiered('SecretTier')], undefined, TIERED)],
  [
    'a counted tier',
    looks([tiered('BasicTier')], [seats5(owns(seats(2, 'BasicTier')))], undefined, TIERED),
  ],
  [
    'a tier and its seats',
    looks([tiered('BasicTier')], [seats5(owns(tier('PremiumTier'), seats(8)))], undefined, TIERED),
  ],
  [
    'several in the place of several',
    looks([seats5(), second()], [seats5({ arn: THIRD, ...owns(seats(9)) })]),
  ],
  ['used 80 %', pool(410)],
  ['used 90 %', pool(455)],
  ['used up', pool(500)],
  ['used up, and more may be used', pool(500, { overage: true })],
  ['used more than there is', pool(600, { overage: true })],

  ['another license beside it', looks([seats5()], [seats5(), second()])],
  [
    'seven licenses',
    looks(
      [seats5()],
      [seats5(), ...others, ...['a', 'b', 'c'].map((n) => seats5({ arn: `660000000000000${n}` }))],
    ),
  ],
  [
    'a license of another issuer',
    found(['arn:aws:license-manager::999999999999:license:l-9900000000000001']),
  ],
  [
    'two more of another issuer',
    found(
      ['1', '2', '3'].map(
        (n) => `arn:aws:license-manager::999999999999:license:l-990000000000000${n}`,
      ),
      ['arn:aws:license-manager::999999999999:license:l-9900000000000001'],
    ),
  ],
  ['refused', checkouts(REFUSED, REFUSED, REFUSED)],
  ['accepted again', checkouts(REFUSED, REFUSED, REFUSED, ACCEPTED)],

  ['60 days before', reminded('2026-12-03T10:00')],
  ['30 days before', reminded('2027-01-02T10:00')],
  ['14 days before', reminded('2027-01-18T10:00')],
  [
    '3 days before, where there is a page for renewals',
    reminded(
      '2027-01-29T10:00',
      {},
      product({ ...SUITE, renewalUrl: 'https://example.com/renew' }),
    ),
  ],
  ['hours before', reminded('2027-01-31T10:00')],
  ['minutes before', reminded('2027-01-31T23:30')],
  ['a day after', reminded('2027-02-02T10:00')],
  [
    '14 days before a tier ends',
    reminded('2027-01-18T10:00', { entitlements: [tier('PremiumTier')] }, TIERED),
  ],
  ['14 days before, suspended', reminded('2027-01-18T10:00', { status: 'SUSPENDED' })],
  ['14 days before, cannot be seen now', unseen(reminded('2027-01-18T10:00'))],
  ['a day after, cannot be seen now', unseen(reminded('2027-02-02T10:00'))],

  ...(
    [
      ['renews at the same price', RENEW],
      ['moves to another offer', { type: 'REPLACE', reason: null }],
      ['was switched off by the buyer', expires('ACCEPTOR_RENEW_OPTED_OUT')],
      ['was switched off by the seller', expires('PROPOSER_RENEW_OPTED_OUT')],
      ['expires, nobody knows why', { type: 'EXPIRE', reason: null }],
      ['is not said', null],
    ] as const
  ).flatMap(
    ([what, endTimeBehavior]) =>
      [
        [`to be decided in 14 days, ${what}`, agreedTo('2026-12-19T10:00', endTimeBehavior)],
        [
          `30 days before, ${what}, to be decided before`,
          agreedTo('2027-01-02T10:00', endTimeBehavior, 20, [30]),
        ],
        [
          `7 days before, ${what}, too late to decide`,
          agreedTo('2027-01-25T10:00', endTimeBehavior, 30, [7]),
        ],
      ] as const,
  ),
  [
    '7 days before, there is no renewal term',
    agreedTo('2027-01-25T10:00', expires('NO_RENEWAL_TERM'), 30, [7]),
  ],
  [
    '7 days before, its renewals are used up',
    agreedTo('2027-01-25T10:00', expires('RENEWAL_LIMIT_EXHAUSTED'), 30, [7]),
  ],
  ['to be decided on the last day', agreedTo('2027-01-01T10:00', RENEW)],
  ['to be decided, cannot be seen now', unseen(agreedTo('2026-12-19T10:00', RENEW))],
  [
    '14 days before, renews, cannot be seen now',
    unseen(agreedTo('2027-01-25T10:00', RENEW, 30, [7])),
  ],

  ['14 days before a part of it ends', partly('2027-01-18T10:00')],
  ['a day after a part of it ended', partly('2027-02-02T10:00')],
  ['14 days before a part of it ends, cannot be seen now', unseen(partly('2027-01-18T10:00'))],

  ...EXPIRY_CAUSES.map(
    (because) =>
      [`will expire, ${because}`, intends(RENEWS, { kind: 'expires', because })] as const,
  ),
  [
    'switched off, the deadline has passed',
    intends(
      RENEWS,
      { kind: 'expires', because: 'buyer-switched-off' },
      { decideBy: at('2026-03-01') },
    ),
  ],
  [
    'switched off, of an end and a deadline that are not known',
    intends(
      { kind: 'no-end' },
      { kind: 'expires', because: 'seller-switched-off' },
      { decideBy: null, end: null, updatedAt: null },
    ),
  ],
  ['switched on again', intends({ kind: 'expires', because: 'buyer-switched-off' }, RENEWS)],
  [
    'will renew at a higher price',
    intends(
      { kind: 'renews', price: { kind: 'up-to', percent: quantity(7) } },
      { kind: 'renews', price: { kind: 'increased', percent: quantity(3) } },
    ),
  ],
  [
    'will renew at a price that is not known',
    intends({ kind: 'unknown', why: 'not-said' }, { kind: 'renews', price: { kind: 'unknown' } }),
  ],
  ['will pass into another offer', intends(RENEWS, { kind: 'replaced' })],
  [
    'agreement amended',
    agreed({
      ...OF_AGREEMENT,
      type: 'AgreementAmended',
      before: {
        end: at('2027-02-01'),
        quantities: [{ name: 'ReadOnly', quantity: quantity(5) }],
        decideBy: at('2027-01-02'),
      },
      after: {
        end: at('2028-02-01'),
        quantities: [
          { name: 'Admin\n[TEST]', quantity: null },
          { name: 'ReadOnly', quantity: quantity(8) },
        ],
        decideBy: null,
      },
    }),
  ],
  [
    'agreement amended, of which little is known',
    agreed({
      ...{ ...OF_AGREEMENT, updatedAt: null },
      type: 'AgreementAmended',
      before: { end: null, quantities: null, decideBy: null },
      after: { end: at('2028-02-01'), quantities: [], decideBy: null },
    }),
  ],
  ...(['CANCELLED', 'TERMINATED', 'EXPIRED', 'ROLLED_BACK'] as const).map(
    (status) =>
      [
        `agreement ${status}`,
        agreed({
          ...OF_AGREEMENT,
          ...{ type: 'AgreementEnded', before: { status: 'ACTIVE' }, after: { status } },
        }),
      ] as const,
  ),
  [
    'agreement and license disagree',
    agreed({
      ...OF_AGREEMENT,
      type: 'AgreementDisagreed',
      before: { differs: [] },
      after: {
        differs: [
          { what: 'end', license: '2027-02-01', agreement: '2028-02-01' },
          { what: 'quantity', license: 'ReadOnly: 5', agreement: 'ReadOnly: 8' },
        ],
      },
    }),
  ],
  [
    'agreement and license agree again',
    agreed({
      ...OF_AGREEMENT,
      type: 'AgreementDisagreed',
      before: { differs: [{ what: 'status', license: 'in force', agreement: 'CANCELLED' }] },
      after: { differs: [] },
    }),
  ],

  ['an end that could not be confirmed', unconfirmed({}, '2027-02-01T00:10')],
  [
    'a suspension that could not be confirmed',
    {
      ...unconfirmed({ status: 'SUSPENDED', ...owns(seats(3)) }, '2026-04-01T10:00'),
      to: 'seller',
    },
  ],
];

function told({ watched, setting }: Told, audience: 'buyer' | 'seller'): readonly ToldNews[] {
  const { last: entry, head, lastSeen, product: of } = watched;
  if (head === null) throw new Error('nobody has looked yet');
  return newsOf(
    {
      entry,
      product: of,
      now: plus(entry.observedAt, MINUTE),
      voice: audience === 'buyer' ? buyerVoice(of) : SELLER_VOICE,
      present: presentOf({ head: { ...head, settling: null }, lastSeen }),
      ...setting,
    },
    audience,
  );
}

/** To the seller in full only what the buyer does not hear: it is said in the same words. */
function printed(history: Told): readonly string[] {
  const toBuyer = history.to === 'seller' ? [] : told(history, 'buyer');
  const toSeller = told(history, 'seller');
  const isToldToBuyer = ({ about }: ToldNews) =>
    toBuyer.some((each) => each.about.join() === about.join());
  return [
    ...toBuyer.flatMap((each) => [`  to the buyer, ${each.severity}:`, ...lines(each)]),
    ...toSeller.flatMap((each) => [
      `  to the seller, ${each.severity}:`,
      ...(isToldToBuyer(each) ? [`    ${each.sentence}`, ...forSeller(each)] : lines(each)),
    ]),
  ];
}

function lines(news: News): readonly string[] {
  const { subject, shorter, sentence, more, about, isBaseline } = news;
  const { means = [], steps = [], rows = [] } = news;
  return [
    `    subject: ${JSON.stringify(subject)}`,
    ...(shorter === undefined ? [] : [`    shorter: ${JSON.stringify(shorter)}`]),
    `    ${sentence}`,
    ...(more === undefined ? [] : [`    more: ${more}`]),
    ...means.map((each) => `    means: ${each}`),
    ...steps.map(
      (each) =>
        `    step: ${typeof each === 'string' ? each : [each.text, ...each.moves].join(' / ')}`,
    ),
    ...rows.map(({ label, before, after }) => `    ${label}: ${before} -> ${after}`),
    ...forSeller(news),
    `    about: ${about.join(', ')}${isBaseline === true ? ' (as it was found)' : ''}`,
  ];
}

function forSeller({ forSeller: hint }: News): readonly string[] {
  return hint === undefined ? [] : [`    for the seller: ${hint}`];
}

it('every change is told to each who hears of it in these words', () => {
  const text = HISTORIES.flatMap(([name, history]) => [
    `${name} (${newsNames(history.watched.last).join(', ')})`,
    ...printed(history),
    '',
  ]).join('\n');
  expectGolden(
    { subject: 'every change in words', text },
    join(import.meta.dirname, 'golden', 'every-change.txt'),
  );
});

it('is every change', () => {
  const names = new Set(HISTORIES.flatMap(([, { watched }]) => newsNames(watched.last)));
  expect(CHANGE_TYPES.filter((type) => !names.has(type))).toEqual([]);
});
