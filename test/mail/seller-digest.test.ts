import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { Change } from '../../lib/domain/check/changes.ts';
import { contractKey } from '../../lib/domain/license/contract.ts';
import { type Notice, TOLD_WITHIN, NO_SUBSCRIPTION } from '../../lib/domain/notice/notice.ts';
import { HOUR, MINUTE, plus } from '../../lib/domain/time.ts';
import type { DigestEntry } from '../../lib/mail/mail.ts';
import { digestLines } from '../../lib/mail/digest-part.ts';
import { sellerDigest } from '../../lib/mail/seller-digest.ts';
import { AGREEMENT_ID, anAgreement, aRenewalTerm } from '../support/agreements.ts';
import type { Agreement } from '../../lib/domain/agreement/agreement.ts';
import { expectGolden } from '../support/golden.ts';
import { arnOf, at, gigabytes, inUse, seats, USAGE } from '../support/licenses.ts';
import {
  digestEntry,
  LAKE,
  lastMail,
  SECOND,
  seats5,
  SUITE,
  TIERED,
  tiered,
  watching,
} from '../support/mails.ts';
import type { Observation } from '../../lib/domain/check/observation.ts';
import { WatchedContract } from '../support/contracts.ts';
import { blind, LEFT, NOT_LOOKED, REFUSED, seen } from '../support/observations.ts';

const NOW = at('2027-02-01T00:05');
const TICK = 15 * MINUTE;
const DEAF = NO_SUBSCRIPTION;

function golden(name: string, entries: readonly DigestEntry[]): void {
  expectGolden(
    sellerDigest({ entries, now: NOW }),
    join(import.meta.dirname, 'golden', `${name}.txt`),
  );
}

/** What a seller can hear of, one contract each. */
function everyKind(): readonly DigestEntry[] {
  const upgraded = watching(TIERED, tiered('BasicTier'));
  upgraded.look(
    at('2027-01-31'),
    seen([tiered('PremiumTier', { version: '2', end: '2027-08-01' })]),
  );
  const renewed = watching();
  renewed.look(
    at('2027-01-31'),
    seen([seats5(), seats5({ arn: SECOND, begin: '2027-02-01', end: '2028-02-01' })]),
  );
  const expired = watching();
  expired.look(at('2027-02-01'), seen([seats5()]));
  const several = watching();
  several.look(
    at('2027-01-31'),
    seen([
      seats5({ end: '2027-09-01' }),
      seats5({ arn: SECOND, begin: '2026-09-01', end: '2027-09-01' }),
    ]),
  );
  const refused = watching();
  for (const tick of [0, 1, 2])
    refused.look(plus(at('2026-12-20'), tick * TICK), seen([seats5()], { probe: REFUSED }));
  const lost = watching();
  for (const tick of [0, 1, 2])
    lost.look(plus(at('2027-01-20'), tick * TICK), blind('service-linked-role-missing'));
  const blindReminder = watching();
  for (const tick of [0, 1, 2]) blindReminder.look(plus(at('2027-01-10'), tick * TICK), blind());
  blindReminder.look(at('2027-01-18'), NOT_LOOKED);
  const left = watching();
  left.look(at('2027-01-31'), LEFT);
  const unknown = watching(TIERED, tiered('BasicTier'));
  unknown.look(at('2026-10-01'), seen([tiered('UltraTier', { version: '2' })]));
  const used = watching(LAKE, seats5({ entitlements: [USAGE, gigabytes(500)] }));
  used.look(
    at('2026-10-01'),
    seen([seats5({ entitlements: [USAGE, gigabytes(500)] })], {
      usage: [inUse('DataConsumption', 460, 500, 'Gigabytes')],
    }),
  );
  const reminded = watching();
  reminded.look(at('2027-01-18'), seen([seats5()]));
  const fewer = watching();
  fewer.look(at('2026-10-01'), seen([seats5({ version: '2', entitlements: [USAGE, seats(2)] })]));
  return [
    upgraded,
    renewed,
    expired,
    several,
    refused,
    lost,
    blindReminder,
    left,
    unknown,
    used,
    reminded,
    fewer,
  ].map((watched) => digestEntry(watched));
}

/** Told, for the most part. */
function toldBuyer({ toBuyer }: DigestEntry, index: number): DigestEntry['toBuyer'] {
  if (toBuyer === undefined) return undefined;
  if (index === 12) return { ...toBuyer, state: 'waiting', reason: NO_SUBSCRIPTION };
  return index === 19
    ? { ...toBuyer, state: 'undeliverable', reason: 'NotFound: the topic is gone' }
    : { ...toBuyer, state: 'told' };
}

