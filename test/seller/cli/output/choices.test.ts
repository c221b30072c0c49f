import { describe, expect, it } from 'vitest';
import { choicesOf, countOf } from '../../../../lib/seller/cli/output/choices.ts';
import { knownProducts } from '../../../../lib/seller/cli/known-contracts.ts';
import type { Buyer } from '../../../../lib/domain/registration/buyer.ts';
import { contractKey } from '../../../../lib/domain/license/contract.ts';
import { aBuyer, aHead } from '../../../support/records.ts';

describe('choices', () => {
  it.each([
    ['LicenseRenewed', ['LicenseRenewed']],
    ['licenserenewed, REMINDER,LicenseRenewed', ['LicenseRenewed', 'Reminder']],
  ])('%j are %j', (given, chosen) => {
    expect(choicesOf(['LicenseRenewed', 'Reminder'], '--name')(given)).toEqual(chosen);
  });

  it('names every one that is none, and what is allowed', () => {
    expect(() => choicesOf(['LicenseRenewed', 'Reminder'], '--name')('Renewed,Reminder,')).toThrow(
      '--name is "Renewed", ""; expected one of LicenseRenewed, Reminder',
    );
  });
});

describe('a count', () => {
  it.each(['1', '20', '999999999'])('%s', (text) => {
    expect(countOf(text, '--newest')).toBe(Number(text));
  });

  it.each(['0', '-1', '1.5', '', 'all', '01', '1e3', '1000000000'])('%j is none', (text) => {
    expect(() => countOf(text, '--newest')).toThrow(
      `--newest is ${JSON.stringify(text)}; expected a number from 1 on`,
    );
  });
});

describe('products that a person names', () => {
  function watcher(...buyers: Buyer[]) {
    let listed = 0;
    return {
      deployment: 'default',
      productIds: ['scanner'],
      register: {
        ofBuyer: (account: string) =>
          Promise.resolve([aHead({ contract: contractKey(account, 'older') })]),
        everyBuyer: () => {
          listed += 1;
          return Promise.resolve(
            buyers.map((buyer) => ({
              ...{ buyerAccountId: buyer.buyerAccountId, buyer, notices: [], unrecorded: [] },
              heads: [aHead({ contract: contractKey(buyer.buyerAccountId, 'older') })],
            })),
          );
        },
      } as unknown as Parameters<typeof knownProducts>[1]['register'],
      buyers: {
        async *list() {
          listed += 1;
          yield* await Promise.resolve(buyers);
        },
      } as unknown as Parameters<typeof knownProducts>[1]['buyers'],
      listed: () => listed,
    };
  }

  it('are those of the watcher, for which nobody else is asked', async () => {
    const of = watcher();
    expect(await knownProducts(['scanner', 'scanner'], of)).toEqual(['scanner']);
    expect(await knownProducts([], of)).toEqual([]);
    expect(of.listed()).toBe(0);
  });

  it('or those of a buyer, also of one who left', async () => {
    expect(
      await knownProducts(['old'], watcher(aBuyer({ status: 'left', productIds: ['old'] }))),
    ).toEqual(['old']);
  });

  it('or those of a ledger of such a buyer', async () => {
    expect(await knownProducts(['older'], watcher(aBuyer({ productIds: ['old'] })))).toEqual([
      'older',
    ]);
  });

  it('or none', async () => {
    const asked = knownProducts(['nil', 'scanner'], watcher(aBuyer({ productIds: ['old'] })));
    await expect(asked).rejects.toThrow('--product is "nil"; expected one of old, older, scanner');
  });
});
