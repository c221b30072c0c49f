import type { SealedEntry } from '../domain/ledger/ledger.ts';
import type { Product } from '../domain/license/product.ts';
import { cleanText } from './clean-text.ts';

/** The name of a product as a mail shows it; its ID, where nothing of the name can be shown. */
export function productName({ name, id }: Pick<Product, 'name' | 'id'>): string {
  return cleanText(name) || cleanText(id);
}

/** `Borealis Bank (333333333333)`. */
export function buyerWithAccount({
  buyerName,
  buyerAccountId,
}: Pick<SealedEntry, 'buyerName' | 'buyerAccountId'>): string {
  const name = cleanText(buyerName);
  const account = cleanText(buyerAccountId);
  return name === '' ? account : `${name} (${account})`;
}
