import type { ContractKey } from '../../lib/domain/license/contract.ts';
import { entryForNotice, type PendingNotice } from '../../lib/domain/notice/delivery.ts';
import type { Head } from '../../lib/domain/check/head.ts';
import type { SealedEntry } from '../../lib/domain/ledger/ledger.ts';
import type { Notice } from '../../lib/domain/notice/notice.ts';
import { productOfEntry } from '../../lib/domain/license/known-product.ts';
import type { Product } from '../../lib/domain/license/product.ts';
import type { Dependencies } from './dependencies.ts';

/** The notice with the entry it was born with: one transaction wrote both, so a missing entry is a damaged table. */
export async function tellingOf(
  notice: Notice,
  { contracts }: Pick<Dependencies, 'contracts'>,
): Promise<PendingNotice> {
  const entry = await contracts.entry(notice.contract, notice.entry);
  if (entry === undefined) {
    throw new Error(
      `${notice.contract} has a notice of entry ${notice.entry}, which its ledger does not hold`,
    );
  }
  return { notice, entry: entryForNotice(entry, notice) };
}

export async function headOf(
  contract: ContractKey,
  { contracts }: Pick<Dependencies, 'contracts'>,
): Promise<Head> {
  const head = await contracts.head(contract);
  if (head === undefined) throw new Error(`${contract} has notices but no head`);
  return head;
}

/** The product as configured; as its ledger shows it, where the seller has taken it out of the settings since. */
export function productOf(
  entry: SealedEntry,
  { settings }: Pick<Dependencies, 'settings'>,
): Product {
  return (
    settings.products.find(({ id }) => id === entry.productId) ??
    productOfEntry(entry, settings.sellerName)
  );
}
