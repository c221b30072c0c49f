import type { SealedEntry } from '../domain/ledger/ledger.ts';
import { MARKETPLACE_USAGE } from '../domain/license/contract.ts';
import type { Product } from '../domain/license/product.ts';
import { cleanText } from '../domain/outside-text.ts';
import type { SellersOwn } from '../domain/registration/buyer.ts';

/** `Account: Borealis Bank (333333333333)`. One line, however long: a mail program wraps it to the width of its pane. */
export function labelled(label: string, value: string): readonly string[] {
  return [`${label}: ${value}`.trimEnd()];
}

/** A heading with the lines below it, preceded by an empty line. Empty if there are no lines. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', heading, ...lines];
}

/** The name of a product as a mail shows it, or its ID if nothing of the name can be shown. */
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

/** The reason in the ledger's words, if there are no better ones. `AWS::Marketplace::Usage`, never bought, becomes the agreement. */
export function reasonWords({ reason }: Pick<SealedEntry, 'reason'>, longest = 300): string {
  const words = cleanText(reason.replaceAll(MARKETPLACE_USAGE, 'the agreement'), longest);
  return words.endsWith('.') ? words : `${words}.`;
}

/** `Contact: Grace Okafor; +1 555 0100. Owner: Ada Moreau.`; empty if nothing is kept. */
export function peopleLines({ owner, contacts = [] }: SellersOwn): readonly string[] {
  const people = [
    ...(contacts.length === 0
      ? []
      : [`Contact: ${contacts.map((each) => cleanText(each, 200)).join('; ')}.`]),
    ...(owner === undefined ? [] : [`Owner: ${cleanText(owner)}.`]),
  ];
  return people.length === 0 ? [] : [people.join(' ')];
}
