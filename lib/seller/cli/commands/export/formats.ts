import { stringify } from 'csv-stringify/sync';
import type { Filed } from '../../../ledger/archive.ts';
import { canonicalJson } from '../../../../domain/ledger/canonical-json.ts';
import type { SealedEntry } from '../../../../domain/ledger/ledger.ts';
import { type ContractKey, contractOf } from '../../../../domain/license/contract.ts';
import type { DeliveryFact } from '../../../../domain/ports.ts';
import { BYTE_ORDER_MARK, SPREADSHEET } from '../../output/spreadsheet.ts';
import { cleanText } from '../../../../domain/outside-text.ts';
import type { Row as Difference } from '../../../../mail/news/news.ts';
import { entryNews } from '../../../ledger/entry-news.ts';

/** One line for each filed item. Members are added, never renamed or removed. */
export async function* jsonLines(filed: AsyncIterable<Filed>): AsyncIterable<string> {
  for await (const each of filed) yield `${jsonLine(each)}\n`;
}

/**
 * An entry's line has it as it was hashed, followed by the hash. Without that last member the line is, byte for byte, what the hash covers.
 * So it can be verified without this program, and whatever way another one has to write JSON.
 */
function jsonLine(filed: Filed): string {
  switch (filed.kind) {
    case 'entry': {
      const { hash, ...entry } = filed.entry;
      return `${canonicalJson(entry).slice(0, -1)},"hash":${canonicalJson(hash)}}`;
    }
    case 'fact':
      return JSON.stringify({ kind: 'delivery', ...filed.fact });
    case 'unreadable': {
      const { contract, key, problem, stored } = filed;
      return JSON.stringify({ kind: 'unreadable', contract, key, problem, stored }, asJson);
    }
  }
}

/** Converts what DynamoDB can hold and JSON cannot: sets, bytes, numbers too large. */
function asJson(_name: string, value: unknown): unknown {
  if (value instanceof Set) return [...(value as Set<unknown>)];
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return typeof value === 'bigint' ? value.toString() : value;
}

/**
 * RFC 4180, for spreadsheets. If a spreadsheet would take a text for a formula, csv-stringify puts an apostrophe before it, at the
 * beginning of the cell. Our numbers stay numbers, even negative ones.
 */
export async function* csvLines(rows: AsyncIterable<Row>): AsyncIterable<string> {
  yield BYTE_ORDER_MARK + lineOf([...COLUMNS]);
  for await (const row of rows) yield lineOf(COLUMNS.map((column) => cell(row[column])));
}

function lineOf(cells: readonly (string | number)[]): string {
  return stringify([[...cells]], SPREADSHEET);
}

/** Where decimals have a comma, Excel splits at semicolons instead, even at quoted ones: a cell would begin in the middle of a name. */
function cell(value: string | number | undefined): string | number {
  return typeof value === 'string' ? value.replaceAll(';', ',') : (value ?? '');
}

/** Columns in their order. They are added at the end, never renamed, moved or removed. */
const COLUMNS = [
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

/** One row of the spreadsheet. A missing value is empty. */
type Row = Partial<Record<(typeof COLUMNS)[number], string | number>>;

/**
 * One row for each entry, with the times at which it was told, which come right after it. What belongs to no entry has a row of its own,
 * with the problem, so that nothing is left out.
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
  const differences = entryNews(entry).flatMap(({ rows = [] }) => rows);
  const reminder =
    entry.reminder === null
      ? []
      : [
          `${entry.reminder.decideBy === undefined ? 'reminder' : 'decision'} ${entry.reminder.daysBefore}`,
        ];
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
    changes: [
      ...entry.changes.map(({ type }) => type),
      ...reminder,
      ...(entry.note === undefined ? [] : [entry.note.kind]),
    ].join(' '),
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
    // This told only that no look could confirm the entry, not the entry itself.
    if (about === 'unconfirmed') return {};
    return audience === 'buyer' ? { toldBuyerAt: at } : { toldSellerAt: at };
  });
  return Object.assign({}, ...times) as Row;
}

function strayRow(fact: DeliveryFact): Row {
  const problem = 'a fact of delivery that does not follow its entry';
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

/** Characters. A cell of Excel takes 32,767, and a person reads fewer. JSON lines have the whole text. */
const LONGEST = 2_000;

function text(value: string, longest = 120): string {
  return cleanText(value, longest);
}
