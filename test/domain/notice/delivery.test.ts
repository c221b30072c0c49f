import { describe, expect, it } from 'vitest';
import {
  planDelivery,
  type DeliveryInput,
  type PendingNotice,
} from '../../../lib/domain/notice/delivery.ts';
import type { Head } from '../../../lib/domain/check/head.ts';
import { gravestOf } from '../../../lib/domain/notice/notices.ts';
import { dueShards, type Notice, noticeToBuyer } from '../../../lib/domain/notice/notice.ts';
import { between, DAY, HOUR, type Instant, MINUTE, plus } from '../../../lib/domain/time.ts';
import {
  aHead,
  aLicense,
  anEntry,
  anExpiry,
  aNotice,
  aSettling,
  aProduct,
  aReminderEntry,
  END,
  NOW,
} from '../../support/records.ts';
import { takenUp } from '../../../lib/seller/mail-standing.ts';

const CONFIRMED = { kind: 'open', confirmedSubscriptions: 1 } as const;
const UNCONFIRMED = { kind: 'open', confirmedSubscriptions: 0 } as const;
const GONE = { kind: 'closed', reason: 'the topic is gone' } as const;

const welcome: PendingNotice = { notice: aNotice({ kind: 'welcome' }), entry: anEntry() };

function change(entry: number, notice: Partial<Notice> = {}): PendingNotice {
  return { notice: aNotice({ entry, ...notice }), entry: anExpiry(entry) };
}

function reminder(
  entry: number,
  daysBefore: number,
  notice: Partial<Notice> = {},
  end: Instant = END,
): PendingNotice {
  return {
    notice: aNotice({ entry, kind: 'reminder', ...notice }),
    entry: aReminderEntry(entry, daysBefore, end),
  };
}

function plan(pending: readonly PendingNotice[], input: Partial<DeliveryInput> = {}) {
  const delivery = planDelivery({
    pending,
    head: aHead(),
    product: aProduct(),
    topic: CONFIRMED,
    now: NOW,
    ...input,
  });
  return {
    lead: delivery.send?.lead.notice.entry ?? null,
    folded: delivery.send?.folded.map(({ notice }) => notice.entry) ?? [],
    welcome: delivery.send?.welcome ?? false,
    hold: delivery.hold.map(({ notice, until }) => [notice.entry, until]),
    supersede: delivery.supersede.map(({ notice, reason }) => [notice.entry, reason]),
    undeliverable: delivery.undeliverable.map(({ notice, sellerNotice: ask }) => [
      notice.entry,
      ask !== null,
    ]),
  };
}

const NOTHING = {
  lead: null,
  folded: [],
  welcome: false,
  hold: [],
  supersede: [],
  undeliverable: [],
};

describe('a topic with readers', () => {
  it('gets one mail of everything that waited, told by the newest', () => {
    expect(plan([change(3), welcome, change(2)])).toEqual({
      ...NOTHING,
      lead: 3,
      folded: [1, 2],
      welcome: true,
    });
    expect(plan([change(2)])).toEqual({ ...NOTHING, lead: 2 });
    expect(plan([])).toEqual(NOTHING);
  });

  it('gets what waited for it before its hour is over', () => {
    const waiting = { state: 'waiting', notBefore: plus(NOW, 40 * MINUTE) } as const;
    expect(plan([change(2, waiting), change(3)])).toEqual({ ...NOTHING, lead: 3, folded: [2] });
  });

  it('does not get bad news that settles, however long ago it was seen', () => {
    const settling = change(2, { state: 'settling', notBefore: NOW });
    const head = aHead({ settling: aSettling({ entry: 2 }) });
    expect(plan([settling, change(3)], { head })).toEqual({ ...NOTHING, lead: 3 });
    expect(plan([settling], { head, now: plus(NOW, 30 * DAY) })).toEqual(NOTHING);
  });

  it('gets nothing while somebody is sending: not even what came since', () => {
    const claimed = change(2, { state: 'due', notBefore: plus(NOW, MINUTE) });
    expect(plan([claimed, change(3)])).toEqual(NOTHING);
    expect(plan([claimed, change(3)], { now: plus(NOW, MINUTE) })).toEqual({
      ...NOTHING,
      lead: 3,
      folded: [2],
    });
  });
});