/** Of another buyer. */
function ofBuyer(entry: DigestEntry, index: number): DigestEntry {
  const buyerAccountId = String(222200000000 + index);
  const name = `Buyer ${['North', 'East', 'South', 'West'][index % 4] ?? ''} ${index}`;
  const contract = contractKey(buyerAccountId, entry.entry.productId);
  return { ...entry, entry: { ...entry.entry, contract, buyerAccountId, buyerName: name } };
}

describe("the seller's digest", () => {
  it('of one renewal names it in its subject', () => {
    const [, renewed] = everyKind();
    golden('digest-one', [renewed!]);
  });

  it('names in its subject a license’s news, and not once more the agreement that they came of', () => {
    const [upgraded] = everyKind();
    const { entry } = upgraded!;
    const agreed = { agreementId: AGREEMENT_ID, updatedAt: null, reason: 'AWS says so' };
    const terms = { end: at('2027-08-01'), quantities: [], decideBy: null };
    const amended = {
      type: 'AgreementAmended',
      before: { ...terms, end: at('2027-02-01') },
      after: terms,
      ...agreed,
    } as const;
    const off = {
      type: 'RenewalIntentChanged',
      before: { intent: { kind: 'renews', price: { kind: 'same' } } },
      after: { intent: { kind: 'expires', because: 'no-renewal-term' } },
      ...agreed,
      ...{ party: null, end: at('2027-08-01'), decideBy: null },
    } as const;
    const subject = (changes: readonly Change[]): string =>
      sellerDigest({ entries: [{ ...upgraded!, entry: { ...entry, changes } }], now: NOW }).subject;
    expect(entry.toldChanges).toBeUndefined();
    expect(subject([...entry.changes, amended])).toBe(subject(entry.changes));
    expect(subject([...entry.changes, off, amended])).toBe(subject([...entry.changes, off]));
    expect(subject([...entry.changes, off])).not.toBe(subject(entry.changes));
    expect(subject([amended])).toContain('agreement amended');
  });

  it('of a reminder that did not reach the buyer asks the seller to tell them', () => {
    const watched = watching();
    watched.look(at('2027-01-25'), seen([seats5()]));
    golden('digest-undelivered', [digestEntry(watched, { undelivered: DEAF })]);
  });

  it('of 40 notices, the gravest first', () => {
    const kinds = everyKind();
    const entries = Array.from({ length: 40 }, (_, index) => {
      const entry = ofBuyer(kinds[index % kinds.length]!, index % 17);
      // A buyer who was to be told: a reminder, or what becomes of a pool.
      const asked = [10, 33].includes(index);
      const toBuyer = toldBuyer(entry, index);
      return asked ? { ...entry, undelivered: DEAF } : { ...entry, toBuyer };
    });
    golden('digest-40', entries);
  });

  it('of an entry that is to be passed on says it once, and what is for the seller alone beside it', () => {
    const kinds = everyKind();
    const both = (own: DigestEntry): string =>
      sellerDigest({ entries: [own, { ...own, undelivered: DEAF }], now: NOW }).text;
    const expired = both(kinds[2]!);
    expect(expired).toMatch(/^1 notice of 1 buyer, 1 to pass on,/);
    expect(expired.match(/The term of the license ended/g)).toHaveLength(1);
    expect(expired).not.toMatch(/^(Decide|At risk|Lapsed) /m);
    // What the seller can do about it is not lost with the notice of their own.
    expect(both(kinds[9]!).match(/To do: If the buyer is to have more/g)).toHaveLength(1);

    const { entry, ...rest } = kinds[2]!;
    const toldChanges = [...(entry.toldChanges ?? entry.changes), ...kinds[3]!.entry.changes];
    const found = both({ ...rest, entry: { ...entry, toldChanges } });
    const [asked, own] = found.split('Decide (1)');
    expect(asked).toMatch(/Tell them yourself.*The term of the license ended.*NOT TOLD/s);
    expect(asked).not.toContain('several licenses');
    expect(own).toContain('several licenses');
    expect(own).not.toMatch(/The term of the license ended|NOT TOLD/);
  });

  it('asks for one thing once, though two news of an entry ask for it', () => {
    const [used, reminded] = [everyKind()[9]!, everyKind()[10]!.entry.reminder!];
    const end = plus(NOW, 12 * HOUR);
    const { state, ...head } = used.head;
    const near = state.map((each) => ({ ...each, validity: { ...each.validity, end } }));
    const both = {
      ...used,
      head: { ...head, state: near },
      entry: { ...used.entry, reminder: { ...reminded, daysBefore: 1, end } },
    };
    const { text } = sellerDigest({ entries: [both], now: NOW });
    expect(text).toMatch(/DataConsumption is used.*The term of the license ends on Mon/s);
    expect(text.match(/To do: If the buyer is to have more/g)).toHaveLength(1);
  });

  it.each<[Partial<Notice> | null, RegExp]>([
    [{ state: 'told' }, /Buyer told\./],
    [{ state: 'superseded', reason: `${TOLD_WITHIN} 7, message-1` }, /Buyer told\./],
    [
      { state: 'superseded', reason: 'the contract no longer ends on 2027-02-01' },
      /Buyer NOT TOLD: the contract no/,
    ],
    [
      { state: 'waiting', reason: NO_SUBSCRIPTION },
      /Buyer NOT TOLD yet: waits, as the topic has no confirmed/,
    ],
    [{ state: 'due' }, /Buyer NOT TOLD yet: it is still to be sent\./],
    [{ state: 'due', notBefore: plus(NOW, MINUTE) }, /Buyer NOT TOLD yet: it is being sent\./],
    [
      { state: 'undeliverable', reason: 'the buyer has no stack registered' },
      /Buyer NOT TOLD: the buyer has no stack/,
    ],
    [
      { state: 'withdrawn', reason: 'a renewal came' },
      /Buyer NOT TOLD: withdrawn: a renewal came\./,
    ],
  ])('says of a notice to the buyer that is %j: %s', (traits, words) => {
    const watched = watching();
    watched.look(at('2027-01-25'), seen([seats5()]));
    const entry = digestEntry(watched);
    const toBuyer = { ...entry.toBuyer!, ...traits };
    const { text } = sellerDigest({ entries: [{ ...entry, toBuyer }], now: NOW });
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(words);
    // What the buyer is not to hear says nothing of the buyer.
    expect(
      sellerDigest({ entries: [{ ...entry, toBuyer: undefined }], now: NOW }).text,
    ).not.toMatch(/Buyer (NOT )?told/i);
  });

  it('knows of a watcher that was blinded hours ago', () => {
    const watched = watching();
    watched.look(at('2027-01-31T20:00'), seen([seats5({ version: '2' })]));
    for (const tick of [0, 1, 2]) watched.look(plus(at('2027-02-01T23:00'), tick * TICK), blind());
    watched.lastSeen = at('2027-02-01T20:00');
    watched.look(at('2027-02-02'), NOT_LOOKED);
    const { subject, text } = sellerDigest({
      entries: [digestEntry(watched)],
      now: plus(at('2027-02-02'), HOUR),
    });
    expect(subject).toBe('Buyer One: was to end 2027-02-01, seen 2027-02-01 (Design Suite)');
    expect(text).not.toContain('no renewal');
  });

  it('warns of a gap to come', () => {
    const watched = watching();
    watched.look(
      at('2027-01-31'),
      seen([seats5(), seats5({ arn: SECOND, begin: '2027-02-06', end: '2028-02-01' })]),
    );
    const { text } = sellerDigest({ entries: [digestEntry(watched)], now: at('2027-01-31T00:10') });
    expect(text).toContain('At risk (1)');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'To do: No license is in force from Mon 2027-02-01 00:00 UTC to Sat 2027-02-06 00:00 UTC (5 days): offer',
    );
  });

  it('says above the rest that less grave ones follow, where they do', () => {
    const entries = everyKind().map(ofBuyer);
    const { subject, text } = sellerDigest({ entries, now: NOW, left: 9_588 });
    expect(subject).toMatch(/^License Watcher: 3 to decide, 5 at risk/);
    expect(text).toMatch(new RegExp(`^${entries.length} notices of ${entries.length} buyers`));
    const [summary = '', follow = ''] = text.split('\n\n')[0]!.split(/(?<=UTC\.)\n/);
    expect(summary).toMatch(/as of 2027-02-01 00:05 UTC\.$/);
    expect(follow.replaceAll('\n', ' ')).toBe(
      'These are the gravest: up to 9588 more notices that are due by now will follow in further mails.',
    );
    expect(sellerDigest({ entries, now: NOW }).text).not.toContain('follow in further mails');
  });

  it('takes as many lines more as the entries that are added', () => {
    const entries = everyKind().map(ofBuyer);
    const { text } = sellerDigest({ entries, now: NOW });
    for (const entry of entries) {
      const lines = digestLines(entry, { now: NOW });
      expect(lines.endsWith('\n')).toBe(true);
      const proof = lines.trimEnd().split('\n').at(-1)!;
      expect(text).toContain(lines.slice(0, lines.lastIndexOf(proof)));
      expect(text).toContain(`\n${proof}`);
    }
    const of = (some: readonly DigestEntry[]) =>
      some.map((entry) => digestLines(entry, { now: NOW })).join('').length;
    expect(text.length - of(entries)).toBeLessThan(1_500);
  });

  it('has a subject that SNS takes, whatever there is to do', () => {
    const kinds = everyKind();
    const entries = Array.from({ length: 2_000 }, (_, index) =>
      ofBuyer(kinds[index % kinds.length]!, index),
    );
    const all = entries.map((entry, n) => (n % 5 === 0 ? { ...entry, undelivered: DEAF } : entry));
    const { subject } = sellerDigest({ entries: all, now: NOW, test: true });
    expect(subject).toMatch(/ \d+ to pass on, \d+ to decide, \d+ at risk, \d+ lapsed, 2027-02-01$/);
    expect(subject.length).toBeLessThan(100);
  });

  it('shows what has to be passed on and what is urgent first', () => {
    const kinds = everyKind().map(ofBuyer);
    const urgent = ofBuyer(kinds.find(isUrgent)!, 900);
    const info = kinds.find(({ entry }) =>
      entry.changes.some(({ type }) => type === 'LicenseRenewed'),
    )!;
    const asked = { ...ofBuyer(info, 901), undelivered: DEAF };
    const { text } = sellerDigest({ entries: [...kinds, urgent, asked], now: NOW });
    const order = ['Tell them yourself', 'Decide (', 'At risk (', 'Lapsed (', 'Good news ('];
    const places = order.map((title) => text.indexOf(title));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(text.indexOf(asked.entry.buyerAccountId)).toBeLessThan(places[1]!);
  });

  it('speaks of the buyer, not to them', () => {
    const both = [seats5(), seats5({ arn: SECOND, begin: '2026-05-01', end: '2027-05-01' })];
    const watched = watching();
    watched.look(at('2026-05-01'), seen(both));
    watched.look(at('2027-01-18'), seen(both));
    const { text } = sellerDigest({
      entries: [digestEntry(watched)],
      now: watched.last.observedAt,
    });
    expect(text).toMatch(/\(5 ReadOnly of license/);
    expect(text).not.toMatch(/\byour\b/i);
    expect(lastMail(watched).text).toMatch(/5 ReadOnly\s+of\s+license/);
  });

  it('asks nobody to create a stack again who never had one of ours', () => {
    const watched = watching();
    for (const tick of [1, 2, 3])
      watched.look(plus(at('2026-06-01'), tick * TICK), blind('role-missing-or-untrusting'));
    const text = (isWithoutStack: boolean) =>
      sellerDigest({ entries: [{ ...digestEntry(watched), isWithoutStack }], now: NOW }).text;
    expect(text(true)).toMatch(/make the role\s+again/);
    expect(text(true)).not.toMatch(/stack/i);
    expect(text(false)).toMatch(/stack/i);
  });

  it('of nothing is still a mail', () => {
    expect(sellerDigest({ entries: [], now: NOW }).subject).toBe(
      'License Watcher: 0 notices of 0 buyers, 2027-02-01',
    );
  });

  it('is marked where it is a test', () => {
    const { subject, text } = sellerDigest({
      entries: everyKind().map(ofBuyer),
      now: NOW,
      test: true,
    });
    expect(subject).toMatch(/^License Watcher \[TEST\]: 3 to decide, /);
    expect(text).toMatch(/^\[TEST\] Nothing has changed/);
    expect(text).not.toContain('All of it stands in the audit table');
    expect(text, 'the ledger has no entry of a test').not.toContain('More: ');
  });
});

