import * as fc from '../../support/property.ts';
import { describe, expect, it } from 'vitest';
import {
  type AddressState,
  type BuyerReachability,
  currentReachability,
  type Reachability,
  reachabilityOf,
  REACHABILITIES,
  topicState,
  type Subscription,
  type TopicSeen,
  unreachable,
} from '../../../lib/domain/notice/reachability.ts';
import { HOUR, plus } from '../../../lib/domain/time.ts';
import { aBuyer, aRegistration, NOW } from '../../support/records.ts';

const MAIL = 'it@buyer.example';
const OTHER = 'other@buyer.example';
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:notices';
const SINCE = plus(NOW, -100 * HOUR);

const one = (state: Subscription['state'], endpoint = MAIL, protocol = 'email'): Subscription => ({
  protocol,
  endpoint,
  state,
});
const QUEUE = one('confirmed', 'arn:aws:sqs:us-east-1:111122223333:notices', 'sqs');
const listed = (...subscriptions: readonly Subscription[]): TopicSeen => ({
  kind: 'listed',
  subscriptions,
  complete: true,
});
const more = (...subscriptions: readonly Subscription[]): TopicSeen => ({
  kind: 'listed',
  subscriptions,
  complete: false,
});
const counted = (confirmed: number): TopicSeen => ({ kind: 'counted', confirmed });
const CLOSED: TopicSeen = { kind: 'closed', reason: 'the topic is gone' };

function before(state: Reachability, address: AddressState, given = MAIL): BuyerReachability {
  return {
    buyerAccountId: '111122223333',
    registeredAt: SINCE,
    topicArn: TOPIC,
    state,
    since: SINCE,
    addresses: [{ address: given, state: address }],
    contract: null,
  };
}

function look(
  seen: TopicSeen,
  known: BuyerReachability | undefined,
  given: readonly string[] = [MAIL],
  registeredAt = SINCE,
): readonly string[] | null {
  const registration = aRegistration({ noticeTopicArn: TOPIC, addresses: given, registeredAt });
  const found = reachabilityOf({ ...aBuyer(), registration }, seen, known, NOW);
  return found && [found.state, ...found.addresses.map(({ state }) => state)];
}

const WAS = before('confirmed', 'confirmed');
const GONE = before('gone', 'gone');
const NEVER = before('never-confirmed', 'never-confirmed');

describe('who named an address', () => {
  it.each<[string, TopicSeen, BuyerReachability | undefined, readonly string[]]>([
    ['confirmed it', listed(one('confirmed')), undefined, ['confirmed', 'confirmed']],
    [
      'in another case',
      listed(one('confirmed', 'IT@Buyer.Example')),
      NEVER,
      ['confirmed', 'confirmed'],
    ],
    ['has not yet', listed(one('pending')), undefined, ['never-confirmed', 'never-confirmed']],
    ['never did, and SNS forgot it', listed(), NEVER, ['never-confirmed', 'never-confirmed']],
    ['unsubscribed', listed(one('deleted')), undefined, ['gone', 'gone']],
    ['unsubscribed, and SNS forgot it', listed(), WAS, ['gone', 'gone']],
    ['unsubscribed long ago', listed(), GONE, ['gone', 'gone']],
    ['subscribes again, and has not confirmed', listed(one('pending')), GONE, ['gone', 'gone']],
    [
      'has a queue beside it',
      listed(QUEUE, one('pending')),
      undefined,
      ['never-confirmed', 'never-confirmed'],
    ],
    ['had a queue beside it all along', listed(QUEUE), WAS, ['gone', 'gone']],
    [
      'has a colleague who reads',
      listed(one('pending'), one('confirmed', OTHER)),
      NEVER,
      ['confirmed', 'never-confirmed'],
    ],
    [
      'had a colleague who left',
      listed(one('deleted', OTHER)),
      before('confirmed', 'never-confirmed'),
      ['gone', 'never-confirmed'],
    ],
    [
      'whose colleague SNS forgot',
      listed(),
      before('gone', 'never-confirmed'),
      ['gone', 'never-confirmed'],
    ],
    ['among more than anybody reads', more(QUEUE), WAS, ['cannot-tell', 'cannot-tell']],
    [
      'among more, and it is among those read',
      more(one('confirmed')),
      WAS,
      ['confirmed', 'confirmed'],
    ],
    ['on a topic that lets nobody list', counted(1), WAS, ['cannot-tell', 'cannot-tell']],
    [
      'on such a topic without anybody',
      counted(0),
      undefined,
      ['never-confirmed', 'never-confirmed'],
    ],
    ['on such a topic, left by all', counted(0), WAS, ['gone', 'gone']],
    [
      'of whom nobody knew who reads, left by all',
      counted(0),
      before('cannot-tell', 'cannot-tell'),
      ['gone', 'cannot-tell'],
    ],
    [
      'the permission came, the address waits',
      listed(QUEUE, one('pending')),
      before('cannot-tell', 'cannot-tell'),
      ['never-confirmed', 'never-confirmed'],
    ],
    ['on a topic that is gone', CLOSED, WAS, ['topic-closed', 'cannot-tell']],
    [
      'corrected it',
      listed(one('pending')),
      before('confirmed', 'confirmed', OTHER),
      ['never-confirmed', 'never-confirmed'],
    ],
    [
      'has another topic now',
      listed(),
      { ...WAS, topicArn: 'another' },
      ['never-confirmed', 'never-confirmed'],
    ],
  ])('%s', (_, seen, known, expected) => {
    expect(look(seen, known)).toEqual(expected);
  });
});