describe('a reminder', () => {
  const LATER_END = plus(END, 365 * DAY);

  it.each<[string, PendingNotice, Partial<Head>, Instant, string | null]>([
    ['true', reminder(2, 14), {}, NOW, null],
    [
      'its end moved by hours within its day',
      reminder(2, 14, {}, plus(END, 5 * HOUR)),
      {},
      NOW,
      null,
    ],
    [
      'its end moved',
      reminder(2, 14),
      { state: [aLicense({ validity: { begin: NOW, end: LATER_END } })] },
      NOW,
      'the contract no longer ends on 2027-02-01',
    ],
    [
      'what is seen now settles: by what people last heard it is',
      reminder(2, 14),
      { state: [], settling: aSettling() },
      NOW,
      null,
    ],
    [
      'nothing is left that could end',
      reminder(2, 14),
      { state: [] },
      NOW,
      'the contract no longer ends on 2027-02-01',
    ],
    [
      'a later reminder day passed',
      reminder(2, 14),
      {},
      plus(END, -7 * DAY),
      'the reminder of day 7 tells it more exactly',
    ],
    [
      'a later reminder day is a second away',
      reminder(2, 14),
      {},
      plus(END, -7 * DAY - 1_000),
      null,
    ],
    [
      'the end passed',
      reminder(2, 1),
      {},
      END,
      'the end of 2027-02-01 has passed: what became of the license is told instead',
    ],
    ['of the day after the end', reminder(2, -1), {}, plus(END, DAY), null],
    [
      'the watch ended',
      reminder(2, 14),
      { watchEnded: NOW },
      NOW,
      'the watch has ended, and with it its calendar',
    ],
  ])('%s', (_, pendingNotice, head, now, reason) => {
    const { supersede, lead } = plan([pendingNotice], { head: aHead(head), now });
    expect(supersede).toEqual(reason === null ? [] : [[2, reason]]);
    expect(lead).toBe(reason === null ? 2 : null);
  });

  it('keeps no change from being told: a change carries its date', () => {
    const late = { head: aHead({ state: [], watchEnded: NOW }), now: plus(END, 30 * DAY) };
    expect(plan([change(2), reminder(3, 14)], late)).toMatchObject({
      lead: 2,
      supersede: [[3, expect.any(String)]],
    });
  });

  it('of a license stays true beside another that was bought in addition, not beside its successor', () => {
    const second = (begin: Instant) =>
      aLicense({ licenseArn: 'second', validity: { begin, end: LATER_END } });
    const added = aHead({ state: [aLicense(), second(plus(END, -200 * DAY))] });
    expect(plan([reminder(2, 14)], { head: added })).toMatchObject({ lead: 2, supersede: [] });
    const succeeded = aHead({ state: [aLicense(), second(plus(END, -DAY))] });
    expect(plan([reminder(2, 14)], { head: succeeded })).toMatchObject({
      lead: null,
      supersede: [[2, expect.any(String)]],
    });
  });
});

it('of the day of the end is true until the end, and a reminder folded into a change is none', () => {
  const days = aProduct({ reminderDays: [0, -1] });
  expect(plan([reminder(2, 0)], { product: days, now: END })).toMatchObject({ lead: 2 });
  const late = reminder(2, 0, { bornAt: END, notBefore: END });
  const unread = { product: days, topic: UNCONFIRMED, now: plus(END, HOUR) };
  expect(plan([late], unread)).toMatchObject({
    undeliverable: [],
    hold: [[2, plus(END, 2 * HOUR)]],
  });
  const told = aReminderEntry(2, 14);
  const withChange = { notice: aNotice({ entry: 2 }), entry: told };
  const none = { notice: aNotice({ entry: 2, kind: 'reminder' }), entry: anExpiry(2) };
  for (const each of [withChange, none]) {
    expect(plan([each], { head: aHead({ state: [] }) })).toMatchObject({ lead: 2, supersede: [] });
    // It waits as any change does.
    const now = plus(NOW, 30 * DAY);
    const waiting = { topic: UNCONFIRMED, now };
    expect(plan([each], waiting)).toEqual(plan([change(2)], waiting));
  }
});