/** Downgraded, then near its end: two entries of one contract. */
function twoOfOne(name = 'Buyer One'): readonly [DigestEntry, DigestEntry] {
  const watched = watching();
  watched.buyer = { ...watched.buyer, name };
  const look = (tick: string) =>
    watched.look(at(tick), seen([seats5({ version: '2', entitlements: [USAGE, seats(2)] })]));
  look('2026-10-01');
  look('2026-10-01T02:00');
  const downgraded = digestEntry(watched);
  look('2027-01-25');
  const reminded = digestEntry(watched);
  const told = { state: 'told', reason: 'published' } as const;
  const toldOf = (each: DigestEntry): DigestEntry => ({
    ...each,
    head: reminded.head,
    ...(each.toBuyer && { toBuyer: { ...each.toBuyer, ...told } }),
  });
  return [toldOf(downgraded), toldOf(reminded)];
}

describe('several notices of one contract', () => {
  it('are one of the list, under the gravest, with each entry in its order and what holds for all once', () => {
    const [downgraded, reminded] = twoOfOne();
    expect(reminded.entry.entry).toBeGreaterThan(downgraded.entry.entry);
    const { subject, text } = sellerDigest({ entries: [reminded, downgraded], now: NOW });
    expect(subject).toBe(
      'Buyer One: downgraded, ReadOnly from 5 to 2 seats, and 1 more (Design Suite)',
    );
    expect(text).toMatch(/^2 notices of 1 buyer, 1 at risk,/);
    expect(text.match(/^\* /gm)).toHaveLength(1);
    expect(text).toMatch(
      /At risk \(1\)\n\* Buyer One .*\n {2}The license was downgraded.*\n {2}The term/,
    );
    expect(text.match(/^ {2}Buyer told\.$/gm)).toHaveLength(1);
    expect(text.match(/Owned? 2 seats/g)).toHaveLength(1);
    expect(text).toContain(
      `More: license-watcher history 111122223333, entries ${downgraded.entry.entry} and ${reminded.entry.entry} of design-suite.`,
    );
    for (const { entry } of [downgraded, reminded])
      expect(text).toContain(`entry ${entry.entry} [${entry.hash.slice(0, 12)}]`);
  });

  it('say behind each whether the buyer was told, where that differs', () => {
    const [downgraded, reminded] = twoOfOne();
    const waiting = { ...reminded.toBuyer!, state: 'waiting', reason: NO_SUBSCRIPTION } as const;
    const { text } = sellerDigest({
      entries: [downgraded, { ...reminded, toBuyer: waiting }],
      now: NOW,
    });
    expect(text).toMatch(/downgraded.*\n {2}Buyer told\.\n {2}The term .*\n {2}Buyer NOT TOLD yet/);
  });

  it('stand apart where the seller is to pass one on', () => {
    const [downgraded, reminded] = twoOfOne();
    const { text } = sellerDigest({
      entries: [downgraded, { ...reminded, undelivered: DEAF }],
      now: NOW,
    });
    expect(text.match(/^\* /gm)).toHaveLength(2);
    expect(text).toMatch(/^2 notices of 1 buyer, 1 to pass on, 1 at risk,/);
  });

  it('ask for nothing any more of what a later one says is over', () => {
    const watched = watching();
    const looks = (from: string, observation: Observation) => {
      for (const tick of [0, 1, 2]) watched.look(plus(at(from), tick * TICK), observation);
      return digestEntry(watched);
    };
    const lost = looks('2027-01-20', blind('service-linked-role-missing'));
    const restored = looks('2027-01-20T05:00', seen([seats5()]));
    const { head, lastSeen } = restored;
    const { subject, text } = sellerDigest({
      entries: [{ ...lost, head, lastSeen }, restored],
      now: at('2027-01-20T08:00'),
    });
    expect(subject).toBe('Buyer One: checked again, seen 2027-01-20 (Design Suite)');
    expect(text).toMatch(/^2 notices of 1 buyer, as of .*\n\nGood news \(1\)\n/);
    expect(text).toMatch(/cannot be checked at present.*\n.*can be checked again/);
    expect(text).not.toContain('To do');
  });

  it('keep hostile and right-to-left names on their line', () => {
    const name = 'مجموعة\n* Nobody (000000000000)\u202e <b>';
    const { subject, text } = sellerDigest({ entries: twoOfOne(name), now: NOW });
    expect(text.match(/^\* /gm)).toHaveLength(1);
    expect(`${subject}\n${text}`).not.toMatch(/\u202e|^\* Nobody/m);
    expect(text).toContain('* مجموعة * Nobody (000000000000) <b> (111122223333), Design Suite');
  });
});

