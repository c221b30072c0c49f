import { expect, it } from 'vitest';
import type { Head } from '../../../lib/domain/check/head.ts';
import { carrierOf } from '../../../lib/domain/check/reachability-findings.ts';
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