it('the seller is asked for what it was, as gravely as it was', () => {
  const asked = (...pending: readonly PendingNotice[]) =>
    planDelivery({
      pending,
      head: aHead(),
      product: aProduct(),
      topic: GONE,
      now: NOW,
    }).undeliverable.map(({ sellerNotice }) => [sellerNotice?.kind, sellerNotice?.severity]);
  const reminded = { notice: aNotice({ entry: 2 }), entry: aReminderEntry(2, 14) };
  const none = { notice: aNotice({ entry: 2, kind: 'reminder' as const }), entry: anExpiry(2) };
  expect(asked(change(2, { severity: 'urgent' }))).toEqual([['change', 'urgent']]);
  expect(asked(reminder(2, 14))).toEqual([['reminder', 'attention']]);
  expect(asked(reminded)).toEqual([['change', 'attention']]);
  expect(asked(none)).toEqual([['change', 'attention']]);
  expect(
    asked({
      ...welcome,
      notice: aNotice({ kind: 'welcome' }),
      entry: { ...anExpiry(1), changes: [...anEntry().changes, ...anExpiry(1).changes] },
    }),
  ).toEqual([['change', 'attention']]);
  // What a buyer is never told, the seller is not asked to pass on.
  const refused = { before: { refused: false }, after: { refused: true }, reason: 'refused' };
  expect(
    asked({
      ...welcome,
      entry: anEntry({
        changes: [...anEntry().changes, { type: 'CheckoutRefused', ...refused }],
      }),
    }),
  ).toEqual([[undefined, undefined]]);
});

it('is due to an audience in parts, the urgent ones first: buyers by quarters, others at once', () => {
  expect(dueShards('buyer').map(({ urgency, shard }) => `${urgency} ${shard}`)).toEqual(
    ['urgent', 'ordinary'].flatMap((urgency) => [0, 1, 2, 3].map((n) => `${urgency} ${n}`)),
  );
  for (const audience of ['seller', 'operations'] as const)
    expect(dueShards(audience)).toEqual([
      { audience, urgency: 'urgent', shard: 0 },
      { audience, urgency: 'ordinary', shard: 0 },
    ]);
});

it('taken up again is due at once, and says why it had been given up', () => {
  const given = aNotice({ state: 'undeliverable', reason: 'the topic is gone' });
  expect(takenUp(given, NOW)).toEqual({
    ...{ state: 'due', notBefore: NOW },
    reason: `taken up again at ${NOW}; given up before because the topic is gone`,
  });
});

it.each([
  [['info', 'urgent', 'attention'], 'urgent'],
  [['info', 'attention'], 'attention'],
  [['info'], 'info'],
  [[], 'info'],
] as const)('of %j the gravest is %s', (severities, gravest) => {
  expect(gravestOf(severities)).toBe(gravest);
});

it('what tells the seller tells the buyer by a notice of its own, or as what nobody could confirm', () => {
  const { contract } = aNotice();
  const key = { contract, entry: 2 };
  expect(noticeToBuyer({ ...key, audience: 'seller' })).toEqual({ ...key, audience: 'buyer' });
  expect(noticeToBuyer({ ...key, audience: 'seller', about: 'undelivered' })).toEqual({
    ...key,
    audience: 'buyer',
  });
  expect(noticeToBuyer({ ...key, audience: 'seller', about: 'unconfirmed' })).toEqual({
    ...key,
    audience: 'buyer',
    about: 'unconfirmed',
  });
});

it('has no seller asked to pass on as a fact what no look could confirm', () => {
  const topic = { kind: 'closed', reason: 'the topic is gone' } as const;
  expect(plan([change(2)], { topic })).toMatchObject({ undeliverable: [[2, true]] });
  expect(plan([change(2, { about: 'unconfirmed' })], { topic })).toMatchObject({
    undeliverable: [[2, false]],
  });
});