describe('who named two', () => {
  const was = (state: Reachability, ...states: readonly AddressState[]): BuyerReachability => ({
    ...before(state, 'confirmed'),
    addresses: states.map((each, n) => ({ address: [MAIL, OTHER][n] ?? '', state: each })),
  });
  it.each<[string, TopicSeen, BuyerReachability | undefined, readonly string[]]>([
    ['the second of them since the first left', listed(), WAS, ['gone', 'gone', 'never-confirmed']],
    [
      'of whom nobody knew who reads, left by all',
      listed(),
      was('cannot-tell', 'cannot-tell', 'cannot-tell'),
      ['gone', 'never-confirmed', 'never-confirmed'],
    ],
    [
      'while another, who had not been named, left',
      listed(one('deleted', 'third@buyer.example')),
      undefined,
      ['gone', 'never-confirmed', 'never-confirmed'],
    ],
    [
      'while a queue left',
      listed({ ...QUEUE, state: 'deleted' }),
      undefined,
      ['never-confirmed', 'never-confirmed', 'never-confirmed'],
    ],
    [
      'one of whom waits among more than anybody reads',
      more(one('pending')),
      undefined,
      ['cannot-tell', 'never-confirmed', 'cannot-tell'],
    ],
  ])('%s', (_, seen, known, expected) => {
    expect(look(seen, known, [MAIL, OTHER])).toEqual(expected);
  });
});

it('says nothing of another registration, nor of none', () => {
  const { registeredAt } = WAS;
  expect(currentReachability(WAS, { registeredAt })).toBe(WAS);
  expect(currentReachability(WAS, { registeredAt: NOW })).toBeUndefined();
  expect(currentReachability(WAS, null)).toBeUndefined();
  expect(currentReachability(undefined, null)).toBeUndefined();
});

describe('who named none', () => {
  it.each<[string, TopicSeen, BuyerReachability | undefined, string]>([
    ['reads', listed(one('confirmed')), undefined, 'confirmed'],
    ['has a queue', listed(QUEUE), undefined, 'cannot-tell'],
    ['has nobody', listed(), undefined, 'never-confirmed'],
    ['had somebody', listed(), { ...WAS, addresses: [] }, 'gone'],
  ])('and %s', (_, seen, known, expected) => {
    expect(look(seen, known, [])).toEqual([expected]);
  });
});

it('gives who registers an hour to confirm', () => {
  const early = plus(NOW, -HOUR + 1_000);
  expect(look(listed(one('pending')), undefined, [MAIL], early)).toBeNull();
  expect(look(listed(one('pending')), undefined, [MAIL], plus(NOW, -HOUR))).not.toBeNull();
  expect(look(listed(one('confirmed')), undefined, [MAIL], early)).toEqual([
    'confirmed',
    'confirmed',
  ]);
  expect(look(CLOSED, undefined, [MAIL], early)?.[0]).toBe('topic-closed');
});

describe('whatever is seen', () => {
  const subscription = fc.record({
    protocol: fc.constantFrom('email', 'email-json', 'sms', 'sqs', 'lambda', 'https'),
    endpoint: fc.constantFrom(MAIL, OTHER, 'queue'),
    state: fc.constantFrom<Subscription['state']>('pending', 'confirmed', 'deleted'),
  });
  const anything: fc.Arbitrary<TopicSeen> = fc.oneof(
    fc.record({
      kind: fc.constant('listed' as const),
      subscriptions: fc.array(subscription, { maxLength: 4 }),
      complete: fc.boolean(),
    }),
    fc.nat(3).map(counted),
    fc.constant(CLOSED),
  );
  const known = fc.option(
    fc
      .tuple(
        fc.constantFrom(...REACHABILITIES),
        fc.constantFrom<AddressState>('confirmed', 'cannot-tell', 'never-confirmed', 'gone'),
      )
      .map(([state, address]) => before(state, address)),
    { nil: undefined },
  );
  const given = fc.constantFrom<readonly string[]>([], [MAIL], [MAIL, OTHER]);

  it('a second look at the same finds the same', () => {
    fc.assert(
      fc.property(anything, known, given, (seen, earlier, addresses) => {
        const registration = aRegistration({
          noticeTopicArn: TOPIC,
          addresses,
          registeredAt: SINCE,
        });
        const of = { ...aBuyer(), registration };
        const first = reachabilityOf(of, seen, earlier, NOW)!;
        const again = reachabilityOf(of, seen, { ...first, contract: null }, plus(NOW, HOUR));
        expect(again).toEqual(first);
      }),
    );
  });

  it('what is sent counts as told exactly where the look says that it reaches somebody', () => {
    fc.assert(
      fc.property(anything, known, given, (seen, earlier, addresses) => {
        const [state] = look(seen, earlier, addresses)!;
        const standing = topicState(seen, addresses);
        const isTold = standing.kind === 'open' && standing.confirmedSubscriptions > 0;
        expect(isTold).toBe(unreachable(state as Reachability) === null);
      }),
    );
  });

  it('a queue is no person, and a missing permission takes nobody away', () => {
    fc.assert(
      fc.property(known, fc.integer({ min: 1, max: 3 }), (earlier, count) => {
        expect(look(listed(QUEUE), earlier)?.[0]).toMatch(/^(gone|never-confirmed)$/);
        expect(look(counted(count), earlier)?.[0]).toBe('cannot-tell');
      }),
    );
  });
});
