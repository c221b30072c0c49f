import { CsvError, parse } from 'csv-parse/sync';
import { accountIdOf } from '../../output/account.ts';
import { CommandFailure, misuse } from '../../output/failure.ts';
import { daysOf, emailsOf, type Invitee, nameOf, productsOf } from './invitation.ts';

/** A line of the seller's list of buyers. */
export interface BuyerLine {
  readonly line: number;
  /** As it stands there. */
  readonly account: string;
  readonly name: string;
  /** Or, in words, why it cannot be used. */
  readonly invitee: Invitee | string;
}

/** The columns, with the names that are understood; the last two may be missing. */
const COLUMNS = {
  account: ['account'],
  name: ['name'],
  products: ['product', 'products'],
  email: ['email', 'emails'],
  reminderDays: ['reminder-days', 'reminder days', 'reminderdays'],
} as const;
type Column = keyof typeof COLUMNS;

const FORM =
  'a first line with the columns account, name, product and, if you like, email and reminder-days; then a line for each buyer';

/** Reads the list, and checks each line by itself. Throws where it cannot be read as a list at all. */
export function readBuyerList(
  text: string,
  path: string,
  productIds: readonly string[],
): readonly BuyerLine[] {
  if (/[\u0000\uFFFD]/.test(text))
    throw misuse(
      `${path} is not written in UTF-8: save it as "CSV UTF-8" and give the command again`,
    );
  const [head, ...rows] = recordsOf(text, path);
  if (head === undefined) throw misuse(`${path} is empty; expected ${FORM}`);
  const columns = columnsOf(head.fields, path);
  if (rows.length === 0) throw misuse(`${path} has no line after the columns; expected ${FORM}`);
  const seen = new Map<string, number>();
  return rows.map(({ line, fields }) => {
    const field = (column: Column): string => fields[columns.get(column) ?? -1]?.trim() ?? '';
    const several = (column: Column): readonly string[] =>
      field(column)
        .split(/[;,\s]+/)
        .filter(Boolean);
    const read = (): Invitee => {
      if (fields.length !== head.fields.length)
        throw misuse(
          `it has ${fields.length} fields, but there are ${head.fields.length} columns: quote a comma with "..."`,
        );
      const accountId = accountOf(field('account'));
      const earlier = seen.get(accountId);
      if (earlier !== undefined)
        throw misuse(
          `the account ${accountId} stands in line ${earlier} already: put all its products into one line`,
        );
      seen.set(accountId, line);
      return {
        accountId,
        name: nameOf(field('name'), 'name'),
        productIds: productsOf(several('products'), productIds, 'product'),
        emails: emailsOf(several('email'), 'email'),
        reminderDays: daysOf(several('reminderDays'), 'reminder-days'),
      };
    };
    return { line, account: field('account'), name: field('name'), invitee: orWhyNot(read) };
  });
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
      // Spreadsheets of half the world write semicolons.
      delimiter: [',', ';', '\t'].find((each) => firstLine(text).includes(each)) ?? ',',
      relaxColumnCount: true,
      skipEmptyLines: true,
      onRecord: (fields: string[], { lines }: { lines: number }) => {
        // Where it ends, were a field to have several lines; none may.
        if (fields.some((field) => field.trim() !== '')) records.push({ line: lines, fields });
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw misuse(`${path} is no CSV: ${error.message}; correct it, nothing was done`);
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
      throw misuse(`${path} has a column ${JSON.stringify(title)}; expected ${FORM}`);
    if (columns.has(column))
      throw misuse(`${path} has the column ${JSON.stringify(title)} twice; expected ${FORM}`);
    columns.set(column, at);
  }
  const missing = (['account', 'name', 'products'] as const).find((column) => !columns.has(column));
  if (missing !== undefined)
    throw misuse(`${path} has no column ${JSON.stringify(COLUMNS[missing][0])}; expected ${FORM}`);
  return columns;
}

function accountOf(text: string): string {
  // What a spreadsheet makes of a number.
  if (/^\d{1,11}$|^\d+[.,]?\d*E\+\d+$/i.test(text))
    throw misuse(
      `the account is ${JSON.stringify(text)}; expected the 12 digits of an AWS account ID: a spreadsheet drops leading zeros and rounds, so format the column as text`,
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