it.each<[Partial<Agreement>, number | null, string]>([
  [
    {},
    30,
    'AWS says today that the agreement renews by itself at the same price; it could be changed until 2027-01-02 00:00 UTC',
  ],
  [
    {},
    3,
    'renews by itself at the same price; buyer or seller can change it until 2027-01-29 00:00 UTC',
  ],
  [
    { endTimeBehavior: { type: 'EXPIRE', reason: 'ACCEPTOR_RENEW_OPTED_OUT' } },
    null,
    'AWS says today that the agreement ends and does not renew: the buyer switched the renewal off.',
  ],
  [
    { endTimeBehavior: { type: 'EXPIRE', reason: 'RENEWAL_LIMIT_EXHAUSTED' } },
    3,
    'AWS says today that the agreement ends and does not renew: it has renewed as often as it may.',
  ],
  [{ endTimeBehavior: null }, 30, 'whether it renews is not known'],
])(
  'says of each contract whether it renews, and until when that can be changed: %#',
  (changes, lockoutDays, words) => {
    const watched = watching();
    watched.agreements = [
      anAgreement({
        ...{ licenseArns: [], end: at('2027-02-01') },
        ...{ terms: { renewal: aRenewalTerm({ lockoutDays }), quantities: [] }, ...changes },
      }),
    ];
    watched.dueNow(at('2027-01-12'));
    const more = seats5({ version: '2', entitlements: [USAGE, seats(8)] });
    watched.look(at('2027-01-12'), seen([more]));
    const { text } = sellerDigest({ entries: [digestEntry(watched)], now: at('2027-01-12T00:10') });
    expect(text).toContain(words);
  },
);

