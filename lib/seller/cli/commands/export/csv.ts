import { stringify } from 'csv-stringify/sync';
import { COLUMNS, type Row } from './rows.ts';

/** Excel takes a file without this mark for one of Windows-1252, and spoils every name that is not ASCII. */
const BYTE_ORDER_MARK = '\ufeff';

/**
 * RFC 4180, made for spreadsheets. A text that a spreadsheet would take for a formula gets an apostrophe before it, which
 * csv-stringify does at the beginning of a cell; numbers of ours stay numbers, negative ones, too.
 */
export async function* csvLines(rows: AsyncIterable<Row>): AsyncIterable<string> {
  yield BYTE_ORDER_MARK + lineOf([...COLUMNS]);
  for await (const row of rows) yield lineOf(COLUMNS.map((column) => cell(row[column])));
}

function lineOf(cells: readonly (string | number)[]): string {
  return stringify([[...cells]], { escape_formulas: true, record_delimiter: 'windows' });
}

/**
 * Where decimals have a comma, Excel splits at semicolons instead, whatever is quoted: a cell would begin in the middle of a name.
 */
function cell(value: string | number | undefined): string | number {
  return typeof value === 'string' ? value.replaceAll(';', ',') : (value ?? '');
}
