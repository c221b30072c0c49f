import type { Filed } from '../../../../domain/ledger/archive.ts';
import { contractOf, type ContractKey } from '../../../../domain/license/contract.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import { cleanText } from '../../../../mail/clean-text.ts';
import type { Row as Difference } from '../../../../mail/news/news.ts';
import { entryNews } from '../../../../mail/news/entry-news.ts';

/** Columns in their order. They are added at the end, never renamed, moved or removed. */
export const COLUMNS = [
  'contract',
  'account',
  'buyerName',
  'product',
  'productName',
  'entry',
  'observedAt',
  'effectiveAt',
  'standing',
  'verdict',
  'end',
  'changes',
  'before',
  'after',
  'reason',
  'toldBuyerAt',
  'toldSellerAt',
  'askedSellerAt',
  'hash',
  'problem',
] as const;

/** One row of the spreadsheet. What is not there is empty. */
export type Row = Partial<Record<(typeof COLUMNS)[number], string | number>>;

/**
 * One row for each entry, with the times at which it was told, which lie right behind it. What fits nowhere has a row of its
 * own, with the problem: nothing is left out.
 */
export async function* rowsOf(filed: AsyncIterable<Filed>): AsyncIterable<Row> {
  let open: { readonly entry: SealedEntry; readonly facts: DeliveryFact[] } | null = null;
  for await (const each of filed) {
    if (
      each.kind === 'fact' &&
      each.fact.contract === open?.entry.contract &&
      each.fact.entry === open.entry.entry
    ) {
      open.facts.push(each.fact);
      continue;
    }
    if (open !== null) yield entryRow(open.entry, open.facts);
    open = each.kind === 'entry' ? { entry: each.entry, facts: [] } : null;
    if (each.kind === 'fact') yield strayRow(each.fact);
    if (each.kind === 'unreadable') yield unreadableRow(each);
  }
  if (open !== null) yield entryRow(open.entry, open.facts);
}

function entryRow(entry: SealedEntry, facts: readonly DeliveryFact[]): Row {
  const differences = entryNews(entry).flatMap(({ rows }) => rows);
  const reminder = entry.reminder === null ? [] : [`reminder ${entry.reminder.rung}`];
  return {
    ...whose(entry.contract),
    buyerName: text(entry.buyerName),
    productName: text(entry.productName),
    entry: entry.entry,
    observedAt: entry.observedAt,
    ...(entry.effectiveAt === null ? {} : { effectiveAt: entry.effectiveAt }),
    standing: entry.standing,
    verdict: entry.verdict,
    ...(entry.validityEnd === null ? {} : { end: entry.validityEnd }),
    changes: [...entry.changes.map(({ type }) => type), ...reminder].join(' '),
    before: side(differences, 'before'),
    after: side(differences, 'after'),
    reason: text(entry.reason, LONGEST),
    ...toldRow(facts),
    hash: text(entry.hash),
  };
}

/** `ReadOnly: 5 seats / End of the term: 2027-02-01 00:00 UTC` */
function side(differences: readonly Difference[], which: 'before' | 'after'): string {
  return differences.map((each) => text(`${each.label}: ${each[which]}`, LONGEST)).join(' / ');
}

function toldRow(facts: readonly DeliveryFact[]): Row {
  const times = facts.map(({ audience, about, at }): Row => {
    if (about === 'undelivered') return { askedSellerAt: at };
    // That no look could confirm the entry is not the entry.
    if (about === 'unconfirmed') return {};
    return audience === 'buyer' ? { toldBuyerAt: at } : { toldSellerAt: at };
  });
  return Object.assign({}, ...times) as Row;
}

function strayRow(fact: DeliveryFact): Row {
  const problem = 'a fact of delivery that does not stand behind its entry';
  return { ...whose(fact.contract), entry: fact.entry, ...toldRow([fact]), problem };
}

function unreadableRow({ contract, key, problem }: Extract<Filed, { kind: 'unreadable' }>): Row {
  return { ...whose(contract as ContractKey), entry: text(key), problem: text(problem, LONGEST) };
}

function whose(contract: ContractKey): Row {
  const { buyerAccountId, productId } = contractOf(contract);
  return {
    contract: text(contract, LONGEST),
    account: text(buyerAccountId),
    product: text(productId),
  };
}

/** A cell of Excel takes 32,767 characters; a person reads fewer. JSON lines have all of it. */
const LONGEST = 2_000;

function text(value: string, longest = 120): string {
  return cleanText(value, longest);
}
