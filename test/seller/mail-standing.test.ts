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

const [first, second, third] = [at('2027-01-01'), at('2027-02-01'), at('2027-03-01')];

const told = (bornAt: Instant, notBefore = bornAt, entry = 1): Partial<Notice> => ({
  ...{ entry, bornAt, notBefore, state: 'told' },
});
const waiting = (bornAt: Instant, reason = NO_SUBSCRIPTION): Partial<Notice> => ({
  ...{ bornAt, state: 'waiting', reason },
});
const GONE = 'the topic is gone';
const failed = (bornAt: Instant, reason = GONE, more: Partial<Notice> = {}): Partial<Notice> => ({
  ...{ bornAt, state: 'undeliverable', reason },
  ...more,
});
const untried = { kind: 'untried' } as const;
const toldBetween = (from: Instant, to: Instant) =>
  ({ kind: 'told', first: from, last: to }) as const;
const unconfirmed = (since: Instant) => ({ kind: 'unconfirmed', since }) as const;
const refused = (since: Instant) => ({ kind: 'refused', since, reason: GONE }) as const;

const CASES: readonly [string, readonly Partial<Notice>[], MailStanding][] = [
  ['nothing was to be told', [], untried],
  ['what is due was not tried yet', [{ state: 'due' }], untried],
  ['bad news settles, and waits for no buyer', [waiting(first, 'held for 60 minutes')], untried],
  ['what the seller was told says nothing', [{ audience: 'seller', state: 'told' }], untried],
  ['told: the publishes count', [told(second, third), told(first)], toldBetween(first, third)],
  ['a first confirmation is waited for', [waiting(second), waiting(first)], unconfirmed(first)],
  ['confirmed once, and no more', [told(first), waiting(second)], unconfirmed(second)],
  ['a reminder did not wait for ever', [failed(first, NO_SUBSCRIPTION)], unconfirmed(first)],
  ['the topic refuses', [told(first), failed(second)], refused(second)],
  ['it refused, and was mended', [failed(first), told(second)], toldBetween(second, second)],
  [
    'a reminder did not wait for ever, and the address was confirmed since',
    [failed(first, NO_SUBSCRIPTION), told(second)],
    toldBetween(second, second),
  ],
  [
    'told often: the first and the last by the publish, whatever the order of their birth',
    [told(first, second), told(second, third, 2), told(third, first, 3)],
    toldBetween(first, third),
  ],
  [
    'of two born together the later entry decides',
    [failed(first, GONE, { entry: 5, notBefore: first }), told(first, second, 4)],
    refused(first),
  ],
  [
    'refused since the notice was born, not since it was given up',
    [failed(first, GONE, { notBefore: third })],
    refused(first),
  ],
  [
    'superseded and withdrawn ones were not tried',
    [told(first), { bornAt: second, state: 'superseded' }, { bornAt: third, state: 'withdrawn' }],
    toldBetween(first, first),
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
    registeredAt: first,
    topicArn: 'arn:aws:sns:us-east-1:111122223333:notices',
    state,
    since,
    addresses: [],
    contract: null,
  });
  const gone = { kind: 'gone', since: second } as const;
  const confirmed = { kind: 'confirmed', since: second } as const;
  const cannotTell = { kind: 'cannot-tell', since: second } as const;
  const closed = { ...refused(second), reason: 'it is gone, or does not let the watcher in' };

  it.each<[string, readonly Partial<Notice>[], Reachability, MailStanding]>([
    ['unsubscribed since the last', [told(first)], 'gone', gone],
    ['told when it was seen', [told(first, second)], 'gone', gone],
    ['told since', [told(third)], 'gone', toldBetween(third, third)],
    ['never confirmed', [], 'never-confirmed', unconfirmed(second)],
    ['waits since before', [waiting(first)], 'never-confirmed', unconfirmed(first)],
    ['waits again', [waiting(first)], 'gone', gone],
    ['confirmed, untried', [], 'confirmed', confirmed],
    ['confirmed, told', [told(first)], 'confirmed', toldBetween(first, first)],
    ['a topic made anew', [failed(first)], 'confirmed', confirmed],
    ['waits since the look', [waiting(first)], 'confirmed', unconfirmed(first)],
    ['told to whom nobody sees', [told(third)], 'cannot-tell', cannotTell],
    ['waits, and nobody is seen', [waiting(first)], 'cannot-tell', unconfirmed(first)],
    ['refused, in its words', [failed(first)], 'topic-closed', refused(first)],
    ['closed', [told(first)], 'topic-closed', closed],
  ])('%s', (_, notices, state, standing) => {
    expect(
      mailStanding(
        notices.map((each) => aNotice(each)),
        seen(state, second),
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
      bornAt: fc.constantFrom(first, second, third),
      notBefore: fc.constantFrom(first, second, third),
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
