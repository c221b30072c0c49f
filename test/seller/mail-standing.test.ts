import * as fc from '../support/property.ts';
import { describe, expect, it } from 'vitest';

import { type Notice, NO_SUBSCRIPTION } from '../../lib/domain/notice/notice.ts';
import type { BuyerReachability, Reachability } from '../../lib/domain/notice/reachability.ts';
import type { Instant } from '../../lib/domain/time.ts';
import { at } from '../support/licenses.ts';
import { aNotice } from '../support/records.ts';
import {
  decisiveNotices,
  mailStanding,
  type MailStanding,
} from '../../lib/seller/mail-standing.ts';

const [first, second, third] = ['2027-01-01', '2027-02-01', '2027-03-01'].map(at);

const CASES: readonly [string, readonly Partial<Notice>[], MailStanding][] = [
  ['nothing was to be told', [], { kind: 'untried' }],
  ['what is due was not tried yet', [{ state: 'due' }], { kind: 'untried' }],
  [
    'bad news that settles does not wait for the buyer',
    [{ state: 'waiting', reason: 'held for 60 minutes' }],
    { kind: 'untried' },
  ],
  [
    'what the seller was told says nothing',
    [{ audience: 'seller', state: 'told' }],
    { kind: 'untried' },
  ],
  [
    'told, by the times of the publish',
    [
      { bornAt: second!, notBefore: third!, state: 'told' },
      { bornAt: first!, notBefore: first!, state: 'told' },
    ],
    { kind: 'told', first: first!, last: third! },
  ],
  [
    'something waits for the first confirmation',
    [
      { bornAt: second!, state: 'waiting', reason: NO_SUBSCRIPTION },
      { bornAt: first!, state: 'waiting', reason: NO_SUBSCRIPTION },
    ],
    { kind: 'unconfirmed', since: first! },
  ],
  [
    'the address was confirmed once, and is not any more',
    [
      { bornAt: first!, state: 'told' },
      { bornAt: second!, state: 'waiting', reason: NO_SUBSCRIPTION },
    ],
    { kind: 'unconfirmed', since: second! },
  ],
  [
    'a reminder did not wait for ever',
    [{ bornAt: first!, state: 'undeliverable', reason: NO_SUBSCRIPTION }],
    { kind: 'unconfirmed', since: first! },
  ],
  [
    'the topic refuses',
    [
      { bornAt: first!, state: 'told' },
      { bornAt: second!, state: 'undeliverable', reason: 'the topic is gone' },
    ],
    { kind: 'refused', since: second!, reason: 'the topic is gone' },
  ],
  [
    'the topic refused once, and was mended',
    [
      { bornAt: first!, state: 'undeliverable', reason: 'the topic is gone' },
      { bornAt: second!, notBefore: second!, state: 'told' },
    ],
    { kind: 'told', first: second!, last: second! },
  ],
  [
    'a reminder did not wait for ever, and the address was confirmed since',
    [
      { bornAt: first!, state: 'undeliverable', reason: NO_SUBSCRIPTION },
      { bornAt: second!, notBefore: second!, state: 'told' },
    ],
    { kind: 'told', first: second!, last: second! },
  ],
  [
    'told often: the first and the last by the publish, whatever the order of their birth',
    [
      { entry: 1, bornAt: first!, notBefore: second!, state: 'told' },
      { entry: 2, bornAt: second!, notBefore: third!, state: 'told' },
      { entry: 3, bornAt: third!, notBefore: first!, state: 'told' },
    ],
    { kind: 'told', first: first!, last: third! },
  ],
  [
    'of two born together the later entry decides',
    [
      {
        entry: 5,
        bornAt: first!,
        notBefore: first!,
        state: 'undeliverable',
        reason: 'the topic is gone',
      },
      { entry: 4, bornAt: first!, notBefore: second!, state: 'told' },
    ],
    { kind: 'refused', since: first!, reason: 'the topic is gone' },
  ],
  [
    'refused since the notice was born, not since it was given up',
    [{ bornAt: first!, notBefore: third!, state: 'undeliverable', reason: 'the topic is gone' }],
    { kind: 'refused', since: first!, reason: 'the topic is gone' },
  ],
  [
    'superseded and withdrawn ones were not tried',
    [
      { bornAt: first!, notBefore: first!, state: 'told' },
      { bornAt: second!, state: 'superseded' },
      { bornAt: third!, state: 'withdrawn' },
    ],
    { kind: 'told', first: first!, last: first! },
  ],
];