function isUrgent({ entry }: DigestEntry): boolean {
  return entry.changes.some(({ type }) => type === 'CheckoutRefused');
}

it('shows no ARN and no JSON to the seller, but the ends of license IDs', () => {
  const several = everyKind()[3]!;
  expect(several.entry.changes.map(({ type }) => type)).toContain('AnotherLicenseFound');
  const { text } = sellerDigest({ entries: [several], now: NOW });
  expect(text).not.toContain(arnOf(SECOND));
  expect(text).toContain(SECOND.slice(-8));
});

it('files a term that has ended under what lapsed, though AWS tells of the agreement as well', () => {
  const watched = watching();
  watched.agreements = [anAgreement({ licenseArns: [], end: at('2027-02-01') })];
  watched.dueNow(at('2027-01-30'));
  watched.look(at('2027-01-30'), seen([seats5()]));
  watched.agreements = [anAgreement({ licenseArns: [], end: at('2027-02-01'), status: 'EXPIRED' })];
  watched.dueNow(at('2027-02-01'));
  watched.look(at('2027-02-01'), seen([seats5()]));
  watched.dueNow(at('2027-02-01T01:15'));
  watched.look(at('2027-02-01T01:15'), seen([seats5()]));
  const { text } = sellerDigest({ entries: [digestEntry(watched)], now: at('2027-02-01T01:30') });
  expect(text).toContain('EXPIRED');
  expect(text).toMatch(/^1 notice of 1 buyer, 1 lapsed,/);
  expect(text).toContain('  License ended Mon 2027-02-01 00:00 UTC, 90 minutes ago.\n');
});

