/** Without this mark Excel reads a file as Windows-1252, and spoils every name that is not ASCII. */
export const BYTE_ORDER_MARK = '\ufeff';

/** RFC 4180. csv-stringify puts an apostrophe before a cell that a spreadsheet would take for a formula. */
export const SPREADSHEET = { escape_formulas: true, record_delimiter: 'windows' } as const;
