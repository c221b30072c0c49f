import { describe, expect, it } from 'vitest';
import type { Head } from '../../../lib/domain/check/head.ts';
import type { Circumstances } from '../../../lib/domain/check/decision.ts';
import {
  carrierOf,
  findingsOfReachability,
} from '../../../lib/domain/check/reachability-findings.ts';
import type { Reachability } from '../../../lib/domain/notice/reachability.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { at } from '../../support/licenses.ts';
import { aHead, aLicense, BUYER } from '../../support/records.ts';

const NOW = at('2026-06-01');

function head(productId: string, end: string | null, changes: Partial<Head> = {}): Head {
  const validity = { begin: at('2026-02-01'), end: end === null ? null : at(end) };
  const contract = contractKey(BUYER, productId);
  return aHead({ contract, state: [aLicense({ validity })], ...changes });
}

it.each<[string, readonly Head[], string | undefined]>([
  [
    'the nearest end',
    [head('a', '2028-01-01'), head('b', '2027-01-01'), head('c', '2029-01-01')],
    'b',
  ],
  ['an end before none', [head('a', null), head('b', '2027-01-01')], 'b'],
  [
    'an end to come before one that has passed',
    [head('a', '2026-05-01'), head('b', '2027-01-01')],
    'b',
  ],
  ['one that ends now has passed', [head('a', '2026-06-01'), head('b', '2027-01-01')], 'b'],
  ['of equal ends the first by name', [head('b', '2027-01-01'), head('a', '2027-01-01')], 'a'],
  ['of none the first by name', [head('b', null), head('a', '2026-05-01')], 'a'],
  [
    'what said something last',
    [head('a', '2027-01-01'), head('b', null, { unreachable: 'gone' })],
    'b',
  ],
  [
    'no watch that ended, whatever it said',
    [head('a', '2027-01-01', { watchEnded: NOW, unreachable: 'gone' }), head('b', null)],
    'b',
  ],
  ['none without a ledger', [head('a', '2027-01-01', { entries: 0 }), head('b', null)], 'b'],
  ['nobody, where none has one', [head('a', null, { entries: 0 })], undefined],
])('what is to be said of the buyer is carried by %s', (_, heads, productId) => {
  const contract = productId === undefined ? undefined : contractKey(BUYER, productId);
  expect(carrierOf(heads, NOW)?.contract).toBe(contract);
});

describe('whether notices reach the buyer', () => {
  const found = (state: Reachability, changes: Partial<Head>) =>
    findingsOfReachability({ kind: 'topic', state, since: NOW }, {
      head: aHead(changes),
    } as unknown as Circumstances);

  it.each<[Reachability, Head['unreachable'], Reachability | null, string, Head['unreachable']]>([
    [
      'never-confirmed',
      null,
      null,
      'no address of the notice topic was ever seen confirmed',
      'never-confirmed',
    ],
    [
      'gone',
      'never-confirmed',
      'never-confirmed',
      'the addresses of the notice topic were confirmed, and none is any more',
      'gone',
    ],
    [
      'topic-closed',
      'gone',
      'gone',
      'the notice topic is gone, or refuses what is sent to it',
      'topic-closed',
    ],
    ['confirmed', 'gone', 'gone', 'an address of the notice topic is confirmed', null],
    [
      'cannot-tell',
      'gone',
      'gone',
      'something is subscribed to the notice topic, and nobody can see who reads it',
      null,
    ],
  ])('is told where it is %s now and was %s', (state, was, before, reason, unreachable) => {
    const { memory, changes } = found(state, { unreachable: was });
    const type = unreachable === null ? 'BuyerReachable' : 'BuyerUnreachable';
    expect(changes).toEqual([
      { type, before: { reachability: before }, after: { reachability: state }, reason },
    ]);
    expect(memory).toEqual(aHead({ unreachable }));
  });

  it.each<[string, Reachability, Partial<Head>]>([
    ['said last', 'gone', { unreachable: 'gone' }],
    ['expected', 'confirmed', {}],
    ['before anything was told', 'gone', { entries: 0 }],
    ['of a watch that ended', 'gone', { watchEnded: NOW }],
  ])('is not told as it was %s', (_, state, changes) => {
    const { memory, changes: told, reason } = found(state, changes);
    expect(told).toEqual([]);
    expect(memory).toEqual(aHead(changes));
    expect(reason).toBe(`whether notices reach the buyer, as seen on ${NOW}`);
  });
});
