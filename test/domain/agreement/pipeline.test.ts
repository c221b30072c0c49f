import { expect, it } from 'vitest';
import { pipelineOf } from '../../../lib/domain/agreement/pipeline.ts';
import { contractKey } from '../../../lib/domain/license/contract.ts';
import { anAgreement } from '../../support/agreements.ts';
import { at } from '../../support/licenses.ts';
import * as fc from '../../support/property.ts';
import { NOW } from '../../support/records.ts';

const ACCOUNTS = Array.from({ length: 6 }, (_, n) => String(111122223330 + n));
const contracts = ACCOUNTS.map((account) => contractKey(account, 'design-suite'));
const END = at('2027-02-10');

const KNOWN = {
  watched: new Set(contracts.slice(0, 4)),
  // Two ends, each of several contracts.
  ending: contracts
    .slice(0, 4)
    .map((contract, n) => ({ contract, end: n < 2 ? END : at('2027-03-01') })),
  agreements: ACCOUNTS.flatMap((buyerAccountId, n) => [
    anAgreement({ agreementId: `agmt-${n}`, buyerAccountId, end: END, start: at('2027-01-15') }),
    anAgreement({
      ...{ agreementId: `agmt-${n}-b`, buyerAccountId, end: END, start: at('2027-01-16') },
      endTimeBehavior: { type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' },
    }),
  ]),
  outlines: contracts.flatMap((contract) => [
    { contract, entry: 1, changes: [{ type: 'LicenseExpired' as const }] },
    { contract, entry: 2, changes: [{ type: 'LicenseRenewed' as const }] },
  ]),
};

it('has an order that the data alone decides, in whatever order the tables answer', () => {
  const shown = (known: typeof KNOWN) => {
    const { contracts: all, ends, lapsed, won } = pipelineOf(known as never, NOW);
    return { all: [...all], ends, lapsed: [...lapsed], won: [...won] };
  };
  const expected = shown(KNOWN);
  expect(expected.ends.length).toBeGreaterThan(4);
  expect(expected.won.length).toBeGreaterThan(4);
  const shuffled = <Item>(items: readonly Item[]) =>
    fc.shuffledSubarray([...items], { minLength: items.length });
  fc.assert(
    fc.property(
      shuffled(KNOWN.ending),
      shuffled(KNOWN.agreements),
      shuffled(KNOWN.outlines),
      (ending, agreements, outlines) => {
        expect(shown({ ...KNOWN, ending, agreements, outlines })).toEqual(expected);
      },
    ),
  );
});

it('has the earlier ends of a contract with several purchases side by side, also where its last end is years away', () => {
  const contract = contracts[0]!;
  const bought = (agreementId: string, start: string, end: string | null) =>
    anAgreement({
      ...{ agreementId, buyerAccountId: ACCOUNTS[0]!, start: at(start) },
      end: end === null ? null : at(end),
      endTimeBehavior: { type: 'EXPIRE', reason: 'NO_RENEWAL_TERM' },
    });
  const endsOf = (last: string | null, ...agreements: ReturnType<typeof bought>[]) =>
    pipelineOf(
      {
        watched: new Set([contract]),
        ending: last === null ? [] : [{ contract, end: at(last) }],
        agreements,
        outlines: [],
      },
      NOW,
    ).ends.map((each) => `${each.at.slice(0, 10)} ${each.risk}`);
  const five = bought('five', '2026-03-01', '2027-03-01');
  const part = '2027-03-01 will-not';
  expect(endsOf('2027-06-01', five, bought('b', '2026-03-01', '2027-06-01'))).toEqual([
    part,
    '2027-06-01 will-not',
  ]);
  // The last one was sold by a channel partner, ends beyond the twelve months, or never.
  expect(endsOf('2027-06-01', five)).toEqual([part, '2027-06-01 undecided']);
  expect(endsOf(null, five, bought('b', '2026-03-01', '2032-06-01'))).toEqual([part]);
  expect(endsOf(null, five, bought('b', '2026-03-01', null))).toEqual([part]);
  // No part: the same end, an end that another purchase follows at once or after a gap, or the only purchase.
  expect(endsOf('2027-03-01', five, bought('b', '2026-04-01', '2027-03-01'))).toEqual([part]);
  const long = '2027-12-01 will-not';
  for (const start of ['2027-02-01', '2027-03-01', '2027-03-05'])
    expect(endsOf('2027-12-01', five, bought('b', start, '2027-12-01'))).toEqual([long]);
  // What begins with it, or more than a month before its end, was bought in addition.
  const short = bought('five', '2027-02-10', '2027-03-01');
  expect(endsOf('2027-12-01', short, bought('b', '2027-02-10', '2027-12-01'))).toEqual([
    part,
    long,
  ]);
  expect(endsOf('2027-12-01', five, bought('b', '2027-01-28', '2027-12-01'))).toEqual([part, long]);
  expect(endsOf(null, five)).toEqual([]);
});

it('counts what nobody watches only while it goes on, or if it lapsed in the week before', () => {
  const over = (buyerAccountId: string, end: string) =>
    anAgreement({
      ...{ buyerAccountId, agreementId: buyerAccountId, status: 'EXPIRED' },
      ...{ end: at(end), updatedAt: at(end) },
    });
  const agreements = [
    anAgreement({ buyerAccountId: ACCOUNTS[0]!, end: END }),
    over(ACCOUNTS[1]!, '2027-01-15'),
    over(ACCOUNTS[2]!, '2026-06-01'),
  ];
  const { contracts: counted, lapsed } = pipelineOf(
    { watched: new Set([contracts[3]!]), ending: [], agreements, outlines: [] },
    NOW,
  );
  expect(counted).toEqual(new Set([contracts[3], contracts[0], contracts[1]]));
  expect(lapsed).toEqual(new Set([contracts[1]]));
});
