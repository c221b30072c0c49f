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
