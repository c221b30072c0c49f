import { CsvError, parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Buyer } from '../../../../domain/registration/buyer.ts';
import type { Watcher } from '../../io.ts';
import { BYTE_ORDER_MARK, SPREADSHEET } from '../../output/spreadsheet.ts';
import { accountIdOf } from '../../output/account.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import {
  accountOfBuyer,
  contactsOf,
  daysOf,
  emailsOf,
  type Invitee,
  nameOf,
  ownerOf,
  productsOf,
} from './invitation.ts';
import { quoted } from '../../../../domain/outside-text.ts';

/** A line of the seller's list of buyers. */
export interface BuyerLine {
  readonly line: number;
  /** As it stands in the list. */
  readonly account: string;
  readonly name: string;
  /** What the line asks for, or, in words, why it cannot be used. */
  readonly invitee: Invitee | string;
}

/** The columns, with the titles that are understood. Those after the products may be missing. */
const COLUMNS = {
  account: ['account'],
  name: ['name'],
  products: ['product', 'products'],
  email: ['email', 'emails'],
  reminderDays: ['reminder-days', 'reminder days', 'reminderdays'],
  owner: ['owner'],
  contacts: ['contact', 'contacts'],
} as const;
type Column = keyof typeof COLUMNS;

const FORM =
  'a first line with the columns account, name, product and optionally email, reminder-days, owner and contact; then a line for each buyer';

/** Characters. Names and lists of products are shorter. */
const LONGEST_FIELD = 1_000;

/** Reads the list, and checks each line by itself. Throws if it cannot be read as a list at all. */
export function readBuyerList(
  text: string,
  path: string,
  watcher: Pick<Watcher, 'productIds' | 'seller' | 'sellerAccountId'>,
): readonly BuyerLine[] {
  if (/[\u0000\uFFFD]/.test(text))
    throw misuse(
      `${path} is not written in UTF-8: save it as "CSV UTF-8" and run the command again`,
    );
  const [head, ...rows] = recordsOf(text, path);
  if (head === undefined) throw misuse(`${path} is empty; expected ${FORM}`);
  const columns = columnsOf(head.fields, path);
  if (rows.length === 0) throw misuse(`${path} has no line after the columns; expected ${FORM}`);
  const seen = new Map<string, number>();
  return rows.map(({ line, fields }) => {
    const field = (column: Column): string =>
      (fields[columns.get(column) ?? -1]?.trim() ?? '').replace(/^'(?=[=+\-@])/, '');
    const several = (column: Column): readonly string[] =>
      field(column)
        .split(/[;,\s]+/)
        .filter(Boolean);
    const read = (): Invitee => {
      if (fields.length !== head.fields.length)
        throw misuse(
          `it has ${fields.length} fields, but there are ${head.fields.length} columns: quote a comma with "..."`,
        );
      const long = fields.find(({ length }) => length > LONGEST_FIELD);
      if (long !== undefined)
        throw misuse(
          `one of its fields has ${long.length} characters: ${quoted(long, 40)}; at most ${LONGEST_FIELD} are read`,
        );
      // A contact may have spaces and commas. A semicolon alone would not do: half the world's spreadsheets begin a cell at it, even
      // quoted.
      const contacts = field('contacts')
        .split(/[;|]/)
        .filter((each) => each.trim() !== '');
      const accountId = accountOfBuyer(accountOf(field('account')), watcher);
      const earlier = seen.get(accountId);
      if (earlier !== undefined)
        throw misuse(
          `the account ${accountId} is already in line ${earlier}: put all its products into one line`,
        );
      seen.set(accountId, line);
      const productIds = productsOf(several('products'), watcher.productIds, 'product');
      return {
        accountId,
        name: nameOf(field('name'), 'name'),
        productIds,
        emails: emailsOf(several('email'), 'email'),
        reminderDays: daysOf(several('reminderDays'), 'reminder-days', productIds, watcher),
        ...(field('owner') !== '' && { owner: ownerOf(field('owner'), 'owner') }),
        ...(contacts.length > 0 && { contacts: contactsOf(contacts, 'contact') }),
      };
    };
    const shown = (column: Column): string => field(column).slice(0, LONGEST_FIELD);
    return { line, account: shown('account'), name: shown('name'), invitee: orWhyNot(read) };
  });
}

/** What a line of the list says about a buyer. Nothing more is known about one whom nobody invited. */
export type ListedBuyer = Pick<
  Buyer,
  'buyerAccountId' | 'name' | 'productIds' | 'registration' | 'owner' | 'contacts'
>;

/**
 * The list of these buyers, as `readBuyerList` takes it. Addresses and days are those that a registered stack was given; those of an
 * invitation are not kept. If a spreadsheet would take a text for a formula, it gets an apostrophe before it, which `readBuyerList`
 * removes.
 */
export function buyerListOf(buyers: readonly ListedBuyer[]): string {
  const rows = buyers.map(({ buyerAccountId, name, productIds, registration, owner, contacts }) => [
    buyerAccountId,
    name,
    productIds.join(' '),
    registration?.addresses.join(' ') ?? '',
    registration?.reminderDays?.join(' ') ?? '',
    owner ?? '',
    contacts?.join(' | ') ?? '',
  ]);
  const titles = Object.values(COLUMNS).map(([title]) => title);
  return BYTE_ORDER_MARK + stringify([titles, ...rows], SPREADSHEET);
}

interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

function recordsOf(text: string, path: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  try {
    parse(text, {
      bom: true,
      // Half the world's spreadsheets write semicolons.
      delimiter: [',', ';', '\t'].find((each) => firstLine(text).includes(each)) ?? ',',
      relaxColumnCount: true,
      skipEmptyLines: true,
      onRecord: (fields: string[], { lines }: { lines: number }) => {
        // `lines` is where the record ends. It also begins there, as no field may have several lines.
        if (fields.some((field) => field.trim() !== '')) records.push({ line: lines, fields });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw misuse(`${path} is not valid CSV: ${error.message}; correct it, nothing was done`);
  }
  return records;
}

function firstLine(text: string): string {
  return text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
}

function columnsOf(head: readonly string[], path: string): ReadonlyMap<Column, number> {
  const columns = new Map<Column, number>();
  const known = Object.entries(COLUMNS) as [Column, readonly string[]][];
  for (const [at, title] of head.entries()) {
    const name = title.trim().toLowerCase();
    const column = known.find(([, names]) => names.includes(name))?.[0];
    if (column === undefined)
      throw misuse(`${path} has a column ${quoted(title)}; expected ${FORM}`);
    if (columns.has(column))
      throw misuse(`${path} has the column ${quoted(title)} twice; expected ${FORM}`);
    columns.set(column, at);
  }
  const missing = (['account', 'name', 'products'] as const).find((column) => !columns.has(column));
  if (missing !== undefined)
    throw misuse(`${path} has no column ${quoted(COLUMNS[missing][0])}; expected ${FORM}`);
  return columns;
}

function accountOf(text: string): string {
  // What a spreadsheet makes of such a number.
  if (/^\d{1,11}$|^\d{1,20}(?:[.,]\d{0,20})?E\+\d{1,3}$/i.test(text))
    throw misuse(
      `the account is ${quoted(text)}; expected the 12 digits of an AWS account ID: a spreadsheet drops leading zeros and rounds, so format the column as text`,
    );
  return accountIdOf(text);
}

function orWhyNot(read: () => Invitee): Invitee | string {
  try {
    return read();
  } catch (error) {
    if (error instanceof CommandFailure) return error.message;
    throw error;
  }
}