describe('a topic that nobody confirmed', () => {
  it('is asked again in an hour, for everything that is due', () => {
    const later = plus(NOW, HOUR);
    expect(plan([welcome, change(2)], { topic: UNCONFIRMED })).toEqual({
      ...NOTHING,
      hold: [
        [1, later],
        [2, later],
      ],
    });
    const waiting = { state: 'waiting', notBefore: later } as const;
    expect(plan([change(2, waiting)], { topic: UNCONFIRMED }), 'its hour is not over').toEqual(
      NOTHING,
    );
  });

  it.each([
    ['a day, with two weeks left', 14, DAY],
    ['half a day, with one left', 1, 12 * HOUR],
    ['a day, once the end has passed', -1, DAY],
  ])('keeps a reminder waiting for %s; then the seller is asked', (_, daysBefore, longestWait) => {
    const bornAt = plus(END, -daysBefore * DAY);
    const pendingNotice = reminder(2, daysBefore, { bornAt, notBefore: bornAt });
    const waited = (time: number) =>
      plan([pendingNotice], { topic: UNCONFIRMED, now: plus(bornAt, time) });
    expect(waited(longestWait)).toMatchObject({
      undeliverable: [],
      hold: [[2, plus(bornAt, longestWait + MINUTE)]],
    });
    expect(waited(longestWait + 1_000)).toMatchObject({ undeliverable: [[2, true]], hold: [] });
  });

  const asked = (pendingNotice: PendingNotice, after: number) =>
    planDelivery({
      pending: [pendingNotice],
      head: aHead(),
      product: aProduct(),
      topic: UNCONFIRMED,
      now: plus(NOW, after),
    }).hold.map(({ sellerNotice }) => sellerNotice?.about ?? null);

  it.each([
    ['a change after a day', change(2), DAY],
    ['an end or a suspension at once', change(2, { severity: 'urgent' }), 0],
    [
      'a change with the reminder of an end that is a day away after half of it',
      { notice: aNotice({ entry: 2 }), entry: aReminderEntry(2, 1, plus(NOW, DAY)) },
      12 * HOUR,
    ],
  ])('has the seller asked to tell %s; it waits all the same', (_, pendingNotice, after) => {
    if (after > 0) expect(asked(pendingNotice, after - 1_000)).toEqual([null]);
    expect(asked(pendingNotice, after)).toEqual(['undelivered']);
    expect(asked(pendingNotice, 300 * DAY)).toEqual(['undelivered']);
  });

  it('asks nothing of the seller that is of the watch alone, or that nobody could confirm', () => {
    expect(asked(welcome, 2 * DAY)).toEqual([null]);
    const now = plus(NOW, 20 * HOUR);
    expect(plan([welcome], { topic: UNCONFIRMED, now }).hold).toEqual([[1, plus(now, 20 * HOUR)]]);
    expect(asked(change(2, { about: 'unconfirmed', severity: 'urgent' }), 2 * DAY)).toEqual([null]);
  });

  it('keeps a change waiting for ever: the welcome mail will tell it', () => {
    const now = plus(NOW, 300 * DAY);
    expect(plan([change(2)], { topic: UNCONFIRMED, now })).toMatchObject({
      undeliverable: [],
      hold: [[2, plus(now, DAY)]],
    });
  });

  it('is asked half as often each time, and once a day at least', () => {
    const asked: number[] = [];
    let pending = change(2, { bornAt: NOW, notBefore: NOW });
    for (let n = 0; n < 9; n += 1) {
      const now = pending.notice.notBefore;
      asked.push(between(NOW, now) / HOUR);
      const { hold } = planDelivery({
        pending: [pending],
        head: aHead(),
        product: aProduct(),
        topic: UNCONFIRMED,
        now,
      });
      pending = change(2, { bornAt: NOW, state: 'waiting', notBefore: hold[0]?.until ?? now });
    }
    expect(asked).toEqual([0, 1, 2, 4, 8, 16, 24, 48, 72]);
  });

  it('is asked once for all that waits: when the first of it does', () => {
    const now = plus(NOW, 10 * DAY);
    const soon = plus(now, 3 * HOUR);
    const [old, young] = [
      change(2, { bornAt: NOW, state: 'waiting', notBefore: now }),
      change(3, { bornAt: now, state: 'waiting', notBefore: soon }),
    ];
    expect(plan([old, young], { topic: UNCONFIRMED, now })).toMatchObject({ hold: [[2, soon]] });
    const both = [old, change(3, { bornAt: plus(now, -5 * HOUR), notBefore: now })];
    const later = plus(now, 5 * HOUR);
    expect(plan(both, { topic: UNCONFIRMED, now })).toMatchObject({
      hold: [
        [2, later],
        [3, later],
      ],
    });
  });
});

describe('a topic that is closed', () => {
  it('ends every notice; the seller is asked to tell what concerns the license', () => {
    expect(plan([welcome, change(2), reminder(3, 14)], { topic: GONE })).toEqual({
      ...NOTHING,
      undeliverable: [
        [1, false],
        [2, true],
        [3, true],
      ],
    });
  });

  it('is named in what the seller is asked', () => {
    const { undeliverable } = planDelivery({
      pending: [change(2, { severity: 'info' })],
      head: aHead(),
      product: aProduct(),
      topic: GONE,
      now: NOW,
    });
    expect(undeliverable[0]?.sellerNotice).toMatchObject({
      audience: 'seller',
      about: 'undelivered',
      state: 'due',
      severity: 'attention',
      reason: 'the topic is gone',
    });
  });
});