it.each(CASES)('%s', (_what, notices, standing) => {
  expect(
    mailStanding(
      notices.map((each) => aNotice(each)),
      undefined,
    ),
  ).toEqual(standing);
});

describe('with what the daily look at the topic saw', () => {
  const seen = (state: Reachability, since: Instant): BuyerReachability => ({
    buyerAccountId: '111122223333',
    registeredAt: first!,
    topicArn: 'arn:aws:sns:us-east-1:111122223333:notices',
    state,
    since,
    addresses: [],
    contract: null,
  });
  const told = { bornAt: first!, notBefore: first!, state: 'told' } as const;
  const toldThen = { bornAt: first!, notBefore: second!, state: 'told' } as const;
  const toldLater = { bornAt: third!, notBefore: third!, state: 'told' } as const;
  const waits = { bornAt: first!, state: 'waiting', reason: NO_SUBSCRIPTION } as const;
  const refused = { bornAt: first!, state: 'undeliverable', reason: 'the topic is gone' } as const;

  it.each<[string, readonly Partial<Notice>[], Reachability, MailStanding]>([
    ['unsubscribed since the last', [told], 'gone', { kind: 'gone', since: second! }],
    ['told when it was seen', [toldThen], 'gone', { kind: 'gone', since: second! }],
    ['told since', [toldLater], 'gone', { kind: 'told', first: third!, last: third! }],
    ['never confirmed', [], 'never-confirmed', { kind: 'unconfirmed', since: second! }],
    ['waits since before', [waits], 'never-confirmed', { kind: 'unconfirmed', since: first! }],
    ['waits again', [waits], 'gone', { kind: 'gone', since: second! }],
    ['confirmed, untried', [], 'confirmed', { kind: 'confirmed', since: second! }],
    ['confirmed, told', [told], 'confirmed', { kind: 'told', first: first!, last: first! }],
    ['a topic made anew', [refused], 'confirmed', { kind: 'confirmed', since: second! }],
    ['waits since the look', [waits], 'confirmed', { kind: 'unconfirmed', since: first! }],
    [
      'told to whom nobody sees',
      [toldLater],
      'cannot-tell',
      { kind: 'cannot-tell', since: second! },
    ],
    ['waits, and nobody is seen', [waits], 'cannot-tell', { kind: 'unconfirmed', since: first! }],
    [
      'refused, in its words',
      [refused],
      'topic-closed',
      { kind: 'refused', since: first!, reason: 'the topic is gone' },
    ],
    [
      'closed',
      [told],
      'topic-closed',
      { kind: 'refused', since: second!, reason: 'it is gone, or does not let the watcher in' },
    ],
  ])('%s', (_, notices, state, standing) => {
    expect(
      mailStanding(
        notices.map((each) => aNotice(each)),
        seen(state, second!),
      ),
    ).toEqual(standing);
  });
});

describe('the few notices that decide', () => {
  const notice = fc
    .record({
      entry: fc.integer({ min: 1, max: 9 }),
      audience: fc.constantFrom('buyer', 'seller'),
      state: fc.constantFrom('told', 'undeliverable', 'waiting', 'due', 'superseded'),
      reason: fc.constantFrom(NO_SUBSCRIPTION, 'NotFound'),
      bornAt: fc.constantFrom(first!, second!, third!),
      notBefore: fc.constantFrom(first!, second!, third!),
    })
    .map((traits) => aNotice(traits));

  it('say of the mail what all of them say, and so do they with more', () => {
    fc.assert(
      fc.property(fc.array(notice), fc.array(notice), (notices, more) => {
        const few = decisiveNotices(notices);
        expect(few.length).toBeLessThanOrEqual(4);
        expect(mailStanding(few, undefined)).toEqual(mailStanding(notices, undefined));
        expect(mailStanding([...few, ...more], undefined)).toEqual(
          mailStanding([...notices, ...more], undefined),
        );
      }),
      // Entries of two products with one number, born at once.
      { examples: [[[aNotice({ state: 'told' }), aNotice({ state: 'undeliverable' })], []]] },
    );
  });
});