it.each<[string, 'ACCEPTOR_RENEW_OPTED_OUT' | 'NO_RENEWAL_TERM' | undefined, string]>([
  ['Decide (1)', 'ACCEPTOR_RENEW_OPTED_OUT', 'To do: Ask the buyer why'],
  ['Good news (1)', 'NO_RENEWAL_TERM', 'does not renew'],
  ['Good news (1)', undefined, 'renews by itself'],
])('files a first look under %s where AWS says %s of its end', (group, reason, words) => {
  const watched = new WatchedContract(SUITE);
  watched.agreements = [
    anAgreement({
      ...{ licenseArns: [], end: at('2027-02-01') },
      ...(reason !== undefined && { endTimeBehavior: { type: 'EXPIRE' as const, reason } }),
    }),
  ];
  watched.look(at('2026-03-01'), seen([seats5()]));
  const { text } = sellerDigest({ entries: [digestEntry(watched)], now: at('2026-03-01T00:10') });
  expect(text).toContain(group);
  expect(text).toContain(words);
});

it('says of what is deactivated when it was to end', () => {
  const watched = watching();
  for (const tick of ['2026-06-01', '2026-06-01T01:15'])
    watched.look(at(tick), seen([seats5({ status: 'DEACTIVATED' })]));
  const settled = digestEntry(watched);
  const { text } = sellerDigest({ entries: [settled], now: at('2026-06-01T01:30') });
  expect(text).toContain('License deactivated by its issuer; was to end Mon 2027-02-01');
});
